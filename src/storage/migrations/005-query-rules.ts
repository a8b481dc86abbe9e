// Query rules in their versions, and what each user took from each target today.

import { createTable, type Step, types } from './migration.ts'

export const queryRules: Step = {
  name: '005-query-rules',
  async up(database, kind) {
    await createTable(database, kind, 'query_rules')
      .addColumn('version', types.integer, column => column.primaryKey().notNull())
      .addColumn('rules', types.text, column => column.notNull())
      .addColumn('saved_by', types.name(64), column => column.notNull())
      .addColumn('saved_at_ms', types.timeMs, column => column.notNull())
      .execute()
    await createTable(database, kind, 'daily_usage')
      .addColumn('day', types.name(10), column => column.notNull())
      .addColumn('user_id', types.id, column => column.notNull())
      .addColumn('target_id', types.id, column => column.notNull())
      .addColumn('row_count', types.integer, column => column.notNull())
      .addColumn('byte_count', types.integer, column => column.notNull())
      .addPrimaryKeyConstraint('daily_usage_key', ['day', 'user_id', 'target_id'])
      .execute()
  },
}
