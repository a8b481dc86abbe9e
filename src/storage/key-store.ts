// The vault's sealed keys in the server database.

import type { KeyStore } from '../access/key-store.ts'
import type { Database } from './database.ts'
import { isDuplicate } from './rows.ts'

export function createKeyStore({ query }: Database): KeyStore {
  return {
    async list() {
      const rows = await query.selectFrom('sealed_keys').selectAll().orderBy('id').execute()
      return rows.map(row => ({ id: row.id, sealed: row.sealed, createdAtMs: row.created_at_ms }))
    },
    async add(key) {
      try {
        await query
          .insertInto('sealed_keys')
          .values({ id: key.id, sealed: key.sealed, created_at_ms: key.createdAtMs })
          .execute()
        return true
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
    },
    async reseal(id, before, after) {
      const written = await query
        .updateTable('sealed_keys')
        .set({ sealed: after })
        .where('id', '=', id)
        .where('sealed', '=', before)
        .executeTakeFirst()
      return written.numUpdatedRows === 1n
    },
  }
}
