// Snapshots of rows in the server database: sealed, each with the hash that the audit has of it.

import type { EventId, SessionId } from '../core/ids.ts'
import type { SnapshotStore, StoredSnapshot } from '../gate/snapshots.ts'
import type { Database } from './database.ts'
import type { SnapshotsTable } from './tables.ts'

export function createSnapshotStore({ query }: Database): SnapshotStore {
  return {
    async add(snapshot) {
      await query
        .insertInto('snapshots')
        .values({
          id: snapshot.id,
          statement_id: snapshot.statementId,
          part: snapshot.part,
          session_id: snapshot.sessionId,
          user_name: snapshot.userName.slice(0, 255),
          target_id: snapshot.targetId,
          target_name: snapshot.targetName,
          table_name: snapshot.table.slice(0, 255),
          at_ms: snapshot.atMs,
          row_count: snapshot.rows,
          sealed: snapshot.sealed,
          hash: snapshot.hash,
        })
        .execute()
    },
    async find(statementId) {
      const rows = await query
        .selectFrom('snapshots')
        .selectAll()
        .where('statement_id', '=', statementId)
        // `before`, then `after`.
        .orderBy('part', 'desc')
        .execute()
      return rows.map(storedSnapshot)
    },
    async removeBefore(atMs) {
      const gone = await query.deleteFrom('snapshots').where('at_ms', '<', atMs).executeTakeFirst()
      return Number(gone.numDeletedRows)
    },
  }
}

function storedSnapshot(row: SnapshotsTable): StoredSnapshot {
  return {
    id: row.id as EventId,
    statementId: row.statement_id as EventId,
    part: row.part as StoredSnapshot['part'],
    sessionId: row.session_id as SessionId,
    userName: row.user_name,
    targetId: row.target_id,
    targetName: row.target_name,
    table: row.table_name,
    atMs: row.at_ms,
    rows: row.row_count,
    sealed: row.sealed,
    hash: row.hash,
  }
}
