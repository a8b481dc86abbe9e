// One client from its first byte to its last: who is it, may it, to the target, talk, goodbye.

import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import type { ClientFacts } from '../../core/session.ts'
import type { Target } from '../../core/target.ts'
import type { Visit } from '../../gate/gate.ts'
import { mysqlState, withFacts } from '../../sql/mysql/state.ts'
import { MalformedBytes } from '../../wire/byte-reader.ts'
import { closeStream } from '../closing.ts'
import type { ClientEntry, ProtocolContext } from '../protocol.ts'
import { StreamEnded, within } from '../read-exactly.ts'
import { beginVisit } from './begin-visit.ts'
import { changeUserOf } from './change-user.ts'
import { encodeError, encodeOk } from './codec.ts'
import type { ReadState } from './conversation.ts'
import { Exchange } from './exchange.ts'
import { killsOf, register, reserveNumber } from './kill.ts'
import { stopAtTarget } from './kill-at-target.ts'
import type { LoggedIn, OpenedClient } from './login.ts'
import { logInClient, openClient } from './login.ts'
import { wordError } from './refuse.ts'
import type { Farewell } from './relay.ts'
import { relay } from './relay.ts'
import { safeCollation } from './session-charset.ts'
import { isMariadb, ownVersion, TargetFaces } from './target-faces.ts'
import type { TargetSession } from './target-login.ts'
import { logInToTarget } from './target-login.ts'

/** What is known of a client so far, for the record if it is turned away. */
interface Visitor {
  readonly exchange: Exchange
  readonly entry: ClientEntry
  /** What it calls this connection. */
  readonly number: number
  /** Once it has said who it claims to be. */
  opened: OpenedClient | undefined
  /** Once the gate has let it in. */
  visit: Visit | undefined
  /** The login is over: the relay tells what there is to tell. */
  welcomed: boolean
}

const faces = new TargetFaces()

/** Carries one client to its end. Resolves when both sides are closed; never rejects. */
export async function serve(
  client: Duplex,
  entry: ClientEntry,
  target: Target,
  context: ProtocolContext,
): Promise<void> {
  const reserved = reserveNumber()
  const number = reserved.id
  const exchange = new Exchange(client)
  const visitor: Visitor = { exchange, entry, number, opened: undefined, visit: undefined, welcomed: false }
  const ignore = () => undefined
  client.on('error', ignore)
  if (client instanceof Socket) client.setNoDelay(true).setKeepAlive(true, 60_000)
  try {
    const known = await within(
      identify(visitor, target, context),
      context.limits.loginTimeoutMs,
      client,
      () => new GatewayError('limit.exceeded', 'the login took too long.'),
    )
    context.identified?.()
    await visitTarget(visitor, known, target, context)
  } catch (error) {
    turnAway(visitor, target, context, error)
  }
  reserved.withdraw()
  // In memory nobody says goodbye in return.
  if (entry.kind === 'console') exchange.stream.end(() => client.destroy())
  else await closeStream(exchange.stream)
  if (entry.kind !== 'console') client.destroy()
}

/** Somebody who is known, and what they asked for. */
interface Known extends LoggedIn {
  readonly opened: OpenedClient
}

async function identify(visitor: Visitor, target: Target, context: ProtocolContext): Promise<Known> {
  const { exchange, entry } = visitor
  const { limits, clientTls, findVerifiers } = context
  const face = await faces.of(target, () => context.targetPassword(target), limits, context.dial)
  const opened = await openClient(exchange, entry, face, visitor.number, limits, clientTls, stream => {
    stream.on('error', () => undefined)
  })
  visitor.opened = opened
  if (entry.kind === 'network' && opened.userName === '')
    throw new GatewayError('protocol.violation', 'no user name in the login.')
  return { ...(await logInClient(exchange, opened, entry, target, limits, findVerifiers)), opened }
}

async function visitTarget(
  visitor: Visitor,
  known: Known,
  target: Target,
  context: ProtocolContext,
): Promise<void> {
  const { opened } = known
  const { gate, limits } = context
  const facts: ClientFacts = {
    address: addressOf(visitor.entry),
    program: opened.program,
    credential: known.credential,
  }
  const visit = await gate.enter(known.user, target, facts, companionOf(visitor.entry))
  visitor.visit = visit
  let farewell: Farewell = { reason: 'not begun', error: undefined, traffic: noTraffic }
  let session: TargetSession | undefined
  try {
    const beginning = await beginVisit(visit, opened.database, target)
    const password = await context.targetPassword(target)
    session = await logInToTarget(
      target,
      password,
      {
        capabilities: opened.capabilities,
        database: opened.database,
        characterSet: safeCollation(opened.characterSet),
        program: opened.program,
      },
      limits,
      context.dial,
    ).catch((error: unknown) => {
      // Perhaps it is not what it was: the next client is greeted anew.
      faces.forget(target)
      throw error
    })
    faces.remember(target, session.greeting)
    beginning.began()
    visitor.exchange.write(encodeOk({ status: session.status }, opened.capabilities))
    visitor.welcomed = true
    farewell = await talk(visitor, known, session, visit, target, context)
  } finally {
    visit.leave(farewell.reason, farewell.traffic)
    if (session) await closeStream(session.stream)
  }
  if (farewell.error !== undefined) logProblem(farewell.error, visitor, target, context)
}

function talk(
  visitor: Visitor,
  { opened }: Known,
  session: TargetSession,
  visit: Visit,
  target: Target,
  context: ProtocolContext,
): Promise<Farewell> {
  const { limits } = context
  const threadId = session.greeting.connectionId
  const userId = visit.session.user.id
  return relay(visitor.exchange.stream, session.stream, {
    visit,
    limits,
    capabilities: opened.capabilities,
    readState: stateReader(visit, session),
    stopAtTarget: kind => stopAtTarget(target, context, visit.passage, threadId, kind),
    kills: killsOf(userId, target.id),
    killable: stop => register(visitor.number, { userId, targetId: target.id, threadId, stop }),
    changeUser: changeUserOf(visitor.entry, opened, visit, target, context),
  })
}

/** The first answer of the target begins the state; later ones change it. */
function stateReader(visit: Visit, { greeting }: TargetSession): ReadState {
  const server = {
    product: isMariadb(greeting) ? 'mariadb' : 'mysql',
    version: ownVersion(greeting.version),
  } as const
  return (before, facts) =>
    before === visit.initialState ? mysqlState({ ...server, ...facts }) : withFacts(before, facts)
}

const noTraffic = { bytesFromClient: 0, bytesToClient: 0 }

const companionOf = (entry: ClientEntry) => (entry.kind === 'console' ? entry.companion : undefined)

/** The address that the record shows. */
const addressOf = (entry: ClientEntry): string => (entry.kind === 'console' ? 'console' : entry.address)

const nameOf = ({ entry, opened }: Visitor): string =>
  entry.kind === 'network' ? (opened?.userName ?? '') : entry.user.name

/** The client learns why, in its own protocol; the record and the log too. */
function turnAway(visitor: Visitor, target: Target, context: ProtocolContext, error: unknown): void {
  const { exchange, entry, opened, visit } = visitor
  // Who leaves before saying anything is a port check, not a visitor.
  if (error instanceof StreamEnded && !opened) return
  const told = logProblem(error, visitor, target, context)
  if (!visit) {
    const program = opened?.program ?? ''
    const who = { userName: nameOf(visitor), address: addressOf(entry), program, targetName: target.name }
    context.gate.turnedAway(who, told)
  }
  if (visitor.welcomed || !exchange.stream.writable) return
  exchange.write(encodeError(wordError(told), opened !== undefined))
}

/** @returns what may be told of it */
function logProblem(
  problem: unknown,
  visitor: Visitor,
  target: Target,
  { log }: ProtocolContext,
): GatewayError {
  const facts = { target: target.name, user: nameOf(visitor), program: visitor.opened?.program ?? '' }
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
