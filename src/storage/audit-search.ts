// Finds audit entries by what people ask for, newest first, from one id to the next.

import { type Expression, type Kysely, type SqlBool, sql } from 'kysely'
import type { AuditEntry, AuditFilter } from '../audit/audit.ts'
import type { StoredEntry } from '../audit/audit-store.ts'
import type { EventFacts } from './audit-rows.ts'
import type { Tables } from './tables.ts'

export type StoredFilter = AuditFilter & { readonly id?: string; readonly limit: number }

export async function findStored(
  query: Kysely<Tables>,
  filter: StoredFilter,
): Promise<readonly StoredEntry[]> {
  const rows = await joined(query)
    .where(row => {
      const conditions: Expression<SqlBool>[] = []
      const { id, before, fromMs, toMs, kinds, userName, targetName, sessionId, verdict, masked } = filter
      if (id !== undefined) conditions.push(row('e.id', '=', id))
      if (before !== undefined) conditions.push(row('e.id', '<', before))
      if (fromMs !== undefined) conditions.push(row('e.at_ms', '>=', fromMs))
      if (toMs !== undefined) conditions.push(row('e.at_ms', '<=', toMs))
      if (kinds !== undefined && kinds.length > 0) conditions.push(row('e.kind', 'in', [...kinds]))
      if (userName !== undefined) conditions.push(row('e.user_name', '=', userName))
      if (targetName !== undefined) conditions.push(row('e.target_name', '=', targetName))
      if (sessionId !== undefined) conditions.push(row('e.session_id', '=', sessionId))
      if (verdict !== undefined) conditions.push(row('e.verdict', '=', verdict))
      if (masked === true) conditions.push(row('e.masked', '=', 1))
      if (filter.search !== undefined && filter.search !== '') conditions.push(contains(filter.search))
      return row.and(conditions)
    })
    .orderBy('e.id', 'desc')
    .limit(filter.limit)
    .execute()
  return rows.map(toEntry)
}

/** `!` escapes: a backslash means something else to each of the databases. */
function contains(search: string): Expression<SqlBool> {
  const pattern = `%${search.toLowerCase().replace(/[!%_]/g, '!$&')}%`
  return sql<SqlBool>`(p.search like ${pattern} escape '!' or s.search like ${pattern} escape '!' or e.search like ${pattern} escape '!')`
}

function joined(query: Kysely<Tables>) {
  return query
    .selectFrom('audit_events as e')
    .leftJoin('audit_plans as p', join =>
      join.onRef('p.chain', '=', 'e.chain').onRef('p.sequence', '=', 'e.plan_sequence'),
    )
    .leftJoin('audit_sessions as s', join =>
      join.onRef('s.chain', '=', 'e.chain').onRef('s.sequence', '=', 'e.session_sequence'),
    )
    .leftJoin('audit_texts as t', join =>
      join.onRef('t.chain', '=', 'e.chain').onRef('t.sequence', '=', 'e.texts_sequence'),
    )
    .select([
      'e.sequence',
      'e.hash',
      'e.id',
      'e.at_ms',
      'e.kind',
      'e.user_name',
      'e.target_name',
      'e.session_id',
      'e.texts_sequence',
      'e.text_index',
      'e.verdict',
      'e.strength',
      'e.row_count',
      'e.byte_count',
      'e.duration_ms',
      'e.result',
      'e.facts',
      's.address',
      's.program',
      's.credential',
      'p.shape',
      'p.verb',
      'p.table_names',
      'p.hidden',
      'p.code',
      'p.reason',
      'p.decided_by',
      't.sealed',
    ])
}

type FoundRow = Awaited<ReturnType<ReturnType<typeof joined>['execute']>>[number]

/** What is read back was written by `audit-rows.ts` from the journal, so its JSON has the shape it was given there. */
function toEntry(row: FoundRow): StoredEntry {
  const facts = (row.facts === null ? {} : JSON.parse(row.facts)) as EventFacts
  const decidedBy = (
    row.decided_by === null ? (facts.decidedBy ?? []) : JSON.parse(row.decided_by)
  ) as readonly (readonly [string, number])[]
  return {
    id: row.id,
    atMs: row.at_ms,
    kind: row.kind as AuditEntry['kind'],
    userName: row.user_name ?? undefined,
    targetName: row.target_name ?? undefined,
    sessionId: row.session_id ?? undefined,
    address: row.address ?? facts.address,
    program: row.program ?? facts.program,
    credential: row.credential ?? undefined,
    verb: row.verb ?? undefined,
    shape: row.shape ?? undefined,
    tables: list(row.table_names),
    hidden: list(row.hidden),
    verdict: (row.verdict ?? undefined) as AuditEntry['verdict'],
    code: row.code ?? facts.code ?? undefined,
    reason: row.reason ?? facts.reason,
    decidedBy: decidedBy.map(([name, version]) => ({ name, version })),
    strength: (row.strength ?? undefined) as AuditEntry['strength'],
    rows: row.row_count ?? undefined,
    bytes: row.byte_count ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    result: row.result ?? undefined,
    what: facts.what,
    object: facts.object,
    fields: facts.fields,
    sequence: row.sequence,
    hash: row.hash,
    sealed: row.sealed ?? undefined,
    textIndex: row.texts_sequence === 0 ? -1 : (row.text_index ?? 0),
  }
}

function list(json: string | null): readonly string[] {
  return json === null ? [] : (JSON.parse(json) as readonly string[])
}
