// The handshake: how a server greets, what a client answers, and how both ask for another method of login. Pure.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets.html

import { GatewayError } from '../../core/errors.ts'
import type { Capabilities } from './capabilities.ts'
import { capability, has } from './capabilities.ts'
import { answer } from './codec.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

/** Version of the handshake that everybody speaks since MySQL 3.21. */
const handshakeVersion = 10

const lowBits = 0xffffffffn

/** What a server says first. */
export interface Greeting {
  /** As it stands on the wire: MariaDB before 11 puts `5.5.5-` before its own. */
  readonly version: string
  readonly connectionId: number
  /** Random bytes for the proof. */
  readonly nonce: Buffer
  readonly capabilities: Capabilities
  readonly characterSet: number
  readonly status: number
  /** Method of login that the nonce is meant for. */
  readonly plugin: string
}

/** Bytes of a nonce. */
export const nonceBytes = 20

export function decodeGreeting(payload: Buffer): Greeting {
  const reader = new PayloadReader(payload)
  if (reader.int8() !== handshakeVersion)
    throw new GatewayError('protocol.violation', 'the greeting is not one of MySQL or MariaDB.')
  const version = reader.zeroEnded()
  const connectionId = reader.int32()
  const first = reader.bytes(8)
  let flags = BigInt(reader.skip(1).int16())
  const characterSet = reader.int8()
  const status = reader.int16()
  flags |= BigInt(reader.int16()) << 16n
  const nonceLength = reader.int8()
  reader.skip(6)
  const extended = reader.int32()
  if (!has(flags, 'mysql')) flags |= BigInt(extended) << 32n
  const second = has(flags, 'secureConnection')
    ? reader.bytes(Math.max(13, nonceLength - 8))
    : Buffer.alloc(0)
  const plugin = has(flags, 'pluginAuth') ? reader.zeroEndedOrRest() : 'mysql_native_password'
  // A zero byte ends it.
  const nonce = Buffer.concat([first, second.at(-1) === 0 ? second.subarray(0, -1) : second])
  return { version, connectionId, nonce, capabilities: flags, characterSet, status, plugin }
}

const writer = new PayloadWriter(1024)

export function encodeGreeting(greeting: Greeting): Buffer {
  const { nonce, capabilities } = greeting
  const low = Number(capabilities & lowBits)
  writer.int8(handshakeVersion).zeroEnded(greeting.version).int32(greeting.connectionId)
  writer.bytes(nonce.subarray(0, 8)).int8(0)
  writer
    .int16(low & 0xffff)
    .int8(greeting.characterSet)
    .int16(greeting.status)
  writer
    .int16(low >>> 16)
    .int8(nonce.length + 1)
    .zeros(6)
  writer.int32(has(capabilities, 'mysql') ? 0 : Number(capabilities >> 32n))
  return writer.bytes(nonce.subarray(8)).int8(0).zeroEnded(greeting.plugin).take()
}

/** What a client answers to the greeting. */
export interface HandshakeResponse {
  readonly capabilities: Capabilities
  readonly maxPacketBytes: number
  readonly characterSet: number
  readonly user: string
  readonly proof: Buffer
  readonly database: string
  /** Method of login that the proof was made with; empty if the client knows of no methods. */
  readonly plugin: string
  /** What it says of itself: `program_name`, `_client_name` … */
  readonly attributes: ReadonlyMap<string, string>
}

/** The first packet of a client. */
export type ClientAnswer =
  | { readonly kind: 'tls'; readonly capabilities: Capabilities }
  | { readonly kind: 'response'; readonly response: HandshakeResponse }

/** Bytes of a request for TLS, and of what stands before the user name. */
const fixedBytes = 32

export function decodeClientAnswer(payload: Buffer): ClientAnswer {
  const reader = new PayloadReader(payload)
  const low = reader.int16()
  if ((low & Number(capability.protocol41)) === 0)
    throw new GatewayError('protocol.violation', 'clients from before MySQL 4.1 are not supported.')
  let capabilities = BigInt(low) | (BigInt(reader.int16()) << 16n)
  const maxPacketBytes = reader.int32()
  const characterSet = reader.int8()
  reader.skip(19)
  const extended = reader.int32()
  if (!has(capabilities, 'mysql')) capabilities |= BigInt(extended) << 32n
  if (payload.length === fixedBytes && has(capabilities, 'ssl')) return { kind: 'tls', capabilities }
  const user = reader.zeroEnded()
  const proof = readProof(reader, capabilities)
  const database = has(capabilities, 'connectWithDb') && reader.left > 0 ? reader.zeroEndedOrRest() : ''
  const plugin = has(capabilities, 'pluginAuth') && reader.left > 0 ? reader.zeroEndedOrRest() : ''
  const attributes = has(capabilities, 'connectAttributes')
    ? readAttributes(reader)
    : new Map<string, string>()
  const facts = { maxPacketBytes, characterSet, user, proof: Buffer.from(proof), database, plugin }
  return { kind: 'response', response: { ...facts, capabilities, attributes } }
}

function readProof(reader: PayloadReader, capabilities: Capabilities): Buffer {
  if (has(capabilities, 'pluginAuthLenenc')) return reader.lenencBytes()
  if (has(capabilities, 'secureConnection')) return reader.bytes(reader.int8())
  return reader.zeroEndedBytes()
}

function readAttributes(reader: PayloadReader): Map<string, string> {
  const attributes = new Map<string, string>()
  if (reader.left === 0) return attributes
  const list = new PayloadReader(reader.lenencBytes())
  while (list.left > 0) attributes.set(list.lenencText(), list.lenencText())
  return attributes
}

/** What a request for TLS and an answer to the greeting have in common. */
type AnswerHead = Pick<HandshakeResponse, 'capabilities' | 'maxPacketBytes' | 'characterSet'>

function writeHead({ capabilities, maxPacketBytes, characterSet }: AnswerHead): PayloadWriter {
  writer
    .int32(Number(capabilities & lowBits))
    .int32(maxPacketBytes)
    .int8(characterSet)
    .zeros(19)
  return writer.int32(has(capabilities, 'mysql') ? 0 : Number(capabilities >> 32n))
}

export const encodeTlsRequest = (head: AnswerHead): Buffer =>
  writeHead({ ...head, capabilities: head.capabilities | capability.ssl }).take()

export function encodeHandshakeResponse(response: HandshakeResponse): Buffer {
  const { capabilities, proof, attributes } = response
  writeHead(response).zeroEnded(response.user)
  if (has(capabilities, 'pluginAuthLenenc')) writer.lenencBytes(proof)
  else writer.int8(proof.length).bytes(proof)
  if (has(capabilities, 'connectWithDb')) writer.zeroEnded(response.database)
  if (has(capabilities, 'pluginAuth')) writer.zeroEnded(response.plugin)
  if (has(capabilities, 'connectAttributes')) {
    const list = new PayloadWriter(256)
    for (const [name, value] of attributes) list.lenencText(name).lenencText(value)
    writer.lenencBytes(list.take())
  }
  return writer.take()
}

/** A server's request to prove oneself by another method. */
export interface AuthSwitch {
  readonly plugin: string
  readonly data: Buffer
}

export function decodeAuthSwitch(payload: Buffer): AuthSwitch {
  const reader = new PayloadReader(payload).skip(1)
  // Alone it asks for the method from before MySQL 4.1.
  if (reader.left === 0) return { plugin: 'mysql_old_password', data: Buffer.alloc(0) }
  const plugin = reader.zeroEndedOrRest()
  const data = reader.rest()
  return { plugin, data: data.at(-1) === 0 ? data.subarray(0, -1) : data }
}

export function encodeAuthSwitch({ plugin, data }: AuthSwitch): Buffer {
  writer.int8(answer.eof).zeroEnded(plugin)
  return data.length === 0 ? writer.take() : writer.bytes(data).int8(0).take()
}

/** Data of a method of login that goes on. */
export const encodeAuthMoreData = (data: Uint8Array): Buffer =>
  writer.int8(answer.authMoreData).bytes(data).take()

/** What a client sends to become somebody else within its session. */
export type ChangeUser = Pick<
  HandshakeResponse,
  'user' | 'proof' | 'database' | 'characterSet' | 'plugin' | 'attributes'
>

/** @param payload  of a `command.changeUser` */
export function decodeChangeUser(payload: Buffer, capabilities: Capabilities): ChangeUser {
  const reader = new PayloadReader(payload).skip(1)
  const user = reader.zeroEnded()
  const proof = Buffer.from(reader.bytes(reader.int8()))
  const database = reader.zeroEndedOrRest()
  const characterSet = reader.left >= 2 ? reader.int16() : 0
  const plugin = has(capabilities, 'pluginAuth') && reader.left > 0 ? reader.zeroEndedOrRest() : ''
  const attributes = has(capabilities, 'connectAttributes')
    ? readAttributes(reader)
    : new Map<string, string>()
  return { user, proof, database, characterSet, plugin, attributes }
}
