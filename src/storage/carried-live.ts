// What passes at one server, carried to those who watch at another through the database that they share: only while somebody does, and
// only so much of it.

import { sql } from 'kysely'
import type { Messages } from '../core/messages.ts'
import type { Database } from './database.ts'

export interface CarriedLiveParts<Event> {
  readonly database: Database
  readonly messages: Messages
  readonly serverId: string
  /** Events that are carried at a time; the rest is counted. */
  readonly eventsMax: number
  /** Calls back for everything that passes here. @returns a function that ends it */
  readonly source: (push: (event: Event) => void) => () => void
  /** What is told of events that were left out. */
  readonly dropped: (count: number) => Event
  readonly every: (ms: number, call: () => void) => () => void
  readonly nowMs: () => number
  readonly warn: (error: unknown) => void
}

export interface CarriedLive<Event> {
  /** What passes at the other servers. @returns a function that ends the watching */
  watch(watcher: (event: Event) => void): () => void
  /** Carries and looks now. */
  turn(): Promise<void>
  close(): Promise<void>
}

/** How often is carried and looked. */
const turnMs = 500
/** How often a watcher's server says that it watches, and how long that holds. */
const sayMs = 5_000
const watchedMs = 15_000
const keepMs = 30_000
/** Carryings between two cleanings. */
const cleanEvery = 100
/** A transaction may show its row later than one that began after it. */
const lateIdsMax = 100
const databaseMs = sql<number>`floor(unix_timestamp(now(3)) * 1000)`

/** For MySQL and MariaDB: a SQLite database has one server. */
export function carryLive<Event>(parts: CarriedLiveParts<Event>): CarriedLive<Event> {
  const live = new Carrier(parts)
  return {
    watch: watcher => live.watch(watcher),
    turn: () => live.turn(),
    close: () => live.close(),
  }
}

class Carrier<Event> {
  readonly #parts: CarriedLiveParts<Event>
  readonly #watchers = new Set<(event: Event) => void>()
  readonly #unsubscribe: () => void
  /** Until when somebody elsewhere watches. */
  #watchedUntilMs = 0
  #saidAtMs = Number.NEGATIVE_INFINITY
  #waiting: Event[] = []
  #left = 0
  #detach: (() => void) | undefined
  #stopTurning: (() => void) | undefined
  #heard = new Set<number>()
  /** The newest that was heard of; `undefined`: nothing was looked for yet. */
  #lastId: number | undefined
  #turning: Promise<void> = Promise.resolve()
  #closed = false
  #carried = 0

  constructor(parts: CarriedLiveParts<Event>) {
    this.#parts = parts
    this.#unsubscribe = parts.messages.subscribe('watching', serverId => {
      if (serverId === parts.serverId || this.#closed) return
      this.#watchedUntilMs = parts.nowMs() + watchedMs
      this.#detach ??= parts.source(event => this.#take(event))
      this.#begin()
    })
  }

  watch(watcher: (event: Event) => void): () => void {
    // An own function for each: ending one must not end another of the same watcher.
    const own = (event: Event) => watcher(event)
    if (this.#watchers.size === 0) this.#lastId = undefined
    this.#watchers.add(own)
    this.#begin()
    this.#say()
    return () => void this.#watchers.delete(own)
  }

  turn(): Promise<void> {
    this.#turning = this.#turning.then(() => this.#turn()).catch(this.#parts.warn)
    return this.#turning
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unsubscribe()
    this.#detach?.()
    this.#stopTurning?.()
    await this.#turning
  }

  #begin(): void {
    this.#stopTurning ??= this.#parts.every(turnMs, () => void this.turn())
  }

  #say(): void {
    const nowMs = this.#parts.nowMs()
    if (nowMs - this.#saidAtMs < sayMs) return
    this.#saidAtMs = nowMs
    this.#parts.messages.publish('watching', this.#parts.serverId)
  }

  /** On the way of every statement while somebody watches. */
  #take(event: Event): void {
    if (this.#waiting.length < this.#parts.eventsMax) this.#waiting.push(event)
    else this.#left += 1
  }

  async #turn(): Promise<void> {
    if (this.#closed) return
    if (this.#detach && this.#parts.nowMs() > this.#watchedUntilMs) {
      this.#detach()
      this.#detach = undefined
      await this.#clean()
    }
    await this.#carry()
    if (this.#watchers.size > 0) {
      this.#say()
      await this.#look()
    }
    if (this.#detach || this.#watchers.size > 0) return
    this.#stopTurning?.()
    this.#stopTurning = undefined
  }

  async #carry(): Promise<void> {
    const { database, serverId, dropped } = this.#parts
    if (this.#left > 0) this.#waiting.push(dropped(this.#left))
    this.#left = 0
    if (this.#waiting.length === 0) return
    const events = JSON.stringify(this.#waiting)
    this.#waiting = []
    await database.query
      .insertInto('server_live')
      .values({ server_id: serverId, events, at_ms: databaseMs })
      .execute()
    if (++this.#carried % cleanEvery === 0) await this.#clean()
  }

  async #look(): Promise<void> {
    const { query } = this.#parts.database
    if (this.#lastId === undefined) {
      const before = await query
        .selectFrom('server_live')
        .select('id')
        .orderBy('id', 'desc')
        .limit(lateIdsMax)
        .execute()
      this.#lastId = before[0]?.id ?? 0
      this.#heard = new Set(before.map(({ id }) => id))
      return
    }
    const heard = [...this.#heard]
    const rows = await query
      .selectFrom('server_live')
      .select(['id', 'events'])
      .where('server_id', '<>', this.#parts.serverId)
      .where('id', '>', this.#lastId - lateIdsMax)
      .where('at_ms', '>', sql<number>`${databaseMs} - ${watchedMs}`)
      .$if(heard.length > 0, only => only.where('id', 'not in', heard))
      .orderBy('id')
      .limit(lateIdsMax)
      .execute()
    for (const { id, events } of rows) {
      this.#heard.add(id)
      this.#lastId = Math.max(this.#lastId, id)
      for (const event of JSON.parse(events) as Event[]) for (const watcher of this.#watchers) watcher(event)
    }
    for (const id of this.#heard) if (id <= this.#lastId - lateIdsMax) this.#heard.delete(id)
  }

  async #clean(): Promise<void> {
    await this.#parts.database.query
      .deleteFrom('server_live')
      .where('at_ms', '<', sql<number>`${databaseMs} - ${keepMs}`)
      .execute()
  }
}
