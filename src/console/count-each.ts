// How many of something each person has open, and no more than so many.

import type { Readable } from 'node:stream'
import { GatewayError } from '../core/errors.ts'
import type { UserId } from '../core/ids.ts'

export class CountEach {
  readonly #open = new Map<UserId, number>()
  readonly #max: number
  readonly #tooMany: (count: number) => string

  /** @param tooMany what is said to somebody who has as many open as allowed */
  constructor(max: number, tooMany: (count: number) => string) {
    this.#max = max
    this.#tooMany = tooMany
  }

  /**
   * Counts a stream of theirs until it closes.
   * @throws GatewayError `limit.exceeded`, before the stream is opened
   */
  open<Body extends Readable>(userId: UserId, create: () => Body): Body {
    const count = this.#open.get(userId) ?? 0
    if (count >= this.#max) throw new GatewayError('limit.exceeded', this.#tooMany(count))
    const body = create()
    this.#open.set(userId, count + 1)
    body.once('close', () => {
      const left = (this.#open.get(userId) ?? 1) - 1
      if (left > 0) this.#open.set(userId, left)
      else this.#open.delete(userId)
    })
    return body
  }
}
