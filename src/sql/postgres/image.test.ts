// What is asked for to keep the rows that a statement changes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImagePlan, ImageWish } from '../dialect.ts'
import { dialect, narrow, options, schema, stateAfter } from './try-out.ts'

function wish(text: string, sight = undefined as typeof narrow | undefined): ImageWish | undefined {
  const state = stateAfter()
  const reading = dialect.read(text, schema, state)
  assert.equal(reading.kind, 'reading', text)
  if (reading.kind !== 'reading') return undefined
  const rewritten = sight && dialect.rewrite(reading, schema, state, sight, options)
  const sent = rewritten?.kind === 'rewritten' ? rewritten.text : text
  return dialect.imageOf?.(reading, sent, schema, state, 10)
}

const plan = (text: string, sight?: typeof narrow): ImagePlan => {
  const found = wish(text, sight)
  assert.ok(found?.kind === 'image', `${text}: ${JSON.stringify(found)}`)
  return found
}

const why = (text: string): string => {
  const found = wish(text)
  return found?.kind === 'none' ? `${found.table}: ${found.why}` : (found?.kind ?? 'nothing')
}

test('the condition of a change chooses the rows', () => {
  const { selectBefore, key, selectAfter } = plan(
    'UPDATE orders SET total = 1 WHERE id IN (1, 2) RETURNING id',
  )
  assert.equal(
    selectBefore,
    'SELECT "orders".* FROM "public"."orders" AS "orders"\nWHERE id IN (1, 2)\nLIMIT 11 FOR NO KEY UPDATE OF "orders"',
  )
  assert.deepEqual(key, ['id'])
  assert.deepEqual(selectAfter?.([['1'], ['2']]), {
    text: 'SELECT * FROM "public"."orders" WHERE "id" IN ($1, $2) LIMIT 3',
    values: ['1', '2'],
  })
  const deletion = plan('delete from only public.orders as o where o.total > 3; -- all of them')
  assert.equal(
    deletion.selectBefore,
    'SELECT "o".* FROM ONLY "public"."orders" AS "o"\nWHERE o.total > 3\nLIMIT 11 FOR UPDATE OF "o"',
  )
  assert.equal(deletion.selectAfter, undefined)
  assert.match(plan('DELETE FROM orders').selectBefore, /WHERE true\n/)
})

test('joins, sub-queries and WITH come along', () => {
  assert.equal(
    plan(
      'UPDATE orders o SET total = 2 FROM customers c JOIN tickets t ON t.id IS DISTINCT FROM c.id WHERE c.id = o.customer_id',
    ).selectBefore,
    'SELECT "o".* FROM "public"."orders" AS "o"\nWHERE EXISTS (SELECT 1 FROM customers c JOIN tickets t ON t.id IS DISTINCT FROM c.id\n' +
      'WHERE c.id = o.customer_id\n)\nLIMIT 11 FOR NO KEY UPDATE OF "o"',
  )
  assert.match(
    plan('WITH x AS (SELECT 1 AS id) DELETE FROM orders USING x WHERE orders.id = x.id').selectBefore,
    /^WITH x AS \(SELECT 1 AS id\)\s+SELECT "orders"/,
  )
  assert.match(
    plan('UPDATE orders SET total = CASE WHEN id IS NOT DISTINCT FROM 3 THEN 1 END WHERE id = 4')
      .selectBefore,
    /WHERE id = 4\n/,
  )
})

test('parameters that are left keep their order and lose their gaps', () => {
  const { selectBefore, parameters } = plan(
    'UPDATE orders SET total = $1 WHERE id = $3 OR id = $2 OR id = $3',
  )
  assert.match(selectBefore, /WHERE id = \$1 OR id = \$2 OR id = \$1\n/)
  assert.deepEqual(parameters, [3, 2])
})

test('row filters and masks of the statement as it is sent are part of it', () => {
  assert.match(
    plan('UPDATE tickets SET subject = $1 WHERE id = 1', narrow).selectBefore,
    /region = 'eu'[\s\S]*AND \( id = 1\n\)\s+LIMIT/,
  )
  const joined = plan('DELETE FROM orders USING tickets t WHERE t.id = orders.id', narrow).selectBefore
  assert.match(
    joined,
    /FROM \(SELECT "id", "region", "subject" FROM "public"."tickets" WHERE \(region = 'eu'/,
  )
})

test('what is written is no key', () => {
  assert.match(plan('UPDATE orders SET id = 9 WHERE id = 8').noAfter ?? '', /key itself/)
  assert.match(plan("UPDATE memo SET body = 'x' WHERE id = 1").noAfter ?? '', /no unique key/)
})

test('what cannot be told before says why', () => {
  const never = [
    ['UPDATE orders SET total = 1 WHERE random() < 0.5', /random/],
    ['UPDATE orders SET total = 1 WHERE clock_timestamp() > now()', /clock_timestamp/],
    ['DELETE FROM orders USING tickets TABLESAMPLE SYSTEM (10) WHERE orders.id = tickets.id', /TABLESAMPLE/],
    ['WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone', /larger/],
    ['INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET total = 1', /ON CONFLICT/],
    ['TRUNCATE orders', /TRUNCATE/],
    ['COPY orders FROM STDIN', /copied/],
    ['UPDATE ruled SET id = 1', /Rules/],
    ['UPDATE v_plain SET city = 1', /view/],
    ['EXPLAIN ANALYZE DELETE FROM orders', /EXPLAIN/],
    ['MERGE INTO orders o USING tickets t ON o.id = t.id WHEN MATCHED THEN DELETE', /^public\.orders: MERGE/],
  ] as const
  for (const [text, pattern] of never) assert.match(why(text), pattern, text)
})

test('what changes no rows wishes nothing, and several statements are too many', () => {
  for (const text of [
    'SELECT * FROM orders FOR UPDATE',
    'INSERT INTO orders (id) VALUES (1)',
    'INSERT INTO orders (id) VALUES (1) ON CONFLICT DO NOTHING',
    'BEGIN',
    'COPY orders TO STDOUT',
    'CREATE TABLE more (id integer)',
  ])
    assert.equal(why(text), 'nothing', text)
  assert.equal(why('BEGIN; UPDATE orders SET total = 1'), 'crowded')
})
