// Queries that people keep, and the groups that they share them with.

import { createIndex, createTable, type Step, types } from './migration.ts'

export const savedQueries: Step = {
  name: '008-saved-queries',
  async up(database, kind) {
    await createTable(database, kind, 'saved_queries')
      .addColumn('id', types.id, column => column.primaryKey().notNull())
      .addColumn('owner_id', types.id, column => column.notNull())
      .addColumn('sealed', types.text, column => column.notNull())
      .addColumn('target_id', types.id)
      .addColumn('changed_at_ms', types.timeMs, column => column.notNull())
      .execute()
    await createIndex(database, kind, 'saved_queries', ['owner_id'])
    await createTable(database, kind, 'saved_query_groups')
      .addColumn('query_id', types.id, column => column.notNull())
      .addColumn('group_id', types.id, column => column.notNull())
      .addPrimaryKeyConstraint('saved_query_groups_key', ['query_id', 'group_id'])
      .execute()
    await createIndex(database, kind, 'saved_query_groups', ['group_id'])
  },
}
