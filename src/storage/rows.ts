// What the stores share: flags, missing values, broken uniqueness, locks, and trying again.

import type { SelectQueryBuilder } from 'kysely'
import type { Database } from './database.ts'
import type { Flag } from './tables.ts'

export function flag(value: boolean): Flag {
  return value ? 1 : 0
}

export function orUndefined<T>(value: T | null): T | undefined {
  return value ?? undefined
}

/** MySQL locks the rows that are read; SQLite's transactions hold the whole database already. */
export function locked<DB, TB extends keyof DB, O>(
  database: Pick<Database, 'kind'>,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return database.kind === 'mysql' ? query.forUpdate() : query
}

/** Whether an error says that a unique value is there already. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY; ER_DUP_ENTRY.
  const facts = error as { readonly errcode?: unknown; readonly errno?: unknown }
  return facts.errcode === 2067 || facts.errcode === 1555 || facts.errno === 1062
}

/** MySQL gives up one of two transactions that wait for each other; it may be tried again as a whole. */
function isDeadlock(error: unknown): boolean {
  return error instanceof Error && (error as { readonly errno?: unknown }).errno === 1213
}

const deadlockTriesMax = 5

/** Runs a transaction, again if it was the one that MySQL gave up. */
export function transact<T>(
  database: Database,
  work: (transaction: Parameters<Parameters<Database['repeatable']>[0]>[0]) => Promise<T>,
): Promise<T> {
  return insistently(() => database.query.transaction().execute(work))
}

/** Runs one statement, again if it was the one that MySQL gave up. */
export async function insistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isDeadlock(error) || tries >= deadlockTriesMax) throw error
    }
  }
}
