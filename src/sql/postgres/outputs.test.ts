// What the columns of results are made of, where something is hidden.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialect, narrow, schema, wide } from './try-out.ts'

/** By column: the hidden columns it is made of, without their schema; `-`: none. */
function outputs(text: string): string {
  const reading = dialect.read(text, schema, dialect.initialState)
  assert.equal(reading.kind, 'reading', JSON.stringify(reading))
  if (reading.kind !== 'reading') return ''
  const found = dialect.outputs?.(reading, schema, narrow) ?? []
  return found
    .map(one =>
      one === 'unknown'
        ? 'unknown'
        : one
            .map(mask => mask?.columns.map(column => column.replace(/^public\./, '')).join('+') ?? '-')
            .join(' '),
    )
    .join(' | ')
}

const E = 'customers.email'
const rows: readonly (readonly [text: string, made: string | undefined])[] = [
  ['select id, email from customers', `- ${E}`],
  ['select lower(c.email) as id, c.id from customers c', `${E} -`],
  ['select count(*), max(email), count(email) from customers', `- ${E} ${E}`],
  ['select id from customers where email = $1', '-'],
  ['with a as (select email as x, id from customers) select id, x from a', `- ${E}`],
  ['with a(p, q) as (select email, id from customers) select a.* from a', `${E} -`],
  ['select s.e, s.i from (select email e, id i from customers) s', `${E} -`],
  ['select s.a, s.b from (select email, id from customers) s(a, b)', `${E} -`],
  ['select (select email from customers limit 1), 1', `${E} -`],
  ['select exists (select id from customers), 1', '- -'],
  ['select 1, id from customers union all select 2, 3', '- -'],
  ["select 'x' union select email from customers", E],
  ['values (1, 2)', '- -'],
  ['select x from (values (1)) v(x)', '-'],
  [
    'with recursive r(n, e) as (select 1, null::text union all select n + 1, email from r, customers) select * from r',
    `- ${E}`,
  ],
  ['select case when email is null then 1 end from customers', E],
  ['select c from customers c', undefined],
  ['select j.email from (orders o join customers c on true) as j(a, b)', undefined],
  ['select 1; select email from customers', `- | ${E}`],
  ['explain select email from customers', 'unknown'],
  [
    'select o.id, l.e from orders o, lateral (select email as e from customers c where c.id = o.id) l',
    `- ${E}`,
  ],
  ['select id, mail from v_mail', `- ${E}`],
  ['select * from v_nested', E],
  ['select * from v_plain', '- -'],
  ['select g from generate_series(1, 2) g', '-'],
]

for (const [text, made] of rows) {
  test(text, () => {
    const found = outputs(text)
    if (made === undefined) assert.match(found, /customers\.email|unknown/)
    else assert.equal(found, made)
  })
}

test('a star counts as the columns that it stands for', () => {
  const relation = schema.snapshot.relations.find(one => one.name === 'customers')
  const expected = relation?.columns.map(({ name }) => {
    const hidden = narrow.table('public', 'customers')?.hidden.get(name)
    return hidden ? `customers.${name}` : '-'
  })
  assert.equal(outputs('select * from customers'), expected?.join(' '))
  assert.equal(outputs('select x.* from customers x'), expected?.join(' '))
})

test('who sees all is told of nothing', () => {
  const reading = dialect.read('select * from customers', schema, dialect.initialState)
  assert.ok(reading.kind === 'reading')
  const [found] = dialect.outputs?.(reading, schema, wide) ?? []
  assert.ok(found !== undefined && found !== 'unknown' && found.every(one => one === undefined))
})
