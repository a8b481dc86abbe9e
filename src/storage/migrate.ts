// Runs the migrations at start, under a lock: of many servers that start at once, one migrates and the others wait.

import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations/index.ts'
import type { DatabaseKind, Schemaless, Step } from './migrations/migration.ts'
import type { Tables } from './tables.ts'

/**
 * @param steps  all there are, in order
 * @throws Error  what to do about it, with the reason as its cause
 */
export async function migrate(
  database: Kysely<Tables>,
  kind: DatabaseKind,
  steps: readonly Step[] = migrations,
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    provider: {
      getMigrations: async () => Object.fromEntries(steps.map(step => [step.name, prepared(step, kind)])),
    },
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find(result => result.status === 'Error')?.migrationName
  if (failed !== undefined) {
    throw new Error(`the server database could not be brought up to date (step ${failed})`, { cause: error })
  }
  if (error instanceof Error && error.message.includes('is missing')) {
    throw new Error('the server database was written by a newer version of Sekisho: start that version', {
      cause: error,
    })
  }
  throw new Error('the server database cannot be used: look whether it can be reached and written', {
    cause: error,
  })
}

function prepared(step: Step, kind: DatabaseKind): Migration {
  return {
    async up(database) {
      // The step knows no tables, and Kysely's type for that is not exported.
      const schemaless = database as unknown as Schemaless
      try {
        await step.up(schemaless, kind)
      } catch (error) {
        // SQLite takes back what the step did by half; MySQL cannot, so steps bear being run again.
        if (kind === 'sqlite') await sql`rollback`.execute(database)
        throw error
      }
    },
  }
}
