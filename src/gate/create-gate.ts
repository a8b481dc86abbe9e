// Makes the gate: keeps who is inside, what is in force for each, and ends visits that may not go on.

import { GatewayError } from '../core/errors.ts'
import type { AuditEvent } from '../core/event.ts'
import type { EventId, NewId, SessionId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { ClientFacts, Session } from '../core/session.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { AuditStrength, Limit } from '../core/verdict.ts'
import type { PolicySet } from '../policy/policy.ts'
import type { ApprovalBook } from './approval-book.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Draft, Companion, Gate, Visit } from './gate.ts'
import type { JudgeParts } from './judge.ts'
import type { Meter } from './meter.ts'
import type { RecordTrail } from './record-trail.ts'
import type { RuleSet } from './rules.ts'
import type { GateEvent, GateWatcher, GateWindow, OpenSession } from './running.ts'
import { Rehearsal } from './try-out.ts'
import type { Snapshots } from './snapshots.ts'
import type { Usage } from './usage.ts'
import { mayConnect, Views, type ViewsParts } from './views.ts'
import { OpenVisit } from './visit.ts'
import type { VisitParts } from './visit-parts.ts'

export interface GateParts extends ViewsParts {
  /** The policies in force, at the moment of asking. */
  readonly policies: () => PolicySet
  readonly trail: RecordTrail
  readonly messages: Messages
  readonly newId: NewId
  readonly meter: Meter
  /** The least strength of every record, whatever policies say. */
  readonly strengthAtLeast: AuditStrength
  /** Calls back once after a time; the returned function takes it back. */
  readonly after: (ms: number, call: () => void) => () => void
  /** Who is asked where policies want an approval; missing: such statements are refused. */
  readonly approvals?: ApprovalBook | undefined
  /** Counts for limits by the day; missing: they do not hold. */
  readonly usage?: Usage | undefined
  /** The query rules in force, at the moment of asking. */
  readonly rules?: () => RuleSet
  /** Keeps rows that change, where targets have that; missing: it cannot be done. */
  readonly snapshots?: Snapshots | undefined
  /** Zone of `context.localHour` and `context.localWeekday`. */
  readonly timeZone?: string
}

export function createGate(parts: GateParts): Gate & GateWindow {
  return new OpenGate(parts)
}

class OpenGate implements Gate, GateWindow {
  readonly #parts: GateParts
  readonly #visits = new Set<OpenVisit>()
  readonly #views: Views
  readonly #visitParts: VisitParts
  /** Tokens revoked of late: somebody may just be on the way in with one. */
  readonly #revoked: BoundedCache<string, true>
  readonly #watchers = new Set<GateWatcher>()
  #draining = false
  #drained: (() => void) | undefined

  constructor(parts: GateParts) {
    this.#parts = parts
    this.#views = new Views(parts)
    this.#revoked = new BoundedCache(parts.limits.readingCacheMax)
    const { clock, newId, limits, meter, trail, strengthAtLeast, approvals, usage, snapshots, after } = parts
    const judging: JudgeParts = {
      limits,
      strengthAtLeast,
      plans: new BoundedCache(limits.readingCacheMax),
    }
    this.#visitParts = {
      judging,
      trail,
      clock,
      newId,
      limits,
      meter,
      approvals,
      usage,
      snapshots,
      after,
      currentView: (session, last) => this.#views.current(session, last),
      freshView: session => this.#views.fresh(session),
      outdateSchema: session => parts.targets.outdateSchema(session.target.id),
      mayLookAgain: session => this.#views.mayLookAgain(session),
      idle: visit => {
        if (this.#draining) visit.cut(new GatewayError('server.draining'))
      },
      left: visit => this.#forget(visit),
      isWatched: () => this.#watchers.size > 0,
      tell: event => this.#tell(event),
    }
    for (const topic of ['policies', 'rules', 'users', 'targets', 'tags'] as const) {
      parts.messages.subscribe(topic, () => {
        this.#views.changes += 1
        this.recheck()
      })
    }
    parts.messages.subscribe('tokens', token => {
      this.#revoked.set(token, true)
      this.#cutWhere(session => session.client.credential === token, tokenRevoked)
    })
    parts.messages.subscribe('sessions', id =>
      this.#cutWhere(session => session.id === id, 'it was ended in the console'),
    )
    parts.messages.subscribe('interrupts', id => {
      for (const visit of this.#visits) if (visit.session.id === id) visit.interrupt(stoppedInConsole())
    })
  }

  async enter(user: User, target: Target, client: ClientFacts, companion?: Companion): Promise<Visit> {
    const { clock, newId, meter } = this.#parts
    if (this.#draining) throw new GatewayError('server.draining')
    this.#limitSessions(user)
    const session: Session = { id: newId<SessionId>(), user, target, client, startedAtMs: clock.nowMs() }
    const view = await this.#views.fresh(session)
    const { decidedBy, guards } = mayConnect(view.policies, view.asker)
    this.#limitSessionsHere(session, guards.maxSessions)
    await this.#recorded({
      kind: 'session.opened',
      id: newId<EventId>(),
      atMs: clock.nowMs(),
      sessionId: session.id,
      userId: user.id,
      userName: user.name,
      targetId: target.id,
      targetName: target.name,
      ...client,
      decidedBy,
    })
    this.#limitSessions(user)
    this.#limitSessionsHere(session, guards.maxSessions)
    const visit = new OpenVisit(session, view, this.#visitParts, companion)
    this.#visits.add(visit)
    meter.visits(this.#visits.size)
    this.#tell({ kind: 'opened', session })
    // What changed on the way in was told to those inside only.
    if (this.#revoked.get(client.credential)) visit.cut(new GatewayError('session.ended', tokenRevoked))
    if (this.#draining) visit.cut(new GatewayError('server.draining'))
    if (view.changes !== this.#views.changes) this.#recheckOne(visit)
    return visit
  }

  turnedAway(
    who: {
      readonly userName: string
      readonly address: string
      readonly program: string
      readonly targetName: string
    },
    error: GatewayError,
  ): void {
    const { clock, newId, trail, limits } = this.#parts
    // Anybody may knock, under any name: what they call themselves must not fill the record.
    const shortened = (text: string): string => text.slice(0, limits.strangerCharsMax)
    trail.append({
      kind: 'session.refused',
      id: newId<EventId>(),
      atMs: clock.nowMs(),
      actor: { userId: undefined, userName: shortened(who.userName), address: who.address },
      targetName: who.targetName,
      program: shortened(who.program),
      code: error.code,
    })
  }

  visits(): readonly Session[] {
    return [...this.#visits].map(visit => visit.session).reverse()
  }

  sessions(): readonly OpenSession[] {
    return [...this.#visits].map(visit => visit.describe()).reverse()
  }

  watch(watcher: GateWatcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  async rehearse(user: User, target: Target, draft: Draft = {}): Promise<Rehearsal> {
    return new Rehearsal(this.#visitParts.judging, await this.#views.rehearsed(user, target, draft))
  }

  recheck(): void {
    for (const visit of this.#visits) this.#recheckOne(visit)
  }

  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true
    const stopping = new GatewayError('server.draining')
    for (const visit of this.#visits) if (!visit.isBusy) visit.cut(stopping)
    if (this.#visits.size === 0) return
    await new Promise<void>(resolve => {
      const takeBack = this.#parts.after(timeoutMs, () => {
        for (const visit of this.#visits) visit.cut(stopping)
        resolve()
      })
      this.#drained = () => {
        takeBack()
        resolve()
      }
    })
  }

  #recheckOne(visit: OpenVisit): void {
    this.#views.fresh(visit.session).catch((error: unknown) => {
      // An unreachable target is no reason to end a visit: its statements are refused while nothing is known.
      const isOver = error instanceof GatewayError && visitOver.has(error.code)
      if (isOver) visit.cut(error)
    })
  }

  #limitSessions(user: User): void {
    const max = this.#parts.limits.sessionsPerUserMax
    let open = 0
    for (const visit of this.#visits) if (visit.session.user.id === user.id) open += 1
    if (open >= max)
      throw new GatewayError('limit.exceeded', `${max} sessions of one user are open. Close some first.`)
  }

  #limitSessionsHere({ user, target }: Session, limit: Limit | undefined): void {
    if (limit === undefined) return
    let open = 0
    for (const { session } of this.#visits)
      if (session.user.id === user.id && session.target.id === target.id) open += 1
    if (open < limit.value) return
    throw new GatewayError(
      'limit.exceeded',
      `${open} of your sessions at this target are open, and the policy “${limit.policy.name}” permits no more. Close one first.`,
    )
  }

  #recorded(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parts.trail.record([event], error => {
        if (error === undefined) resolve()
        else reject(new GatewayError('audit.unavailable', '', { cause: error }))
      })
    })
  }

  #cutWhere(applies: (session: Session) => boolean, reason: string): void {
    for (const visit of this.#visits)
      if (applies(visit.session)) visit.cut(new GatewayError('session.ended', reason))
  }

  #tell(event: GateEvent): void {
    for (const watcher of this.#watchers) watcher(event)
  }

  #forget(visit: OpenVisit): void {
    this.#visits.delete(visit)
    this.#tell({ kind: 'closed', session: visit.session })
    this.#parts.meter.visits(this.#visits.size)
    if (this.#visits.size === 0) this.#drained?.()
  }
}

const tokenRevoked = 'the connection token was revoked or has expired'

const stoppedInConsole = () => new GatewayError('statement.stopped', 'it was stopped in the console')

/** Codes that mean that a visit may not go on. */
const visitOver = new Set<GatewayError['code']>(['connect.denied', 'session.ended'])
