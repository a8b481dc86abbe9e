// MySQL's protocol: payloads of packets to messages and back. Pure. Everything that reads throws GatewayError
// `protocol.violation` if the bytes are not what they should be. The handshake has a file of its own.
// https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html  https://mariadb.com/kb/en/clientserver-protocol/

import { GatewayError } from '../../core/errors.ts'
import type { Capabilities } from './capabilities.ts'
import { has } from './capabilities.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

/** First byte of what a client asks for. */
export const command = {
  sleep: 0x00,
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  fieldList: 0x04,
  createDb: 0x05,
  dropDb: 0x06,
  refresh: 0x07,
  shutdown: 0x08,
  statistics: 0x09,
  processInfo: 0x0a,
  connect: 0x0b,
  processKill: 0x0c,
  debug: 0x0d,
  ping: 0x0e,
  time: 0x0f,
  delayedInsert: 0x10,
  changeUser: 0x11,
  binlogDump: 0x12,
  tableDump: 0x13,
  connectOut: 0x14,
  registerSlave: 0x15,
  stmtPrepare: 0x16,
  stmtExecute: 0x17,
  stmtSendLongData: 0x18,
  stmtClose: 0x19,
  stmtReset: 0x1a,
  setOption: 0x1b,
  stmtFetch: 0x1c,
  daemon: 0x1d,
  binlogDumpGtid: 0x1e,
  resetConnection: 0x1f,
  clone: 0x20,
  subscribeGroupReplicationStream: 0x21,
  /** MariaDB's. */
  stmtBulkExecute: 0xfa,
  multi: 0xfe,
} as const

/** First byte of what a server answers, where a first byte decides. */
export const answer = {
  ok: 0x00,
  authMoreData: 0x01,
  localInfile: 0xfb,
  /** End of rows; also a request to log in by another method. Rows can begin with it if they are longer than 16 MB. */
  eof: 0xfe,
  err: 0xff,
} as const

/** Bits of what a server says about its session. */
export const status = {
  inTransaction: 0x0001,
  autocommit: 0x0002,
  moreResults: 0x0008,
  noGoodIndex: 0x0010,
  noIndex: 0x0020,
  cursorExists: 0x0040,
  lastRowSent: 0x0080,
  databaseDropped: 0x0100,
  noBackslashEscapes: 0x0200,
  metadataChanged: 0x0400,
  wasSlow: 0x0800,
  outParameters: 0x1000,
  inReadOnlyTransaction: 0x2000,
  sessionStateChanged: 0x4000,
  /** MariaDB's. */
  ansiQuotes: 0x8000,
} as const

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

/** One column of a result, or one parameter of a prepared statement. */
export interface ColumnDefinition {
  readonly catalog: string
  readonly schema: string
  readonly table: string
  readonly tableOriginal: string
  readonly name: string
  readonly nameOriginal: string
  /** MariaDB's names of types beyond the number: `[0, 'json']` (0 type, 1 format). */
  readonly extended: readonly (readonly [kind: number, text: string])[]
  readonly characterSet: number
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly decimals: number
}

export function decodeColumn(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): ColumnDefinition {
  const reader = new PayloadReader(payload, start, end)
  const names = {
    catalog: reader.lenencText(),
    schema: reader.lenencText(),
    table: reader.lenencText(),
    tableOriginal: reader.lenencText(),
    name: reader.lenencText(),
    nameOriginal: reader.lenencText(),
  }
  const extended: (readonly [number, string])[] = []
  if (has(capabilities, 'mariadbExtendedMetadata')) {
    const more = new PayloadReader(reader.lenencBytes())
    while (more.left > 0) extended.push([more.int8(), more.lenencText()])
  }
  const fixed = new PayloadReader(reader.lenencBytes())
  return {
    ...names,
    extended,
    characterSet: fixed.int16(),
    length: fixed.int32(),
    type: fixed.int8(),
    flags: fixed.int16(),
    decimals: fixed.int8(),
  }
}

export function encodeColumn(column: ColumnDefinition, capabilities: Capabilities): Buffer {
  writer.lenencText(column.catalog).lenencText(column.schema).lenencText(column.table)
  writer.lenencText(column.tableOriginal).lenencText(column.name).lenencText(column.nameOriginal)
  if (has(capabilities, 'mariadbExtendedMetadata')) {
    const more = new PayloadWriter(64)
    for (const [kind, text] of column.extended) more.int8(kind).lenencText(text)
    writer.lenencBytes(more.take())
  }
  writer.lenenc(12).int16(column.characterSet).int32(column.length).int8(column.type)
  return writer.int16(column.flags).int8(column.decimals).int16(0).take()
}

/** How a result with rows begins. */
export interface ResultHead {
  readonly columns: number
  /** Whether the definitions of the columns follow. */
  readonly hasMetadata: boolean
}

export function decodeResultHead(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): ResultHead {
  const reader = new PayloadReader(payload, start, end)
  // MySQL says it before the number, MariaDB behind it; both say 0 for "left out".
  const first = has(capabilities, 'optionalResultsetMetadata') ? reader.int8() : 1
  const columns = reader.lenenc()
  const last = has(capabilities, 'mariadbCacheMetadata') ? reader.int8() : 1
  return { columns, hasMetadata: first !== 0 && last !== 0 }
}

export function encodeResultHead(columns: number, capabilities: Capabilities): Buffer {
  if (has(capabilities, 'optionalResultsetMetadata')) writer.int8(1)
  writer.lenenc(columns)
  if (has(capabilities, 'mariadbCacheMetadata')) writer.int8(1)
  return writer.take()
}

/** A row of the text protocol. */
export function encodeTextRow(values: readonly (string | null)[]): Buffer {
  for (const value of values) {
    if (value === null) writer.int8(0xfb)
    else writer.lenencText(value)
  }
  return writer.take()
}

export function decodeTextRow(payload: Buffer, columns: number): (string | null)[] {
  const reader = new PayloadReader(payload)
  const values: (string | null)[] = []
  for (let column = 0; column < columns; column++) {
    if (payload[reader.at] === 0xfb) {
      reader.skip(1)
      values.push(null)
    } else values.push(reader.lenencText())
  }
  return values
}

/** What a server says of a statement that it prepared; definitions of parameters and columns follow. */
export interface Prepared {
  readonly statementId: number
  readonly columns: number
  readonly parameters: number
  readonly warnings: number
  /** Whether the definitions follow. */
  readonly hasMetadata: boolean
}

export function decodePrepared(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): Prepared {
  const reader = new PayloadReader(payload, start, end).skip(1)
  const statementId = reader.int32()
  const columns = reader.int16()
  const parameters = reader.int16()
  reader.skip(1)
  const warnings = reader.left >= 2 ? reader.int16() : 0
  const saysMetadata = has(capabilities, 'optionalResultsetMetadata') && reader.left > 0
  return {
    statementId,
    columns,
    parameters,
    warnings,
    hasMetadata: saysMetadata ? reader.int8() !== 0 : true,
  }
}

export function encodePrepared(prepared: Prepared, capabilities: Capabilities): Buffer {
  writer.int8(answer.ok).int32(prepared.statementId).int16(prepared.columns).int16(prepared.parameters)
  writer.int8(0).int16(prepared.warnings)
  if (has(capabilities, 'optionalResultsetMetadata')) writer.int8(prepared.hasMetadata ? 1 : 0)
  return writer.take()
}

/** The name of the file that a server asks the client for. */
export const decodeLocalInfile = (payload: Buffer, start = 0, end = payload.length): string =>
  textOf(new PayloadReader(payload, start, end).skip(1).rest())

/** A query, and where its text begins: behind attributes, if there are any. */
export interface Query {
  readonly textAt: number
  readonly attributes: number
}

/** @param payload  of a `command.query` */
export function decodeQuery(payload: Buffer, capabilities: Capabilities): Query {
  const reader = new PayloadReader(payload).skip(1)
  if (!has(capabilities, 'queryAttributes')) return { textAt: reader.at, attributes: 0 }
  const attributes = reader.lenenc()
  if (reader.lenenc() !== 1)
    throw new GatewayError('protocol.violation', 'more than one set of query attributes.')
  if (attributes > 0) skipAttributes(reader, attributes)
  return { textAt: reader.at, attributes }
}

export function encodeQuery(text: string, capabilities: Capabilities): Buffer {
  writer.int8(command.query)
  if (has(capabilities, 'queryAttributes')) writer.lenenc(0).lenenc(1)
  return writer.text(text).take()
}

/** Binary values: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html */
function skipAttributes(reader: PayloadReader, count: number): void {
  if (count > 0xffff) throw new GatewayError('protocol.violation', 'too many query attributes.')
  const nulls = reader.bytes((count + 7) >>> 3)
  if (reader.int8() !== 1) throw new GatewayError('protocol.violation', 'query attributes without types.')
  const types: number[] = []
  for (let index = 0; index < count; index++) {
    types.push(attributeType(reader.int16()))
    reader.lenencBytes()
  }
  types.forEach((type, index) => {
    const isNull = ((Number(nulls[index >>> 3]) >>> (index & 7)) & 1) === 1
    if (!isNull) skipBinaryValue(reader, type)
  })
}

/** Values without a sign carry this beside their type. */
const unsigned = 0x8000

/**
 * Types whose values every server measures alike: where the text begins must be certain. Others (a year, a number of three
 * bytes) a server may take for texts.
 */
const measuredTypes: ReadonlySet<number> = new Set([
  0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0f, 0xf6, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe,
])

function attributeType(code: number): number {
  const type = code & ~unsigned
  if (!measuredTypes.has(type))
    throw new GatewayError('protocol.violation', `a query attribute of a type that is not known (${type}).`)
  return type
}

/** Bytes of the types whose values have a fixed size; 0: NULL has none. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0x01, 1],
  [0x02, 2],
  [0x0d, 2],
  [0x03, 4],
  [0x09, 4],
  [0x04, 4],
  [0x05, 8],
  [0x08, 8],
  [0x06, 0],
])

const dateTypes: ReadonlySet<number> = new Set([0x07, 0x0a, 0x0b, 0x0c])

/** Steps over a value of the binary protocol. @param type  its number, without the flag for unsigned */
function skipBinaryValue(reader: PayloadReader, type: number): void {
  const size = fixedSizes.get(type)
  if (size !== undefined) reader.skip(size)
  else if (dateTypes.has(type)) reader.skip(reader.int8())
  else reader.lenencBytes()
}
