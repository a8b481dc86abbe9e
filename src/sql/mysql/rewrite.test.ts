// What becomes of statements where something is hidden.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  customersAs,
  dialect,
  narrow,
  options,
  outcome,
  schema,
  stateAfter,
  stateIn,
  usual,
  wide,
} from './try-out.ts'

/** Text, and what is sent. */
function sends(title: string, rows: readonly (readonly [string, string])[]): void {
  describe(title, () => {
    for (const [text, expected] of rows) test(text, () => assert.equal(outcome(text), expected))
  })
}

function keeps(title: string, texts: readonly string[]): void {
  sends(
    title,
    texts.map(text => [text, text]),
  )
}

function refuses(title: string, rows: readonly (string | readonly [string, RegExp])[]): void {
  describe(title, () => {
    for (const row of rows) {
      const [text, why] = typeof row === 'string' ? [row, /./] : row
      test(text, () => {
        const heard = outcome(text)
        assert.match(heard, /^refused: /)
        assert.match(heard, why)
      })
    }
  })
}

const plain = `${customersAs('customers')} AS \`customers\``

sends('hidden columns are masked where the table is', [
  ['SELECT * FROM customers', `SELECT * FROM ${plain}`],
  ['SELECT `e`.EMAIL FROM shop.customers AS e', `SELECT \`e\`.EMAIL FROM ${customersAs('e')} AS e`],
  ['select shop.customers.email from shop.customers', `select customers.email from ${plain}`],
  ['SELECT id FROM customers ORDER BY salary', `SELECT id FROM ${plain} ORDER BY salary`],
  [
    'SELECT c.email FROM customers c USE INDEX (a) WHERE c.id = 1',
    `SELECT c.email FROM ${customersAs('c').replace(/\)$/, ' USE INDEX (a))')} c  WHERE c.id = 1`,
  ],
  [
    'SELECT email FROM customers PARTITION (p0, p1) c',
    `SELECT email FROM ${customersAs('c').replace(' AS `c`)', ' PARTITION (p0, p1) AS `c`)')} c`,
  ],
  [
    'WITH customers AS (SELECT email FROM customers) SELECT * FROM customers',
    `WITH customers AS (SELECT email FROM ${plain}) SELECT * FROM customers`,
  ],
  [
    'SELECT total FROM orders JOIN customers USING (email)',
    `SELECT total FROM orders JOIN ${plain} USING (email)`,
  ],
  ['SELECT total FROM orders NATURAL JOIN customers', `SELECT total FROM orders NATURAL JOIN ${plain}`],
  ['SELECT émail FROM customers', `SELECT émail FROM ${plain}`],
  ['SELECT renamed_since FROM customers', `SELECT renamed_since FROM ${plain}`],
  ['SELECT email FROM customers FOR UPDATE', `SELECT email FROM ${plain} FOR UPDATE`],
  ['/*! SELECT email FROM customers */', `    SELECT email FROM ${plain}   `],
  ['SET @a = (SELECT email FROM customers LIMIT 1)', `SET @a = (SELECT email FROM ${plain} LIMIT 1)`],
  ['EXPLAIN SELECT email FROM customers', `EXPLAIN SELECT email FROM ${plain}`],
  [
    'SELECT mail FROM v_mail',
    'SELECT mail FROM (select `customers`.`id` AS `id`,lcase(`customers`.`email`) AS `mail` from ' +
      `${plain}\n) AS \`v_mail\``,
  ],
  [
    "EXECUTE IMMEDIATE 'SELECT email FROM customers'",
    `EXECUTE IMMEDIATE '${`SELECT email FROM ${plain}`.replaceAll("'", "''")}'`,
  ],
  [
    'DELETE FROM logins WHERE id = 1 RETURNING id, email AS e',
    "DELETE FROM logins WHERE id = 1 RETURNING id, CONCAT(LEFT(`email`, 0), '***') AS e",
  ].map(text => text.replace('logins', 'made')) as [string, string],
])

sends('columns computed from hidden ones are hidden, invisible ones stay out of a star', [
  [
    'SELECT * FROM made',
    "SELECT * FROM (SELECT `id`, CONCAT(LEFT(`email`, 0), '***') AS `email`, IF(0, `lower_email`, NULL) AS `lower_email` " +
      'FROM `shop`.`made` AS `made`) AS `made`',
  ],
  [
    'SELECT email, secret_note FROM made',
    "SELECT email, secret_note FROM (SELECT `id`, CONCAT(LEFT(`email`, 0), '***') AS `email`, " +
      'IF(0, `lower_email`, NULL) AS `lower_email`, `secret_note` FROM `shop`.`made` AS `made`) AS `made`',
  ],
])

sends('hidden values do not order rows', [
  ['SELECT id FROM logins', 'SELECT id FROM logins IGNORE INDEX (`by_email`)'],
  [
    'SELECT id FROM logins AS l WHERE id = 1',
    'SELECT id FROM logins AS l IGNORE INDEX (`by_email`) WHERE id = 1',
  ],
  [
    'SELECT value FROM vouchers',
    "SELECT value FROM (SELECT CONCAT(LEFT(`code`, 0), '***') AS `code`, `value` FROM `shop`.`vouchers` AS `vouchers` " +
      'ORDER BY 1, 2 LIMIT 18446744073709551615) AS `vouchers`',
  ],
])

sends('rows are filtered', [
  [
    'SELECT id FROM tickets t',
    "SELECT id FROM (SELECT `id`, `region`, `subject` FROM `shop`.`tickets` AS `t` WHERE (region = 'eu'\n)) t",
  ],
  [
    "UPDATE tickets SET subject = 'x' WHERE (id = 1 OR id = 2) ORDER BY id",
    "UPDATE tickets SET subject = 'x' WHERE (`tickets`.region = 'eu'\n) AND ( (id = 1 OR id = 2)\n) ORDER BY id",
  ],
  ['DELETE FROM tickets', "DELETE FROM tickets WHERE (`tickets`.region = 'eu'\n) "],
])

sends('what the server tells of itself is told without values', [
  ['SHOW WARNINGS', 'SHOW WARNINGS LIMIT 0'],
  [
    'SELECT * FROM information_schema.TABLES',
    'SELECT * FROM (SELECT `TABLE_NAME`, IF(0, `CHECKSUM`, NULL) AS `CHECKSUM`, ' +
      "IF((TABLE_SCHEMA, TABLE_NAME) IN (('shop', 'tickets'), ('shop', 'claims')), NULL, `TABLE_ROWS`) AS `TABLE_ROWS` " +
      'FROM `information_schema`.`TABLES` AS `TABLES`) AS `TABLES`',
  ],
])

keeps('what names nothing hidden is left as it is', [
  'SELECT id, city FROM customers WHERE id = 1',
  'SELECT count(*) FROM customers',
  'SELECT id, city FROM customers JOIN orders USING (id)',
  'SELECT * FROM crm.customers',
  'SELECT city FROM v_plain',
  'SELECT city_of(1)',
  'CALL close_all(1)',
  'CALL calls()',
  "UPDATE customers SET name = 'x' WHERE id = 1",
  "INSERT INTO customers (id, name, email, city) VALUES (1, 'a', 'b', 'c')",
  'DELETE FROM customers WHERE id = 1',
  'INSERT INTO memo SELECT id, city FROM customers',
  'SHOW CREATE TABLE customers',
  'EXPLAIN SELECT id FROM customers WHERE id = 1',
  'EXPLAIN FORMAT=JSON SELECT city FROM customers',
  'TRUNCATE customers',
  'DROP TABLE customers',
  'LOCK TABLES customers READ',
  'UPDATE stamped SET at = NULL WHERE id = 1',
  'SET NAMES utf8mb4',
  "SET time_zone = '+00:00'",
  'SELECT TABLE_NAME FROM information_schema.TABLES',
  'CREATE TABLE fresh (id int)',
  'CREATE TEMPORARY TABLE customers (id int)',
  'START TRANSACTION',
])

refuses('hidden values do not decide what is written, and are not written elsewhere', [
  ["UPDATE customers SET city = 'x' WHERE email LIKE 'a%'", /cannot decide/],
  ['UPDATE customers SET city = email', /cannot decide/],
  ['DELETE FROM customers WHERE salary > 1', /cannot decide/],
  ['DELETE FROM customers ORDER BY salary LIMIT 1', /cannot decide/],
  [
    'DELETE FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE salary > 1)',
    /decide what is written/,
  ],
  [
    'UPDATE orders o JOIN customers c ON c.id = o.customer_id SET o.total = c.salary',
    /decide what is written/,
  ],
  ['UPDATE customers NATURAL JOIN memo SET city = 1', /cannot decide/],
  ['INSERT INTO memo SELECT id, email FROM customers', /written elsewhere/],
  ['INSERT INTO customers (id, city) VALUES (1, 2) ON DUPLICATE KEY UPDATE city = email', /cannot decide/],
  ['CREATE TABLE stolen AS SELECT * FROM customers', /would be stored/],
  ['CREATE VIEW stolen AS SELECT email FROM customers', /would be stored/],
  ["SELECT email INTO OUTFILE '/tmp/x' FROM customers", /would be stored/],
])

refuses('success, failure and counts of writes tell nothing', [
  ['UPDATE customers SET salary = 1 WHERE id = 1', /number of changed rows/],
  ["UPDATE customers SET city = 'x' WHERE id = 1", /rule of "customers"/],
  ['REPLACE INTO customers (id, city) VALUES (1, 2) RETURNING id', /number of changed rows/],
  ["INSERT INTO logins VALUES (1, 'a')", /part of a key/],
  ["INSERT INTO visits VALUES ('a', 'b')", /refers to/],
  ["UPDATE customers SET city = 'x' WHERE renamed = 1", /no column/],
  ['INSERT INTO tickets VALUES (1, 2, 3)', /only some rows/],
  ["UPDATE tickets SET region = 'us'", /depends on/],
  ['DELETE FROM logins WHERE id > 1 LIMIT 1', /come first/],
])

test('where only the number of changed rows tells, it is said that it does', () => {
  const tells = (text: string): unknown => {
    const reading = dialect.read(text, schema, usual)
    assert.ok(reading.kind === 'reading')
    const rewritten = dialect.rewrite(reading, schema, usual, narrow, options)
    return rewritten.kind === 'refused' ? rewritten.problem.message : (rewritten.countTells ?? false)
  }
  assert.equal(tells("UPDATE members SET plan = 'x' WHERE id = 1"), true)
  assert.equal(tells("UPDATE IGNORE members m SET m.plan = 'x', note = 'y' ORDER BY id LIMIT 1"), true)
  assert.equal(tells("REPLACE INTO members (id, note) VALUES (1, 'y')"), true)
  assert.equal(tells("UPDATE members SET note = 'x' WHERE id = 1"), false)
  assert.equal(tells("INSERT INTO members (id, plan, note) VALUES (1, 'x', 'z')"), false)
  for (const text of [
    "UPDATE members SET token = 'x'",
    "UPDATE members, memo SET plan = 'x'",
    "INSERT INTO members (id, plan) VALUES (1, 'x') ON DUPLICATE KEY UPDATE plan = 'x'",
    'REPLACE INTO members (id) VALUES (1) RETURNING id',
    "UPDATE members SET plan = 'x'; SELECT 1",
    "PREPARE s FROM 'UPDATE members SET plan = 1'",
    "LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE members",
  ])
    assert.match(String(tells(text)), /number of changed rows/, text)
})

refuses('values of one’s own choice beside hashes of others', [
  ["INSERT INTO members (id, token) VALUES (1, 'x')", /you see hashes/],
  ["INSERT INTO members VALUES (1, 'x', 'y', 'z')", /you see hashes/],
  ["REPLACE INTO members (id, token) VALUES (1, 'x')", /you see hashes/],
  ["LOAD DATA LOCAL INFILE 'x' INTO TABLE members (id, token)", /you see hashes/],
])

refuses('tables in front of others', [
  ['SELECT id FROM merged', /rows of other tables \(engine mrg_myisam\)/],
  ['DELETE FROM merged', /rows of other tables/],
  ['SELECT id FROM broken', /engine not known/],
])

refuses('what follows from whether something changed', [
  'SELECT @@last_gtid',
  'SET @n = @@global.gtid_executed',
  "SELECT BINLOG_GTID_POS('a', 4)",
  'SET session_track_gtids = 1',
  "SHOW STATUS LIKE 'Bytes%'",
])

const others =
  "VARIABLE_NAME NOT IN ('gtid_binlog_pos', 'gtid_binlog_state', 'gtid_current_pos', 'gtid_slave_pos', 'gtid_executed', " +
  "'gtid_owned', 'gtid_purged', 'last_gtid')"

sends('variables that follow from it are left out', [
  ['SHOW VARIABLES', `SHOW VARIABLES WHERE ${others}`],
  ["SHOW VARIABLES LIKE 'gtid\\_mode'", "SHOW VARIABLES LIKE 'gtid\\_mode'"],
  ["SHOW VARIABLES LIKE 'sql_mode'", "SHOW VARIABLES LIKE 'sql_mode'"],
  [
    "SHOW GLOBAL VARIABLES LIKE 'gtid_e%'",
    `SHOW GLOBAL VARIABLES WHERE VARIABLE_NAME LIKE 'gtid_e%' AND ${others}`,
  ],
  [
    "SHOW VARIABLES WHERE variable_name IN ('sql_mode') OR Variable_name = 'last_gtid'",
    `SHOW VARIABLES WHERE (variable_name IN ('sql_mode') OR Variable_name = 'last_gtid') AND ${others}`,
  ],
])
const filteredTables = "('shop', 'tickets'), ('shop', 'claims')"

sends('what counts rows of filtered tables is left out', [
  [
    'SELECT TABLE_ROWS FROM information_schema.TABLES',
    'SELECT TABLE_ROWS FROM (SELECT `TABLE_NAME`, IF(0, `CHECKSUM`, NULL) AS `CHECKSUM`, ' +
      `IF((TABLE_SCHEMA, TABLE_NAME) IN (${filteredTables}), NULL, \`TABLE_ROWS\`) AS \`TABLE_ROWS\` ` +
      'FROM `information_schema`.`TABLES` AS `TABLES`) AS `TABLES`',
  ],
])

test('SHOW TABLE STATUS tells no more than information_schema does', () => {
  const text = outcome("SHOW TABLE STATUS LIKE 'tick%'")
  const masked = (column: string): string =>
    `IF((TABLE_SCHEMA, TABLE_NAME) IN (${filteredTables}), NULL, \`${column}\`) AS `
  for (const column of ['TABLE_ROWS', 'DATA_LENGTH', 'AUTO_INCREMENT'])
    assert.ok(text.includes(masked(column)), text)
  assert.match(text, /'members'.*NULL, `UPDATE_TIME`\) AS `Update_time`/)
})

keeps('variables by other names', ["SHOW VARIABLES WHERE variable_name IN ('sql_mode', 'gtid_mode')"])

refuses('routines and triggers that reach what is hidden', [
  'SELECT mail_of(1)',
  'SELECT shop.deep(1)',
  "CALL run_text('SELECT email FROM customers')",
  'CALL fill()',
  'UPDATE audited SET note = 1 WHERE id = 1',
  'DELETE FROM asking',
])

refuses('what could show values otherwise', [
  'ALTER TABLE customers ADD x int',
  'CREATE UNIQUE INDEX i ON customers (city)',
  'RENAME TABLE customers TO clients',
  'CREATE TABLE probe (e varchar(80), FOREIGN KEY (e) REFERENCES customers (email))',
  'CREATE TABLE m (id int) ENGINE=MERGE UNION=(customers)',
  'CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW SET @a = 1',
  'HANDLER customers OPEN',
  'CHECKSUM TABLE customers',
  'SELECT * FROM customers PROCEDURE ANALYSE()',
  "SELECT id FROM customers WHERE MATCH (email) AGAINST ('a')",
  'EXPLAIN FORMAT=JSON SELECT email FROM customers',
  'ANALYZE SELECT email FROM customers',
  'SHOW ENGINE INNODB STATUS',
  'SHOW PROFILES',
  "SHOW STATUS LIKE 'Handler%'",
  'SELECT * FROM mysql.user',
  'SELECT * FROM performance_schema.threads',
  "UPDATE mysql.user SET User = 'a'",
  "SELECT load_file('/etc/passwd')",
  'GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT',
  'SET GLOBAL general_log = 1',
  'SET profiling = 1',
  'SET sql_select_limit = (SELECT salary FROM customers LIMIT 1)',
  'PREPARE s FROM @text',
  'SELECT /*+ INDEX(customers email) */ id FROM customers',
  'GRANT SELECT ON *.* TO x',
])

refuses('what cannot be read for certain', [
  ['SELECT * FROM nowhere', /no table or view/],
  ['SELECT * FROM nowhere.customers', /no table or view/],
  ['SELECT nothing_known(1)', /no function/],
  ['WITH Customers AS (SELECT 1 AS email) SELECT email FROM customers', /same way/],
  ['SET sql_mode = ANSI_QUOTES; SELECT 1', /by itself/],
  ['SET NAMES gbk', /character set/],
  ["SET sql_mode = 'ORACLE'", /ORACLE/],
  ['SELECT 1 FROM', /cannot read/],
])

test('nothing is changed for those from whom nothing is hidden', () => {
  for (const text of [
    'SELECT * FROM customers',
    'SHOW WARNINGS',
    'SELECT mail_of(1)',
    'SELECT * FROM v_mail',
  ]) {
    assert.equal(outcome(text, wide), text)
  }
})

test('a prepared statement is found by those alone who see the same', () => {
  const state = stateAfter("PREPARE s FROM 'SELECT email FROM customers'")
  const prepared = /^PREPARE (`s~\w+`) FROM '/.exec(
    outcome("PREPARE s FROM 'SELECT email FROM customers'"),
  )?.[1]
  assert.ok(prepared)
  assert.equal(outcome('EXECUTE s', undefined, {}, state), `EXECUTE ${prepared}`)
  assert.equal(outcome('EXECUTE s', wide, {}, state), 'EXECUTE s')
  assert.match(outcome('EXECUTE other', undefined, {}, state), /not known/)
})

test('the sql_mode decides what a text means', () => {
  const text = `SELECT "email" FROM customers`
  assert.equal(outcome(text), text)
  assert.notEqual(outcome(text, undefined, {}, stateIn('ANSI_QUOTES')), text)
  assert.match(outcome('SELECT id FROM tickets', undefined, {}, stateIn('ORACLE')), /ORACLE/)
  assert.match(outcome('SELECT 1', undefined, {}, stateIn('', 'gbk')), /character set/)
})

test('the number of rows is limited as part of the query', () => {
  const limit = { rowLimit: 10 }
  const rows: readonly (readonly [string, string])[] = [
    ['SELECT 1', 'SELECT 1\nLIMIT 10'],
    ['SELECT 1 FROM orders LIMIT 5', 'SELECT 1 FROM orders LIMIT 5'],
    ['SELECT 1 FROM orders LIMIT 7, 50', 'SELECT 1 FROM orders LIMIT 7, 10'],
    ['SELECT id FROM orders FOR UPDATE', 'SELECT id FROM orders \nLIMIT 10 FOR UPDATE'],
    ['(SELECT id FROM orders LIMIT 50)', '(SELECT id FROM orders LIMIT 10)'],
    ['SELECT 1 UNION SELECT 2', 'SELECT 1 UNION SELECT 2\nLIMIT 10'],
    ['SELECT id FROM orders LIMIT ?', '(SELECT id FROM orders LIMIT ?\n) LIMIT 10'],
    ['SHOW TABLES', 'SHOW TABLES'],
  ]
  for (const [text, expected] of rows) assert.equal(outcome(text, wide, limit), expected)
})

test('rows that a filtered table refers to do not go: whether they can would tell of rows that nobody sees', () => {
  for (const text of [
    "DELETE FROM regions WHERE code = 'us'",
    "UPDATE regions SET code = 'xx' WHERE code = 'us'",
    "REPLACE INTO regions VALUES ('us', 'x')",
  ])
    assert.match(
      outcome(text),
      /^refused: "claims", of which something is hidden from you, refers to "regions"/,
      text,
    )
  const label = "UPDATE regions SET label = 'x' WHERE code = 'us'"
  assert.equal(outcome(label), label)
})
