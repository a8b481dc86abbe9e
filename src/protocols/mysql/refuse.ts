// How refusals and errors are worded for a client of MySQL.
// https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-code-reference/

import { type ErrorCode, GatewayError } from '../../core/errors.ts'
import type { Stopped } from '../../gate/gate.ts'
import type { ErrorAnswer } from './codec.ts'
import { encodeError } from './codec.ts'
import { encodeShortPacket } from './packets.ts'

/** Number and SQL state by code. Numbers that clients act upon are those that make them do the right thing. */
const numbers: Partial<Record<ErrorCode, readonly [number, string]>> = {
  'connect.denied': [1044, '42000'],
  'limit.exceeded': [1226, '42000'],
  'protocol.unsupported': [1235, '42000'],
  'protocol.violation': [1047, '08S01'],
  'server.draining': [1053, '08S01'],
  'session.ended': [1927, '70100'],
  'statement.denied': [1142, '42000'],
  'statement.unreadable': [1235, '42000'],
  'statement.needs-approval': [1142, '42000'],
  'statement.needs-reason': [1142, '42000'],
  'statement.stopped': [1317, '70100'],
  'statement.unsafe': [1235, '42000'],
  'token.invalid': [1045, '28000'],
}

const unknownError = [1105, 'HY000'] as const
const syntaxError = [1064, '42000'] as const

/** An error of ours, as the answer to a command. */
export interface Refusal extends ErrorAnswer {
  /** What the record says of it. */
  readonly result: string
  /** Of the house's own errors. */
  readonly errorCode?: ErrorCode
}

export function wordRefusal(code: number, sqlState: string, message: string): Refusal {
  return { code, sqlState, message: fitting(message), result: String(code) }
}

export function wordError(error: GatewayError): Refusal {
  const [code, sqlState] = numbers[error.code] ?? unknownError
  return { ...wordRefusal(code, sqlState, error.message), errorCode: error.code }
}

/** What ends a session. */
export function wordEnd(problem: unknown): Refusal {
  if (!(problem instanceof GatewayError)) return wordError(new GatewayError('internal', 'this session'))
  const isTooLong = problem.code === 'limit.exceeded' && problem.detail === 'a packet is too long.'
  return isTooLong ? tooLong : wordError(problem)
}

/** A statement that was not let through. */
export function wordStopped(stopped: Stopped): Refusal {
  const isSyntax =
    stopped.code === 'statement.unreadable' && /syntax|could not be read: /i.test(stopped.message)
  const [code, sqlState] = isSyntax ? syntaxError : (numbers[stopped.code] ?? unknownError)
  return { ...wordRefusal(code, sqlState, stopped.message), errorCode: stopped.code }
}

/** The console says it in the user's own language, for which it must know the code: this protocol has no place for it. */
export function forConsole(refusal: Refusal): Refusal {
  const { errorCode, message } = refusal
  return errorCode === undefined ? refusal : { ...refusal, message: `(sekisho.${errorCode}) ${message}` }
}

/**
 * @param sequence      one more than that of the packet before
 * @param characterSet  of the client, once it is known
 */
export const encodeRefusal = (refusal: Refusal, sequence: number, characterSet = 'utf8mb4'): Buffer => {
  const message = isUnicode(characterSet) ? refusal.message : inAscii(refusal.message)
  return encodeShortPacket(encodeError({ ...refusal, message }), sequence)
}

const isUnicode = (characterSet: string): boolean => /^(?:utf8|binary$)/.test(characterSet)

/** What every character set has, in place of quotation marks and names that it may not have. */
const inAscii = (text: string): string =>
  text
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replaceAll('…', '...')
    .replace(/[^\0-\x7f]/gu, '?')

/** Clients keep this much of a message, the zero byte behind it included (`MYSQL_ERRMSG_SIZE`). */
const messageBytesMax = 511

/** Cut between two characters, and without zero bytes, which would end it early. */
function fitting(message: string): string {
  let text = message.replaceAll('\0', ' ')
  while (Buffer.byteLength(text) > messageBytesMax) text = `${text.slice(0, Math.floor(text.length * 0.9))}…`
  return text
}

/** A message longer than we, or the target, would take. */
const tooLong = wordRefusal(1153, '08S01', 'Got a packet bigger than what is allowed.')

export const notSupported = wordRefusal(
  1047,
  '08S01',
  'Unknown command: replication, shutting down and debugging do not pass through the gateway.',
)
export const noSuchStatement = (id: number, of: string): Refusal =>
  wordRefusal(1243, 'HY000', `Unknown prepared statement handler (${id}) given to ${of}`)
export const tooManyStatements = wordRefusal(
  1461,
  '42000',
  'Too many prepared statements in this session. Close those that are not needed any more.',
)
export const prepareAgain = wordRefusal(1615, 'HY000', 'Prepared statement needs to be re-prepared')
export const notOwner = (id: number): Refusal =>
  wordRefusal(1095, 'HY000', `You are not owner of thread ${id}: only your own sessions can be killed.`)
export const onlyInWords = (text: string): Refusal =>
  wordRefusal(1235, '42000', `This command of the protocol does not pass here. Use the statement: ${text}`)
export const notWritable = wordRefusal(
  1235,
  '42000',
  'The statement cannot be written in the character set of this connection. Use SET NAMES utf8mb4.',
)
export const notReadable = (characterSet: string): Refusal =>
  wordRefusal(
    1235,
    '42000',
    `Statements in the character set ${characterSet} cannot be read with certainty. Use SET NAMES utf8mb4.`,
  )

/** What is told of an error whose own text may carry hidden values, by its SQL state's class. */
const sentences: Readonly<Record<string, string>> = {
  '08': 'The connection to the target failed.',
  '21': 'A sub-query gave more than one row, or a column count does not fit.',
  '22': 'A value cannot be used in this way (conversion, range, division or format).',
  '23': 'A constraint of a table is violated.',
  '25': 'The transaction is not in the state that this needs.',
  '40': 'The transaction was rolled back; run it again.',
  '42': 'The statement is not valid: syntax, a name, a type, or a missing right of the account at the target.',
  '45': 'A routine at the target raised an error.',
  '70': 'The target was asked to stop the statement.',
}

/** Code and class of an error of the target, with a sentence of ours. */
export const reduceError = ({ code, sqlState }: ErrorAnswer): ErrorAnswer => ({
  code,
  sqlState,
  message: `${sentences[sqlState.slice(0, 2)] ?? 'The target reported an error.'} The details are not shown because the statement touches hidden columns.`,
})
