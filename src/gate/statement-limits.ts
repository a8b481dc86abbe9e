// Limits that hold while a statement runs: its time, the bytes of its result, and what its user may take in a day.

import { GatewayError } from '../core/errors.ts'
import type { EventId } from '../core/ids.ts'
import type { Session } from '../core/session.ts'
import type { Guards, Limit } from '../core/verdict.ts'
import type { Outcome } from './gate.ts'
import { sizeWords, timeWords } from './guards.ts'
import type { Usage } from './usage.ts'

export interface StatementLimitsParts {
  readonly after: (ms: number, call: () => void) => () => void
  readonly usage: Usage | undefined
}

interface Guarded {
  readonly guards: Guards
  takeBack: (() => void) | undefined
  /** Of its answer, and of that what counts for the day already. */
  bytes: number
}

export class StatementLimits {
  readonly #parts: StatementLimitsParts
  readonly #session: Session
  readonly #interrupt: (error: GatewayError) => void
  /** Statements that run and have limits, oldest first. */
  readonly #guarded = new Map<EventId, Guarded>()

  constructor(parts: StatementLimitsParts, session: Session, interrupt: (error: GatewayError) => void) {
    this.#parts = parts
    this.#session = session
    this.#interrupt = interrupt
  }

  /** Whether what may be taken in a day is taken. */
  isUsedUp(guards: Guards | undefined): Limit | undefined {
    if ((guards?.rowsPerDay ?? guards?.bytesPerDay) === undefined) return undefined
    const taken = this.#parts.usage?.taken(this.#session.user.id, this.#session.target.id)
    if (taken === undefined) return undefined
    if (guards?.rowsPerDay !== undefined && taken.rows >= guards.rowsPerDay.value) return guards.rowsPerDay
    if (guards?.bytesPerDay !== undefined && taken.bytes >= guards.bytesPerDay.value)
      return guards.bytesPerDay
    return undefined
  }

  started(id: EventId, guards: Guards): void {
    const guarded: Guarded = { guards, takeBack: undefined, bytes: 0 }
    this.#guarded.set(id, guarded)
    const limit = guards.timeLimitMs
    if (limit === undefined) return
    guarded.takeBack = this.#parts.after(limit.value, () => {
      guarded.takeBack = undefined
      const words = `it ran for ${timeWords(limit.value)}, the longest that the policy “${limit.policy.name}” permits`
      this.#interrupt(new GatewayError('statement.stopped', words))
    })
  }

  /** @param running the statement whose answer flows */
  flowed(running: EventId | undefined, bytes: number): void {
    const guarded = running === undefined ? undefined : this.#guarded.get(running)
    if (guarded === undefined) return
    const { byteLimit, bytesPerDay } = guarded.guards
    const before = guarded.bytes
    guarded.bytes += bytes
    if (byteLimit !== undefined && before <= byteLimit.value && guarded.bytes > byteLimit.value) {
      const words = `its result is larger than ${sizeWords(byteLimit.value)}, the most that the policy “${byteLimit.policy.name}” permits`
      this.#interrupt(new GatewayError('statement.stopped', words))
    }
    if (bytesPerDay === undefined) return
    const wasUsedUp = this.isUsedUp(guarded.guards) !== undefined
    this.#parts.usage?.count(this.#session.user.id, this.#session.target.id, 0, bytes)
    if (!wasUsedUp && this.isUsedUp(guarded.guards) !== undefined)
      this.#interrupt(new GatewayError('statement.stopped', usedUpWords(bytesPerDay)))
  }

  ended(id: EventId, outcome: Outcome): void {
    const guarded = this.#guarded.get(id)
    if (guarded === undefined) return
    this.#guarded.delete(id)
    guarded.takeBack?.()
    const { rowsPerDay, bytesPerDay } = guarded.guards
    if ((rowsPerDay ?? bytesPerDay) === undefined) return
    const { user, target } = this.#session
    // What flowed was counted as it did; what nobody told of while it flowed is counted now.
    const bytes = bytesPerDay === undefined ? 0 : Math.max(0, outcome.bytes - guarded.bytes)
    this.#parts.usage?.count(user.id, target.id, rowsPerDay === undefined ? 0 : outcome.rows, bytes)
  }

  close(): void {
    for (const { takeBack } of this.#guarded.values()) takeBack?.()
    this.#guarded.clear()
  }
}

export function usedUpWords({ policy }: Limit): string {
  return `what the policy “${policy.name}” permits to take from this target in a day is used up. Try again tomorrow, or ask an administrator`
}
