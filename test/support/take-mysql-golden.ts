// Writes the golden files of the MySQL source anew from a real MariaDB: `node test/support/take-mysql-golden.ts`.
// Look at the difference before committing it.

import { readFile, writeFile } from 'node:fs/promises'
import { systemClock } from '../../src/core/clock.ts'
import { limits } from '../../src/core/limits.ts'
import { Secret } from '../../src/core/secret.ts'
import type { SchemaRows } from '../../src/sources/mysql/catalog-rows.ts'
import { askMysql } from '../../src/sources/mysql/client.ts'
import { convertSchema } from '../../src/sources/mysql/convert.ts'
import { startMariadb } from './mariadb.ts'

const folder = new URL('../../src/sources/mysql/', import.meta.url)
const server = await startMariadb()
try {
  const files = await Promise.all(
    ['world.sql', 'world-mariadb.sql'].map(file => readFile(new URL(file, folder), 'utf8')),
  )
  await server.asRoot(
    'use sekisho',
    ...files
      .join('\n')
      .split(/;\n/)
      .filter(text => text.trim() !== ''),
  )
  const { host, port, database, user: account } = server
  const password = new Secret(server.password)
  const facts = { host, port, database, account, password, tls: 'disable' as const, tlsCa: undefined }
  const rows = withoutOwnCatalog(await askMysql(facts, { clock: systemClock, limits }))
  await write('golden/rows.json', rows)
  await write('golden/snapshot.json', convertSchema(rows, 0))
} finally {
  await server.stop()
}

async function write(name: string, value: unknown): Promise<void> {
  await writeFile(new URL(name, folder), `${JSON.stringify(value, undefined, 1)}\n`)
}

/** The server's own catalog is large and differs by version. */
function withoutOwnCatalog(rows: SchemaRows): SchemaRows {
  const own = <Row extends { readonly schema: string }>(all: readonly Row[]): readonly Row[] =>
    all.filter(row => row.schema === 'sekisho')
  return {
    ...rows,
    facts: { ...rows.facts, version: '10.11.0-MariaDB-test' },
    relations: own(rows.relations),
    columns: own(rows.columns),
    views: own(rows.views),
  }
}
