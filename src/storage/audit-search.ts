// Finds audit entries by what people ask for, newest first, quickly among a million, and in steps that hold nobody up.

import { setImmediate as turn } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { StoredFilter, StoredPage } from '../audit/audit-store.ts'
import { type Branch, branchesOf } from './audit-branches.ts'
import { allOf, type Condition } from './audit-conditions.ts'
import { loadEntries } from './audit-entries.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

export type SearchPlace = Pick<Database, 'kind' | 'query'>

/** Events that one step looks at, so that a search can be stopped in between: about 5 ms a step. */
const stepEvents = 5_000
const stepEventsMost = 10_000

interface Found {
  readonly ids: readonly string[]
  /** Everything up to here was looked at; `undefined`: all there is. */
  readonly reached: string | undefined
}

export async function findStored(
  { kind, query }: SearchPlace,
  filter: StoredFilter,
  enough: () => boolean,
): Promise<StoredPage> {
  const branches = await branchesOf({ kind, query }, filter)
  const found: Found[] = []
  for (const branch of branches) found.push(await searchBranch(query, kind, branch, filter, enough))
  const forward = filter.after !== undefined
  const { ids, next } = merge(found, filter.limit, forward)
  const entries = await loadEntries(query, ids)
  return { entries: forward ? entries.toReversed() : entries, next }
}

/** What one branch did not reach may lie between what another found: beyond that nothing can be told yet. */
function merge(
  found: readonly Found[],
  limit: number,
  forward: boolean,
): { readonly ids: readonly string[]; readonly next: string | undefined } {
  const further = (a: string, b: string) => (forward ? a > b : a < b)
  let edge: string | undefined
  for (const { reached } of found) {
    if (reached !== undefined && (edge === undefined || further(edge, reached))) edge = reached
  }
  const all = [...new Set(found.flatMap(({ ids }) => ids))]
    .sort((a, b) => (further(a, b) ? 1 : -1))
    .filter(id => edge === undefined || !further(id, edge))
  if (all.length > limit) {
    const ids = all.slice(0, limit)
    return { ids, next: ids.at(-1) }
  }
  return { ids: all, next: edge }
}

async function searchBranch(
  query: Kysely<Tables>,
  kind: Database['kind'],
  branch: Branch,
  filter: StoredFilter,
  enough: () => boolean,
): Promise<Found> {
  const forward = filter.after !== undefined
  const { limit } = filter
  const ids: string[] = []
  let at = forward ? filter.after : filter.before
  const one = (where: readonly Condition[], few: boolean, count: number) =>
    selectIds(query, where, { forward, few, count })
  const beyond = (id: string | undefined): Condition[] =>
    id === undefined ? [] : [forward ? sql`e.id > ${id}` : sql`e.id < ${id}`]
  if (branch.few || branch.rest.length === 0) {
    const all = await one([...branch.base, ...branch.rest, ...beyond(at)], branch.few, limit)
    return { ids: all, reached: all.length < limit ? undefined : all.at(-1) }
  }
  for (let size = stepEvents; ; size = Math.min(size * 2, stepEventsMost)) {
    const end = await stepEnd(query, [...branch.base, ...beyond(at)], forward, size)
    const until = end === undefined ? [] : [forward ? sql`e.id <= ${end.id}` : sql`e.id >= ${end.id}`]
    const where = [...branch.base, ...branch.rest, ...beyond(at), ...until] as Condition[]
    const more = await one(where, false, limit - ids.length)
    ids.push(...more)
    if (ids.length >= limit) return { ids, reached: ids.at(-1) }
    if (end === undefined) return { ids, reached: undefined }
    at = end.id
    if (enough()) return { ids, reached: at }
    // Statements go first.
    if (kind === 'sqlite') await turn()
  }
}

/** The event so many further on; `undefined`: there are fewer. Steps over an index. */
export async function stepEnd(
  query: Kysely<Tables>,
  where: readonly Condition[],
  forward: boolean,
  size: number,
): Promise<{ readonly id: string; readonly atMs: number } | undefined> {
  const { rows } = await sql<{ readonly id: string; readonly at_ms: number }>`
    select e.id, e.at_ms from audit_events e where ${allOf(where)}
    order by e.id ${sql.raw(forward ? 'asc' : 'desc')} limit 1 offset ${sql.lit(size - 1)}`.execute(query)
  const [row] = rows
  return row && { id: row.id, atMs: row.at_ms }
}

/** @param few  so few events that they are sorted afterwards, rather than looked for in order */
async function selectIds(
  query: Kysely<Tables>,
  where: readonly Condition[],
  { forward, few, count }: { readonly forward: boolean; readonly few: boolean; readonly count: number },
): Promise<readonly string[]> {
  const order = sql.raw(`${few ? "concat(e.id, '')" : 'e.id'} ${forward ? 'asc' : 'desc'}`)
  const { rows } = await sql<{ readonly id: string }>`
    select e.id from audit_events e where ${allOf(where)} order by ${order} limit ${sql.lit(count)}`.execute(
    query,
  )
  return rows.map(row => row.id)
}
