// What statements are said to do, and which texts are judged by their form.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SqlStatement } from '../../core/action.ts'
import type { Reading } from '../dialect.ts'
import { withFacts } from './index.ts'
import { dialect, outcome, schema, stateAfter, stateIn, usual } from './try-out.ts'

function read(text: string, state = usual): Reading {
  const reading = dialect.read(text, schema, state)
  if (reading.kind === 'unreadable') assert.fail(reading.problem.message)
  return reading
}

/** `table effect,effect reads>a,b writes>c` of each table, and `!effect` of the target. */
function summary(statement: SqlStatement): string {
  const tables = statement.tables.map(({ schema: of, table, effects, reads, writes }) =>
    [
      `${of}.${table}`,
      effects.join(),
      ...(reads.length > 0 ? [`reads ${reads.join()}`] : []),
      ...(writes.length > 0 ? [`writes ${writes.join()}`] : []),
    ].join(' '),
  )
  const target = statement.effects.map(effect => `!${effect}`)
  return [statement.verb, ...tables, ...target, ...(statement.changesAllRows ? ['all rows'] : [])].join('; ')
}

const actions: readonly (readonly [string, string])[] = [
  ['SELECT id FROM orders', 'SELECT; shop.orders select reads id'],
  ['SELECT 1 FROM crm.customers', 'SELECT; crm.customers select'],
  ['SELECT email FROM customers c, orders', 'SELECT; shop.customers select reads email; shop.orders select'],
  ['SELECT * FROM information_schema.tables', 'SELECT'],
  ['SELECT * FROM mysql.user', 'SELECT; !administer'],
  ['SELECT id FROM orders FOR UPDATE', 'SELECT; shop.orders select,update reads id'],
  [
    "SELECT id FROM orders INTO OUTFILE '/tmp/x'",
    'SELECT INTO OUTFILE; shop.orders select,export reads id; !administer',
  ],
  ['INSERT INTO memo VALUES (1, 2)', 'INSERT; shop.memo insert writes body,id'],
  [
    'INSERT INTO memo (id) SELECT id FROM orders ON DUPLICATE KEY UPDATE body = 1',
    'INSERT; shop.memo insert,update reads id writes body,id; shop.orders select reads id',
  ],
  ['REPLACE memo (id) VALUES (1)', 'REPLACE; shop.memo insert,delete writes id'],
  ['UPDATE memo SET body = 1 WHERE id = 1', 'UPDATE; shop.memo update,select reads id writes body'],
  ['UPDATE memo SET body = 1', 'UPDATE; shop.memo update writes body; all rows'],
  ['DELETE FROM memo WHERE 1 = 1', 'DELETE; shop.memo delete; all rows'],
  ['DELETE FROM memo WHERE id = id', 'DELETE; shop.memo delete,select reads id; all rows'],
  ["DELETE FROM memo WHERE 'a' = 'a' AND NOT 0", 'DELETE; shop.memo delete; all rows'],
  ['DELETE FROM memo WHERE 1 LIMIT 10', 'DELETE; shop.memo delete'],
  [
    'DELETE m FROM memo m JOIN orders o ON o.id = m.id',
    'DELETE; shop.memo delete,select reads id; shop.orders select reads id',
  ],
  [
    'UPDATE orders o JOIN memo m USING (id) SET m.body = o.total',
    'UPDATE; shop.memo update,select reads id writes body; shop.orders select reads id,total',
  ],
  ['TRUNCATE memo', 'TRUNCATE TABLE; shop.memo delete; all rows'],
  ["LOAD DATA LOCAL INFILE 'x' INTO TABLE memo (id)", 'LOAD DATA; shop.memo insert,import writes id'],
  ["LOAD DATA INFILE 'x' INTO TABLE memo", 'LOAD DATA; shop.memo insert,import writes body,id; !administer'],
  ['CREATE TABLE fresh (id int)', 'CREATE TABLE; shop.fresh define'],
  [
    'CREATE TABLE fresh SELECT id FROM orders',
    'CREATE TABLE AS; shop.orders select reads id; shop.fresh define',
  ],
  ['ALTER TABLE memo ADD x int', 'ALTER TABLE; shop.memo define'],
  ['DROP TABLE IF EXISTS memo, nowhere', 'DROP TABLE; shop.memo define'],
  ['DROP DATABASE shop', 'DROP DATABASE; !administer'],
  ['RENAME TABLE memo TO notes', 'RENAME TABLE; shop.memo define; shop.notes define'],
  ['CREATE VIEW v AS SELECT id FROM orders', 'CREATE VIEW; shop.orders select reads id; shop.v define'],
  ["GRANT SELECT ON *.* TO 'a'@'b'", 'GRANT; !administer'],
  ['CALL close_all(1)', 'CALL; shop.orders update writes total; !call'],
  ["CALL run_text('x')", 'CALL; !call; !administer'],
  ['SELECT log_it(1)', 'SELECT; shop.memo insert writes body,id; !call'],
  ["SELECT load_file('x')", 'SELECT; !administer'],
  ['SET GLOBAL x = 1', 'SET; !administer'],
  ["SET NAMES utf8, sql_mode = 'ANSI'", 'SET'],
  ['KILL 5', 'KILL; !administer'],
  ['EXPLAIN DELETE FROM memo WHERE id = 1', 'EXPLAIN; shop.memo delete,select reads id'],
  ["PREPARE s FROM 'DELETE FROM memo'", 'PREPARE; shop.memo delete; all rows'],
  ['LOCK TABLES memo READ, orders AS o WRITE', 'LOCK TABLES; shop.memo select; shop.orders update'],
  ['SHOW TABLES', 'SHOW TABLES'],
  ['DESCRIBE orders', 'DESCRIBE'],
]

describe('effects', () => {
  for (const [text, expected] of actions) {
    test(text, () => assert.deepEqual(read(text).action.statements.map(summary), [expected]))
  }
})

test('the shape has neither literals nor comments', () => {
  assert.equal(read("SELECT  'a''b', 12 /* x */ FROM orders -- y").shape, 'SELECT $1, $2 FROM orders')
  const unreadable = dialect.read("SELECT 'secret' FRM 1 'x", schema, usual)
  assert.equal(unreadable.shape, 'SELECT $1 FRM $2 $3')
})

test('a database that is chosen is the one of later names', () => {
  const state = stateAfter('USE crm')
  assert.deepEqual(read('SELECT id FROM customers', state).action.statements.map(summary), [
    'SELECT; crm.customers select reads id',
  ])
  assert.match(outcome('SELECT id FROM orders', undefined, {}, state), /crm.orders/)
})

test('what only the target can tell is waited for', () => {
  const state = stateAfter('SET sql_mode = @saved')
  assert.match(outcome('SELECT 1', undefined, {}, state), /not known any more/)
  const told = withFacts(state, { sqlMode: '', characterSet: 'utf8mb4', database: 'shop' })
  assert.equal(outcome('SELECT 1', undefined, {}, told), 'SELECT 1')
})

test('tables that the session makes are known at once', () => {
  const state = stateAfter('CREATE TEMPORARY TABLE own (a int)')
  assert.deepEqual(read('SELECT a FROM own', state).action.statements.map(summary), [
    'SELECT; shop.own select reads a',
  ])
  assert.notEqual(state.key, usual.key)
})

describe('by form', () => {
  const form = (text: string): string | undefined => dialect.lift?.(text, usual)?.form

  test('texts that differ in values alone have one form', () => {
    assert.equal(
      form("SELECT id FROM orders WHERE id = 1 AND total < 'a'"),
      form("SELECT id FROM orders WHERE id = 2 AND total < 'b''c'"),
    )
    assert.notEqual(form('SELECT 1'), form('SELECT 1.5'))
    assert.notEqual(form('SELECT 1'), form('SELECT 5000000000'))
    assert.notEqual(form('SELECT 1 LIMIT 5'), form('SELECT 1 LIMIT 6'))
    assert.equal(form('SELECT a FROM t WHERE b = 1 LIMIT 5'), form('SELECT a FROM t WHERE b = 2 LIMIT 5'))
  })

  test('where there is doubt there is no form', () => {
    const doubtful = [
      "SELECT 'a\\\\'b'",
      'SELECT "a"',
      'SELECT 1 /*! , 2 */',
      'SELECT 1 -- x',
      'SELECT 1 # x',
      "SELECT _utf8'a'",
      "SELECT x'41'",
      'SELECT 1e5',
      'SELECT t.1a FROM t',
      'SELECT @a1',
      "SELECT @'a'",
    ]
    for (const text of doubtful) assert.equal(form(text), undefined, text)
    assert.equal(dialect.lift?.('SELECT 1', dialect.initialState), undefined)
  })

  test('a reading says whether its literals mattered', () => {
    const inert = [
      'SELECT id FROM orders WHERE id = 1',
      "INSERT INTO memo VALUES (1, 'a')",
      "UPDATE memo SET body = 'a' WHERE id = 1 AND body IN ('x', 'y')",
      'DELETE FROM memo WHERE id BETWEEN 1 AND 2',
      'SELECT email FROM customers WHERE id = 5 LIMIT 10',
      'SELECT email FROM customers WHERE id BETWEEN 7 AND 106 ORDER BY email',
      'SELECT DISTINCT email FROM customers WHERE id BETWEEN 7 AND 106 ORDER BY email',
      'SELECT SUM(total) FROM orders WHERE id BETWEEN 7 AND 106',
    ]
    const not = [
      'SELECT id FROM orders',
      'DELETE FROM memo WHERE 1 = 1',
      'DELETE FROM memo WHERE id = 1 OR 1',
      "SELECT id 'name' FROM orders WHERE id = 1",
      'SELECT CAST(id AS CHAR(10)) FROM orders',
      "PREPARE s FROM 'SELECT 1'",
      "SHOW TABLES LIKE 'a'",
      'SET @a = 1',
      'CALL close_all(1)',
      "SELECT 'a' 'b' FROM orders",
    ]
    for (const text of inert) assert.equal(read(text).inert, true, text)
    for (const text of not) assert.notEqual(read(text).inert, true, text)
  })

  test('what was done to a text says where', () => {
    const text = 'SELECT email FROM customers WHERE id = 1'
    const reading = read(text)
    const sight = {
      version: 'x',
      hidesAnything: true,
      table: () => ({ hidden: new Map(), rowFilter: 'id > 5' }),
    }
    const made = dialect.rewrite(reading, schema, usual, sight, { maskKey: 'c0', rowLimit: 3 })
    assert.equal(made.kind, 'rewritten')
    if (made.kind !== 'rewritten') return
    assert.deepEqual(
      made.splices?.map(({ start, end }) => [start, end]),
      [
        [18, 27],
        [text.length, text.length],
      ],
    )
  })
})

test('other modes are other states', () => {
  assert.notEqual(stateIn('ANSI').key, usual.key)
  assert.equal(dialect.lift?.('SELECT "a"', stateIn('ANSI')), undefined)
})

test('a text tried out without a session is read in the database of the target', () => {
  const state = dialect.stateOf?.(schema)
  assert.ok(state)
  assert.equal(
    summary(read('SELECT id FROM orders', state).action.statements[0] as SqlStatement),
    'SELECT; shop.orders select reads id',
  )
})
