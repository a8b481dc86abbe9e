// One after the other: what reads, decides and writes must not be crossed by another that does the same.

import { GatewayError } from '../core/errors.ts'

/** Runs pieces of work with the same key one at a time, in order of the calls. */
export class InTurn {
  readonly #waitingMax: number
  readonly #last = new Map<string, { readonly end: Promise<unknown>; waiting: number }>()

  /** @param waitingMax  most that may wait for one key; more are refused */
  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /** @throws GatewayError `limit.exceeded` if too many wait already */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    if (before !== undefined && before.waiting >= this.#waitingMax) {
      return Promise.reject(new GatewayError('limit.exceeded', 'too many requests at once'))
    }
    const result = before === undefined ? work() : before.end.then(work)
    const end = result.catch(() => undefined)
    const place = { end, waiting: (before?.waiting ?? 0) + 1 }
    this.#last.set(key, place)
    void end.then(() => {
      if (this.#last.get(key) === place) this.#last.delete(key)
      else this.#leave(key)
    })
    return result
  }

  #leave(key: string): void {
    const place = this.#last.get(key)
    if (place !== undefined) place.waiting -= 1
  }
}
