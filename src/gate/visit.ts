// One visit of one user to one target: what the relay talks to, statement by statement.

import { GatewayError } from '../core/errors.ts'
import type { AuditEvent, StatementIntent } from '../core/event.ts'
import type { EventId } from '../core/ids.ts'
import type { Session } from '../core/session.ts'
import type { Outputs, SqlState } from '../sql/dialect.ts'
import type { Admission, Companion, Judged, Outcome, Passed, Visit } from './gate.ts'
import { IdleWatch } from './idle-watch.ts'
import { judgeText, stopUnread, type JudgeParts } from './judge.ts'
import { Noise } from './noise.ts'
import { Permit } from './permit.ts'
import type { OpenSession } from './running.ts'
import type { RowImage, SnapshotPart } from './snapshots.ts'
import { VisitGuards } from './visit-guards.ts'
import type { VisitParts } from './visit-parts.ts'
import { cacheFor, type View } from './view.ts'

export class OpenVisit implements Visit {
  readonly session: Session
  readonly passage = Permit.issue([])
  readonly initialState: SqlState
  readonly readOnly: boolean
  readonly #parts: VisitParts
  #view: View
  #cut: GatewayError | undefined
  #onCut: ((error: GatewayError) => void) | undefined
  #onInterrupt: ((error: GatewayError) => void) | undefined
  #left = false
  /** Let through and not ended, oldest first. */
  readonly #running = new Map<EventId, StatementIntent>()
  #statements = 0
  #bytes = 0
  #runningBytes = 0
  readonly #guards: VisitGuards
  readonly #noise: Noise
  readonly #judging: JudgeParts
  readonly #companion: Companion | undefined
  readonly #idle: IdleWatch

  constructor(session: Session, view: View, parts: VisitParts, companion?: Companion) {
    this.session = session
    this.initialState = view.dialect.initialState
    this.readOnly = view.policies.isReadOnly(view.asker)
    this.#view = view
    this.#parts = parts
    this.#guards = new VisitGuards(parts, session, error => this.interrupt(error))
    this.#noise = new Noise(session.id, parts)
    this.#companion = companion
    const { bulk } = companion ?? {}
    this.#judging =
      companion === undefined ? parts.judging : { ...parts.judging, readsWhole: true, ...(bulk && { bulk }) }
    this.#tellSchema(view.dialect.stateOf?.(view.schema) ?? this.initialState)
    const end = (error: GatewayError): void => this.cut(error)
    this.#idle = new IdleWatch(
      parts,
      () => this.#view.idleTimeoutMs,
      () => this.isBusy,
      end,
    )
  }

  judge(text: string, state: SqlState): Judged | Promise<Judged> {
    const view = this.#parts.currentView(this.session, this.#view)
    if (view === undefined) return this.#judgeFresh(text, state)
    this.#view = view
    this.#tellSchema(state)
    const judged = this.#judgeUnder(view, text, state)
    if (judged === 'unknown name') return this.#judgeUnknown(text, state)
    return this.#guards.look(view, judged)
  }

  follow(state: SqlState, passed: Passed, index: number): SqlState {
    const after = this.#view.dialect.follow(state, passed.reading, index)
    this.#tellSchema(after)
    return after
  }

  isStale(judged: Judged): boolean {
    const view = this.#parts.currentView(this.session, this.#view)
    if (view === undefined || view !== judged.under) return true
    return this.#guards.isStale(judged)
  }

  get hidesAnything(): boolean {
    return this.#view.sight.hidesAnything
  }

  schemaChanged(): void {
    this.#parts.outdateSchema(this.session)
  }

  admit(statements: readonly Judged[], done: (admission: Admission) => void): void {
    if (this.#left) return
    if (!this.isBusy) this.#runningBytes = 0
    const { clock, newId, trail, meter } = this.#parts
    const atMs = clock.nowMs()
    const ids: EventId[] = []
    const intents: StatementIntent[] = []
    const all: StatementIntent[] = []
    for (const judged of statements) {
      const id = newId<EventId>()
      const { plan, strength, original } = judged
      ids.push(id)
      meter.statement(plan.verdict)
      const isNoise = judged.kind === 'passed' && judged.isNoise === true && this.#noise.counts(plan, id)
      const intent: StatementIntent = {
        kind: 'statement',
        id,
        atMs,
        sessionId: this.session.id,
        plan,
        text: original,
        strength,
      }
      this.#running.set(id, intent)
      all.push(intent)
      if (!isNoise) intents.push(intent)
      if (judged.kind === 'passed') this.#guards.started(id, judged)
      this.#accompany(judged)
    }
    this.#statements += ids.length
    this.#idle.active(atMs)
    if (this.#parts.isWatched()) for (const intent of all) this.#tellOf(intent)
    trail.record(intents, error => {
      if (this.#left) return
      if (error === undefined) done({ kind: 'recorded', permit: Permit.issue(ids) })
      else done({ kind: 'unrecorded', error: new GatewayError('audit.unavailable', '', { cause: error }) })
    })
  }

  async keepRows(statement: EventId, part: SnapshotPart, image: RowImage): Promise<void> {
    const { snapshots } = this.#parts
    if (snapshots === undefined || this.#left) throw new GatewayError('audit.unavailable')
    await snapshots.keep(this.session, statement, part, image)
  }

  skipRows(statement: EventId, table: string, why: string): void {
    this.#parts.snapshots?.skip(this.session, statement, table, why)
  }

  ended(statement: EventId, outcome: Outcome): void {
    const { clock, trail, meter } = this.#parts
    this.#running.delete(statement)
    this.#runningBytes = 0
    if (this.#parts.isWatched()) {
      this.#parts.tell({ kind: 'ended', session: this.session, id: statement, outcome })
    }
    meter.ended(outcome)
    this.#guards.ended(statement, outcome)
    this.#idle.active(clock.nowMs())
    if (this.#noise.ended(statement)) {
      if (this.#running.size === 0) this.#parts.idle(this)
      return
    }
    trail.append({
      kind: 'statement.ended',
      // An outcome belongs to its statement and has no name of its own.
      id: statement,
      atMs: clock.nowMs(),
      statementId: statement,
      sessionId: this.session.id,
      rows: outcome.rows,
      bytes: outcome.bytes,
      durationMs: outcome.durationMs,
      result: outcome.result,
    })
    if (this.#running.size === 0) this.#parts.idle(this)
  }

  onCut(listener: (error: GatewayError) => void): void {
    this.#onCut = listener
    if (this.#cut !== undefined) listener(this.#cut)
  }

  onInterrupt(listener: (error: GatewayError) => void): void {
    this.#onInterrupt = listener
  }

  /** Stops what is running; the visit goes on. */
  interrupt(error: GatewayError): void {
    if (this.isBusy) this.#onInterrupt?.(error)
  }

  flowed(bytes: number): void {
    this.#bytes += bytes
    this.#runningBytes += bytes
    const [running] = this.#running.keys()
    this.#guards.flowed(running, bytes)
  }

  /** How it stands, for people who watch. */
  describe(): OpenSession {
    const [oldest] = this.#running.values()
    return {
      session: this.session,
      statements: this.#statements,
      bytesToClient: this.#bytes,
      running: oldest && { id: oldest.id, startedAtMs: oldest.atMs, plan: oldest.plan },
      runningBytes: this.#runningBytes,
    }
  }

  /** Whether a statement was let through and has not ended yet. */
  get isBusy(): boolean {
    return this.#running.size > 0
  }

  /** Ends the visit from our side. */
  cut(error: GatewayError): void {
    if (this.#left || this.#cut !== undefined) return
    this.#cut = error
    this.#onCut?.(error)
  }

  leave(reason: string, traffic: { readonly bytesFromClient: number; readonly bytesToClient: number }): void {
    if (this.#left) return
    this.#left = true
    const { clock, newId, trail } = this.#parts
    this.#idle.close()
    this.#guards.close()
    this.#noise.close()
    const closed: AuditEvent = {
      kind: 'session.closed',
      id: newId<EventId>(),
      atMs: clock.nowMs(),
      sessionId: this.session.id,
      reason,
      ...traffic,
    }
    trail.append(closed)
    this.#parts.left(this)
  }

  #tellOf({ id, atMs, plan }: StatementIntent): void {
    const statement = { id, startedAtMs: atMs, plan }
    this.#parts.tell({ kind: 'statement', session: this.session, statement })
  }

  #accompany(judged: Judged): void {
    if (this.#companion === undefined) return
    const { dialect, schema, sight } = judged.under ?? this.#view
    const outputs = (): readonly Outputs[] =>
      judged.kind === 'passed' ? (dialect.outputs?.(judged.reading, schema, sight) ?? []) : []
    this.#companion.told({ kind: 'judged', judged, outputs })
  }

  #tellSchema(state: SqlState): void {
    if (this.#companion === undefined) return
    const { dialect, schema } = this.#view
    this.#companion.told({ kind: 'schema', schema: dialect.currentSchema?.(schema, state) })
  }

  #judgeUnder(view: View, text: string, state: SqlState): Judged | 'unknown name' {
    const { bulk, readsWhole } = this.#judging
    // What leaves for a file is judged apart from what is only shown, and what is explained from what is not.
    const key = readsWhole === undefined ? state.key : `${bulk ?? 'explained'} ${state.key}`
    return judgeText(this.#judging, view, cacheFor(view, key, this.#parts.limits), text, state)
  }

  async #judgeFresh(text: string, state: SqlState): Promise<Judged> {
    try {
      this.#view = await this.#parts.freshView(this.session)
    } catch (error) {
      return this.#stopForError(text, error)
    }
    const judged = this.#judgeUnder(this.#view, text, state)
    return judged === 'unknown name' ? this.#judgeUnknown(text, state) : this.#guards.look(this.#view, judged)
  }

  /** A name is not in the picture of the tables: take a new one, unless it was just taken. */
  async #judgeUnknown(text: string, state: SqlState): Promise<Judged> {
    const { judging } = this.#parts
    if (this.#parts.mayLookAgain(this.session)) {
      this.#parts.outdateSchema(this.session)
      try {
        this.#view = await this.#parts.freshView(this.session)
      } catch (error) {
        return this.#stopForError(text, error)
      }
      const judged = this.#judgeUnder(this.#view, text, state)
      if (judged !== 'unknown name') return this.#guards.look(this.#view, judged)
    }
    const reading = this.#view.dialect.read(text, this.#view.schema, state)
    if (reading.kind === 'unreadable') return stopUnread(judging, text, reading)
    return this.#stopForError(text, new GatewayError('internal', this.session.id))
  }

  #stopForError(text: string, error: unknown): Judged {
    const { code, message } =
      error instanceof GatewayError ? error : new GatewayError('internal', this.session.id, { cause: error })
    const unread = {
      kind: 'unreadable',
      problem: { code: 'statement.unreadable', message, position: undefined },
      shape: '',
      unknownName: false,
    } as const
    return { ...stopUnread(this.#parts.judging, text, unread), code } as Judged
  }
}
