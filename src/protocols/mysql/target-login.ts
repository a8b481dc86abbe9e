// How the gateway reaches a MySQL or MariaDB target and logs in to it with the account it keeps for it: one call,
// `logInToTarget`, since the target speaks first and TLS begins in the middle of its handshake.

import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import type { ProtocolContext } from '../protocol.ts'
import { StreamEnded, within } from '../read-exactly.ts'
import { type Account, connectSocket, loginFailed, startTls, unreachable } from '../target-connection.ts'
import type { Capabilities } from './capabilities.ts'
import { asked, has, indispensable, missing } from './capabilities.ts'
import type { Ok } from './codec.ts'
import { Exchange } from './exchange.ts'
import {
  decodeGreeting,
  encodeHandshakeResponse,
  encodeTlsRequest,
  type Greeting,
  nonceBytes,
} from './handshake.ts'
import { methodFor, Prover, readFromTarget } from './target-proofs.ts'

/** What a session at the target begins with. */
export interface TargetWishes {
  /** Agreed on with the client (`OpenedClient.capabilities`). */
  readonly capabilities: Capabilities
  /** Empty: the target's own (`Target.database`), which may be empty too. */
  readonly database: string
  /** Number of a character set and collation (`OpenedClient.characterSet`). */
  readonly characterSet: number
  /** The client's name for its program; empty if none. */
  readonly program: string
}

/** A session at the target, ready for commands. */
export interface TargetSession {
  readonly stream: Duplex
  readonly greeting: Greeting
  /** What this session and its results count on. */
  readonly capabilities: Capabilities
  /** Status bits after the login. */
  readonly status: number
  /** What the target said when it let us in: changes of the session are in it. */
  readonly ok: Ok
}

/** What a target may be told of how long packets are that we take. */
const maxPacketBytes = 1024 * 1024 * 1024

/**
 * Connects, protects the connection as the target asks for, and logs in.
 * @param dial  opens the way if something stands in front of the target
 * @throws GatewayError `target.unreachable | target.login-failed`
 */
export async function logInToTarget(
  target: Omit<Target, 'id' | 'listenPort'>,
  password: Secret,
  wishes: TargetWishes,
  limits: Limits,
  dial?: ProtocolContext['dial'],
): Promise<TargetSession> {
  const stream = (await dial?.(target)) ?? (await connectSocket(target, limits))
  // It must never be without a listener.
  stream.on('error', () => undefined)
  try {
    return await within(
      logIn(new Exchange(stream), target, password, wishes, limits),
      limits.targetConnectTimeoutMs,
      stream,
      () => unreachable('it did not finish the login in time. Is this a MySQL or MariaDB server?'),
    )
  } catch (error) {
    stream.destroy()
    if (error instanceof GatewayError && error.code.startsWith('target.')) throw error
    if (error instanceof StreamEnded) throw unreachable('it closed the connection during the login.', error)
    throw loginFailed('it sent something that was not understood. Is this a MySQL or MariaDB server?', error)
  }
}

async function logIn(
  exchange: Exchange,
  account: Account,
  password: Secret,
  wishes: TargetWishes,
  limits: Limits,
): Promise<TargetSession> {
  const greeting = decodeGreeting(await readFromTarget(exchange))
  checkGreeting(greeting, wishes)
  const database = wishes.database || account.database
  const capabilities = asked(greeting.capabilities, wishes.capabilities, database !== '')
  const { characterSet } = wishes
  await protect(exchange, account, greeting, { capabilities, maxPacketBytes, characterSet })
  const method = methodFor(greeting.plugin)
  const prover = new Prover(exchange, account, password)
  exchange.write(
    encodeHandshakeResponse({
      capabilities,
      maxPacketBytes,
      characterSet,
      user: account.account,
      proof: prover.prove(method, greeting.nonce),
      database,
      plugin: method,
      attributes: new Map([
        ['_client_name', 'sekisho'],
        ['program_name', wishes.program.slice(0, limits.strangerCharsMax)],
      ]),
    }),
  )
  const ok = await prover.finish(capabilities)
  return { stream: exchange.stream, greeting, capabilities, status: ok.status, ok }
}

function checkGreeting({ capabilities, nonce }: Greeting, wishes: TargetWishes): void {
  if ((capabilities & indispensable) !== indispensable || nonce.length < nonceBytes)
    throw loginFailed('it is too old: it cannot do what every server since MySQL 4.1 can.')
  if (missing(capabilities, wishes.capabilities) !== 0n)
    throw loginFailed('it can do less than it could before, as after a change of its version. Connect again.')
}

async function protect(
  exchange: Exchange,
  account: Account,
  greeting: Greeting,
  head: Parameters<typeof encodeTlsRequest>[0],
): Promise<void> {
  if (account.tls === 'disable') return
  if (!has(greeting.capabilities, 'ssl')) {
    if (account.tls === 'prefer') return
    throw unreachable(`it does not offer TLS, and the TLS mode is "${account.tls}".`)
  }
  // Somebody in between may have put them there, to be taken for encrypted ones later.
  if (exchange.stream.readableLength > 0) throw unreachable('it sent bytes before TLS began.')
  exchange.write(encodeTlsRequest(head))
  exchange.moveTo(await startTls(exchange.stream, account))
}
