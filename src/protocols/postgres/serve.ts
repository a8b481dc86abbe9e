// One client from its first byte to its last: who is it, may it, to the target, talk, goodbye.

import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import type { ClientFacts } from '../../core/session.ts'
import type { Target } from '../../core/target.ts'
import type { Visit } from '../../gate/gate.ts'
import { MalformedBytes } from '../../wire/byte-reader.ts'
import { closeStream } from '../closing.ts'
import type { ClientEntry, ProtocolContext } from '../protocol.ts'
import { StreamEnded, within } from '../read-exactly.ts'
import { beginVisit } from './begin-visit.ts'
import type { ClientKey } from './cancel.ts'
import { cancel, cancelAtTarget, issueKey } from './cancel.ts'
import {
  authentication,
  encodeAuthentication,
  encodeBackendKeyData,
  encodeParameterStatus,
  encodeReadyForQuery,
} from './codec.ts'
import type { LoggedIn } from './login.ts'
import { logInClient, openClient } from './login.ts'
import { meansWhatItSays, parseSettings } from './parameters.ts'
import { encodeFatal, encodeWrongDatabase } from './refuse.ts'
import type { Farewell } from './relay.ts'
import { relay } from './relay.ts'
import type { TargetWelcome } from './target-login.ts'
import { dial, logInToTarget } from './target-login.ts'

/** What is known of a client so far, for the record if it is turned away. */
interface Visitor {
  /** Its stream; the one inside of TLS once there is TLS. */
  stream: Duplex
  userName: string
  program: string
  /** Once the gate has let it in. */
  visit: Visit | undefined
}

/** Carries one client to its end. Resolves when both sides are closed; never rejects. */
export async function serve(
  client: Duplex,
  entry: ClientEntry,
  target: Target,
  context: ProtocolContext,
): Promise<void> {
  const visitor: Visitor = { stream: client, userName: '', program: '', visit: undefined }
  const ignore = () => undefined
  client.on('error', ignore)
  if (client instanceof Socket) client.setNoDelay(true).setKeepAlive(true, 60_000)
  try {
    const known = await within(
      identify(visitor, entry, target, context),
      context.limits.loginTimeoutMs,
      client,
      () => new GatewayError('limit.exceeded', 'the login took too long.'),
    )
    context.identified?.()
    if (known) await visitTarget(visitor, known, entry, target, context)
  } catch (error) {
    turnAway(visitor, entry, target, context, error)
  }
  await closeStream(visitor.stream)
  client.destroy()
}

/** Somebody who is known, and what they asked for. */
interface Known extends LoggedIn {
  readonly parameters: ReadonlyMap<string, string>
}

/** @returns `undefined` for a cancel request, which is done then */
async function identify(
  visitor: Visitor,
  entry: ClientEntry,
  target: Target,
  context: ProtocolContext,
): Promise<Known | undefined> {
  // Around a stream of the tunnel there is TLS already: another one inside would only cost.
  const clientTls = entry.kind === 'tunnel' ? undefined : context.clientTls
  const opened = await openClient(visitor.stream, context.limits, clientTls, stream => {
    stream.on('error', () => undefined)
    visitor.stream = stream
  })
  if (opened.kind === 'cancel') {
    await cancel(target.id, opened.processId, opened.secret, context.limits)
    return undefined
  }
  const { parameters } = opened
  visitor.program = parameters.get('application_name') ?? ''
  if (entry.kind !== 'network') {
    visitor.userName = entry.user.name
    return {
      user: entry.user,
      credential: entry.kind === 'tunnel' ? entry.credential : 'console',
      proof: encodeAuthentication(authentication.ok),
      parameters,
    }
  }
  visitor.userName = parameters.get('user') ?? ''
  if (visitor.userName === '')
    throw new GatewayError('protocol.violation', 'no user name in the startup packet.')
  const { stream, userName } = visitor
  const loggedIn = await logInClient(stream, userName, target, context.limits, context.findVerifiers)
  return { ...loggedIn, parameters }
}

async function visitTarget(
  visitor: Visitor,
  known: Known,
  entry: ClientEntry,
  target: Target,
  context: ProtocolContext,
): Promise<void> {
  const { stream, program } = visitor
  const { gate, limits } = context
  checkDatabase(known, target)
  const settings = parseSettings(known.parameters)
  const facts: ClientFacts = { address: addressOf(entry), program, credential: known.credential }
  const visit = await gate.enter(known.user, target, facts, companionOf(entry))
  visitor.visit = visit
  let farewell: Farewell = { reason: 'not begun', error: undefined, traffic: noTraffic }
  let targetStream: Duplex | undefined
  let key: ClientKey | undefined
  try {
    const beginning = await beginVisit(visit, settings)
    const password = await context.targetPassword(target)
    targetStream = await dial(target, limits, context.dial)
    const welcome = await logInToTarget(targetStream, target, password, beginning.parameters, limits)
    if (!meansWhatItSays(welcome.settings))
      throw new GatewayError(
        'target.login-failed',
        'it does not keep to client_encoding UTF8 and standard_conforming_strings on.',
      )
    const reach = (): Promise<Duplex> => dial(target, limits, context.dial)
    key = welcome.key && issueKey(target.id, reach, welcome.key)
    stream.write(greeting(known.proof, welcome, key))
    const state = beginning.began()
    const targetKey = welcome.key
    const stopAtTarget = async () => {
      if (targetKey === undefined) return
      await cancelAtTarget({ reach, key: targetKey }, limits).catch((error: unknown) =>
        context.log.warn({ target: target.name, err: error }, 'a statement could not be stopped'),
      )
    }
    const { processId } = targetKey ?? {}
    farewell = await relay(stream, targetStream, visit, state, limits, systemClock, processId, stopAtTarget)
  } finally {
    key?.withdraw()
    visit.leave(farewell.reason, farewell.traffic)
    if (targetStream) await closeStream(targetStream)
  }
  if (farewell.error !== undefined) logProblem(farewell.error, visitor, target, context)
}

const noTraffic = { bytesFromClient: 0, bytesToClient: 0 }

const companionOf = (entry: ClientEntry) => (entry.kind === 'console' ? entry.companion : undefined)

/** The address that the record shows. */
const addressOf = (entry: ClientEntry): string => (entry.kind === 'console' ? 'console' : entry.address)

/** A target is one database; who does not say which one, or names it after themselves as libpq does, means that one. */
function checkDatabase({ parameters, user }: Known, target: Target): void {
  const asked = parameters.get('database') ?? ''
  const own = parameters.get('user') ?? user.name
  if (asked === '' || asked === own || asked === target.database) return
  throw new WrongDatabase(target.database)
}

/** Has a code of its own at PostgreSQL, which clients look at. */
class WrongDatabase extends GatewayError {
  readonly database: string

  constructor(database: string) {
    super('protocol.unsupported', 'This database is not behind this port.')
    this.database = database
  }
}

function greeting(proof: Buffer, welcome: TargetWelcome, key: ClientKey | undefined): Buffer {
  const parts = [proof]
  for (const [name, value] of welcome.settings) parts.push(encodeParameterStatus(name, value))
  if (key) parts.push(encodeBackendKeyData(key.processId, key.secret))
  parts.push(encodeReadyForQuery('I'))
  return Buffer.concat(parts)
}

/** The client learns why, in its own protocol; the record and the log too. */
function turnAway(
  visitor: Visitor,
  entry: ClientEntry,
  target: Target,
  context: ProtocolContext,
  error: unknown,
): void {
  const { stream, userName, program } = visitor
  // Who leaves before saying anything is a port check, not a visitor.
  if (error instanceof StreamEnded && userName === '') return
  const told = logProblem(error, visitor, target, context)
  if (!visitor.visit)
    context.gate.turnedAway({ userName, address: addressOf(entry), program, targetName: target.name }, told)
  if (!stream.writable) return
  if (error instanceof WrongDatabase) stream.write(encodeWrongDatabase(error.database))
  else stream.write(encodeFatal(told))
}

/** @returns what may be told of it */
function logProblem(
  problem: unknown,
  { userName, program }: Visitor,
  target: Target,
  { log }: ProtocolContext,
): GatewayError {
  const facts = { target: target.name, user: userName, program }
  const error =
    problem instanceof MalformedBytes
      ? new GatewayError('protocol.violation', `${problem.message}.`, { cause: problem })
      : problem
  if (error instanceof GatewayError && error.code !== 'internal') {
    log.warn({ ...facts, code: error.code, detail: error.detail }, 'a session was ended')
    return error
  }
  if (error instanceof StreamEnded) {
    log.info(facts, 'a client went away during the login')
    return new GatewayError('protocol.violation', 'the login was not finished.', { cause: error })
  }
  const number = randomUUID()
  log.error({ ...facts, number, err: error }, 'a session failed')
  return new GatewayError('internal', number, { cause: error })
}
