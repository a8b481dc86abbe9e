// Requests and what was decided about them, in the server database.

import type { RequestStore, StoredRequest } from '../access/request-store.ts'
import type { RequestId, RequestState } from '../access/requests.ts'
import type { TargetId, UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { flag, insistently, isDuplicate, orUndefined } from './rows.ts'
import type { RequestsTable } from './tables.ts'

/** Not seen by anybody yet; only this file knows of it. */
const drafted = 'draft'

export function createRequestStore({ query }: Database): RequestStore {
  const visible = () => query.selectFrom('requests').selectAll().where('state', '<>', drafted)
  return {
    async draft(request) {
      try {
        const { insertId } = await query
          .insertInto('requests')
          .values({
            id: request.id,
            wish_key: request.key,
            open_key: request.key,
            kind: request.kind,
            user_id: request.userId,
            user_name: request.userName,
            target_id: request.targetId,
            target_name: request.targetName,
            sealed_subject: request.sealedSubject,
            approvers: request.approvers,
            state: drafted,
            created_at_ms: request.createdAtMs,
            expires_at_ms: request.expiresAtMs,
            decided_by: null,
            decided_at_ms: null,
            note: '',
            valid_until_ms: null,
            once: 0,
          })
          .executeTakeFirstOrThrow()
        return Number(insertId)
      } catch (error) {
        if (isDuplicate(error)) return undefined
        throw error
      }
    },
    async open(number) {
      await query.updateTable('requests').set({ state: 'pending' }).where('number', '=', number).execute()
    },
    async discard(number) {
      await query.deleteFrom('requests').where('number', '=', number).where('state', '=', drafted).execute()
    },
    async discardDrafts(createdBeforeMs) {
      await insistently(() =>
        query
          .deleteFrom('requests')
          .where('state', '=', drafted)
          .where('created_at_ms', '<', createdBeforeMs)
          .execute(),
      )
    },
    async get(number) {
      const row = await visible().where('number', '=', number).executeTakeFirst()
      return row && storedRequest(row)
    },
    async newest(key) {
      const row = await visible()
        .where('wish_key', '=', key)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && storedRequest(row)
    },
    async pending() {
      const rows = await visible().where('state', '=', 'pending').orderBy('number').execute()
      return rows.map(storedRequest)
    },
    async pendingOf(userId) {
      const row = await query
        .selectFrom('requests')
        .select(count => count.fn.countAll<number | bigint>().as('n'))
        .where('user_id', '=', userId)
        .where('state', '=', 'pending')
        .executeTakeFirst()
      return Number(row?.n ?? 0)
    },
    async ofUser(userId, limit) {
      const rows = await visible()
        .where('user_id', '=', userId)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute()
      return rows.map(storedRequest)
    },
    async decided(limit) {
      const rows = await visible()
        .where('state', '<>', 'pending')
        .orderBy('number', 'desc')
        .limit(limit)
        .execute()
      return rows.map(storedRequest)
    },
    async change(number, from, change) {
      const { state, decidedBy, decidedAtMs, note, validUntilMs, once } = change
      const changed = await insistently(() =>
        query
          .updateTable('requests')
          .set({
            state,
            open_key: null,
            ...(decidedBy === undefined ? {} : { decided_by: decidedBy }),
            ...(decidedAtMs === undefined ? {} : { decided_at_ms: decidedAtMs }),
            ...(note === undefined ? {} : { note }),
            ...(validUntilMs === undefined ? {} : { valid_until_ms: validUntilMs }),
            ...(once === undefined ? {} : { once: flag(once) }),
          })
          .where('number', '=', number)
          .where('state', '=', from)
          .executeTakeFirst(),
      )
      return changed.numUpdatedRows === 1n
    },
  }
}

function storedRequest(row: RequestsTable & { readonly number: number }): StoredRequest {
  return {
    id: row.id as RequestId,
    number: row.number,
    key: row.wish_key,
    kind: row.kind as StoredRequest['kind'],
    userId: row.user_id as UserId,
    userName: row.user_name,
    targetId: row.target_id as TargetId,
    targetName: row.target_name,
    sealedSubject: row.sealed_subject,
    approvers: row.approvers,
    state: row.state as RequestState,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    decidedBy: orUndefined(row.decided_by),
    decidedAtMs: orUndefined(row.decided_at_ms),
    note: row.note,
    validUntilMs: orUndefined(row.valid_until_ms),
    once: row.once === 1,
  }
}
