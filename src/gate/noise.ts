// Statements of one session that a query rule calls noise: the first of each shape is recorded in full, others are counted.

import type { Clock } from '../core/clock.ts'
import type { StatementPlan } from '../core/event.ts'
import type { EventId, NewId, SessionId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { RecordTrail } from './record-trail.ts'

export interface NoiseParts {
  readonly trail: RecordTrail
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
}

interface Counted {
  /** The first, which is on record. */
  readonly first: EventId
  count: number
}

export class Noise {
  readonly #session: SessionId
  readonly #parts: NoiseParts
  readonly #shapes = new Map<string, Counted>()
  /** Those that run and are only counted. */
  readonly #running = new Set<EventId>()

  constructor(session: SessionId, parts: NoiseParts) {
    this.#session = session
    this.#parts = parts
  }

  /** @returns whether it is counted instead of recorded in full */
  counts({ shape }: StatementPlan, id: EventId): boolean {
    const counted = this.#shapes.get(shape)
    if (counted === undefined) {
      if (this.#shapes.size < this.#parts.limits.noiseShapesMax)
        this.#shapes.set(shape, { first: id, count: 0 })
      return false
    }
    counted.count += 1
    this.#running.add(id)
    // What is only in memory is lost with the server: never more than so many.
    if (counted.count >= this.#parts.limits.noiseCountMax) this.#record(counted)
    return true
  }

  /** @returns whether it was one that is only counted */
  ended(id: EventId): boolean {
    return this.#running.delete(id)
  }

  close(): void {
    for (const counted of this.#shapes.values()) if (counted.count > 0) this.#record(counted)
    this.#shapes.clear()
  }

  #record(counted: Counted): void {
    const { trail, clock, newId } = this.#parts
    trail.append({
      kind: 'statement.noise',
      id: newId<EventId>(),
      atMs: clock.nowMs(),
      sessionId: this.#session,
      statementId: counted.first,
      count: counted.count,
    })
    counted.count = 0
  }
}
