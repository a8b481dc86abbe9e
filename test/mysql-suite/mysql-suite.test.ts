// A bounded part of the server's own test suite through our parser, with the real MariaDB as judge.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Connection, createConnection } from 'mysql2/promise'
import { type ParseContext, sqlModeUsual } from '../../src/sql/mysql/syntax.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import { type Compared, compare, share } from './compare.ts'
import { statementsIn, suiteFiles } from './statements.ts'
import { touch } from './touches.ts'

const context: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}
const statementsMax = 2_000
/** Files whose statements build on each other and stay quick. */
const touchedFiles = [
  'main/join.test',
  'main/subselect_notembedded.test',
  'main/union.test',
  'main/derived_view.test',
]
const touchedMax = 300

let server: Mariadb
let connection: Connection

before(async () => {
  server = await startMariadb()
  const { host, port, user, password, database } = server
  connection = await createConnection({ host, port, user, password, database })
})

after(async () => {
  await connection.end()
  await server.stop()
})

/** Every n-th statement of the whole suite, so that every corner of it is there. */
function sample(): string[] {
  const all = new Set<string>()
  for (const file of suiteFiles()) {
    if (file.includes('/main/')) for (const one of statementsIn(file)) all.add(one)
  }
  const step = Math.ceil(all.size / statementsMax)
  return [...all].filter((_, i) => i % step === 0)
}

test('the parser reads what the server accepts', async () => {
  const compared: Compared[] = []
  for (const statement of sample()) compared.push(await compare(connection, statement, context))
  assert.ok(compared.length > statementsMax / 2)
  for (const [rows, least] of [
    [true, 0.995],
    [false, 0.97],
  ] as const) {
    const { accepted, read } = share(compared, rows)
    assert.ok(accepted > 500, `${accepted}`)
    assert.ok(read / accepted >= least, `${read} of ${accepted}`)
  }
  const surplus = compared.filter(one => one.server === false && one.ours)
  assert.ok(surplus.length < compared.length / 100, surplus.map(one => one.statement).join('\n'))
})

test('no statement is read as touching less than it touches', async () => {
  await connection.query('set max_statement_time = 5, lock_wait_timeout = 5')
  await connection.query('create table if not exists `suite lock` (a int)')
  let touched = 0
  const routines = new Set<string>()
  for (const name of touchedFiles) {
    const file = suiteFiles().find(one => one.endsWith(name))
    assert.ok(file, name)
    for (const statement of statementsIn(file).slice(0, touchedMax)) {
      const told = await touch(connection, statement, context, routines)
      assert.notEqual(told, 'missed', statement)
      if (told === 'touched') touched += 1
    }
  }
  assert.ok(touched > 100, `${touched}`)
})
