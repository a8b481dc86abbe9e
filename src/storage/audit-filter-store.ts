// Kept filters of the audit, in the server database.

import type { SavedFilter, SavedFilters } from '../audit/saved-filters.ts'
import type { UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { flag } from './rows.ts'
import type { AuditFiltersTable } from './tables.ts'

export function createAuditFilterStore({ query }: Pick<Database, 'query'>): SavedFilters {
  return {
    async list(ownerId) {
      const rows = await query
        .selectFrom('audit_filters')
        .selectAll()
        .where(row => row.or([row('owner_id', '=', ownerId), row('shared', '=', 1)]))
        .orderBy('name')
        .orderBy('id')
        .execute()
      return rows.map(toFilter)
    },
    async get(id) {
      const row = await query.selectFrom('audit_filters').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toFilter(row)
    },
    async add({ id, ownerId, name, search, shared, changedAtMs }) {
      await query
        .insertInto('audit_filters')
        .values({ id, owner_id: ownerId, name, search, shared: flag(shared), changed_at_ms: changedAtMs })
        .execute()
    },
    async remove(id) {
      await query.deleteFrom('audit_filters').where('id', '=', id).execute()
    },
  }
}

const toFilter = (row: AuditFiltersTable): SavedFilter => ({
  id: row.id,
  ownerId: row.owner_id as UserId,
  name: row.name,
  search: row.search,
  shared: row.shared === 1,
  changedAtMs: row.changed_at_ms,
})
