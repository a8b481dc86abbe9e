// What somebody ran, from whatever client: out of the audit, which is the one place that knows.

import type { AuditEntry } from '../../audit/audit.ts'
import type { TargetId } from '../../core/ids.ts'
import type { HistoryRow } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import { ownSinceMs } from '../audit/own-past.ts'
import type { ConsoleParts } from '../parts.ts'
import { countIn, textIn } from './query-parameters.ts'

const limitMax = 500

export function historyHandlers({ auditSearch, catalog }: ConsoleParts): Handlers<'GET /api/sql/history'> {
  return {
    async 'GET /api/sql/history'({ visitor: { user }, query }) {
      const [search, target, before] = ['search', 'target', 'before'].map(name => textIn(query, name))
      const known = target === undefined ? undefined : await catalog.targets.get(target as TargetId)
      const targetName = known?.name ?? target
      const entries = await auditSearch.find({
        userName: user.name,
        fromMs: ownSinceMs(user),
        kinds: ['statement'],
        limit: countIn(query, 'limit', 1, limitMax) ?? 100,
        ...(search === undefined ? {} : { search }),
        ...(targetName === undefined ? {} : { targetName }),
        ...(before === undefined ? {} : { before }),
      })
      return entries.map(rowOf)
    },
  }
}

const rowOf = (entry: AuditEntry): HistoryRow => ({
  id: entry.id,
  atMs: entry.atMs,
  targetName: entry.targetName ?? '',
  program: entry.program ?? '',
  text: entry.text ?? entry.shape ?? '',
  verdict: entry.verdict ?? 'allowed',
  result: entry.result,
  rows: entry.rows,
  durationMs: entry.durationMs,
})
