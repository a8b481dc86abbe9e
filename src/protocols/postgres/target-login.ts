// How the gateway reaches a target and logs in to it with the account it keeps for it.

import { createHash, randomBytes } from 'node:crypto'
import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import { ByteReader } from '../../wire/byte-reader.ts'
import { readExactly, StreamEnded, within } from '../read-exactly.ts'
import { connectReading } from '../target-reading.ts'
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

/** What it takes to reach a target. */
export type Address = Pick<Target, 'host' | 'port' | 'tls' | 'tlsCa'>
/** What it takes to log in. */
export type Account = Address & Pick<Target, 'database' | 'account'>

const unreachable = (detail: string, cause?: unknown) =>
  new GatewayError('target.unreachable', detail, { cause })
const loginFailed = (detail: string, cause?: unknown) =>
  new GatewayError('target.login-failed', detail, { cause })

/**
 * Connects, and protects the connection as the target asks for.
 * @throws GatewayError `target.unreachable`
 */
export async function dial(address: Address, limits: Limits): Promise<Duplex> {
  const socket = await connectSocket(address, limits.targetConnectTimeoutMs)
  try {
    return await within(protect(socket, address), limits.targetConnectTimeoutMs, socket, () =>
      unreachable('it accepted the connection but did not answer in time.'),
    )
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function connectSocket(address: Address, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectReading(onread =>
      connectTcp({
        host: address.host,
        port: address.port,
        onread,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 60_000,
      }),
    )
    const timer = setTimeout(() => {
      socket.destroy()
      reject(unreachable('no answer in time. Check host, port and firewall.'))
    }, timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    // Stays for the whole life of the socket: an error of it must never be without a listener.
    socket.on('error', error => {
      clearTimeout(timer)
      reject(unreachable(whyNoConnection(error), error))
    })
  })
}

function whyNoConnection(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known. Check the host.'
    case 'ECONNREFUSED':
      return 'nothing listens on this port. Check port and whether the server runs.'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to this host from here.'
    default:
      return `the connection failed (${error.code ?? 'unknown reason'}).`
  }
}

async function protect(socket: Socket, address: Address): Promise<Duplex> {
  if (address.tls === 'disable') return socket
  socket.write(encodeTlsRequest())
  const [answer] = await readExactly(socket, 1).catch((error: unknown) => {
    throw unreachable('it closed the connection at once. Is this a PostgreSQL server?', error)
  })
  if (socket.readableLength > 0) throw unreachable('it sent bytes before TLS began.')
  if (answer === 0x53) return startTls(socket, address)
  if (answer !== 0x4e) throw unreachable('it does not speak the PostgreSQL protocol.')
  if (address.tls === 'prefer') return socket
  throw unreachable(`it does not offer TLS, and the TLS mode is "${address.tls}".`)
}

function startTls(socket: Socket, address: Address): Promise<TLSSocket> {
  const verifies = address.tls === 'verify-full'
  return new Promise((resolve, reject) => {
    const stream = connectTls({
      socket,
      host: address.host,
      ...(isIP(address.host) ? {} : { servername: address.host }),
      ...(address.tlsCa === undefined ? {} : { ca: address.tlsCa }),
      // As libpq: `require` with certificates of one's own checks the chain, only `verify-full` also the name.
      rejectUnauthorized: verifies || (address.tls === 'require' && address.tlsCa !== undefined),
      checkServerIdentity: verifies
        ? (_, certificate) => checkServerIdentity(address.host, certificate)
        : () => undefined,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['postgresql'],
    })
    stream.once('secureConnect', () => resolve(stream))
    stream.on('error', error => reject(unreachable(whyNoTls(error), error)))
    stream.on('close', () => reject(unreachable('it closed the connection while TLS began.')))
  })
}

function whyNoTls(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another host name.'
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired.'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'its certificate is not signed by an authority that is trusted here. Give its CA certificate.'
    default:
      return `TLS failed (${error.code ?? 'unknown reason'}).`
  }
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
