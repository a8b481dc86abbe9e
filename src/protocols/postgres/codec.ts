// PostgreSQL protocol 3.0: bytes to messages and back. Pure.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

import { ByteReader } from '../../wire/byte-reader.ts'
import { ByteWriter } from '../../wire/byte-writer.ts'

/** First byte of what a client sends. */
export const fromClient = {
  bind: 0x42,
  close: 0x43,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
  describe: 0x44,
  execute: 0x45,
  flush: 0x48,
  functionCall: 0x46,
  parse: 0x50,
  password: 0x70,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
} as const

/** First byte of what a server sends. */
export const fromTarget = {
  authentication: 0x52,
  backendKeyData: 0x4b,
  bindComplete: 0x32,
  closeComplete: 0x33,
  commandComplete: 0x43,
  copyBothResponse: 0x57,
  copyData: 0x64,
  copyDone: 0x63,
  copyInResponse: 0x47,
  copyOutResponse: 0x48,
  dataRow: 0x44,
  emptyQueryResponse: 0x49,
  errorResponse: 0x45,
  negotiateProtocolVersion: 0x76,
  noData: 0x6e,
  noticeResponse: 0x4e,
  notificationResponse: 0x41,
  parameterDescription: 0x74,
  parameterStatus: 0x53,
  parseComplete: 0x31,
  portalSuspended: 0x73,
  readyForQuery: 0x5a,
  rowDescription: 0x54,
} as const

/** Type byte and length. */
export const headBytes = 5

/** Kinds of `Authentication` messages that we know. */
export const authentication = {
  ok: 0,
  cleartext: 3,
  md5: 5,
  sasl: 10,
  saslContinue: 11,
  saslFinal: 12,
} as const

const protocolVersion = 3 << 16
const cancelCode = 80877102
const tlsCode = 80877103
const gssCode = 80877104

/** The untyped packet that opens a connection. */
export type Opening =
  | {
      readonly kind: 'startup'
      readonly minorVersion: number
      readonly parameters: ReadonlyMap<string, string>
    }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: Buffer }
  | { readonly kind: 'tls' }
  | { readonly kind: 'gss' }
  | { readonly kind: 'unknown'; readonly code: number }

/**
 * Decodes an opening packet, its length word already taken off.
 * @throws MalformedBytes
 */
export function decodeOpening(body: Buffer): Opening {
  const reader = new ByteReader(body)
  const code = reader.int32()
  if (code === tlsCode) return { kind: 'tls' }
  if (code === gssCode) return { kind: 'gss' }
  if (code === cancelCode)
    return { kind: 'cancel', processId: reader.int32(), secret: Buffer.from(reader.rest()) }
  if (code >>> 16 !== 3) return { kind: 'unknown', code }
  const parameters = new Map<string, string>()
  for (;;) {
    const name = reader.zeroEnded()
    if (name === '') break
    parameters.set(name, reader.zeroEnded())
  }
  return { kind: 'startup', minorVersion: code & 0xffff, parameters }
}

/** One field of an error or a notice: its letter and its text. */
export type ErrorFields = readonly (readonly [field: string, text: string])[]

/**
 * Decodes the body of an error or a notice.
 * @throws MalformedBytes
 */
export function decodeErrorFields(bytes: Buffer, start: number, end: number): ErrorFields {
  const reader = new ByteReader(bytes, start, end)
  const fields: [string, string][] = []
  while (reader.left > 0) {
    const letter = reader.int8()
    if (letter === 0) break
    fields.push([String.fromCharCode(letter), reader.zeroEnded()])
  }
  return fields
}

/**
 * Rows that a command tag counts (`INSERT 0 3` → 3); -1 if it counts none. Reads digits, makes no string.
 * @param end  behind the zero byte that ends the tag
 */
export function countInTag(bytes: Buffer, start: number, end: number): number {
  let at = end - 2
  let count = 0
  let weight = 1
  for (; at >= start; at--) {
    const digit = Number(bytes[at]) - 0x30
    if (digit < 0 || digit > 9) break
    count += digit * weight
    weight *= 10
  }
  return weight > 1 && bytes[at] === 0x20 ? count : -1
}

const writer = new ByteWriter(4096)

/** Writes one typed message; `write` writes its body. */
function message(type: number, write?: (body: ByteWriter) => void): Buffer {
  writer.int8(type).int32(0)
  write?.(writer)
  return writer.int32At(writer.length - 1, 1).take()
}

function opening(code: number, write?: (body: ByteWriter) => void): Buffer {
  writer.int32(0).int32(code)
  write?.(writer)
  return writer.int32At(writer.length, 0).take()
}

export const encodeTlsRequest = (): Buffer => opening(tlsCode)

export const encodeCancel = (processId: number, secret: Uint8Array): Buffer =>
  opening(cancelCode, body => body.int32(processId).bytes(secret))

export const encodeStartup = (parameters: Iterable<readonly [string, string]>): Buffer =>
  opening(protocolVersion, body => {
    for (const [name, value] of parameters) body.zeroEnded(name).zeroEnded(value)
    body.int8(0)
  })

export const encodeQuery = (text: string): Buffer => message(fromClient.query, body => body.zeroEnded(text))

/** @param types  count and numbers of the parameter types as they stood in the client's message */
export const encodeParse = (name: string, text: string, types: Uint8Array): Buffer =>
  message(fromClient.parse, body => body.zeroEnded(name).zeroEnded(text).bytes(types))

export const encodeCloseStatement = (name: string): Buffer =>
  message(fromClient.close, body => body.int8(0x53).zeroEnded(name))

export const encodeClosePortal = (name: string): Buffer =>
  message(fromClient.close, body => body.int8(0x50).zeroEnded(name))

/** Asks for results as text. @param formats  0 text, 1 binary */
export const encodeBind = (
  portal: string,
  name: string,
  parameters: readonly { readonly format: number; readonly value: Uint8Array | null }[],
): Buffer =>
  message(fromClient.bind, body => {
    body.zeroEnded(portal).zeroEnded(name).int16(parameters.length)
    for (const { format } of parameters) body.int16(format)
    body.int16(parameters.length)
    for (const { value } of parameters) {
      if (value === null) body.int32(-1)
      else body.int32(value.length).bytes(value)
    }
    body.int16(0)
  })

export const encodeDescribe = (kind: 'S' | 'P', name: string): Buffer =>
  message(fromClient.describe, body => body.text(kind).zeroEnded(name))

export const encodeExecute = (portal: string): Buffer =>
  message(fromClient.execute, body => body.zeroEnded(portal).int32(0))

export const encodeSync = (): Buffer => message(fromClient.sync)

export const encodeFlush = (): Buffer => message(fromClient.flush)
export const encodeTerminate = (): Buffer => message(fromClient.terminate)

/** What answers an `Authentication` request: a password, or data of a SASL exchange. */
export const encodePassword = (data: Uint8Array): Buffer =>
  message(fromClient.password, body => body.bytes(data))

export const encodeSaslStart = (mechanism: string, data: Uint8Array): Buffer =>
  message(fromClient.password, body => body.zeroEnded(mechanism).int32(data.length).bytes(data))

export const encodeAuthentication = (kind: number, data: Uint8Array = Buffer.alloc(0)): Buffer =>
  message(fromTarget.authentication, body => body.int32(kind).bytes(data))

export const encodeParameterStatus = (name: string, value: string): Buffer =>
  message(fromTarget.parameterStatus, body => body.zeroEnded(name).zeroEnded(value))

export const encodeBackendKeyData = (processId: number, secret: Uint8Array): Buffer =>
  message(fromTarget.backendKeyData, body => body.int32(processId).bytes(secret))

/** A notification that says only that there was one. */
export const encodeNotification = (processId: number, channel: string): Buffer =>
  message(fromTarget.notificationResponse, body => body.int32(processId).zeroEnded(channel).zeroEnded(''))

export const encodeReadyForQuery = (status: 'I' | 'T' | 'E'): Buffer =>
  message(fromTarget.readyForQuery, body => body.text(status))

/** Tells the client that we speak 3.0 only, and which of its protocol options we do not know. */
export const encodeNegotiateProtocolVersion = (unknownOptions: readonly string[]): Buffer =>
  message(fromTarget.negotiateProtocolVersion, body => {
    body.int32(0).int32(unknownOptions.length)
    for (const option of unknownOptions) body.zeroEnded(option)
  })

export const encodeErrorFields = (fields: ErrorFields, type: number = fromTarget.errorResponse): Buffer =>
  message(type, body => {
    for (const [letter, text] of fields) body.int8(letter.charCodeAt(0)).zeroEnded(text)
    body.int8(0)
  })
