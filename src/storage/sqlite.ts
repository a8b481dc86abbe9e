// Kysely over node:sqlite: one connection, transactions that take the write lock at once, migrations under that lock.

import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
  sql,
  type Transaction,
} from 'kysely'
import type { Tables } from './tables.ts'

/** How long a statement waits for another process that holds the write lock (the command line beside the server). */
const busyTimeoutMs = 5_000

/** Opens the file, makes it if there is none, readable for its owner only. */
export function openSqlite(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  chmodSync(file, 0o600)
  database.exec('pragma journal_mode = wal')
  database.exec('pragma synchronous = full')
  return database
}

/** Pages of the connection that carries the audit, in KiB: the end of each index, for as many users and targets as are at work. */
const carryCacheKib = 8 * 1024

/** Opens the file to carry the audit into it, which touches many places in every transaction. */
export function openSqliteToCarry(file: string): DatabaseSync {
  const database = openSqlite(file)
  database.exec(`pragma cache_size = -${carryCacheKib}`)
  return database
}

/** Pages that a connection which only reads keeps in memory, in KiB: it lives as long as somebody searches. */
const readCacheKib = 16 * 1024

/** A connection beside the one that writes; what is committed there is seen here at once. */
export function openSqliteToRead(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly: true })
  database.exec(`pragma cache_size = -${readCacheKib}`)
  return database
}

/** A transaction that does not wait for the disk: what survives the process, but perhaps not the machine. */
export function withoutSync<T>(
  query: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return query.connection().execute(async connection => {
    await sql`pragma synchronous = normal`.execute(connection)
    try {
      return await connection.transaction().execute(work)
    } finally {
      await sql`pragma synchronous = full`.execute(connection)
    }
  })
}

/** Statements that are kept ready, since their texts come again. */
const readyMax = 100

/** @param database  an open database; closed with the Kysely instance */
export function createSqliteDialect(database: DatabaseSync): Dialect {
  const ready = new Map<string, SqliteStatement>()
  const facade: SqliteDatabase = {
    close() {
      ready.clear()
      database.close()
    },
    prepare(text) {
      const known = ready.get(text)
      if (known !== undefined) return known
      const made = prepare(database, text)
      if (ready.size >= readyMax) ready.clear()
      ready.set(text, made)
      return made
    },
  }
  const dialect = new SqliteDialect({ database: facade })
  return {
    createAdapter: () => new LockingAdapter(database),
    createDriver: () => new ImmediateDriver({ database: facade }),
    createIntrospector: (kysely: Kysely<unknown>) => dialect.createIntrospector(kysely),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

function prepare(database: DatabaseSync, text: string): SqliteStatement {
  const statement = database.prepare(text)
  return {
    reader: statement.columns().length > 0,
    // With the usual prototype, as the rows of mysql2 have.
    all: parameters => statement.all(...bindable(parameters)).map(row => ({ ...row })),
    run: parameters => statement.run(...bindable(parameters)),
    // Rows that are read bit by bit must not be disturbed by the next one who uses the statement.
    iterate: parameters => database.prepare(text).iterate(...bindable(parameters)),
  }
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(value => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value
    if (typeof value === 'bigint' || value instanceof Uint8Array) return value
    throw new TypeError(`a ${typeof value} cannot be kept in the database`)
  })
}

/** A transaction that first reads and then writes would fail beside another process; with the lock from the start it waits. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** Migrations run in one transaction; a failed one has rolled back itself (see `migrate`). */
class LockingAdapter extends SqliteAdapter {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    super()
    this.#database = database
  }

  override async acquireMigrationLock(): Promise<void> {
    this.#database.exec('begin immediate')
  }

  override async releaseMigrationLock(): Promise<void> {
    if (this.#database.isTransaction) this.#database.exec('commit')
  }
}
