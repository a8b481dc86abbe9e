// Audit entries in full, by their ids, with what they refer to.

import type { Kysely } from 'kysely'
import type { AuditEntry } from '../audit/audit.ts'
import type { StoredEntry } from '../audit/audit-store.ts'
import type { EventFacts } from './audit-rows.ts'
import type { Tables } from './tables.ts'

/** Newest first. */
export async function loadEntries(
  query: Kysely<Tables>,
  ids: readonly string[],
): Promise<readonly StoredEntry[]> {
  if (ids.length === 0) return []
  const rows = await joined(query)
    .where('e.id', 'in', [...ids])
    .orderBy('e.id', 'desc')
    .execute()
  return rows.map(toEntry)
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
