// Records of the journal as rows of the server database. What is too long for an indexed column is cut here; the journal has it whole.

import type { CarriedRow, RowRecord } from '../audit/audit-store.ts'
import type { EndedRecord, PlanRecord, SessionRecord } from '../audit/record.ts'
import { planTerms, searchable } from './audit-terms.ts'

type Value = string | number | null

export const eventColumns = [
  'chain',
  'sequence',
  'hash',
  'id',
  'at_ms',
  'kind',
  'user_name',
  'target_name',
  'session_id',
  'session_sequence',
  'plan_sequence',
  'texts_sequence',
  'text_index',
  'verdict',
  'masked',
  'strength',
  'row_count',
  'byte_count',
  'duration_ms',
  'result',
  'facts',
  'search',
] as const

/** What only events of one kind have, as kept in the column `facts`. */
export interface EventFacts {
  readonly address?: string
  readonly program?: string
  readonly code?: string | null
  readonly reason?: string
  readonly decidedBy?: readonly (readonly [string, number])[]
  readonly what?: string
  readonly object?: string
  readonly fields?: Readonly<Record<string, readonly [unknown, unknown]>>
}

export function sessionValues(chain: string, session: SessionRecord): Value[] {
  const { n, address, program, credential } = session
  return [chain, n, address, program, credential, searchable(program ?? '')]
}

export function planValues(chain: string, plan: PlanRecord): Value[] {
  const { n, shape, verb, tables, hidden, code, reason, by } = plan
  return [
    chain,
    n,
    shape,
    verb,
    JSON.stringify(tables),
    JSON.stringify(hidden),
    code,
    reason,
    JSON.stringify(by),
    searchable(`${shape}\n${tables.join('\n')}`),
  ]
}

export function termValues(chain: string, plan: PlanRecord): Value[][] {
  return planTerms(plan).map(([field, term]) => [field, term, chain, plan.n])
}

export function rowValues(chain: string, row: CarriedRow): Value[] {
  const { record, hash, session, plan, outcome } = row
  const facts = factsOf(record)
  const isStatement = record.k === 'statement'
  return [
    chain,
    record.n,
    hash,
    record.id,
    whole(record.at),
    record.k,
    name('userName' in record ? record.userName : session?.userName),
    name('targetName' in record ? record.targetName : session?.targetName),
    session?.session ?? null,
    session?.n ?? null,
    plan?.n ?? null,
    isStatement ? record.t : null,
    isStatement ? record.i : null,
    plan?.verdict ?? (record.k === 'session.refused' ? 'denied' : null),
    plan !== undefined && plan.hidden.length > 0 ? 1 : 0,
    isStatement ? record.strength : null,
    ...(outcome === undefined ? noOutcome(record) : outcomeValues(outcome)),
    facts === undefined ? null : JSON.stringify(facts),
    facts === undefined
      ? null
      : searchable(`${facts.object ?? ''}\n${facts.what ?? ''}\n${facts.program ?? ''}`),
  ]
}

/** In the order of the columns: rows, bytes, duration, result. */
export function outcomeValues(outcome: EndedRecord): Value[] {
  return [whole(outcome.rows), whole(outcome.bytes), outcome.ms, outcome.result.slice(0, 100)]
}

function noOutcome(record: RowRecord): Value[] {
  return [null, record.k === 'session.closed' ? whole(record.bytesToClient) : null, null, null]
}

function factsOf(record: RowRecord): EventFacts | undefined {
  switch (record.k) {
    case 'statement':
      return undefined
    case 'session.opened':
      return { decidedBy: record.by }
    case 'session.closed':
      return { reason: record.reason }
    case 'statement.noise':
      return { what: String(record.count), object: record.statement }
    case 'statement.snapshot': {
      const { part, statement, table, rows, hash, why } = record
      const fields = { table: [null, table], rows: [null, rows], hash: [null, hash] } as const
      return { what: part, object: statement, fields, ...(why === null ? {} : { reason: why }) }
    }
    case 'session.refused':
      return { address: record.address, program: record.program, code: record.code }
    case 'sign-in':
    case 'sign-in.failed':
    case 'sign-out':
      return { address: record.address, code: record.code }
    case 'changed': {
      const { address, what, object, fields } = record
      return { address, what, object, fields }
    }
    default:
      return { object: record.version }
  }
}

/** Not in the middle of a character. */
const name = (value: string | null | undefined): string | null =>
  value === null || value === undefined ? null : value.slice(0, 255).replace(/[\ud800-\udbff]$/, '')

/** A number that every database takes as an integer. */
const whole = (value: number): number =>
  Math.trunc(Math.min(Number.MAX_SAFE_INTEGER, Math.max(-Number.MAX_SAFE_INTEGER, value)))
