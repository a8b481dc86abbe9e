// How refusals and errors are worded for a PostgreSQL client.
// https://www.postgresql.org/docs/current/protocol-error-fields.html

import type { ErrorCode, GatewayError } from '../../core/errors.ts'
import type { Judged, Stopped } from '../../gate/gate.ts'
import type { ErrorFields } from './codec.ts'
import { decodeErrorFields, encodeErrorFields } from './codec.ts'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlStates: Partial<Record<ErrorCode, string>> = {
  'audit.unavailable': '58030',
  'connect.denied': '28000',
  'limit.exceeded': '53400',
  'protocol.unsupported': '0A000',
  'protocol.violation': '08P01',
  'server.draining': '57P03',
  'session.ended': '57P01',
  'statement.denied': '42501',
  'statement.unreadable': '0A000',
  'statement.needs-approval': '42501',
  'statement.needs-reason': '42501',
  'statement.stopped': '57014',
  'statement.unsafe': '0A000',
  'target.login-failed': '08004',
  'target.schema-unavailable': '57P03',
  'target.unreachable': '08001',
  'token.invalid': '28P01',
}

export interface Wording {
  readonly severity: 'ERROR' | 'FATAL'
  readonly sqlState: string
  readonly message: string
  readonly hint?: string | undefined
  /** 1-based character of the statement. */
  readonly position?: number | undefined
  /** Our own code; stands where PostgreSQL names its routine, so that clients can tell our refusals from its errors. */
  readonly code?: string | undefined
}

export function encodeWording(wording: Wording): Buffer {
  const fields: [string, string][] = [
    ['S', wording.severity],
    ['V', wording.severity],
    ['C', wording.sqlState],
    ['M', wording.message],
  ]
  if (wording.hint) fields.push(['H', wording.hint])
  if (wording.position !== undefined) fields.push(['P', String(wording.position)])
  if (wording.code !== undefined) fields.push(['R', `sekisho.${wording.code}`])
  return encodeErrorFields(clean(fields))
}

/** An error that ends the session. */
export const encodeFatal = (error: GatewayError, hint?: string): Buffer =>
  encodeWording({
    severity: 'FATAL',
    sqlState: sqlStates[error.code] ?? 'XX000',
    message: error.message,
    hint,
    code: error.code,
  })

export const encodeWrongDatabase = (database: string): Buffer =>
  encodeWording({
    severity: 'FATAL',
    sqlState: '3D000',
    message: 'This database is not behind this port.',
    hint: `Connect to the database "${database}", or leave the name out.`,
    code: 'protocol.unsupported',
  })

/** An error of ours that takes the place of one of the target's. */
export interface Refusal {
  readonly sqlState: string
  readonly bytes: Buffer
}

export const wordRefusal = (sqlState: string, message: string, hint?: string): Refusal => ({
  sqlState,
  bytes: encodeWording({ severity: 'ERROR', sqlState, message, hint }),
})

/** A statement that was not let through. The first sentence says what; the rest, why and what to do, is the hint. */
export function wordStopped(stopped: Stopped): Refusal {
  const [, message, hint] = /^(.+?[.!?])\s+(.+)$/s.exec(stopped.message) ?? []
  const isSyntax =
    stopped.code === 'statement.unreadable' && /syntax|could not be read: /i.test(stopped.message)
  const sqlState = isSyntax ? '42601' : (sqlStates[stopped.code] ?? '42501')
  const bytes = encodeWording({
    severity: 'ERROR',
    sqlState,
    message: message ?? stopped.message,
    hint,
    position: stopped.position,
    code: stopped.code,
  })
  return { sqlState, bytes }
}

/** Statements that name what an earlier one prepared or declared. */
const usesHandle = /^(?:EXECUTE|FETCH|MOVE|CLOSE|DEALLOCATE)/

/**
 * What is prepared or declared in SQL goes by a name of ours where something is hidden, and is not found once somebody sees
 * more or less than when it was made. @returns `undefined` for any other error
 */
export function wordForgotten(sqlState: string, judged: Judged | undefined): Refusal | undefined {
  if (sqlState !== '26000' && sqlState !== '34000') return undefined
  if (judged?.kind !== 'passed' || judged.text === judged.original) return undefined
  if (!judged.reading.action.statements.some(({ verb }) => usesHandle.test(verb))) return undefined
  const what = sqlState === '26000' ? 'prepared statement' : 'cursor'
  const again = sqlState === '26000' ? 'Prepare' : 'Declare'
  return wordRefusal(
    sqlState,
    `There is no such ${what}, or what you may see has changed since it was made.`,
    `${again} it again.`,
  )
}

/** A statement that ran and was stopped from our side. */
export function wordInterrupted(error: GatewayError): Refusal {
  const sqlState = sqlStates[error.code] ?? '57014'
  const bytes = encodeWording({ severity: 'ERROR', sqlState, message: error.message, code: error.code })
  return { sqlState, bytes }
}

/**
 * What is told where a question of ours in front of a statement was stopped: as the statement itself would have been.
 * @returns `undefined` for any other error: the statement itself may still run
 */
export function wordStopping(sqlState: string): Refusal | undefined {
  if (sqlState === '57014') return wordRefusal(sqlState, 'canceling statement due to user request')
  if (!/^(?:40|53|55P03|57)/.test(sqlState)) return undefined
  return wordRefusal(
    sqlState,
    'The rows to be changed could not be locked or read, therefore they were not changed.',
    'Run it again.',
  )
}

/** A zero byte would end a field early. */
const clean = (fields: ErrorFields): ErrorFields =>
  fields.map(([letter, text]) => [letter, text.replaceAll('\0', ' ')])

/** What is told of an error whose own text may carry hidden values: by class, the first two characters of its code. */
const sentences: Readonly<Record<string, string>> = {
  '01': 'The target sent a warning.',
  '08': 'The connection to the target failed.',
  '0A': 'The target does not support this.',
  '21': 'A sub-query gave more than one row, or a column count does not fit.',
  '22': 'A value cannot be used in this way (conversion, range, division or format).',
  '23': 'A constraint of a table is violated.',
  '25': 'The transaction is not in the state that this needs.',
  '26': 'There is no such prepared statement.',
  '34': 'There is no such cursor.',
  '40': 'The transaction was rolled back; run it again.',
  '42': 'The statement is not valid: syntax, a name, a type, or a missing right of the account at the target.',
  '44': 'A row does not fit the condition of the view.',
  '53': 'The target is short of resources.',
  '54': 'A limit of the target was exceeded.',
  '55': 'The object is not in the state that this needs.',
  '57': 'The target was asked to stop the statement or the connection.',
  P0: 'A routine at the target raised an error.',
}

/**
 * Reduces an error or a notice to severity, code and a sentence of ours, since its text may carry values.
 * @param type  first byte of the message
 */
export function reduceError(type: number, bytes: Buffer, start: number, end: number): Buffer {
  const fields = decodeErrorFields(bytes, start, end)
  const code = fields.find(([letter]) => letter === 'C')?.[1] ?? 'XX000'
  const kept = fields.filter(([letter]) => letter === 'S' || letter === 'V' || letter === 'C')
  return encodeErrorFields(
    [
      ...kept,
      ['M', sentences[code.slice(0, 2)] ?? 'The target reported an error.'],
      ['H', 'The details are not shown because the statement touches hidden columns.'],
    ],
    type,
  )
}

/** Takes the position out of an error: it counts characters of the rewritten statement, which the user never saw. */
export function withoutPosition(type: number, bytes: Buffer, start: number, end: number): Buffer {
  const fields = decodeErrorFields(bytes, start, end)
  return encodeErrorFields(
    fields.filter(([letter]) => letter !== 'P'),
    type,
  )
}

export const cannotKeep = wordRefusal(
  '58030',
  'The rows as they were before could not be kept, therefore they were not changed.',
  'Try again in a minute, or tell an administrator.',
)
