// What each user took from each target today, added up over all servers of one database.

import { sql } from 'kysely'
import type { TargetId, UserId } from '../core/ids.ts'
import type { UsageStore } from '../gate/usage.ts'
import type { Database } from './database.ts'

export function createUsageStore({ query, kind }: Database): UsageStore {
  return {
    async load(day) {
      const rows = await query.selectFrom('daily_usage').selectAll().where('day', '=', day).execute()
      return rows.map(row => ({
        userId: row.user_id as UserId,
        targetId: row.target_id as TargetId,
        rows: row.row_count,
        bytes: row.byte_count,
      }))
    },
    async add(day, usage) {
      for (const { userId, targetId, rows, bytes } of usage) {
        const row = { day, user_id: userId, target_id: targetId, row_count: rows, byte_count: bytes }
        const sums = {
          row_count: sql<number>`daily_usage.row_count + ${rows}`,
          byte_count: sql<number>`daily_usage.byte_count + ${bytes}`,
        }
        const insert = query.insertInto('daily_usage').values(row)
        await (kind === 'sqlite'
          ? insert.onConflict(conflict => conflict.columns(['day', 'user_id', 'target_id']).doUpdateSet(sums))
          : insert.onDuplicateKeyUpdate(sums)
        ).execute()
      }
      await query.deleteFrom('daily_usage').where('day', '<', day).execute()
    },
  }
}
