// Both worlds in real servers. A world is copied from a template, so that a row that changed it can be undone.

import type pg from 'pg'
import { Secret } from '../../src/core/secret.ts'
import { readPostgresSchema } from '../../src/sources/postgres/index.ts'
import type { SchemaSnapshot } from '../../src/sql/schema.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type World, worldSql } from './world.ts'

export interface RunningWorld {
  readonly server: RunningPostgres
  snapshot(): Promise<SchemaSnapshot>
  /** Makes it as it was. All connections to it are cut. */
  reset(): Promise<void>
}

/** @param programs folder of another PostgreSQL than the system's */
export async function startWorld(world: World, programs?: string): Promise<RunningWorld> {
  const settings = { shared_preload_libraries: 'pg_stat_statements', wal_level: 'logical', autovacuum: 'off' }
  const server = await startPostgres({
    user: 'app',
    database: 'shop',
    settings,
    ...(programs === undefined ? {} : { programs }),
  })
  await server.run(worldSql(world))
  await outside(server, ['ALTER DATABASE shop RENAME TO template_of_shop'])
  const reset = (): Promise<void> =>
    outside(server, [
      'DROP DATABASE IF EXISTS shop WITH (FORCE)',
      'CREATE DATABASE shop TEMPLATE template_of_shop STRATEGY FILE_COPY',
    ])
  await reset()
  const snapshot = (): Promise<SchemaSnapshot> =>
    readPostgresSchema({
      host: server.host,
      port: server.port,
      database: 'shop',
      account: server.user,
      password: new Secret(server.password),
      tls: 'disable',
      tlsCa: undefined,
    })
  return { server, snapshot, reset }
}

async function outside(server: RunningPostgres, statements: readonly string[]): Promise<void> {
  const client: pg.Client = await server.connect({ database: 'postgres' })
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
