// What an audit filter asks, as conditions of the server database on `audit_events e`.

import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { AuditFilter } from '../audit/audit.ts'
import type { DatabaseKind } from './migrations/migration.ts'
import type { Tables } from './tables.ts'

export type Condition = RawBuilder<unknown>

export const allOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`1 = 1` : sql.join(conditions, sql` and `)

export const anyOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`1 = 0` : sql`(${sql.join(conditions, sql` or `)})`

/** `!` escapes: a backslash means something else to each of the databases. */
export function contains(column: Condition, text: string): Condition {
  return sql`${column} like ${`%${text.replace(/[!%_]/g, '!$&')}%`} escape '!'`
}

/** Events that were made at about the same time may have come in another order, by less than this. */
const slackMs = 10 * 60 * 1000

/** Identifiers begin with the time that they were made at, so those of a span of time lie between two of them. */
export async function spanOf(query: Kysely<Tables>, { fromMs, toMs }: AuditFilter): Promise<Condition[]> {
  const firstFrom = async (ms: number): Promise<number | undefined> => {
    const { rows } = await sql<{ readonly id: string }>`
      select id from audit_events where at_ms >= ${ms} order by at_ms limit 1`.execute(query)
    const [high = '', low = ''] = rows[0]?.id.split('-') ?? []
    return rows.length === 0 ? undefined : Number.parseInt(high + low, 16)
  }
  const from = fromMs === undefined ? undefined : await firstFrom(fromMs)
  const to = toMs === undefined ? undefined : await firstFrom(toMs + 1)
  if (fromMs !== undefined && from === undefined) return [sql`1 = 0`]
  return [
    ...(from === undefined ? [] : [sql`e.id >= ${idAt(from - slackMs)}`]),
    ...(to === undefined ? [] : [sql`e.id <= ${idAt(to + slackMs)}`]),
  ]
}

function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** Conditions that an index answers, the one that leaves least; the order of `id` stays. */
export function indexed(filter: AuditFilter, span: readonly Condition[]): readonly Condition[] {
  const { sessionId, userName, targetName, verdict } = filter
  if (sessionId !== undefined) return [sql`e.session_id = ${sessionId}`, ...span]
  // Written out, or SQLite would not see that its index of refusals fits.
  if (verdict === 'denied') return [sql`e.verdict = 'denied'`, ...span]
  if (userName !== undefined) return [sql`e.user_name = ${userName}`, ...span]
  if (targetName !== undefined) return [sql`e.target_name = ${targetName}`, ...span]
  return span
}

/** All other conditions on the event itself. */
export function looked(filter: AuditFilter, kind: DatabaseKind): Condition[] {
  const { sessionId, userName, targetName, verdict } = filter
  const conditions: Condition[] = []
  const denied = verdict === 'denied'
  const byUser = sessionId !== undefined || denied
  if (verdict === 'allowed') conditions.push(sql`e.verdict = 'allowed'`)
  if (denied && sessionId !== undefined) conditions.push(sql`e.verdict = 'denied'`)
  if (userName !== undefined && byUser) conditions.push(sql`e.user_name = ${userName}`)
  if (targetName !== undefined && (byUser || userName !== undefined))
    conditions.push(sql`e.target_name = ${targetName}`)
  // Not by the index of times: entries are looked for by `id`, in order.
  if (filter.fromMs !== undefined) conditions.push(sql`e.at_ms + 0 >= ${filter.fromMs}`)
  if (filter.toMs !== undefined) conditions.push(sql`e.at_ms + 0 <= ${filter.toMs}`)
  if (filter.kinds !== undefined && filter.kinds.length > 0)
    conditions.push(sql`e.kind in (${sql.join([...filter.kinds])})`)
  if (filter.masked === true) conditions.push(sql`e.masked = 1`)
  if (filter.rowsMin !== undefined) conditions.push(sql`e.row_count >= ${filter.rowsMin}`)
  if (filter.rowsMax !== undefined) conditions.push(sql`e.row_count <= ${filter.rowsMax}`)
  if (filter.durationMinMs !== undefined) conditions.push(sql`e.duration_ms >= ${filter.durationMinMs}`)
  if (filter.durationMaxMs !== undefined) conditions.push(sql`e.duration_ms <= ${filter.durationMaxMs}`)
  return [...conditions, ...cameFrom(filter, kind)]
}

/** Program and address stand with the session; of what belongs to none, among its own facts. */
function cameFrom({ program, address }: AuditFilter, kind: DatabaseKind): Condition[] {
  const ofSession = (condition: Condition): Condition =>
    sql`exists (select 1 from audit_sessions s where s.chain = e.chain and s.sequence = e.session_sequence and ${condition})`
  const fact = (name: string): Condition =>
    kind === 'sqlite'
      ? sql`json_extract(e.facts, ${`$.${name}`})`
      : sql`json_unquote(json_extract(e.facts, ${`$.${name}`}))`
  const conditions: Condition[] = []
  if (program !== undefined) {
    const part = program.toLowerCase()
    conditions.push(
      anyOf([
        ofSession(contains(sql`s.search`, part)),
        allOf([sql`e.session_sequence is null`, contains(sql`lower(${fact('program')})`, part)]),
      ]),
    )
  }
  if (address !== undefined)
    conditions.push(
      anyOf([
        ofSession(sql`s.address = ${address}`),
        allOf([sql`e.session_sequence is null`, sql`${fact('address')} = ${address}`]),
      ]),
    )
  return conditions
}

/** The words of a search, in lower case; what stands in double quotes belongs together. */
export function wordsOf(search: string): readonly string[] {
  return [...search.toLowerCase().matchAll(/"([^"]*)"?|(\S+)/g)]
    .map(match => (match[1] ?? match[2] ?? '').trim())
    .filter(word => word !== '')
}
