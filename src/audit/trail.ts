// The trail: gathers what one turn of the event loop records, writes it at once, and calls back when it is there.

import type { Clock } from '../core/clock.ts'
import type { AuditEvent } from '../core/event.ts'
import type { EventId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Trail } from './audit.ts'
import { type ChainEnd, Encoder } from './encoder.ts'
import type { Entry } from './entry.ts'
import type { JournalFile } from './journal-file.ts'
import type { Recovered } from './recover.ts'
import type { Sealing } from './sealing.ts'

export type TrailLimits = Pick<
  Limits,
  | 'journalSegmentBytesMax'
  | 'journalSyncMs'
  | 'journalTurnBytesMax'
  | 'journalKeptEventsMax'
  | 'journalProbeMs'
  | 'journalProbeAgeMs'
>

export interface TrailParts {
  readonly file: JournalFile
  readonly sealing: Sealing
  readonly serverId: string
  readonly clock: Clock
  readonly limits: TrailLimits
  /** Runs something when the event loop has read what there is: `setImmediate`. */
  readonly atEndOfTurn: (run: () => void) => void
  /** @returns a function that calls it off */
  readonly after: (ms: number, run: () => void) => () => void
  readonly log: AuditLog
}

/** Words for the server's log. */
export interface AuditLog {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, error: unknown): void
}

type Done = (error: Error | undefined) => void

interface Waiting {
  readonly events: readonly AuditEvent[]
  readonly sessionId: string | undefined
  readonly strict: boolean
  readonly done: Done
}

/** How far the journal is safely on disk. */
export interface Synced {
  readonly segment: number
  readonly bytes: number
  readonly sequence: number
}

const turnBytes = 64 * 1024

export class JournalTrail implements Trail {
  readonly #parts: TrailParts
  readonly #encoder: Encoder
  /** What this turn brought. */
  #entries: Entry[] = []
  /** Those among them that nobody waits for. */
  #appended: AuditEvent[] = []
  #callers: Waiting[] = []
  /** Those of whom nothing was taken, since nothing could be written when they came. */
  #refused: Waiting[] = []
  /** Something that was taken in this turn was not written, even if writing works again before the turn ends. */
  #turnFailure: Error | undefined
  #turnBytes = 0
  #scheduled = false
  /** What nobody waits for, while nothing could be written: kept for when it can. */
  #kept: Entry[] = []
  /** Statements on record that will get no other outcome than `unknown`. */
  #lostOutcomes = new Set<EventId>()
  #lost = 0
  #writable = true
  /** Nothing new may begin; what tells of the past is still taken. */
  #closing = false
  #closed = false
  #failure: Error | undefined
  /** Bytes of the segment that are whole records; 0: it has no header yet. */
  #size = 0
  /** For the bytes of an ordinary turn. */
  readonly #room = Buffer.allocUnsafeSlow(turnBytes)
  /** The segment whose file is open for appending. */
  #started = 0
  #mustRoll = true
  #mustCut = false
  #syncing: Promise<void> | undefined
  #unsynced = false
  #waiting: Waiting[] = []
  /** Sessions of which a caller waits for the disk; later callers of the same session wait behind it. */
  readonly #sessionsWaiting = new Map<string, number>()
  #callOffSync: (() => void) | undefined
  #callOffProbe: (() => void) | undefined
  #lastWriteMs: number
  #synced: Synced
  readonly #onSynced: (() => void)[] = []
  #beforeClosing: () => Promise<void> = () => Promise.resolve()

  constructor(parts: TrailParts, recovered: Recovered) {
    this.#parts = parts
    this.#encoder = new Encoder(parts.serverId, parts.sealing, () => parts.clock.nowMs(), recovered.end)
    this.#lastWriteMs = parts.clock.monotonicMs()
    this.#synced = {
      segment: recovered.end.segment,
      bytes: recovered.bytes,
      sequence: recovered.end.sequence,
    }
    if (recovered.tornBytes > 0) this.#kept.push({ kind: 'note', what: 'cut', count: recovered.tornBytes })
    for (const of of recovered.open) this.#kept.push({ kind: 'unknown', of })
    if (this.#kept.length > 0) this.#flush()
  }

  get writable(): boolean {
    return this.#writable && !this.#closing
  }

  get end(): ChainEnd {
    return this.#encoder.end
  }

  get synced(): Synced {
    return this.#synced
  }

  /** Tells whenever more of the journal is on disk. */
  onSynced(listener: () => void): void {
    this.#onSynced.push(listener)
  }

  /** Runs when everything is on disk, before the file is closed. */
  beforeClosing(run: () => Promise<void>): void {
    this.#beforeClosing = run
  }

  append(event: AuditEvent): void {
    if (this.#closed) {
      this.#parts.log.error(`an event came after the audit was closed: ${event.kind}`, undefined)
      return
    }
    if (!this.#writable) {
      this.#keep(event)
      return
    }
    this.#appended.push(event)
    this.#take(event)
  }

  record(events: readonly AuditEvent[], done: Done): void {
    const taken = this.writable
    if (taken) for (const event of events) this.#take(event)
    let strict = false
    let sessionId: string | undefined
    for (const event of events) {
      if (event.kind === 'statement' && event.strength === 'strict') strict = true
      if ('sessionId' in event) sessionId = event.sessionId
    }
    const caller = { events, sessionId, strict, done }
    if (taken) this.#callers.push(caller)
    else this.#refused.push(caller)
    this.#schedule()
  }

  async probe(): Promise<boolean> {
    if (this.#closing) return false
    const age = this.#parts.clock.monotonicMs() - this.#lastWriteMs
    if (!this.#writable || age >= this.#parts.limits.journalProbeAgeMs) {
      this.#writeNow([{ kind: 'note', what: 'probe', count: 0 }], [])
    }
    if (this.#unsynced) await this.#sync()
    return this.#writable
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    for (;;) {
      this.#flush()
      if (this.#syncing === undefined && !(this.#unsynced && this.#writable)) break
      await this.#sync()
    }
    this.#callOffProbe?.()
    this.#callOffSync?.()
    this.#closed = true
    await this.#beforeClosing()
    await this.#parts.file.close()
  }

  #take(event: AuditEvent): void {
    this.#entries.push(event)
    this.#turnBytes += event.kind === 'statement' ? 400 + event.text.length : 400
    // The callers are still called at the end of the turn; only the memory is given back now.
    if (this.#turnBytes >= this.#parts.limits.journalTurnBytesMax) this.#writeTurn()
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#parts.atEndOfTurn(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  /** The end of a turn: writes what it brought, then calls those who may go on, in order. */
  #flush(): void {
    this.#writeTurn()
    const failure = this.#turnFailure ?? (this.#writable ? undefined : this.#failure)
    this.#turnFailure = undefined
    for (const caller of this.#refused.splice(0))
      this.#tell(caller, this.#failure ?? new Error('the audit cannot be written just now'))
    const callers = this.#callers
    if (callers.length === 0) return
    this.#callers = []
    for (const caller of callers) {
      if (failure !== undefined) this.#refuse(caller, failure)
      else if (caller.strict || this.#isBehind(caller)) this.#wait(caller)
      else this.#tell(caller, undefined)
    }
    if (this.#waiting.length > 0) void this.#sync()
  }

  #writeTurn(): void {
    const entries = this.#entries
    const appended = this.#appended
    this.#turnBytes = 0
    if (entries.length === 0 && (this.#kept.length === 0 || !this.#writable)) return
    this.#entries = []
    this.#appended = []
    if (this.#writable) this.#writeNow(entries, appended)
    else for (const event of appended) this.#keep(event)
    if (!this.#writable) this.#turnFailure = this.#failure
  }

  /** Writes what was kept, then these, in one write. On failure the chain stands where it stood. */
  #writeNow(entries: readonly Entry[], appended: readonly AuditEvent[]): void {
    const late = this.#kept.length > 0 || this.#lost > 0 || this.#lostOutcomes.size > 0
    const all = late ? [...this.#catchUp(), ...entries] : entries
    try {
      const roll = this.#mustRoll || this.#size >= this.#parts.limits.journalSegmentBytesMax
      this.#prepareFile(roll)
      const bytes = this.#toBytes(this.#encoder.encode(all, this.#size === 0 ? this.#started : undefined))
      this.#parts.file.append(bytes)
      this.#size += bytes.length
    } catch (error) {
      this.#writeFailed(appended, error)
      return
    }
    this.#encoder.commit()
    this.#kept = []
    this.#lostOutcomes.clear()
    this.#lost = 0
    this.#lastWriteMs = this.#parts.clock.monotonicMs()
    this.#unsynced = true
    this.#works()
    this.#syncSoon()
  }

  /** In UTF-8; good until the next call. */
  #toBytes(text: string): Buffer {
    if (text.length * 3 > turnBytes) return Buffer.from(text)
    return this.#room.subarray(0, this.#room.write(text))
  }

  #prepareFile(roll: boolean): void {
    const { file } = this.#parts
    if (this.#mustCut) {
      file.cut(this.#size)
      this.#mustCut = false
    }
    // A segment that has no header yet is begun again under the same number.
    if (roll && (this.#size > 0 || this.#started === 0)) {
      const next = Math.max(this.#started, this.#encoder.end.segment) + 1
      file.start(next)
      this.#started = next
      this.#size = 0
    }
    this.#mustRoll = false
  }

  #catchUp(): readonly Entry[] {
    const atMs = this.#parts.clock.nowMs()
    const unknown = [...this.#lostOutcomes].map(
      (statementId): Entry => ({
        kind: 'statement.ended',
        id: statementId,
        atMs,
        statementId,
        sessionId: '' as never,
        rows: 0,
        bytes: 0,
        durationMs: 0,
        result: 'unknown',
      }),
    )
    const lost: readonly Entry[] = this.#lost === 0 ? [] : [{ kind: 'note', what: 'lost', count: this.#lost }]
    return [...this.#kept, ...unknown, ...lost]
  }

  #writeFailed(appended: readonly AuditEvent[], error: unknown): void {
    this.#encoder.rollBack()
    if (this.#started !== 0) {
      this.#mustCut = true
      try {
        this.#parts.file.cut(this.#size)
        this.#mustCut = false
      } catch {
        // Tried again before the next write.
      }
    }
    for (const event of appended) this.#keep(event)
    this.#fails('the audit cannot be written', error)
  }

  /** What nobody waits for is written as soon as that works again; what somebody waits for, they are told of. */
  #keep(event: AuditEvent): void {
    if (this.#kept.length < this.#parts.limits.journalKeptEventsMax) this.#kept.push(event)
    else if (event.kind === 'statement.ended') this.#lostOutcomes.add(event.statementId)
    else this.#lost += 1
  }

  #fails(what: string, error: unknown): void {
    this.#failure = new Error(what, { cause: error })
    if (this.#writable) this.#parts.log.error(what, error)
    this.#writable = false
    this.#callOffProbe ??= this.#parts.after(this.#parts.limits.journalProbeMs, () => {
      this.#callOffProbe = undefined
      void this.probe().then(works => {
        if (!works && !this.#closed) this.#fails(what, error)
      })
    })
  }

  #works(): void {
    if (this.#writable) return
    this.#writable = true
    this.#failure = undefined
    this.#callOffProbe?.()
    this.#callOffProbe = undefined
    this.#parts.log.info('the audit can be written again')
  }

  #isBehind(caller: Waiting): boolean {
    return (
      this.#sessionsWaiting.size > 0 &&
      caller.sessionId !== undefined &&
      this.#sessionsWaiting.has(caller.sessionId)
    )
  }

  #wait(caller: Waiting): void {
    this.#waiting.push(caller)
    const { sessionId } = caller
    if (sessionId === undefined) return
    this.#sessionsWaiting.set(sessionId, (this.#sessionsWaiting.get(sessionId) ?? 0) + 1)
  }

  /** Of its statements some may be on record all the same: they will not run, so they get an outcome of ours. */
  #refuse(caller: Waiting, error: Error): void {
    for (const event of caller.events) {
      if (event.kind === 'statement' && this.#encoder.positionOf(event.id) !== undefined) {
        this.#lostOutcomes.add(event.id)
      }
    }
    this.#tell(caller, error)
  }

  #tell(caller: Waiting, error: Error | undefined): void {
    try {
      caller.done(error)
    } catch (thrown) {
      this.#parts.log.error('somebody failed on being told that something is on record', thrown)
    }
  }

  #syncSoon(): void {
    this.#callOffSync ??= this.#parts.after(this.#parts.limits.journalSyncMs, () => {
      this.#callOffSync = undefined
      if (this.#unsynced) void this.#sync()
    })
  }

  /** One sync at a time; those who come while it runs share the next one. Never rejects. */
  #sync(): Promise<void> {
    this.#syncing ??= this.#syncOnce().finally(() => {
      this.#syncing = undefined
      if (this.#waiting.length > 0) void this.#sync()
    })
    return this.#syncing
  }

  async #syncOnce(): Promise<void> {
    const callers = this.#waiting
    this.#waiting = []
    this.#unsynced = false
    const { sequence } = this.#encoder.end
    const synced: Synced = { segment: this.#started, bytes: this.#size, sequence }
    try {
      await this.#parts.file.sync()
    } catch (error) {
      this.#syncFailed(callers, error)
      return
    }
    this.#synced = synced
    for (const caller of callers) {
      this.#release(caller)
      this.#tell(caller, undefined)
    }
    for (const listener of this.#onSynced) listener()
  }

  /**
   * What the disk has of this segment is unknown from now on, and another sync would not tell: later records go into a
   * new one, and whoever waits for this one is refused.
   */
  #syncFailed(callers: readonly Waiting[], error: unknown): void {
    this.#mustRoll = true
    this.#unsynced = true
    this.#fails('the audit cannot be brought to disk', error)
    const failure = this.#failure ?? new Error('the audit cannot be brought to disk')
    const waiting = [...callers, ...this.#waiting]
    this.#waiting = []
    for (const caller of waiting) {
      this.#release(caller)
      this.#refuse(caller, failure)
    }
  }

  #release(caller: Waiting): void {
    const { sessionId } = caller
    if (sessionId === undefined) return
    const left = (this.#sessionsWaiting.get(sessionId) ?? 1) - 1
    if (left > 0) this.#sessionsWaiting.set(sessionId, left)
    else this.#sessionsWaiting.delete(sessionId)
  }
}
