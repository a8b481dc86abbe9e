// Versions of the query rules in the server database.

import { GatewayError } from '../core/errors.ts'
import type { QueryRule, RuleStore } from '../gate/rules.ts'
import type { Database } from './database.ts'
import { isDuplicate } from './rows.ts'

export function createRuleStore({ query }: Database): RuleStore {
  return {
    async current() {
      const newest = query.selectFrom('query_rules').selectAll().orderBy('version', 'desc').limit(1)
      const row = await newest.executeTakeFirst()
      if (row === undefined) return undefined
      const rules = JSON.parse(row.rules) as readonly QueryRule[]
      return { version: row.version, rules, savedBy: row.saved_by, savedAtMs: row.saved_at_ms }
    },
    async add({ version, rules, savedBy, savedAtMs }) {
      const row = { version, rules: JSON.stringify(rules), saved_by: savedBy, saved_at_ms: savedAtMs }
      try {
        await query.insertInto('query_rules').values(row).execute()
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', `version ${version}`, { cause: error })
        throw error
      }
    },
  }
}
