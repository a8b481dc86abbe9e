// `node test/mysql-suite/run.ts [--files N] [--show N]`: the whole of the server's own test suite through our parser and through MariaDB.

import { parseArgs } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { sqlModeUsual, type ParseContext } from '../../src/sql/mysql/syntax.ts'
import { startMariadb } from '../support/mariadb.ts'
import { type Compared, compare, share } from './compare.ts'
import { statementsIn, suiteFiles } from './statements.ts'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    show: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
})

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
