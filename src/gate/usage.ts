// How much each user took from each target today, for limits by the day. Counted here, kept by the storage.

import type { TargetId, UserId } from '../core/ids.ts'
import { localMomentDay } from './local-day.ts'

export interface UsageOfDay {
  readonly userId: UserId
  readonly targetId: TargetId
  readonly rows: number
  readonly bytes: number
}

/** Where counts outlive the server, and where several servers add theirs up. */
export interface UsageStore {
  load(day: string): Promise<readonly UsageOfDay[]>
  /** Adds to what is there, and forgets the days before. */
  add(day: string, usage: readonly UsageOfDay[]): Promise<void>
}

export interface UsageParts {
  readonly store: UsageStore
  readonly nowMs: () => number
  readonly timeZone: string
  /** Calls back once after a time; the returned function takes it back. */
  readonly after: (ms: number, call: () => void) => () => void
  readonly warn: (error: unknown) => void
}

interface Count {
  rows: number
  bytes: number
  /** Not stored yet. */
  newRows: number
  newBytes: number
}

export interface Taken {
  readonly rows: number
  readonly bytes: number
}

const nothing: Taken = { rows: 0, bytes: 0 }

/** From the first count until it is stored; also how far behind several servers may be. */
const storeAfterMs = 1_000

const keyOf = (userId: UserId, targetId: TargetId) => `${userId} ${targetId}`

export class Usage {
  readonly #parts: UsageParts
  #day = ''
  #counts = new Map<string, Count>()
  #storing = false

  constructor(parts: UsageParts) {
    this.#parts = parts
  }

  /** Reads what was counted today, by this server in a former life and by others. */
  async start(): Promise<void> {
    this.#today()
    await this.#load(this.#day)
  }

  taken(userId: UserId, targetId: TargetId): Taken {
    this.#today()
    return this.#counts.get(keyOf(userId, targetId)) ?? nothing
  }

  count(userId: UserId, targetId: TargetId, rows: number, bytes: number): void {
    if (rows === 0 && bytes === 0) return
    this.#today()
    const count = this.#countOf(keyOf(userId, targetId))
    count.rows += rows
    count.bytes += bytes
    count.newRows += rows
    count.newBytes += bytes
    if (this.#storing) return
    this.#storing = true
    this.#parts.after(storeAfterMs, () => void this.store())
  }

  /** Hands over what is new. Never rejects: what could not be stored is tried again with the next. */
  async store(): Promise<void> {
    const day = this.#day
    const counts = this.#counts
    const added = [...counts].flatMap(([key, { newRows, newBytes }]) => {
      const [userId = '', targetId = ''] = key.split(' ')
      if (newRows === 0 && newBytes === 0) return []
      return [{ userId: userId as UserId, targetId: targetId as TargetId, rows: newRows, bytes: newBytes }]
    })
    try {
      if (added.length > 0) await this.#parts.store.add(day, added)
      for (const { userId, targetId, rows, bytes } of added) {
        const count = counts.get(keyOf(userId, targetId))
        if (count === undefined) continue
        count.newRows -= rows
        count.newBytes -= bytes
      }
      await this.#load(day)
    } catch (error) {
      this.#parts.warn(error)
    } finally {
      this.#storing = false
    }
  }

  async #load(day: string): Promise<void> {
    const stored = await this.#parts.store.load(day)
    if (day !== this.#day) return
    for (const { userId, targetId, rows, bytes } of stored) {
      const count = this.#countOf(keyOf(userId, targetId))
      count.rows = rows + count.newRows
      count.bytes = bytes + count.newBytes
    }
  }

  #countOf(key: string): Count {
    let count = this.#counts.get(key)
    if (count === undefined) this.#counts.set(key, (count = { rows: 0, bytes: 0, newRows: 0, newBytes: 0 }))
    return count
  }

  /** At midnight everybody starts afresh. */
  #today(): void {
    const day = localMomentDay(this.#parts.nowMs(), this.#parts.timeZone)
    if (day === this.#day) return
    if (this.#storing) void this.store()
    this.#day = day
    this.#counts = new Map()
  }
}
