// Who is inside of each server of one database: every server tells it anew every moment, and reads the others'.

import { sql } from 'kysely'
import type { Database } from './database.ts'
import { insistently } from './rows.ts'

export interface ServerSessions<Summary> {
  /** Replaces what this server told before. */
  tell(sessions: readonly Summary[]): Promise<void>
  /** What the other servers told, of those that were heard of lately. */
  others(): Promise<readonly Summary[]>
  /** This server stops. */
  leave(): Promise<void>
}

/** A server that has not told anything for so long is not there any more. */
const silentMaxMs = 10_000
const databaseMs = sql<number>`floor(unix_timestamp(now(3)) * 1000)`

/** For MySQL and MariaDB: a SQLite database has one server. */
export function createServerSessions<Summary>(
  { query }: Database,
  serverId: string,
): ServerSessions<Summary> {
  return {
    async tell(sessions) {
      const facts = { sessions: JSON.stringify(sessions), seen_at_ms: databaseMs }
      await insistently(() =>
        query
          .insertInto('server_sessions')
          .values({ server_id: serverId, ...facts })
          .onDuplicateKeyUpdate(facts)
          .execute(),
      )
    },
    async others() {
      const rows = await query
        .selectFrom('server_sessions')
        .select('sessions')
        .where('server_id', '<>', serverId)
        .where('seen_at_ms', '>', sql<number>`${databaseMs} - ${silentMaxMs}`)
        .execute()
      return rows.flatMap(row => JSON.parse(row.sessions) as Summary[])
    },
    async leave() {
      await query
        .deleteFrom('server_sessions')
        .where(row =>
          row.or([
            row('server_id', '=', serverId),
            row('seen_at_ms', '<', sql<number>`${databaseMs} - ${silentMaxMs * 10}`),
          ]),
        )
        .execute()
    },
  }
}
