// Statements as they pass, as lines of JSON for one watcher: what is too much is counted and left out.

import { Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import type { Session } from '../../core/session.ts'
import type { User } from '../../core/user.ts'
import type { GateEvent } from '../../gate/running.ts'
import type { LiveEvent, LiveSession } from '../contract.ts'
import type { CarriedLiveEvent } from './oversight.ts'
import type { ConsoleParts } from '../parts.ts'

/** A pause without news after which a line says so: connections that say nothing are closed on the way. */
const stillEveryMs = 15_000
const secondMs = 1_000

type Parts = Pick<ConsoleParts, 'sessions' | 'clock' | 'limits'>

/** Administrators see everybody's, everybody else their own. */
export function liveEvents(parts: Parts, user: User): Readable {
  const events = new LiveEvents(parts, user)
  return events.lines
}

class LiveEvents {
  readonly lines: Readable
  readonly #clock: Clock
  readonly #perSecondMax: number
  readonly #user: User
  readonly #unwatch: readonly (() => void)[]
  readonly #still: NodeJS.Timeout
  /** The watcher takes no more for now. */
  #full = false
  #dropped = 0
  #second = 0
  #inSecond = 0
  #quiet = true

  constructor(parts: Parts, user: User) {
    this.#clock = parts.clock
    this.#perSecondMax = parts.limits.liveEventsPerSecondMax
    this.#user = user
    this.lines = new Readable({
      read: () => {
        this.#full = false
      },
      destroy: (error, done) => {
        for (const unwatch of this.#unwatch) unwatch()
        clearInterval(this.#still)
        done(error)
      },
    })
    this.#unwatch = [
      parts.sessions.watch(event => this.#see(event.session.user.id, nowMs => describe(event, nowMs))),
      parts.sessions.watchOthers?.(({ userId, event }) => this.#see(userId, () => event)) ??
        (() => undefined),
    ]
    this.#still = setInterval(() => {
      if (this.#quiet) this.#push({ kind: 'still' })
      this.#quiet = true
    }, stillEveryMs)
    this.#push({ kind: 'still' })
  }

  #see(userId: string | undefined, describing: (nowMs: number) => LiveEvent): void {
    if (this.#user.role !== 'administrator' && userId !== this.#user.id) return
    const nowMs = this.#clock.nowMs()
    const second = Math.floor(nowMs / secondMs)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    // Nothing is made for nobody: this runs on the way of every statement.
    if (this.#full || ++this.#inSecond > this.#perSecondMax) {
      this.#dropped += 1
      return
    }
    if (this.#dropped > 0) this.#push({ kind: 'dropped', count: this.#dropped })
    this.#dropped = 0
    this.#push(describing(nowMs))
  }

  #push(event: LiveEvent): void {
    this.#quiet = false
    this.#full = !this.lines.push(`${JSON.stringify(event)}\n`)
  }
}

/** What is carried of a statement to other servers. */
const carriedShapeCharsMax = 1_000
const carriedNamesMax = 20

/** An event of this server, for those who watch at another. */
export function carriedEvent(event: GateEvent, nowMs: number): CarriedLiveEvent {
  const told = describe(event, nowMs)
  return {
    userId: event.session.user.id,
    event:
      told.kind === 'statement'
        ? {
            ...told,
            shape: told.shape.slice(0, carriedShapeCharsMax),
            tables: told.tables.slice(0, carriedNamesMax),
            hidden: told.hidden.slice(0, carriedNamesMax),
          }
        : told,
  }
}

function describe(event: GateEvent, nowMs: number): LiveEvent {
  if (event.kind === 'ended') return { kind: 'ended', id: event.id, ...event.outcome }
  const session = sessionOf(event.session)
  if (event.kind !== 'statement') return { kind: event.kind, atMs: nowMs, session }
  const { id, startedAtMs, plan } = event.statement
  const { verb, shape, tables, hidden, verdict, reason } = plan
  return { kind: 'statement', atMs: startedAtMs, session, id, verb, shape, tables, hidden, verdict, reason }
}

const sessionOf = ({ id, user, target, client }: Session): LiveSession => ({
  id,
  userName: user.name,
  targetName: target.name,
  program: client.program,
})
