// What the columns of results are made of, where something is hidden.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialect, narrow, schema, usual, wide } from './try-out.ts'

/** By column: the hidden columns it is made of, without their schema; `-`: none. */
function outputs(text: string): string {
  const reading = dialect.read(text, schema, usual)
  assert.equal(reading.kind, 'reading', JSON.stringify(reading))
  if (reading.kind !== 'reading') return ''
  const found = dialect.outputs?.(reading, schema, narrow) ?? []
  return found
    .map(one =>
      one === 'unknown'
        ? 'unknown'
        : one
            .map(mask => mask?.columns.map(column => column.replace(/^shop\./, '')).join('+') ?? '-')
            .join(' '),
    )
    .join(' | ')
}

const E = 'customers.email'
const rows: readonly (readonly [text: string, made: string | undefined])[] = [
  ['select id, email from customers', `- ${E}`],
  ['select lower(c.email) as id, c.id from customers c', `${E} -`],
  ['select count(*), max(email), count(email) from customers', `- ${E} ${E}`],
  ['select id from customers where email = 1', '-'],
  ['with a as (select email as x, id from customers) select id, x from a', `- ${E}`],
  ['with a(p, q) as (select email, id from customers) select a.* from a', `${E} -`],
  ['select s.e, s.i from (select email e, id i from customers) s', `${E} -`],
  ['select s.a, s.b from (select email, id from customers) s(a, b)', `${E} -`],
  ['select (select email from customers limit 1), 1', `${E} -`],
  ['select exists (select id from customers), 1', '- -'],
  ['select 1, id from customers union all select 2, 3', '- -'],
  ["select 'x' union select email from customers", E],
  ['select case when email is null then 1 end from customers', E],
  ['select 1; select email from customers', `- | ${E}`],
  ['select * from v_plain', '- -'],
  ['select b.id, a.email from orders b join customers a using (id)', `- ${E}`],
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
    const hidden = narrow.table('shop', 'customers')?.hidden.get(name)
    return hidden ? `customers.${name}` : '-'
  })
  assert.equal(outputs('select * from customers'), expected?.join(' '))
  assert.equal(outputs('select x.* from customers x'), expected?.join(' '))
})

test('who sees all is told of nothing', () => {
  const reading = dialect.read('select * from customers', schema, usual)
  assert.ok(reading.kind === 'reading')
  const [found] = dialect.outputs?.(reading, schema, wide) ?? []
  assert.ok(found !== undefined && found !== 'unknown' && found.every(one => one === undefined))
})
