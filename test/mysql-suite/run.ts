// `node test/mysql-suite/run.ts [--files N] [--show N]`: the whole of the server's own test suite through our parser and through MariaDB.

import { parseArgs } from 'node:util'
import { type Connection, createConnection } from 'mysql2/promise'
import { sqlModeUsual, type ParseContext } from '../../src/sql/mysql/syntax.ts'
import { startMariadb } from '../support/mariadb.ts'
import { type Compared, compare, share } from './compare.ts'
import { statementsIn, suiteFiles } from './statements.ts'
import { touch } from './touches.ts'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    show: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
})

/** Time for the statements of one file; some build tables for minutes. */
const fileTimeMs = 3_000

const context: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}

const statements = new Set<string>()
for (const file of suiteFiles()
  .filter(name => name.includes(values.only))
  .slice(0, Number(values.files)))
  for (const one of statementsIn(file)) statements.add(one)
console.log(`${statements.size} different statements`)

const server = await startMariadb()
const compared: Compared[] = []
try {
  const { host, port, user, password, database } = server
  let connection = await createConnection({ host, port, user, password, database })
  for (const statement of statements) {
    try {
      compared.push(await compare(connection, statement, context))
    } catch {
      // A statement that ends the connection, or is no text of this character set.
      connection.destroy()
      connection = await createConnection({ host, port, user, password, database })
    }
  }
  await touches(connection)
  await connection.end()
} finally {
  await server.stop()
}

for (const rows of [true, false]) {
  const { accepted, read } = share(compared, rows)
  const percent = ((100 * read) / accepted).toFixed(2)
  console.log(
    `${rows ? 'SELECT INSERT UPDATE DELETE REPLACE WITH' : 'all others'}: ${read} of ${accepted} read, ${percent} %`,
  )
}
const missed = compared.filter(one => one.server === true && !one.ours)
const surplus = compared.filter(one => one.server === false && one.ours)
console.log(
  `read by us, refused by the server: ${surplus.length}; could not be told: ${compared.filter(one => one.server === undefined).length}`,
)
const show = Number(values.show)
for (const one of missed.slice(0, show)) {
  console.log(
    `- ${one.rows ? 'R' : 'O'} ${one.message} | ${one.statement.slice(Math.max(0, one.position - 60), one.position)}⏵${one.statement.slice(one.position, one.position + 50)}`.replace(
      /\s+/g,
      ' ',
    ),
  )
}
for (const one of surplus.slice(0, show)) console.log(`+ ${one.statement.slice(0, 150)}`.replace(/\s+/g, ' '))

/** Whether a statement touches tables that we did not read, asked of the server with LOCK TABLES. */
async function touches(connection: Connection): Promise<void> {
  const count = { touched: 0, missed: 0, untold: 0 }
  await connection.query('set max_statement_time = 2, lock_wait_timeout = 2')
  for (const file of suiteFiles().filter(name => name.includes('/main/') && name.includes(values.only))) {
    const routines = new Set<string>()
    const until = Date.now() + fileTimeMs
    await connection.query('create or replace database sekisho_touches')
    await connection.query('use sekisho_touches')
    await connection.query('create table `suite lock` (a int)')
    for (const statement of statementsIn(file)) {
      if (Date.now() > until) break
      const told = await touch(connection, statement, context, routines).catch(() => undefined)
      if (told !== undefined) count[told] += 1
      if (told === 'missed') console.log(`touches more than was read: ${statement.slice(0, 200)}`)
    }
  }
  console.log(
    `tables: ${count.touched} statements touch what was read, ${count.missed} more, ${count.untold} could not be asked`,
  )
}
