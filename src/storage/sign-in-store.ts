// Console sessions and failed sign-ins in the server database.

import type { AttemptStore, SessionStore } from '../access/sign-in-store.ts'
import type { UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { insistently, isDuplicate, locked, transact } from './rows.ts'

export function createSessionStore({ query }: Database): SessionStore {
  return {
    async add(session) {
      await query
        .insertInto('console_sessions')
        .values({
          hash: session.hash,
          user_id: session.userId,
          created_at_ms: session.createdAtMs,
          seen_at_ms: session.seenAtMs,
        })
        .execute()
    },
    async get(hash) {
      const row = await query
        .selectFrom('console_sessions')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { user_id, created_at_ms, seen_at_ms } = row
      return { hash, userId: user_id as UserId, createdAtMs: created_at_ms, seenAtMs: seen_at_ms }
    },
    async touch(hash, seenAtMs) {
      await query
        .updateTable('console_sessions')
        .set({ seen_at_ms: seenAtMs })
        .where('hash', '=', hash)
        .execute()
    },
    async remove(hash) {
      await query.deleteFrom('console_sessions').where('hash', '=', hash).execute()
    },
    async removeOf(userId, exceptHash) {
      let gone = query.deleteFrom('console_sessions').where('user_id', '=', userId)
      if (exceptHash !== undefined) gone = gone.where('hash', '!=', exceptHash)
      await gone.execute()
    },
    async removeOlder({ createdMs, seenMs }) {
      const old = query
        .deleteFrom('console_sessions')
        .where(row => row.or([row('created_at_ms', '<', createdMs), row('seen_at_ms', '<', seenMs)]))
      await insistently(() => old.execute())
    },
  }
}

export function createAttemptStore(database: Database): AttemptStore {
  const { query } = database
  return {
    async admit(nameHash, at) {
      const old = query
        .deleteFrom('sign_in_attempts')
        .where('last_at_ms', '<=', at.nowMs - at.lockMs)
        .where(row => row.or([row('locked_until_ms', 'is', null), row('locked_until_ms', '<=', at.nowMs)]))
      await insistently(() => old.execute())
      await addZero(nameHash, at.nowMs)
      return transact(database, async work => {
        const found = work.selectFrom('sign_in_attempts').selectAll().where('name_hash', '=', nameHash)
        const row = await locked(database, found).executeTakeFirst()
        const lockedUntil = row?.locked_until_ms ?? 0
        if (lockedUntil > at.nowMs) return lockedUntil
        // A lock that is over went with the rest of what is old: the count starts afresh.
        const failures = (row?.failures ?? 0) + 1
        const lockedUntilMs = failures >= at.failuresMax ? at.nowMs + at.lockMs : null
        await work
          .updateTable('sign_in_attempts')
          .set({ failures, last_at_ms: at.nowMs, locked_until_ms: lockedUntilMs })
          .where('name_hash', '=', nameHash)
          .execute()
        return undefined
      })
    },
    async clear(nameHash) {
      const gone = query.deleteFrom('sign_in_attempts').where('name_hash', '=', nameHash)
      await insistently(() => gone.execute())
    },
    async locked(nowMs) {
      const rows = await query
        .selectFrom('sign_in_attempts')
        .select('name_hash')
        .where('locked_until_ms', '>', nowMs)
        .execute()
      return new Set(rows.map(row => row.name_hash))
    },
  }

  /** A row to lock: what is not there cannot be. */
  async function addZero(nameHash: string, nowMs: number): Promise<void> {
    const row = { name_hash: nameHash, failures: 0, last_at_ms: nowMs, locked_until_ms: null }
    const there = await query
      .selectFrom('sign_in_attempts')
      .select('name_hash')
      .where('name_hash', '=', nameHash)
      .executeTakeFirst()
    if (there !== undefined) return
    try {
      const added = query.insertInto('sign_in_attempts').values(row)
      await insistently(() => added.execute())
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
  }
}
