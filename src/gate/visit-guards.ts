// What of a judged text must be looked at anew each time, however often the text was judged: approvals, and limits.

import type { GatewayError } from '../core/errors.ts'
import type { EventId } from '../core/ids.ts'
import type { Session } from '../core/session.ts'
import type { ApprovalBook } from './approval-book.ts'
import type { Judged, Outcome, Passed } from './gate.ts'
import { stopFor } from './judge.ts'
import { seekApproval } from './seek-approval.ts'
import { StatementLimits, type StatementLimitsParts, usedUpWords } from './statement-limits.ts'
import type { View } from './view.ts'

export interface VisitGuardsParts extends StatementLimitsParts {
  readonly approvals: ApprovalBook | undefined
}

export class VisitGuards {
  readonly #parts: VisitGuardsParts
  readonly #session: Session
  readonly #limits: StatementLimits
  /** Approvals that were let through once. */
  readonly #spent = new WeakSet<Judged>()
  /** Approved and not let through yet, by text: asking again would use up another approval. */
  readonly #approved = new Map<string, Passed>()

  constructor(parts: VisitGuardsParts, session: Session, interrupt: (error: GatewayError) => void) {
    this.#parts = parts
    this.#session = session
    this.#limits = new StatementLimits(parts, session, interrupt)
  }

  look(view: View, judged: Judged): Judged | Promise<Judged> {
    if (judged.kind === 'stopped' || judged.guards === undefined) return judged
    const usedUp = this.#limits.isUsedUp(judged.guards)
    if (usedUp !== undefined)
      return stopFor(judged, 'limit.exceeded', `A limit was reached: ${usedUpWords(usedUp)}.`)
    if (judged.guards.approval === undefined) return judged
    const known = this.#approved.get(judged.original)
    return known !== undefined && known.under === view ? known : this.#seek(view, judged)
  }

  /** Whether looking again could say something else. */
  isStale(judged: Judged): boolean {
    if (judged.kind === 'stopped' || judged.guards === undefined) return false
    return this.#spent.has(judged) || this.#limits.isUsedUp(judged.guards) !== undefined
  }

  started(id: EventId, passed: Passed): void {
    const { guards } = passed
    if (guards === undefined) return
    this.#limits.started(id, guards)
    if (passed.approved !== true) return
    this.#spent.add(passed)
    this.#approved.delete(passed.original)
  }

  /** @param running the statement whose answer flows */
  flowed(running: EventId | undefined, bytes: number): void {
    this.#limits.flowed(running, bytes)
  }

  ended(id: EventId, outcome: Outcome): void {
    this.#limits.ended(id, outcome)
  }

  close(): void {
    this.#limits.close()
    this.#approved.clear()
  }

  async #seek(view: View, passed: Passed): Promise<Judged> {
    const judged = await seekApproval(this.#parts.approvals, this.#session, view, passed)
    if (judged.kind === 'passed') this.#approved.set(passed.original, judged)
    return judged
  }
}
