// What statements are said to do, and their shapes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shapeOf } from './shape.ts'
import { dialect, schema } from './try-out.ts'

/** `verb | table effects reads>writes … | target effects` */
function told(text: string): string {
  const reading = dialect.read(text, schema, dialect.initialState)
  if (reading.kind === 'unreadable') return reading.problem.message
  return reading.action.statements
    .map(statement => {
      const tables = statement.tables.map(
        table =>
          `${table.schema}.${table.table} ${[...table.effects].sort().join('+')} ${table.reads.join(',')}>${table.writes.join(',')}`,
      )
      return [statement.verb, ...tables, ...statement.effects.map(effect => `!${effect}`)].join(' | ')
    })
    .join(' ;; ')
}

describe('what a statement does', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', ''],
    ['SELECT 1; SELECT 2', 'SELECT ;; SELECT'],
    ['SELECT id FROM memo', 'SELECT | public.memo select id>'],
    ['SELECT * FROM memo m', 'SELECT | public.memo select body,id>'],
    ['SELECT m FROM memo m', 'SELECT | public.memo select body,id>'],
    ['SELECT relname FROM pg_class', 'SELECT'],
    ['SELECT id FROM memo FOR UPDATE', 'SELECT | public.memo select+update id>'],
    [
      'INSERT INTO memo (id) SELECT id FROM orders',
      'INSERT | public.memo insert >id | public.orders select id>',
    ],
    ['INSERT INTO memo VALUES (1) RETURNING body', 'INSERT | public.memo insert+select body>body,id'],
    [
      'INSERT INTO memo (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET body = 1',
      'INSERT | public.memo insert+select+update id>body,id',
    ],
    ['UPDATE memo SET body = 1', 'UPDATE | public.memo update >body'],
    ['UPDATE memo SET body = 1 WHERE id = 2', 'UPDATE | public.memo select+update id>body'],
    ['DELETE FROM memo', 'DELETE | public.memo delete >'],
    [
      'MERGE INTO memo m USING orders o ON true WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (1)',
      'MERGE | public.memo delete+insert >id | public.orders select >',
    ],
    [
      'WITH d AS (DELETE FROM memo RETURNING id) SELECT * FROM d',
      'SELECT | public.memo delete+select body,id>',
    ],
    ['TRUNCATE memo', 'TRUNCATE TABLE | public.memo delete >'],
    ['LOCK memo', 'LOCK TABLE | public.memo update >'],
    ['COPY memo TO STDOUT', 'COPY | public.memo export+select body,id>'],
    ['COPY (SELECT id FROM memo) TO STDOUT', 'COPY | public.memo export+select id>'],
    ['COPY memo FROM STDIN', 'COPY | public.memo import+insert >body,id'],
    ['CREATE TABLE fresh (id integer)', 'CREATE TABLE | public.fresh define >'],
    [
      'CREATE TABLE fresh AS SELECT id FROM memo',
      'CREATE TABLE AS | public.memo select id> | public.fresh define >',
    ],
    ['DROP TABLE memo', 'DROP TABLE | public.memo define >'],
    ['CREATE SCHEMA s', 'CREATE SCHEMA | !define'],
    ['GRANT SELECT ON memo TO PUBLIC', 'GRANT | !administer'],
    ['VACUUM memo', 'VACUUM | !administer'],
    ['SET ROLE x', 'SET | !administer'],
    ['SET work_mem = 1', 'SET'],
    ['SHOW ALL', 'SHOW'],
    ['BEGIN; COMMIT', 'BEGIN ;; COMMIT'],
    ['EXPLAIN DELETE FROM memo', 'EXPLAIN | public.memo delete >'],
    ["SELECT pg_read_file('x')", 'SELECT | !administer'],
    ["SELECT setval('s', 1)", 'SELECT | !administer'],
    ["SELECT set_config('log_statement', 'all', false)", 'SELECT | !administer'],
    ["SELECT run('x')", 'SELECT | !call'],
    ["SELECT log_it('x')", 'SELECT | public.memo insert >body | !call'],
    ["SELECT log_deep('x')", 'SELECT | public.memo insert >body | !call'],
    ['SELECT look(1)', 'SELECT | !call'],
    ['SELECT native_volatile()', 'SELECT | !call | !administer'],
    [
      'CREATE TABLE fresh (n integer DEFAULT native_volatile())',
      'CREATE TABLE | public.fresh define > | !call | !administer',
    ],
    ['SELECT id FROM v_mail', 'SELECT | public.v_mail select id>'],
  ]
  for (const [text, expected] of rows) test(text, () => assert.equal(told(text), expected))
})

describe('whether every row is changed', () => {
  const every = [
    'DELETE FROM memo',
    'UPDATE memo SET id = 1',
    'UPDATE memo SET id = 1 WHERE true',
    'UPDATE memo SET id = 1 WHERE 1 = 1',
    "UPDATE memo SET id = 1 WHERE 'a' <> 'b' AND 2 > 1",
    'UPDATE memo SET id = 1 WHERE memo.id = id',
    'DELETE FROM memo WHERE id = 3 OR true',
    "DELETE FROM memo WHERE 't'::boolean",
    'DELETE FROM memo WHERE NOT false',
    "DELETE FROM memo WHERE body LIKE '%'",
    'WITH gone AS (DELETE FROM memo RETURNING id) SELECT count(*) FROM gone',
    'TRUNCATE memo',
    'PREPARE p AS DELETE FROM memo',
    'MERGE INTO memo USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE',
    'SELECT 1; DELETE FROM memo',
  ]
  const some = [
    'SELECT id FROM memo',
    'INSERT INTO memo SELECT * FROM memo',
    'DELETE FROM memo WHERE id = 1',
    'DELETE FROM memo WHERE id = $1',
    "UPDATE memo SET id = 1 WHERE true AND body LIKE 'a%'",
    'DELETE FROM memo WHERE false',
    'DELETE FROM memo WHERE NOT true OR id = 1',
    'MERGE INTO memo USING (SELECT 1 AS n) x ON memo.id = x.n WHEN MATCHED THEN DELETE',
  ]
  const changesAll = (text: string) => {
    const reading = dialect.read(text, schema, dialect.initialState)
    assert.ok(reading.kind === 'reading', JSON.stringify(reading))
    return reading.action.statements.some(statement => statement.changesAllRows === true)
  }
  for (const text of every) test(text, () => assert.equal(changesAll(text), true))
  for (const text of some) test(text, () => assert.equal(changesAll(text), false))
})

describe('what would let a read only session write', () => {
  const lifts = (text: string): boolean | undefined => {
    const reading = dialect.read(text, schema, dialect.initialState)
    assert.ok(reading.kind === 'reading', JSON.stringify(reading))
    return reading.liftsReadOnly
  }
  const lifting = [
    'BEGIN READ WRITE',
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE',
    'SET TRANSACTION READ WRITE',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
    'SET transaction_read_only = off',
    'SET LOCAL Transaction_Read_Only TO 0',
    "SET default_transaction_read_only = 'false'",
    'SET default_transaction_read_only TO DEFAULT',
    'RESET transaction_read_only',
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT 1; SELECT pg_catalog.set_config('default_transaction_read_only', 'of', false)",
  ]
  const keeping = [
    'BEGIN',
    'BEGIN READ ONLY',
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    'SET default_transaction_read_only = on',
    'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'RESET ALL',
    'DISCARD ALL',
    'SELECT 1',
  ]
  for (const text of lifting) test(text, () => assert.equal(lifts(text), true))
  for (const text of keeping) test(text, () => assert.equal(lifts(text), false))
})

describe('functions are told as the text qualifies them', () => {
  test('lower and pg_catalog.upper', () => {
    const reading = dialect.read("SELECT lower('A'), pg_catalog.upper('b')", schema, dialect.initialState)
    assert.ok(reading.kind === 'reading')
    assert.deepEqual(reading.action.statements[0]?.functions, ['lower', 'pg_catalog.upper'])
  })
})

describe('shape', () => {
  const rows: readonly (readonly [string, string])[] = [
    ["SELECT 1,  'it''s' -- c\n FROM t", 'SELECT $1, $2 FROM t'],
    ['SELECT $2, 5.5e+3', 'SELECT $2, $3'],
    ["SELECT $a$ x 'y' $a$, E'\\'', U&'x' /* a /* b */ c */ + 1", 'SELECT $1, $2, $3 + $4'],
    ['SELECT "a 1", t1.c2', 'SELECT "a 1", t1.c2'],
    ["SELECT 'open", 'SELECT $1'],
    ['\n\tSELECT\n1', 'SELECT $1'],
  ]
  for (const [text, expected] of rows) test(text, () => assert.equal(shapeOf(text), expected))
  test('is cut', () => assert.equal(shapeOf(`SELECT ${'a, '.repeat(5_000)}b`).length, 4_000))
})
