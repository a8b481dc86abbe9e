// What is asked for to keep the rows that a statement changes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sight } from '../../core/verdict.ts'
import type { ImagePlan, ImageWish, SchemaIndex } from '../dialect.ts'
import * as place from './try-out.ts'

const { dialect } = place
const base = place.snapshot
const relation = place.relation(
  'stock',
  [
    { name: 'id', type: 'int', notNull: true, generated: undefined },
    'name varchar(40)',
    { name: 'secret', type: 'varbinary(16)', notNull: false, generated: undefined, invisible: true },
  ],
  { uniqueKeys: [['id']] },
)
const schema: SchemaIndex = dialect.index({ ...base, relations: [...base.relations, relation] })
const nothing: Sight = { version: 'all', hidesAnything: false, table: () => undefined }
const filtered: Sight = {
  version: 'some',
  hidesAnything: true,
  table: (_, table) => (table === 'stock' ? { hidden: new Map(), rowFilter: 'id < 10' } : undefined),
}

function wish(text: string, sight = nothing): ImageWish | undefined {
  const state = place.usual
  const reading = dialect.read(text, schema, state)
  assert.ok(reading.kind === 'reading', JSON.stringify(reading))
  const sent = dialect.rewrite(reading, schema, state, sight, { maskKey: 'c0ffee', rowLimit: undefined })
  assert.ok(sent.kind === 'rewritten', JSON.stringify(sent))
  return dialect.imageOf?.(reading, sent.text, schema, state, 10)
}

const plan = (text: string, sight?: Sight): ImagePlan => {
  const found = wish(text, sight)
  assert.ok(found?.kind === 'image', `${text}: ${JSON.stringify(found)}`)
  return found
}

const why = (text: string): string => {
  const found = wish(text)
  return found?.kind === 'none' ? `${found.table}: ${found.why}` : (found?.kind ?? 'nothing')
}

const columns =
  'CAST(CONVERT(`id` USING utf8mb4) AS BINARY) AS `id`, CAST(CONVERT(`name` USING utf8mb4) AS BINARY) AS `name`, ' +
  'CAST(`secret` AS BINARY) AS `secret`'

test('the condition of a change chooses the rows, every column as bytes', () => {
  const {
    selectBefore,
    key,
    selectAfter,
    columns: told,
  } = plan("UPDATE stock s SET name = 'x' WHERE (id = 1) OR (id = 2)")
  assert.equal(
    selectBefore,
    `SELECT ${columns} FROM stock s\nWHERE  (id = 1) OR (id = 2)\nLIMIT 11 FOR UPDATE`,
  )
  assert.deepEqual(key, ['id'])
  assert.deepEqual(told, [{ name: 'id' }, { name: 'name' }, { name: 'secret', binary: true }])
  assert.deepEqual(selectAfter?.([['1'], ['x']]), {
    text: `SELECT ${columns} FROM \`shop\`.\`stock\` WHERE (\`id\` = 1) OR (\`id\` = _utf8mb4 X'78') LIMIT 3`,
    values: [],
  })
  assert.equal(plan('DELETE FROM stock').selectAfter, undefined)
})

test('LIMIT is only as good as there are no more rows', () => {
  assert.equal(plan('DELETE FROM stock WHERE id > 1 ORDER BY id LIMIT 1').rowsMost, 1)
  assert.match(plan('DELETE FROM stock WHERE id > 1 ORDER BY id LIMIT 1').selectBefore, /LIMIT 2 FOR UPDATE$/)
  assert.match(why('DELETE FROM stock WHERE id > 1 LIMIT ?'), /LIMIT/)
})

test('parameters of the condition are counted over the statement', () => {
  const { selectBefore, parameters } = plan(
    'UPDATE stock SET name = ?, secret = ? WHERE id = ? OR name = ? LIMIT 5',
  )
  assert.deepEqual(parameters, [3, 4])
  assert.match(selectBefore, /WHERE {2}id = \? OR name = \?\n/)
})

test('row filters of the statement as it is sent are part of it', () => {
  assert.match(plan("UPDATE stock SET name = 'x' WHERE id = 1", filtered).selectBefore, /id` < 10|id < 10/)
})

test('what cannot be told before says why', () => {
  for (const [text, pattern] of [
    ['UPDATE stock SET name = 1 WHERE RAND() < 0.5', /RAND/],
    ['UPDATE stock SET name = 1 WHERE name < NOW()', /NOW/],
    ['UPDATE stock SET name = ROW_COUNT() WHERE id = 1', /ROW_COUNT/],
    ['UPDATE stock SET name = @a := 1 WHERE id = 1', /variables/],
    ['UPDATE stock, customers SET stock.name = 1 WHERE stock.id = customers.id', /joins/],
    ['DELETE s FROM stock s JOIN customers c ON s.id = c.id', /joins/],
    ['REPLACE INTO stock (id) VALUES (1)', /REPLACE/],
    ["INSERT INTO stock (id) VALUES (1) ON DUPLICATE KEY UPDATE name = 'x'", /ON DUPLICATE/],
    ['TRUNCATE TABLE stock', /TRUNCATE/],
    ['UPDATE stock SET id = 2 WHERE id = 1', /image/],
  ] as const)
    assert.match(why(text), pattern, text)
  assert.match(plan('UPDATE stock SET ID = 2 WHERE id = 1').noAfter ?? '', /key itself/)
})

test('what is not locked may choose others a moment later', () => {
  assert.equal(plan("UPDATE stock SET name = 'x' WHERE id = 1").doubt, undefined)
  assert.match(
    plan("UPDATE stock SET name = 'x' WHERE id = (SELECT id FROM customers)").doubt ?? '',
    /other tables/,
  )
})

test('what changes no rows wishes nothing, and several statements are too many', () => {
  for (const text of ['SELECT * FROM stock FOR UPDATE', 'INSERT INTO stock (id) VALUES (1)', 'BEGIN'])
    assert.equal(why(text), 'nothing', text)
  assert.equal(why('BEGIN; UPDATE stock SET name = 1'), 'crowded')
})
