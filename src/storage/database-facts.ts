// What the server database says of itself, for the health page: version, size, migrations, and the servers that share it.

import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface DatabaseFacts {
  readonly version: string
  readonly bytes: number | undefined
  readonly migrations: number
  readonly lastMigration: string
  /** Other servers that told of themselves lately; times are this server's. */
  readonly servers: readonly { readonly id: string; readonly agoMs: number }[]
}

export async function databaseFacts(database: Database): Promise<DatabaseFacts> {
  const { rows: steps } = await sql<{ readonly name: string }>`
    select name from migrations order by name`.execute(database.query)
  const size = database.kind === 'sqlite' ? await sqliteSize(database) : await mysqlSize(database)
  const servers = database.kind === 'sqlite' ? [] : await serversOf(database)
  return { ...size, migrations: steps.length, lastMigration: steps.at(-1)?.name ?? '', servers }
}

async function sqliteSize({ query }: Database): Promise<Pick<DatabaseFacts, 'version' | 'bytes'>> {
  const { rows } = await sql<{ readonly version: string; readonly bytes: number }>`
    select sqlite_version() as version,
      (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as bytes`.execute(
    query,
  )
  const [found] = rows
  return { version: `SQLite ${found?.version ?? ''}`.trim(), bytes: found?.bytes }
}

async function mysqlSize({ query }: Database): Promise<Pick<DatabaseFacts, 'version' | 'bytes'>> {
  const { rows } = await sql<{ readonly version: string; readonly bytes: number | string | null }>`
    select version() as version, sum(data_length + index_length) as bytes
    from information_schema.tables where table_schema = database()`.execute(query)
  const [found] = rows
  const bytes = found?.bytes ?? undefined
  const product = /mariadb/i.test(found?.version ?? '') ? 'MariaDB' : 'MySQL'
  return {
    version: `${product} ${found?.version ?? ''}`.trim(),
    bytes: bytes === undefined ? undefined : Number(bytes),
  }
}

async function serversOf({ query }: Database): Promise<DatabaseFacts['servers']> {
  const { rows } = await sql<{ readonly id: string; readonly ago: number | string }>`
    select server_id as id, floor(unix_timestamp(now(3)) * 1000) - seen_at_ms as ago
    from server_sessions order by server_id`.execute(query)
  return rows.map(({ id, ago }) => ({ id, agoMs: Math.max(0, Number(ago)) }))
}
