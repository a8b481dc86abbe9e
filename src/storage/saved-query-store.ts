// Queries that people keep, in the server database.

import type { SavedQueryId, SavedQueryStore, StoredQuery } from '../access/saved-queries.ts'
import type { GroupId, TargetId, UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { orUndefined, transact } from './rows.ts'
import type { SavedQueriesTable } from './tables.ts'

export function createSavedQueryStore(database: Database): SavedQueryStore {
  const { query } = database
  const withGroups = async (rows: readonly SavedQueriesTable[]): Promise<readonly StoredQuery[]> => {
    if (rows.length === 0) return []
    const shared = await query
      .selectFrom('saved_query_groups')
      .selectAll()
      .where(
        'query_id',
        'in',
        rows.map(row => row.id),
      )
      .orderBy('group_id')
      .execute()
    return rows.map(row => ({
      id: row.id as SavedQueryId,
      ownerId: row.owner_id as UserId,
      sealed: row.sealed,
      targetId: orUndefined(row.target_id) as TargetId | undefined,
      groups: shared.filter(one => one.query_id === row.id).map(one => one.group_id as GroupId),
      changedAtMs: row.changed_at_ms,
    }))
  }
  return {
    async get(id) {
      const rows = await query.selectFrom('saved_queries').selectAll().where('id', '=', id).execute()
      return (await withGroups(rows))[0]
    },
    async visible(ownerId, groups, limit) {
      const rows = await query
        .selectFrom('saved_queries')
        .selectAll()
        .where(where => {
          const own = where('owner_id', '=', ownerId)
          if (groups.length === 0) return own
          const shared = query
            .selectFrom('saved_query_groups')
            .select('query_id')
            .where('group_id', 'in', [...groups])
          return where.or([own, where('id', 'in', shared)])
        })
        .orderBy('changed_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return withGroups(rows)
    },
    async countOf(ownerId) {
      const row = await query
        .selectFrom('saved_queries')
        .select(count => count.fn.countAll<number | bigint>().as('n'))
        .where('owner_id', '=', ownerId)
        .executeTakeFirst()
      return Number(row?.n ?? 0)
    },
    put: ({ id, ownerId, sealed, targetId, groups, changedAtMs }) =>
      transact(database, async transaction => {
        await transaction.deleteFrom('saved_query_groups').where('query_id', '=', id).execute()
        await transaction.deleteFrom('saved_queries').where('id', '=', id).execute()
        await transaction
          .insertInto('saved_queries')
          .values({
            id,
            owner_id: ownerId,
            sealed,
            target_id: targetId ?? null,
            changed_at_ms: changedAtMs,
          })
          .execute()
        if (groups.length > 0)
          await transaction
            .insertInto('saved_query_groups')
            .values(groups.map(group => ({ query_id: id, group_id: group })))
            .execute()
      }),
    remove: id =>
      transact(database, async transaction => {
        await transaction.deleteFrom('saved_query_groups').where('query_id', '=', id).execute()
        await transaction.deleteFrom('saved_queries').where('id', '=', id).execute()
      }),
  }
}
