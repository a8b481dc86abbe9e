// Tokens of programs that administer, in the server database.

import type { ApiToken, ApiTokenId, ApiTokenStore } from '../access/api-tokens.ts'
import { GatewayError } from '../core/errors.ts'
import type { UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { orUndefined } from './rows.ts'
import type { ApiTokensTable } from './tables.ts'

export function createApiTokenStore({ query }: Database): ApiTokenStore {
  return {
    async ofUser(userId) {
      const rows = await query
        .selectFrom('api_tokens')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map(apiToken)
    },
    async byHash(hash) {
      const row = await query.selectFrom('api_tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row && apiToken(row)
    },
    async add(token, hash) {
      await query
        .insertInto('api_tokens')
        .values({
          id: token.id,
          user_id: token.userId,
          label: token.label,
          hash,
          created_at_ms: token.createdAtMs,
          expires_at_ms: token.expiresAtMs,
          last_used_at_ms: token.lastUsedAtMs ?? null,
        })
        .execute()
    },
    async touch(id, usedAtMs) {
      await query.updateTable('api_tokens').set({ last_used_at_ms: usedAtMs }).where('id', '=', id).execute()
    },
    async remove(id) {
      const gone = await query.deleteFrom('api_tokens').where('id', '=', id).executeTakeFirst()
      if (gone.numDeletedRows === 0n) throw new GatewayError('not-found', 'token')
    },
  }
}

function apiToken(row: ApiTokensTable): ApiToken {
  return {
    id: row.id as ApiTokenId,
    userId: row.user_id as UserId,
    label: row.label,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: orUndefined(row.last_used_at_ms),
  }
}
