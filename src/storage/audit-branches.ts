// Where entries of a filter may lie: among the statements of some plans, and among what is no statement.

import { type Kysely, sql } from 'kysely'
import type { AuditFilter } from '../audit/audit.ts'
import {
  allOf,
  anyOf,
  type Condition,
  contains,
  indexed,
  looked,
  spanOf,
  wordsOf,
} from './audit-conditions.ts'
import type { SearchPlace } from './audit-search.ts'
import { asTerm, type TermField } from './audit-terms.ts'
import type { DatabaseKind } from './migrations/migration.ts'
import type { Tables } from './tables.ts'

/** One place to look in. */
export interface Branch {
  /** An index answers these, in order of `id`. */
  readonly base: readonly Condition[]
  readonly rest: readonly Condition[]
  /** So few events fit `base` that they may all be read. */
  readonly few: boolean
}

/** Plans that are named one by one; of more, each event is asked for its own. */
const plansMax = 3_000
/** Plans whose events are counted, to see whether they are few. */
const fewPlansMax = 300
const fewEventsMax = 10_000

type Term = readonly [field: TermField, text: string]

export async function branchesOf(place: SearchPlace, filter: AuditFilter): Promise<readonly Branch[]> {
  const words = wordsOf(filter.search ?? '')
  const terms = (['table', 'column', 'policy', 'code', 'verb'] as const).flatMap((field): Term[] => {
    const text = filter[field]
    return text === undefined ? [] : [[field, asTerm(text)]]
  })
  const base = indexed(filter, await spanOf(place.query, filter))
  const rest = looked(filter, place.kind)
  if (words.length === 0 && terms.length === 0) return [{ base, rest, few: false }]
  const branches: Branch[] = []
  if (filter.kinds === undefined || filter.kinds.length === 0 || filter.kinds.some(isOfStatement)) {
    const branch = await statementBranch(place, words, terms, base, rest)
    if (branch !== undefined) branches.push(branch)
  }
  // Tables, columns and command words are those of statements.
  if (!terms.some(([field]) => field === 'table' || field === 'column' || field === 'verb'))
    branches.push(otherBranch(filter, words, base, rest))
  return branches
}

const isOfStatement = (kind: string) => kind.startsWith('statement')

async function statementBranch(
  place: SearchPlace,
  words: readonly string[],
  terms: readonly Term[],
  base: readonly Condition[],
  rest: readonly Condition[],
): Promise<Branch | undefined> {
  const plans = await matchingPlans(place, words, terms)
  if (plans.length === 0) return undefined
  if (plans.length > plansMax) return { base, rest: [...rest, ownPlanFits(words, terms)], few: false }
  if (plans.length <= fewPlansMax && (await areFew(place.query, plans)))
    // The conditions of the index are only conditions here.
    return { base: [amongPlans(place.kind, plans, false)], rest: [...base, ...rest], few: true }
  return { base, rest: [...rest, amongPlans(place.kind, plans, true)], few: false }
}

interface PlanKey {
  readonly chain: string
  readonly sequence: number
}

async function matchingPlans(
  { kind, query }: SearchPlace,
  words: readonly string[],
  terms: readonly Term[],
): Promise<readonly PlanKey[]> {
  const [first, ...others] = terms
  const limit = sql.lit(plansMax + 1)
  if (first !== undefined) {
    const fits = [
      ...others.map(
        term =>
          sql`exists (select 1 from audit_plan_terms o where o.chain = t.chain and o.sequence = t.sequence and ${isTerm('o', term)})`,
      ),
      ...words.map(
        word =>
          sql`exists (select 1 from audit_plans p where p.chain = t.chain and p.sequence = t.sequence and ${contains(sql`p.search`, word)})`,
      ),
    ]
    const { rows } = await sql<PlanKey>`
      select distinct t.chain, t.sequence from audit_plan_terms t
      where ${allOf([isTerm('t', first), ...fits])} limit ${limit}`.execute(query)
    return rows
  }
  const { rows } = await (kind === 'sqlite'
    ? plansByWords(query, words, limit)
    : plansByReading(query, words, limit))
  return rows
}

/** The index knows three characters and more; of shorter words the plans are read. */
function plansByWords(query: Kysely<Tables>, words: readonly string[], limit: Condition) {
  const long = words.filter(word => Array.from(word).length >= 3)
  if (long.length === 0) return plansByReading(query, words, limit)
  const match = long.map(word => `"${word.replaceAll('"', '""')}"`).join(' AND ')
  const short = words.filter(word => !long.includes(word)).map(word => contains(sql`w.search`, word))
  return sql<PlanKey>`
    select w.chain, w.sequence from audit_plan_words w
    where ${allOf([sql`audit_plan_words match ${match}`, ...short])} limit ${limit}`.execute(query)
}

function plansByReading(query: Kysely<Tables>, words: readonly string[], limit: Condition) {
  return sql<PlanKey>`
    select p.chain, p.sequence from audit_plans p
    where ${allOf(words.map(word => contains(sql`p.search`, word)))} limit ${limit}`.execute(query)
}

function isTerm(alias: 't' | 'o', [field, text]: Term): Condition {
  const of = sql.raw(alias)
  if (!text.endsWith('*')) return sql`${of}.field = ${field} and ${of}.term = ${text}`
  const start = text.slice(0, -1)
  return sql`${of}.field = ${field} and ${of}.term >= ${start} and ${of}.term <= ${`${start}\u{10ffff}`}`
}

/** Of one event, whatever its plan is. */
function ownPlanFits(words: readonly string[], terms: readonly Term[]): Condition {
  return allOf([
    ...terms.map(
      term =>
        sql`exists (select 1 from audit_plan_terms t where t.chain = e.chain and t.sequence = e.plan_sequence and ${isTerm('t', term)})`,
    ),
    ...(words.length === 0
      ? []
      : [
          sql`exists (select 1 from audit_plans p where p.chain = e.chain and p.sequence = e.plan_sequence and ${allOf(words.map(word => contains(sql`p.search`, word)))})`,
        ]),
  ])
}

/** @param inOrder  the index of plans would break the order of the events, so it is not to be used */
function amongPlans(kind: DatabaseKind, plans: readonly PlanKey[], inOrder: boolean): Condition {
  const chains = new Map<string, number[]>()
  for (const { chain, sequence } of plans) {
    const of = chains.get(chain)
    if (of === undefined) chains.set(chain, [sequence])
    else of.push(sequence)
  }
  const column = inOrder ? sql`(e.plan_sequence + 0)` : sql`e.plan_sequence`
  return anyOf(
    [...chains].map(([chain, sequences]) => {
      // One parameter, so that the text stays the same and the statement can be kept ready.
      const list =
        kind === 'sqlite'
          ? sql`select value from json_each(${JSON.stringify(sequences)})`
          : sql.join(sequences.map(sequence => sql.lit(sequence)))
      // The chain alone would find nearly everything, so no index is to be used for it.
      return sql`(${column} in (${list}) and concat(e.chain, '') = ${chain})`
    }),
  )
}

async function areFew(query: Kysely<Tables>, plans: readonly PlanKey[]): Promise<boolean> {
  const sequences = sql.join(plans.map(({ sequence }) => sql.lit(sequence)))
  const { rows } = await sql<{ readonly n: number | string }>`
    select count(*) as n from (
      select 1 as one from audit_events where plan_sequence in (${sequences}) limit ${sql.lit(fewEventsMax + 1)}
    ) as some`.execute(query)
  return Number(rows[0]?.n ?? 0) <= fewEventsMax
}

/** Sessions, sign-ins, changes: what has no plan. Their words stand with them, and they are few beside the statements. */
function otherBranch(
  filter: AuditFilter,
  words: readonly string[],
  base: readonly Condition[],
  rest: readonly Condition[],
): Branch {
  const fits = words.map(word =>
    anyOf([
      contains(sql`e.search`, word),
      contains(sql`lower(e.user_name)`, word),
      contains(sql`lower(e.target_name)`, word),
      sql`exists (select 1 from audit_sessions s where s.chain = e.chain and s.sequence = e.session_sequence and ${contains(sql`s.search`, word)})`,
    ]),
  )
  const inFacts = (text: string) => contains(sql`e.facts`, text)
  if (filter.code !== undefined) fits.push(inFacts(`"code":${JSON.stringify(filter.code)}`))
  if (filter.policy !== undefined) fits.push(inFacts(`[${JSON.stringify(filter.policy)},`))
  return { base: [sql`e.plan_sequence is null`], rest: [...base, ...rest, ...fits], few: false }
}
