// MySQL's protocol: payloads of packets to messages and back. Pure. Everything that reads throws GatewayError
// `protocol.violation` if the bytes are not what they should be. Here: OK, ERR and EOF. The handshake is in `handshake.ts`.
// https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html  https://mariadb.com/kb/en/clientserver-protocol/

import { GatewayError } from '../../core/errors.ts'
import type { Capabilities } from './capabilities.ts'
import { has } from './capabilities.ts'
import { answer, status } from './numbers.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

export * from './numbers.ts'
export * from './query.ts'
export * from './results.ts'

/** What a statement has changed in the session. */
export type SessionChange =
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  | { readonly kind: 'schema'; readonly name: string }
  | { readonly kind: 'state'; readonly changed: boolean }
  | { readonly kind: 'transaction'; readonly state: string }
  | { readonly kind: 'other'; readonly type: number }

export interface Ok {
  readonly affectedRows: number
  readonly lastInsertId: number
  readonly status: number
  readonly warnings: number
  readonly info: string
  /** In order. */
  readonly changes: readonly SessionChange[]
}

/** An OK, with the first byte of one or (at the end of rows, without EOF packets) with that of an EOF. */
export function decodeOk(payload: Buffer, capabilities: Capabilities, start = 0, end = payload.length): Ok {
  const reader = new PayloadReader(payload, start, end).skip(1)
  const affectedRows = reader.lenenc()
  const lastInsertId = reader.lenenc()
  const statusFlags = reader.int16()
  const warnings = reader.int16()
  const facts = { affectedRows, lastInsertId, status: statusFlags, warnings }
  if (!has(capabilities, 'sessionTrack')) return { ...facts, info: textOf(reader.rest()), changes: [] }
  const info = reader.left > 0 ? reader.lenencText() : ''
  const hasChanges = (statusFlags & status.sessionStateChanged) !== 0 && reader.left > 0
  return { ...facts, info, changes: hasChanges ? decodeChanges(reader.lenencBytes()) : [] }
}

const textOf = (bytes: Buffer): string => bytes.toString('utf8')

function decodeChanges(bytes: Buffer): SessionChange[] {
  const reader = new PayloadReader(bytes)
  const changes: SessionChange[] = []
  while (reader.left > 0) {
    const type = reader.int8()
    const data = new PayloadReader(reader.lenencBytes())
    if (type === 0)
      while (data.left > 0) {
        changes.push({ kind: 'variable', name: data.lenencText(), value: data.lenencText() })
      }
    else if (type === 1) changes.push({ kind: 'schema', name: data.lenencText() })
    else if (type === 2) changes.push({ kind: 'state', changed: data.lenencText() === '1' })
    else if (type === 5) changes.push({ kind: 'transaction', state: data.lenencText() })
    else changes.push({ kind: 'other', type })
  }
  return changes
}

const writer = new PayloadWriter(4096)

/** @param first  `answer.eof` at the end of rows, without EOF packets */
export function encodeOk(ok: Partial<Ok>, capabilities: Capabilities, first: number = answer.ok): Buffer {
  const changes = has(capabilities, 'sessionTrack') ? (ok.changes ?? []) : []
  const statusFlags = (ok.status ?? status.autocommit) & ~status.sessionStateChanged
  const withChanges = changes.length > 0 ? encodeChanges(changes) : undefined
  writer
    .int8(first)
    .lenenc(ok.affectedRows ?? 0)
    .lenenc(ok.lastInsertId ?? 0)
  writer.int16(withChanges ? statusFlags | status.sessionStateChanged : statusFlags)
  writer.int16(ok.warnings ?? 0)
  const info = ok.info ?? ''
  if (!has(capabilities, 'sessionTrack')) writer.text(info)
  else if (info !== '' || withChanges) writer.lenencText(info)
  if (withChanges) writer.lenencBytes(withChanges)
  return writer.take()
}

function encodeChanges(changes: readonly SessionChange[]): Buffer {
  const all = new PayloadWriter(256)
  for (const change of changes) {
    const data = new PayloadWriter(128)
    if (change.kind === 'variable') data.lenencText(change.name).lenencText(change.value)
    else if (change.kind === 'schema') data.lenencText(change.name)
    else if (change.kind === 'state') data.lenencText(change.changed ? '1' : '0')
    else if (change.kind === 'transaction') data.lenencText(change.state)
    else continue
    all.int8({ variable: 0, schema: 1, state: 2, transaction: 5 }[change.kind]).lenencBytes(data.take())
  }
  return all.take()
}

/** Written by a server in place of an answer. */
export interface ErrorAnswer {
  readonly code: number
  /** Five characters; `HY000` if the server names none, as before the handshake is done. */
  readonly sqlState: string
  readonly message: string
}

/** MariaDB's way to say how far a statement is: an error that is none, sent only to who asked for it. */
const progressCode = 0xffff

/** Whether an ERR packet only reports progress; the answer is still to come. */
export const isProgress = (payload: Buffer, start = 0): boolean =>
  payload[start] === answer.err && payload[start + 1] === 0xff && payload[start + 2] === 0xff

export function decodeError(payload: Buffer, start = 0, end = payload.length): ErrorAnswer {
  const reader = new PayloadReader(payload, start, end).skip(1)
  const code = reader.int16()
  if (code === progressCode) throw new GatewayError('protocol.violation', 'a report of progress as an error.')
  const hasState = reader.left >= 6 && payload[reader.at] === 0x23
  const sqlState = hasState ? reader.skip(1).bytes(5).toString('latin1') : 'HY000'
  return { code, sqlState, message: textOf(reader.rest()) }
}

/** @param withState  false before the handshake is done: no SQL state is sent then */
export function encodeError({ code, sqlState, message }: ErrorAnswer, withState = true): Buffer {
  writer.int8(answer.err).int16(code)
  if (withState) writer.text(`#${sqlState}`)
  return writer.text(message).take()
}

export interface Eof {
  readonly warnings: number
  readonly status: number
}

export function decodeEof(payload: Buffer, start = 0, end = payload.length): Eof {
  const reader = new PayloadReader(payload, start, end).skip(1)
  return { warnings: reader.int16(), status: reader.int16() }
}

export const encodeEof = ({ warnings, status: flags }: Eof): Buffer =>
  writer.int8(answer.eof).int16(warnings).int16(flags).take()

/** The name of the file that a server asks the client for. */
export const decodeLocalInfile = (payload: Buffer, start = 0, end = payload.length): string =>
  textOf(new PayloadReader(payload, start, end).skip(1).rest())
