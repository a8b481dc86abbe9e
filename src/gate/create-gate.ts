// Makes the gate: keeps who is inside, what is in force for each, and ends visits that may not go on.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { AuditEvent } from '../core/event.ts'
import type { EventId, NewId, SessionId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { ClientFacts, Session } from '../core/session.ts'
import type { Target, TargetProtocol } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Allowed, AuditStrength, Limit } from '../core/verdict.ts'
import type { Asker, PolicySet } from '../policy/policy.ts'
import type { Dialect, SchemaIndex } from '../sql/dialect.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import type { ApprovalBook } from './approval-book.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Gate, Trial, Visit } from './gate.ts'
import type { JudgeParts } from './judge.ts'
import type { Meter } from './meter.ts'
import type { RecordTrail } from './record-trail.ts'
import { noRules, type QueryRule, type RuleSet } from './rules.ts'
import type { PeopleInView, TargetsInView } from './targets-in-view.ts'
import type { GateEvent, GateWatcher, GateWindow, OpenSession } from './running.ts'
import { tryOut } from './try-out.ts'
import type { Usage } from './usage.ts'
import { viewKey, type View } from './view.ts'
import { OpenVisit, type VisitParts } from './visit.ts'

export interface GateParts {
  readonly dialects: Readonly<Record<TargetProtocol, Dialect>>
  /** The policies in force, at the moment of asking. */
  readonly policies: () => PolicySet
  readonly people: PeopleInView
  readonly targets: TargetsInView
  readonly trail: RecordTrail
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
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
  /** Zone of `context.localHour` and `context.localWeekday`. */
  readonly timeZone?: string
}

export function createGate(parts: GateParts): Gate & GateWindow {
  return new OpenGate(parts)
}

class OpenGate implements Gate, GateWindow {
  readonly #parts: GateParts
  readonly #visits = new Set<OpenVisit>()
  readonly #views: BoundedCache<string, View>
  readonly #indexes = new WeakMap<SchemaSnapshot, SchemaIndex>()
  readonly #visitParts: VisitParts
  /** Grows with every change that can matter to a judgement. */
  #changes = 0
  /** When a target's tables were last looked at because of an unknown name. */
  readonly #lookedAgainMs = new Map<Target['id'], number>()
  /** Tokens revoked of late: somebody may just be on the way in with one. */
  readonly #revoked: BoundedCache<string, true>
  readonly #watchers = new Set<GateWatcher>()
  #draining = false
  #drained: (() => void) | undefined

  constructor(parts: GateParts) {
    this.#parts = parts
    this.#views = new BoundedCache(parts.limits.readingCacheMax)
    this.#revoked = new BoundedCache(parts.limits.readingCacheMax)
    const { clock, newId, limits, meter, trail, strengthAtLeast, approvals, usage, after } = parts
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
      after,
      currentView: (session, last) => this.#currentView(session, last),
      freshView: session => this.#freshView(session),
      outdateSchema: session => parts.targets.outdateSchema(session.target.id),
      mayLookAgain: session => this.#mayLookAgain(session),
      idle: visit => {
        if (this.#draining) visit.cut(new GatewayError('server.draining'))
      },
      left: visit => this.#forget(visit),
      isWatched: () => this.#watchers.size > 0,
      tell: event => this.#tell(event),
    }
    for (const topic of ['policies', 'rules', 'users', 'targets', 'tags'] as const) {
      parts.messages.subscribe(topic, () => {
        this.#changes += 1
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

  async enter(user: User, target: Target, client: ClientFacts): Promise<Visit> {
    const { clock, newId, meter } = this.#parts
    if (this.#draining) throw new GatewayError('server.draining')
    this.#limitSessions(user)
    const session: Session = { id: newId<SessionId>(), user, target, client, startedAtMs: clock.nowMs() }
    const view = await this.#freshView(session)
    const { decidedBy, guards } = this.#mayConnect(view.policies, view.asker)
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
    const visit = new OpenVisit(session, view, this.#visitParts)
    this.#visits.add(visit)
    meter.visits(this.#visits.size)
    this.#tell({ kind: 'opened', session })
    // What changed on the way in was told to those inside only.
    if (this.#revoked.get(client.credential)) visit.cut(new GatewayError('session.ended', tokenRevoked))
    if (this.#draining) visit.cut(new GatewayError('server.draining'))
    if (view.changes !== this.#changes) this.#recheckOne(visit)
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

  async tryOut(user: User, target: Target, text: string, rules?: readonly QueryRule[]): Promise<Trial> {
    const { clock, newId } = this.#parts
    const client = { address: 'console', program: '', credential: 'console' }
    const session: Session = { id: newId<SessionId>(), user, target, client, startedAtMs: clock.nowMs() }
    return tryOut(this.#visitParts.judging, await this.#freshView(session), text, rules)
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
    this.#freshView(visit.session).catch((error: unknown) => {
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

  #mayConnect(policies: PolicySet, asker: Asker): Allowed {
    const verdict = policies.judge(asker, { kind: 'connect' })
    if (verdict.kind === 'denied') throw new GatewayError('connect.denied')
    return verdict
  }

  #currentView(session: Session, last: View): View | undefined {
    const { policies, targets, clock, limits } = this.#parts
    if (last.changes !== this.#changes || last.policies !== policies()) return undefined
    if (last.rules !== this.#rules()) return undefined
    if (last.schema.snapshot !== targets.currentSchema(session.target.id)) return undefined
    if (last.policies.volatile && clock.nowMs() - last.takenAtMs > limits.viewAgeMaxMs) return undefined
    return last
  }

  #rules(): RuleSet {
    return this.#parts.rules?.() ?? noRules
  }

  #mayLookAgain({ target }: Session): boolean {
    const { clock, limits } = this.#parts
    const nowMs = clock.nowMs()
    if (nowMs - (this.#lookedAgainMs.get(target.id) ?? 0) < limits.schemaRetryMs) return false
    this.#lookedAgainMs.set(target.id, nowMs)
    return true
  }

  async #freshView(session: Session): Promise<View> {
    const { people, targets, clock } = this.#parts
    // Read before anything is looked at: what changes meanwhile makes the view outdated at once.
    const changes = this.#changes
    const policies = this.#parts.policies()
    const user = await people.find(session.user.id)
    const target = await targets.find(session.target.id)
    if (user === undefined || user.disabled || target === undefined || target.disabled)
      throw new GatewayError('connect.denied')
    // Its statements would be judged by the tables of another place than where they are sent.
    if (hasMoved(session.target, target)) throw new GatewayError('session.ended', 'the target was moved')
    const nowMs = clock.nowMs()
    const { address, program } = session.client
    const timeZone = this.#parts.timeZone ?? 'UTC'
    const rules = this.#rules()
    const asker: Asker = { user, target, context: { nowMs, address, program, timeZone } }
    const { idleTimeoutMs } = this.#mayConnect(policies, asker).guards
    const snapshot = await targets.freshSchema(target.id)
    const dialect = this.#parts.dialects[target.protocol]
    const schema = this.#index(dialect, snapshot)
    const tags = targets.tags(target.id, snapshot)
    const sight = policies.see(asker, tags)
    const key = viewKey(asker, policies, schema, sight, rules)
    const known = policies.volatile ? undefined : this.#views.get(key)
    if (
      known !== undefined &&
      known.policies === policies &&
      known.rules === rules &&
      known.schema === schema
    ) {
      known.changes = Math.max(known.changes, changes)
      return known
    }
    const view: View = {
      key,
      asker,
      dialect,
      policies,
      schema,
      sight,
      tags,
      rules,
      idleTimeoutMs,
      takenAtMs: nowMs,
      changes,
      maskKey: targets.maskKey(target.id),
      judged: new Map(),
    }
    if (!policies.volatile) this.#views.set(key, view)
    return view
  }

  #index(dialect: Dialect, snapshot: SchemaSnapshot): SchemaIndex {
    const known = this.#indexes.get(snapshot)
    if (known !== undefined) return known
    const index = dialect.index(snapshot)
    this.#indexes.set(snapshot, index)
    return index
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

/** Whether a connection made to the one would be made to another place, or as another account, by the other. */
const hasMoved = (before: Target, after: Target): boolean =>
  before.host !== after.host ||
  before.port !== after.port ||
  before.database !== after.database ||
  before.account !== after.account ||
  JSON.stringify(before.jump) !== JSON.stringify(after.jump)
