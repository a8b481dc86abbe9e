// How the gateway reaches a target and logs in to it with the account it keeps for it.

import { createHash, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Secret } from '../../core/secret.ts'
import { ByteReader } from '../../wire/byte-reader.ts'
import type { Dial, DialledTarget } from '../protocol.ts'
import { readExactly, StreamEnded, within } from '../read-exactly.ts'
import {
  type Account,
  type Address,
  connectSocket,
  loginFailed,
  startTls,
  unreachable,
} from '../target-connection.ts'
import {
  authentication,
  decodeErrorFields,
  encodePassword,
  encodeSaslStart,
  encodeStartup,
  encodeTlsRequest,
  fromTarget,
} from './codec.ts'
import type { Packet } from './packets.ts'
import { readPacket } from './packets.ts'
import { ScramClient, ScramError, scramMechanism } from './scram.ts'

export type { Account, Address }

/**
 * Connects, and protects the connection as the target asks for.
 * @param open  opens the way if something stands in front of the target
 * @throws GatewayError `target.unreachable`
 */
export async function dial(target: DialledTarget, limits: Limits, open?: Dial): Promise<Duplex> {
  const address: Address = target
  const socket = (await open?.(target)) ?? (await connectSocket(address, limits))
  // It must never be without a listener.
  socket.on('error', () => undefined)
  try {
    return await within(protect(socket, address), limits.targetConnectTimeoutMs, socket, () =>
      unreachable('it accepted the connection but did not answer in time.'),
    )
  } catch (error) {
    socket.destroy()
    throw error
  }
}

async function protect(socket: Duplex, address: Address): Promise<Duplex> {
  if (address.tls === 'disable') return socket
  socket.write(encodeTlsRequest())
  const [answer] = await readExactly(socket, 1).catch((error: unknown) => {
    throw unreachable('it closed the connection at once. Is this a PostgreSQL server?', error)
  })
  if (socket.readableLength > 0) throw unreachable('it sent bytes before TLS began.')
  if (answer === 0x53) return startTls(socket, address, 'postgresql')
  if (answer !== 0x4e) throw unreachable('it does not speak the PostgreSQL protocol.')
  if (address.tls === 'prefer') return socket
  throw unreachable(`it does not offer TLS, and the TLS mode is "${address.tls}".`)
}

/** How a target greeted us. */
export interface TargetWelcome {
  /** Settings it reported, in order. */
  readonly settings: ReadonlyMap<string, string>
  /** For cancel requests; `undefined` if the target gives none (a pooler may). */
  readonly key: { readonly processId: number; readonly secret: Buffer } | undefined
}

/** A message of a target before it is ready: long enough for every notice and error. */
const welcomeBytesMax = 1024 * 1024

/**
 * Logs in over a connection made by `dial`.
 * @param parameters  settings to begin the session with
 * @throws GatewayError `target.login-failed | target.unreachable`
 */
export async function logInToTarget(
  stream: Duplex,
  account: Account,
  password: Secret,
  parameters: readonly (readonly [string, string])[],
  limits: Limits,
): Promise<TargetWelcome> {
  const login = async (): Promise<TargetWelcome> => {
    stream.write(encodeStartup([['user', account.account], ['database', account.database], ...parameters]))
    await authenticate(stream, account, password)
    return await readWelcome(stream)
  }
  try {
    return await within(login(), limits.targetConnectTimeoutMs, stream, () =>
      unreachable('it did not finish the login in time.'),
    )
  } catch (error) {
    stream.destroy()
    if (error instanceof GatewayError) throw error
    if (error instanceof StreamEnded) throw unreachable('it closed the connection during the login.', error)
    throw loginFailed('it sent something that was not understood.', error)
  }
}

async function authenticate(stream: Duplex, account: Account, password: Secret): Promise<void> {
  let scram: ScramClient | undefined
  for (;;) {
    const packet = await readFromTarget(stream)
    if (packet.type !== fromTarget.authentication) {
      if (packet.type === fromTarget.noticeResponse) continue
      throw loginFailed('it did not ask for a login.')
    }
    const reader = new ByteReader(packet.body)
    const kind = reader.int32()
    if (kind === authentication.ok) {
      if (scram) throw loginFailed('it could not prove that it knows the password.')
      return
    }
    if (kind === authentication.cleartext) {
      requireProtection(stream, account)
      stream.write(encodePassword(Buffer.from(`${password.reveal()}\0`)))
    } else if (kind === authentication.md5)
      stream.write(encodePassword(md5Proof(account.account, password, reader.bytes(4))))
    else if (kind === authentication.sasl) {
      if (!reader.rest().toString('latin1').split('\0').includes(scramMechanism))
        throw loginFailed('it offers no SCRAM-SHA-256.')
      scram = new ScramClient(randomBytes(18))
      stream.write(encodeSaslStart(scramMechanism, Buffer.from(scram.first())))
    } else if (kind === authentication.saslContinue && scram)
      stream.write(
        encodePassword(Buffer.from(await answerScram(scram, reader.rest().toString('latin1'), password))),
      )
    else if (kind === authentication.saslFinal && scram) {
      verifyScram(scram, reader.rest().toString('latin1'))
      scram = undefined
    } else throw loginFailed('it asks for a kind of login that is not supported (GSS, SSPI or another).')
  }
}

const answerScram = (scram: ScramClient, serverFirst: string, password: Secret): Promise<string> =>
  scram.final(serverFirst, password.reveal()).catch((error: unknown) => {
    throw loginFailed(scramText(error), error)
  })

function verifyScram(scram: ScramClient, serverFinal: string): void {
  try {
    scram.verify(serverFinal)
  } catch (error) {
    throw loginFailed(scramText(error), error)
  }
}

const scramText = (error: unknown): string =>
  error instanceof ScramError ? `${error.message}.` : 'the exchange of proofs failed.'

/** A password in clear goes only over TLS, or where the administrator decided to do without. */
function requireProtection(stream: Duplex, account: Account): void {
  if (stream instanceof TLSSocket || account.tls === 'disable') return
  throw loginFailed('it asks for the password in clear over a connection without TLS.')
}

/** https://www.postgresql.org/docs/current/protocol-flow.html: AuthenticationMD5Password */
function md5Proof(account: string, password: Secret, salt: Buffer): Buffer {
  const md5 = (data: string | Buffer) => createHash('md5').update(data).digest('hex')
  const inner = md5(password.reveal() + account)
  return Buffer.from(`md5${md5(Buffer.concat([Buffer.from(inner), salt]))}\0`)
}

async function readWelcome(stream: Duplex): Promise<TargetWelcome> {
  const settings = new Map<string, string>()
  let key: TargetWelcome['key']
  for (;;) {
    const { type, body } = await readFromTarget(stream)
    const reader = new ByteReader(body)
    if (type === fromTarget.parameterStatus) settings.set(reader.zeroEnded(), reader.zeroEnded())
    else if (type === fromTarget.backendKeyData)
      key = { processId: reader.int32(), secret: Buffer.from(reader.rest()) }
    else if (type === fromTarget.readyForQuery) return { settings, key }
    else if (type !== fromTarget.noticeResponse)
      throw loginFailed('it sent something unexpected after the login.')
  }
}

/** @throws GatewayError if the target refuses us */
async function readFromTarget(stream: Duplex): Promise<Packet> {
  const packet = await readPacket(stream, welcomeBytesMax)
  if (packet.type !== fromTarget.errorResponse) return packet
  const fields = new Map(decodeErrorFields(packet.body, 0, packet.body.length))
  throw loginFailed(whyNotWelcome(fields.get('C') ?? ''))
}

/** In words of ours: those of the target name accounts and addresses of the inside. */
function whyNotWelcome(sqlState: string): string {
  switch (sqlState) {
    case '28P01':
      return 'account or password is wrong.'
    case '28000':
      return 'the account may not log in from here (see pg_hba.conf of the target, or its TLS mode).'
    case '3D000':
      return 'the database does not exist.'
    case '42501':
      return 'the account may not connect to the database.'
    case '53300':
      return 'it has no free connections at the moment.'
    case '57P03':
      return 'it is starting up or shutting down.'
    case '22023':
    case '42704':
      return 'it does not accept a setting that was given when connecting.'
    default:
      return `it answered with error ${sqlState}.`
  }
}
