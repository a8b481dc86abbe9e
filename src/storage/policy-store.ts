// Versions of the policies in the server database.

import { GatewayError } from '../core/errors.ts'
import type { PolicyStore, SavedPolicies } from '../gate/policy-book.ts'
import type { Database } from './database.ts'
import { isDuplicate } from './rows.ts'
import type { PoliciesTable } from './tables.ts'

export function createPolicyStore({ query }: Database): PolicyStore {
  return {
    async current() {
      const newest = query.selectFrom('policies').selectAll().orderBy('version', 'desc').limit(1)
      const row = await newest.executeTakeFirst()
      return row && savedPolicies(row)
    },
    async get(version) {
      const row = await query
        .selectFrom('policies')
        .selectAll()
        .where('version', '=', version)
        .executeTakeFirst()
      return row && savedPolicies(row)
    },
    async list() {
      const rows = await query
        .selectFrom('policies')
        .select(['version', 'note', 'saved_by', 'saved_at_ms'])
        .orderBy('version', 'desc')
        .execute()
      return rows.map(row => ({
        version: row.version,
        note: row.note,
        savedBy: row.saved_by,
        savedAtMs: row.saved_at_ms,
      }))
    },
    async add(saved) {
      const { version, text, note, savedBy, savedAtMs } = saved
      try {
        await query
          .insertInto('policies')
          .values({ version, text, note, saved_by: savedBy, saved_at_ms: savedAtMs })
          .execute()
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', `version ${version}`, { cause: error })
        throw error
      }
    },
  }
}

function savedPolicies(row: PoliciesTable): SavedPolicies {
  return {
    version: row.version,
    text: row.text,
    note: row.note,
    savedBy: row.saved_by,
    savedAtMs: row.saved_at_ms,
  }
}
