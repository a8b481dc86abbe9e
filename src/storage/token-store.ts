// Connection tokens in the server database.

import type { StoredToken, TokenStore } from '../access/token-store.ts'
import { GatewayError } from '../core/errors.ts'
import type { TargetId, TokenId, UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { orUndefined } from './rows.ts'
import type { TokensTable } from './tables.ts'

export function createTokenStore({ query }: Database): TokenStore {
  return {
    async ofUser(userId) {
      const rows = await query
        .selectFrom('tokens')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map(storedToken)
    },
    async ending(beforeMs, count) {
      const rows = await query
        .selectFrom('tokens')
        .selectAll()
        .where('expires_at_ms', '<', beforeMs)
        .where('last_used_at_ms', 'is not', null)
        .orderBy('expires_at_ms')
        .limit(count)
        .execute()
      return rows.map(storedToken)
    },
    async get(id) {
      const row = await query.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
      return row && storedToken(row)
    },
    async add(token) {
      await query
        .insertInto('tokens')
        .values({
          id: token.id,
          user_id: token.userId,
          label: token.label,
          targets: JSON.stringify(token.targets),
          stored_key: Buffer.from(token.storedKey).toString('base64'),
          server_key: Buffer.from(token.serverKey).toString('base64'),
          mysql_native: token.mysqlNative ? Buffer.from(token.mysqlNative).toString('base64') : null,
          mysql_sha2: token.mysqlSha2 ? Buffer.from(token.mysqlSha2).toString('base64') : null,
          created_at_ms: token.createdAtMs,
          expires_at_ms: token.expiresAtMs,
          last_used_at_ms: token.lastUsedAtMs ?? null,
        })
        .execute()
    },
    async touch(id, usedAtMs) {
      await query.updateTable('tokens').set({ last_used_at_ms: usedAtMs }).where('id', '=', id).execute()
    },
    async remove(id) {
      const gone = await query.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()
      if (gone.numDeletedRows === 0n) throw new GatewayError('not-found', 'token')
    },
  }
}

function storedToken(row: TokensTable): StoredToken {
  return {
    id: row.id as TokenId,
    userId: row.user_id as UserId,
    label: row.label,
    targets: JSON.parse(row.targets) as TargetId[],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: orUndefined(row.last_used_at_ms),
    storedKey: Buffer.from(row.stored_key, 'base64'),
    serverKey: Buffer.from(row.server_key, 'base64'),
    mysqlNative: row.mysql_native === null ? undefined : Buffer.from(row.mysql_native, 'base64'),
    mysqlSha2: row.mysql_sha2 === null ? undefined : Buffer.from(row.mysql_sha2, 'base64'),
  }
}
