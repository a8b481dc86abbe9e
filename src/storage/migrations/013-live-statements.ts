// Statements as they pass, for those who watch at another server.

import { sql } from 'kysely'
import { createIndex, createTable, type Step, types } from './migration.ts'

export const liveStatements: Step = {
  name: '013-live-statements',
  async up(database, kind) {
    await createTable(database, kind, 'server_live')
      .addColumn('id', kind === 'sqlite' ? sql`integer` : sql`bigint`, column =>
        column.primaryKey().autoIncrement().notNull(),
      )
      .addColumn('server_id', types.id, column => column.notNull())
      .addColumn('events', types.text, column => column.notNull())
      .addColumn('at_ms', types.timeMs, column => column.notNull())
      .execute()
    await createIndex(database, kind, 'server_live', ['at_ms'])
  },
}
