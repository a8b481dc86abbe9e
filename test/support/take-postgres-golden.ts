// Writes the golden files of the PostgreSQL source anew from a real server: `node test/support/take-postgres-golden.ts`.
// Look at the difference before committing it.

import { readFile, writeFile } from 'node:fs/promises'
import { systemClock } from '../../src/core/clock.ts'
import { limits } from '../../src/core/limits.ts'
import { Secret } from '../../src/core/secret.ts'
import { askPostgres } from '../../src/sources/postgres/client.ts'
import { convertSchema } from '../../src/sources/postgres/convert.ts'
import type { SchemaRows } from '../../src/sources/postgres/catalog-rows.ts'
import { startPostgres } from './postgres.ts'

const folder = new URL('../../src/sources/postgres/', import.meta.url)
const server = await startPostgres()
try {
  await server.run(await readFile(new URL('world.sql', folder), 'utf8'))
  const { host, port, database, user: account } = server
  const password = new Secret(server.password)
  const facts = { host, port, database, account, password, tls: 'disable' as const, tlsCa: undefined }
  const rows = withoutOwnCatalog(await askPostgres(facts, { clock: systemClock, limits }))
  await write('golden/rows.json', rows)
  await write('golden/snapshot.json', convertSchema(rows, 0))
} finally {
  await server.stop()
}

async function write(name: string, value: unknown): Promise<void> {
  await writeFile(new URL(name, folder), `${JSON.stringify(value, undefined, 1)}\n`)
}

/** The server's own catalog and what extensions bring is large and differs by version. */
function withoutOwnCatalog(rows: SchemaRows): SchemaRows {
  const own = ['pg_catalog', 'information_schema']
  const relations = rows.relations.filter(row => !own.includes(row.schema))
  const kept = new Set(relations.map(row => row.oid))
  const ofKept = <Row extends { readonly relation: number }>(all: readonly Row[]): readonly Row[] =>
    all.filter(row => kept.has(row.relation))
  return {
    facts: { ...rows.facts, version: '15.0 (test)' },
    schemas: rows.schemas,
    relations,
    columns: ofKept(rows.columns),
    rowTypes: ofKept(rows.rowTypes),
    parents: ofKept(rows.parents),
    partitionKeys: ofKept(rows.partitionKeys),
    keys: ofKept(rows.keys),
    checks: ofKept(rows.checks),
    foreignKeys: ofKept(rows.foreignKeys),
    routines: rows.routines.filter(row => !own.includes(row.schema) && row.extension === null),
    callables: rows.callables.filter(row => row.schema === 'public'),
  }
}
