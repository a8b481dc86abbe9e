// What a migration is, and the column types that read alike on SQLite and MySQL.

import { type CreateTableBuilder, type Kysely, sql } from 'kysely'

export type DatabaseKind = 'sqlite' | 'mysql'

/** Migrations start before the tables of `tables.ts` are there, so they know none of them. */
// biome-ignore lint: Kysely's own word for a database without known tables
export type Schemaless = Kysely<Record<string, Record<string, unknown>>>

/**
 * One forward step. It must bear being run again after it was cut off half way (`ifNotExists`, `ignore`): MySQL has no
 * transactions over definitions.
 */
export interface Step {
  /** `001-access`: three digits give the order; never changes once released. */
  readonly name: string
  up(database: Schemaless, kind: DatabaseKind): Promise<void>
}

/** Names are MySQL's; SQLite derives the right affinity from each. */
export const types = {
  id: sql`char(36)`,
  /** SHA-256, hexadecimal. */
  hash: sql`char(64)`,
  /** At most this many characters. */
  name: (charactersMax: number) => sql`varchar(${sql.lit(charactersMax)})`,
  /** Up to 16 MiB. */
  text: sql`mediumtext`,
  timeMs: sql`bigint`,
  integer: sql`bigint`,
  flag: sql`smallint`,
} as const

/** A table whose texts compare byte by byte on both, as every name and id of ours does. */
export function createTable(
  database: Schemaless,
  kind: DatabaseKind,
  name: string,
): CreateTableBuilder<string> {
  const table = database.schema.createTable(name).ifNotExists()
  if (kind === 'sqlite') return table
  return table.modifyEnd(sql`engine=InnoDB character set utf8mb4 collate utf8mb4_bin`)
}

/** A column that may be empty, unless it is there already (neither knows `if not exists` for it). */
export async function addColumn(
  database: Schemaless,
  kind: DatabaseKind,
  table: string,
  column: string,
  type: ReturnType<(typeof types)['name']>,
): Promise<void> {
  const known =
    kind === 'sqlite'
      ? sql<{ readonly n: number }>`
          select count(*) as n from pragma_table_info(${table}) where name = ${column}`
      : sql<{ readonly n: number }>`
          select count(*) as n from information_schema.columns
          where table_schema = database() and table_name = ${table} and column_name = ${column}`
  const { rows } = await known.execute(database)
  if (Number(rows[0]?.n) === 0) await database.schema.alterTable(table).addColumn(column, type).execute()
}

/** An index, unless it is there already (MySQL knows no `if not exists` for it). */
export async function createIndex(
  database: Schemaless,
  kind: DatabaseKind,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const name = `${table}_${columns.join('_')}`
  const index = database.schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
  if (kind === 'sqlite') {
    await index.ifNotExists().execute()
    return
  }
  const known = await sql<{ readonly n: number }>`
    select count(*) as n from information_schema.statistics
    where table_schema = database() and table_name = ${table} and index_name = ${name}`.execute(database)
  if (Number(known.rows[0]?.n) === 0) await index.execute()
}
