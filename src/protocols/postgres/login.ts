// How a client opens a connection and proves who it is.

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { TLSSocket } from 'node:tls'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import { ByteReader, MalformedBytes } from '../../wire/byte-reader.ts'
import type { FindVerifiers } from '../protocol.ts'
import { readExactly } from '../read-exactly.ts'
import type { Opening } from './codec.ts'
import {
  authentication,
  decodeOpening,
  encodeAuthentication,
  encodeNegotiateProtocolVersion,
  fromClient,
} from './codec.ts'
import { readPacket } from './packets.ts'
import { challenge, checkProof, ScramError, scramMechanism } from './scram.ts'

/** First byte of a TLS handshake: a client that does not ask first (`sslnegotiation=direct`). */
const tlsHandshake = 0x16

/** How the client opened, and the stream to go on with: TLS if it asked for it. */
export type Opened =
  | {
      readonly kind: 'startup'
      readonly stream: Duplex
      readonly parameters: ReadonlyMap<string, string>
    }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: Buffer }

/**
 * Carries the client to its startup packet, through TLS if it wants that.
 * @param clientTls  missing: TLS is not offered, as by a server that has none
 * @param onStream  called with every stream that takes the place of the one before
 * @throws GatewayError, StreamEnded, MalformedBytes
 */
export async function openClient(
  client: Duplex,
  limits: Limits,
  clientTls: (() => SecureContext) | undefined,
  onStream: (stream: Duplex) => void,
): Promise<Opened> {
  let stream = client
  for (let requests = 0; requests < 3; requests++) {
    const opening = await readOpening(stream, limits.startupBytesMax)
    if (opening.kind === 'tls' && clientTls === undefined) stream.write('N')
    else if (opening.kind === 'direct-tls' || opening.kind === 'tls') {
      if (clientTls === undefined) throw new GatewayError('protocol.violation', 'TLS is not offered here.')
      if (stream !== client) throw new GatewayError('protocol.violation', 'TLS inside of TLS.')
      stream = secure(client, opening.kind, clientTls())
      onStream(stream)
    } else if (opening.kind === 'gss') stream.write('N')
    else if (opening.kind === 'cancel') return opening
    else if (opening.kind === 'startup') {
      negotiateVersion(stream, opening.minorVersion, opening.parameters)
      return { kind: 'startup', stream, parameters: opening.parameters }
    } else
      throw new GatewayError('protocol.violation', 'this port speaks the PostgreSQL protocol, version 3.0.')
  }
  throw new GatewayError('protocol.violation', 'too many requests before the startup packet.')
}

async function readOpening(
  stream: Duplex,
  bytesMax: number,
): Promise<Opening | { readonly kind: 'direct-tls' }> {
  const first = await readExactly(stream, 1)
  if (first[0] === tlsHandshake) {
    stream.unshift(first)
    return { kind: 'direct-tls' }
  }
  const length = Buffer.concat([first, await readExactly(stream, 3)]).readInt32BE(0)
  if (length < 8 || length > bytesMax)
    throw new GatewayError(
      'protocol.violation',
      'this port speaks the PostgreSQL protocol; the opening packet has no acceptable length.',
    )
  return decodeOpening(await readExactly(stream, length - 4))
}

function secure(client: Duplex, kind: 'tls' | 'direct-tls', secureContext: SecureContext): TLSSocket {
  if (kind === 'tls') {
    // Bytes behind the request would be taken for encrypted ones later: somebody in between may have put them there.
    if (client.readableLength > 0)
      throw new GatewayError('protocol.violation', 'bytes behind the request for TLS.')
    client.write('S')
  }
  return new TLSSocket(client as Socket, {
    isServer: true,
    secureContext,
    ALPNProtocols: ['postgresql'],
  })
}

function negotiateVersion(
  stream: Duplex,
  minorVersion: number,
  parameters: ReadonlyMap<string, string>,
): void {
  const unknown = [...parameters.keys()].filter(name => name.startsWith('_pq_.'))
  if (minorVersion > 0 || unknown.length > 0) stream.write(encodeNegotiateProtocolVersion(unknown))
}

/** Somebody who proved to hold one of the user's connection tokens. */
export interface LoggedIn {
  readonly user: User
  /** Label of the token. */
  readonly credential: string
  /** To send when the session is ready. */
  readonly proof: Buffer
}

/**
 * Runs SCRAM-SHA-256 with the client. Takes the same way, and ends with the same error, whether the user is unknown, the
 * token is wrong, or the token is not good for this target.
 * @throws GatewayError `token.invalid | protocol.violation`, StreamEnded
 */
export async function logInClient(
  stream: Duplex,
  userName: string,
  target: Target,
  limits: Limits,
  findVerifiers: FindVerifiers,
): Promise<LoggedIn> {
  try {
    stream.write(encodeAuthentication(authentication.sasl, Buffer.from(`${scramMechanism}\0\0`)))
    const candidates = await findVerifiers(userName, target)
    const opening = new ByteReader(await readSaslAnswer(stream, limits))
    if (opening.zeroEnded() !== scramMechanism) throw new ScramError('only SCRAM-SHA-256 was offered')
    const firstSize = opening.int32()
    const first = opening.bytes(firstSize).toString('latin1')
    const started = challenge(first, candidates.salt, candidates.iterations, randomBytes(18))
    stream.write(encodeAuthentication(authentication.saslContinue, Buffer.from(started.serverFirst)))
    const final = await readSaslAnswer(stream, limits)
    const verifiers = candidates.user ? candidates.verifiers : []
    const checked = checkProof(started, final.toString('latin1'), verifiers)
    if (!checked || !candidates.user) throw new GatewayError('token.invalid')
    checked.candidate.used()
    const last = encodeAuthentication(authentication.saslFinal, Buffer.from(checked.serverFinal))
    return {
      user: candidates.user,
      credential: checked.candidate.label,
      proof: Buffer.concat([last, encodeAuthentication(authentication.ok)]),
    }
  } catch (error) {
    if (error instanceof ScramError || error instanceof MalformedBytes)
      throw new GatewayError('protocol.violation', `SCRAM: ${error.message}.`, { cause: error })
    throw error
  }
}

async function readSaslAnswer(stream: Duplex, limits: Limits): Promise<Buffer> {
  const { type, body } = await readPacket(stream, limits.startupBytesMax)
  if (type !== fromClient.password)
    throw new GatewayError('protocol.violation', 'an answer to the request for a proof was expected.')
  return body
}
