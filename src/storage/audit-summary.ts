// Counts audit entries by time and by what people ask about, from the newest on, in steps that hold nobody up.

import { setImmediate as turn } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { AuditBucket, AuditCount, AuditFilter, AuditSummary } from '../audit/audit.ts'
import type { SummarySpan } from '../audit/audit-store.ts'
import { type Branch, branchesOf } from './audit-branches.ts'
import { allOf, type Condition } from './audit-conditions.ts'
import { type SearchPlace, stepEnd } from './audit-search.ts'
import type { Tables } from './tables.ts'

/** Events that are counted at once, so that counting can be stopped in between. */
const stepEvents = 10_000
const topMax = 8
const plansAtOnce = 500
const plansTold = 1_000

/** What is counted of each group. */
interface Counted {
  readonly verdict: string | null
  readonly n: number | string
  readonly rows_sum: number | string | null
}

interface TimeGroup extends Counted {
  readonly bucket: number | string
}

interface UserGroup extends Counted {
  readonly user_name: string | null
}

interface PlanGroup extends Counted {
  readonly chain: string
  readonly plan_sequence: number
  readonly timed: number | string
  readonly ms_sum: number | null
  readonly ms_max: number | null
}

interface Sums {
  statements: number
  refused: number
  rows: number
}

interface OfPlan extends Sums {
  timed: number
  msSum: number
  msMax: number
}

const none = (): Sums => ({ statements: 0, refused: 0, rows: 0 })

export async function summarizeStored(
  place: SearchPlace,
  filter: AuditFilter,
  span: SummarySpan,
  enough: () => boolean,
): Promise<AuditSummary> {
  const { fromMs, toMs, bucketMs } = span
  const { search: _search, before: _before, after: _after, limit: _limit, ...rest } = filter
  const asked = filter.search === undefined ? rest : { ...rest, search: filter.search }
  const counts: Counts = { buckets: new Map(), users: new Map(), plans: new Map() }
  let countedFromMs = fromMs
  for (const branch of await branchesOf(place, { ...asked, fromMs, toMs })) {
    const reached = await countBranch(place, branch, bucketMs, counts, enough)
    countedFromMs = Math.max(countedFromMs, reached ?? fromMs)
  }
  const { buckets, users, plans } = counts
  const total = sumOf([...buckets.values()])
  return {
    fromMs,
    toMs,
    bucketMs,
    countedFromMs,
    buckets: inOrder(buckets, span),
    ...total,
    users: top(users),
    ...(await byPlan(place, plans)),
  }
}

interface Counts {
  readonly buckets: Map<number, Sums>
  readonly users: Map<string, Sums>
  readonly plans: Map<string, OfPlan>
}

/** @returns  where counting had to stop, if it had to */
async function countBranch(
  place: SearchPlace,
  branch: Branch,
  bucketMs: number,
  counts: Counts,
  enough: () => boolean,
): Promise<number | undefined> {
  const { kind, query } = place
  const conditions = [...branch.base, ...branch.rest, sql`e.kind in ('statement', 'session.refused')`]
  if (branch.few) {
    await countStep(place, conditions, bucketMs, counts)
    return undefined
  }
  for (let before: readonly Condition[] = []; ; ) {
    const end = await stepEnd(query, [...branch.base, ...before], false, stepEvents)
    const within = end === undefined ? [] : [sql`e.id >= ${end.id}`]
    await countStep(place, [...conditions, ...before, ...within], bucketMs, counts)
    if (end === undefined) return undefined
    if (enough()) return end.atMs
    before = [sql`e.id < ${end.id}`]
    if (kind === 'sqlite') await turn()
  }
}

/** Three short countings cost less than one by everything, which would have as many groups as there are events. */
async function countStep(
  { kind, query }: SearchPlace,
  conditions: readonly Condition[],
  bucketMs: number,
  { buckets, users, plans }: Counts,
): Promise<void> {
  const where = allOf(conditions)
  const figures = sql`e.verdict, count(*) as n, sum(e.row_count) as rows_sum`
  const size = sql.lit(bucketMs)
  const byTime = await sql<TimeGroup>`
    select e.at_ms - e.at_ms % ${size} as bucket, ${figures}
    from audit_events e where ${where} group by bucket, e.verdict`.execute(query)
  for (const group of byTime.rows) into(entryOf(buckets, Number(group.bucket), none), group)
  if (byTime.rows.length === 0) return
  if (kind === 'sqlite') await turn()
  const byUser = await sql<UserGroup>`
    select e.user_name, ${figures} from audit_events e where ${where} group by e.user_name, e.verdict`.execute(
    query,
  )
  for (const group of byUser.rows)
    if (group.user_name !== null && group.user_name !== '') into(entryOf(users, group.user_name, none), group)
  if (kind === 'sqlite') await turn()
  const byPlan = await sql<PlanGroup>`
    select e.chain, e.plan_sequence, ${figures}, count(e.duration_ms) as timed, sum(e.duration_ms) as ms_sum,
      max(e.duration_ms) as ms_max
    from audit_events e where ${where} and e.plan_sequence is not null
    group by e.chain, e.plan_sequence, e.verdict`.execute(query)
  for (const group of byPlan.rows) {
    const plan = entryOf(plans, `${group.chain}\n${group.plan_sequence}`, ofPlan)
    into(plan, group)
    plan.timed += Number(group.timed)
    plan.msSum += group.ms_sum ?? 0
    plan.msMax = Math.max(plan.msMax, group.ms_max ?? 0)
  }
  if (kind === 'sqlite') await turn()
}

function into(sums: Sums, { n, verdict, rows_sum }: Counted): void {
  sums.statements += Number(n)
  sums.refused += verdict === 'denied' ? Number(n) : 0
  sums.rows += Number(rows_sum ?? 0)
}

const ofPlan = (): OfPlan => ({ ...none(), timed: 0, msSum: 0, msMax: 0 })

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function sumOf(all: readonly Sums[]): Sums {
  const total = none()
  for (const { statements, refused, rows } of all) {
    total.statements += statements
    total.refused += refused
    total.rows += rows
  }
  return total
}

/** Also those in which nothing happened, so that a line can be drawn. */
function inOrder(
  buckets: ReadonlyMap<number, Sums>,
  { fromMs, toMs, bucketMs }: SummarySpan,
): readonly AuditBucket[] {
  const all: AuditBucket[] = []
  for (let atMs = Math.floor(fromMs / bucketMs) * bucketMs; atMs <= toMs; atMs += bucketMs)
    all.push({ atMs, ...(buckets.get(atMs) ?? none()) })
  return all
}

function top(sums: ReadonlyMap<string, Sums>): readonly AuditCount[] {
  return [...sums]
    .map(([name, { statements, refused }]) => ({ name, count: statements, refused }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, topMax)
}

/** What the counted statements have in common: tables, masked columns, who refused, and how long they took. */
async function byPlan(
  { kind, query }: SearchPlace,
  plans: ReadonlyMap<string, OfPlan>,
): Promise<Pick<AuditSummary, 'tables' | 'columns' | 'policies' | 'slowest'>> {
  const tables = new Map<string, Sums>()
  const columns = new Map<string, Sums>()
  const policies = new Map<string, Sums>()
  const shapes = new Map<string, OfPlan>()
  const give = (to: Map<string, Sums>, names: readonly string[], { statements, refused }: Sums) => {
    for (const name of names) {
      const sums = entryOf(to, name, none)
      sums.statements += statements
      sums.refused += refused
    }
  }
  const keys = worthTelling(plans)
  for (let at = 0; at < keys.length; at += plansAtOnce) {
    for (const row of await loadPlans(query, keys.slice(at, at + plansAtOnce))) {
      const sums = plans.get(`${row.chain}\n${row.sequence}`)
      if (sums === undefined) continue
      give(tables, JSON.parse(row.table_names) as string[], sums)
      give(columns, JSON.parse(row.hidden) as string[], sums)
      const by = (JSON.parse(row.decided_by) as [string, number][]).map(([name]) => name)
      if (sums.refused > 0) give(policies, by.length === 0 ? [''] : by, { ...sums, statements: sums.refused })
      const shape = entryOf(shapes, row.shape, ofPlan)
      shape.timed += sums.timed
      shape.msSum += sums.msSum
      shape.msMax = Math.max(shape.msMax, sums.msMax)
    }
    if (kind === 'sqlite') await turn()
  }
  return { tables: top(tables), columns: top(columns), policies: top(policies), slowest: slowestOf(shapes) }
}

/** The busiest, those refused most and the slowest: of what hardly occurs, nobody would see the bar. */
function worthTelling(plans: ReadonlyMap<string, OfPlan>): readonly (readonly [string, string])[] {
  const all = [...plans]
  const first = (by: (plan: OfPlan) => number) =>
    all.toSorted(([, a], [, b]) => by(b) - by(a)).slice(0, plansTold)
  const told =
    all.length <= plansTold
      ? all
      : [first(p => p.statements), first(p => p.refused), first(p => p.msMax)].flat()
  return [...new Set(told.map(([key]) => key))].map(key => key.split('\n') as [string, string])
}

function slowestOf(shapes: ReadonlyMap<string, OfPlan>): AuditSummary['slowest'] {
  return [...shapes]
    .filter(([, { timed }]) => timed > 0)
    .map(([shape, { timed, msSum, msMax }]) => ({ shape, count: timed, meanMs: msSum / timed, maxMs: msMax }))
    .sort((a, b) => b.maxMs - a.maxMs)
    .slice(0, topMax)
}

async function loadPlans(query: Kysely<Tables>, keys: readonly (readonly [string, string])[]) {
  const chains = [...new Set(keys.map(([chain]) => chain))]
  return query
    .selectFrom('audit_plans')
    .select(['chain', 'sequence', 'shape', 'table_names', 'hidden', 'decided_by'])
    .where('chain', 'in', chains)
    .where(
      'sequence',
      'in',
      keys.map(([, sequence]) => Number(sequence)),
    )
    .execute()
}
