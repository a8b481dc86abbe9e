// Rows before and after a change, and how many of them a target has kept.

import { addColumn, createIndex, createTable, type Step, types } from './migration.ts'

export const snapshots: Step = {
  name: '007-snapshots',
  async up(database, kind) {
    await addColumn(database, kind, 'targets', 'snapshot_rows_max', types.integer)
    await createTable(database, kind, 'snapshots')
      .addColumn('id', types.id, column => column.primaryKey().notNull())
      .addColumn('statement_id', types.id, column => column.notNull())
      .addColumn('part', types.name(10), column => column.notNull())
      .addColumn('session_id', types.id, column => column.notNull())
      .addColumn('user_name', types.name(255), column => column.notNull())
      .addColumn('target_id', types.id, column => column.notNull())
      .addColumn('target_name', types.name(64), column => column.notNull())
      .addColumn('table_name', types.name(255), column => column.notNull())
      .addColumn('at_ms', types.timeMs, column => column.notNull())
      .addColumn('row_count', types.integer, column => column.notNull())
      .addColumn('sealed', types.text, column => column.notNull())
      .addColumn('hash', types.hash, column => column.notNull())
      .addUniqueConstraint('snapshots_statement', ['statement_id', 'part'])
      .execute()
    await createIndex(database, kind, 'snapshots', ['at_ms'])
  },
}
