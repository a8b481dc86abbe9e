// The server database: opened, brought up to date, and closed again.

import { Kysely, type Transaction } from 'kysely'
import { migrate } from './migrate.ts'
import type { DatabaseKind } from './migrations/migration.ts'
import type { MysqlConfig } from './mysql.ts'
import { createSqliteDialect, openSqlite, withoutSync } from './sqlite.ts'
import type { Tables } from './tables.ts'

export interface SqliteConfig {
  readonly kind: 'sqlite'
  /** Made if it is not there; its folder too. */
  readonly file: string
}

export type DatabaseConfig = SqliteConfig | MysqlConfig

export interface Database {
  readonly kind: DatabaseKind
  /** For queries. SQLite has one connection: within a transaction use only what it hands you, or wait for ever. */
  readonly query: Kysely<Tables>
  /**
   * A transaction that outlives the death of the process, but perhaps not that of the machine: for what is carried from
   * the journal and can be carried again. On SQLite it spares the wait for the disk.
   */
  repeatable<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>
  /** Writes, to learn whether the database can be written. Rejects if not. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Opens the database and runs the migrations that it does not have yet. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const query = new Kysely<Tables>({ dialect: await dialectOf(config) })
  try {
    await migrate(query, config.kind)
  } catch (error) {
    await query.destroy().catch(() => undefined)
    throw error
  }
  return {
    kind: config.kind,
    query,
    repeatable:
      config.kind === 'sqlite' ? work => withoutSync(query, work) : work => query.transaction().execute(work),
    async ping() {
      const written = await query
        .updateTable('write_checks')
        .set(row => ({ beats: row('beats', '+', 1) }))
        .where('id', '=', 1)
        .executeTakeFirstOrThrow()
      if (written.numUpdatedRows !== 1n)
        throw new Error('the server database lost the row that is written to')
    },
    close: () => query.destroy(),
  }
}

async function dialectOf(config: DatabaseConfig) {
  if (config.kind === 'sqlite') return createSqliteDialect(openSqlite(config.file))
  // The driver takes 15 MB, which nobody without such a database should pay for.
  const { createMysqlDialect } = await import('./mysql.ts')
  return createMysqlDialect(config)
}
