// What the target says it would do for a requested statement: asked through the gate, as the one who wants to run it.

import type { AccessRequest } from '../../access/requests.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Actor } from '../../core/event.ts'
import type { TargetProtocol } from '../../core/target.ts'
import type { RequestPlan, RunEvent } from '../contract.ts'
import type { ConsoleParts } from '../parts.ts'
import { runOnce } from '../sql/run-once.ts'

/** With an option in front, neither product takes an `ANALYZE` behind it, which would run the statement. */
const prefixes: Readonly<Record<TargetProtocol, string>> = {
  postgres: 'EXPLAIN (FORMAT TEXT) ',
  mysql: 'EXPLAIN FORMAT=TRADITIONAL ',
}
const linesMax = 500

type Parts = Pick<ConsoleParts, 'access' | 'catalog' | 'openTarget' | 'permitPlan' | 'clock' | 'limits'>

/** It is recorded like any statement of theirs, under a program that says who wanted to know. */
export async function askPlan(parts: Parts, request: AccessRequest, by: Actor): Promise<RequestPlan> {
  const [user, target] = await Promise.all([
    parts.access.users.get(request.userId),
    parts.catalog.targets.get(request.targetId),
  ])
  if (user === undefined || target === undefined) {
    throw new GatewayError('not-found', 'user or target of the request')
  }
  // Where policies want a reason, this is one.
  const sql = `/* reason: plan of request ${request.number} */ ${prefixes[target.protocol]}${request.subject.statement}`
  try {
    const done = await parts.permitPlan(request, { user, target, sql }, by)
    try {
      const program = `Sekisho: plan of request ${request.number}, for ${by.userName}`
      return planOf(await runOnce(parts, { target, user, address: 'console', sql, program }))
    } finally {
      done()
    }
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'internal')
      return { ok: false, message: error.message }
    throw error
  }
}

function planOf(events: readonly RunEvent[]): RequestPlan {
  const error = events.find(event => event.kind === 'error')
  if (error !== undefined) {
    return { ok: false, message: [error.message, error.hint].filter(Boolean).join(' ') }
  }
  const columns = events.find(event => event.kind === 'columns')?.columns.map(column => column.name) ?? []
  const rows = events.flatMap(event => (event.kind === 'rows' ? event.rows : [])).slice(0, linesMax)
  if (columns.length <= 1) {
    const lines = rows.map(row => row[0] ?? '')
    return { ok: true, lines, rows: estimateOf(lines) }
  }
  const at = columns.findIndex(name => name.toLowerCase() === 'rows')
  const counts = rows.map(row => Number(row[at] ?? Number.NaN)).filter(Number.isFinite)
  const lines = [columns, ...rows].map(row => row.map(value => value ?? 'NULL').join(' | '))
  // Of a join, the tables are gone through one within the other.
  return {
    ok: true,
    lines,
    rows: counts.length === 0 ? undefined : counts.reduce((all, one) => all * one, 1),
  }
}

/** PostgreSQL says of a change that it gives no rows; what stands below it tells how many are changed. */
function estimateOf(lines: readonly string[]): number | undefined {
  const [top, below] = lines.map(line => /\brows=(\d+)/.exec(line)?.[1]).filter(rows => rows !== undefined)
  const isChange = /^\s*(?:Insert|Update|Delete|Merge) on /.test(lines[0] ?? '')
  const rows = isChange ? (below ?? top) : top
  return rows === undefined ? undefined : Number(rows)
}
