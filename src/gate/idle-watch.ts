// Ends a visit in which there is no statement for longer than policy lets it be.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Limit } from '../core/verdict.ts'
import { timeWords } from './guards.ts'

export interface IdleWatchParts {
  readonly clock: Clock
  /** Calls back once after a time; the returned function takes it back. */
  readonly after: (ms: number, call: () => void) => () => void
}

/** One timer for each visit: it looks when there was something last, and goes on waiting from there. */
export class IdleWatch {
  readonly #parts: IdleWatchParts
  readonly #limit: () => Limit | undefined
  readonly #isBusy: () => boolean
  readonly #end: (error: GatewayError) => void
  #lastActiveMs: number
  #takeBack: (() => void) | undefined
  #closed = false

  /** @param limit  as it is in force when it is asked for; without one at first, none is watched */
  constructor(
    parts: IdleWatchParts,
    limit: () => Limit | undefined,
    isBusy: () => boolean,
    end: (error: GatewayError) => void,
  ) {
    this.#parts = parts
    this.#limit = limit
    this.#isBusy = isBusy
    this.#end = end
    this.#lastActiveMs = parts.clock.nowMs()
    this.#watch()
  }

  active(atMs: number): void {
    this.#lastActiveMs = atMs
  }

  close(): void {
    this.#closed = true
    this.#takeBack?.()
  }

  #watch(): void {
    const limit = this.#limit()
    if (limit === undefined || this.#closed) return
    const { clock, after } = this.#parts
    const idleMs = this.#isBusy() ? 0 : clock.nowMs() - this.#lastActiveMs
    if (idleMs >= limit.value) {
      const words = `there was no statement for ${timeWords(limit.value)}, and the policy “${limit.policy.name}” ends it then`
      this.#end(new GatewayError('session.ended', words))
      return
    }
    this.#takeBack = after(limit.value - idleMs, () => this.#watch())
  }
}
