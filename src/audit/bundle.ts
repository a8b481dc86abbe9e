// Puts records of the journal together into what the server database keeps: references resolved, outcomes with their intents.

import type { Batch, CarriedRow, Position } from './audit-store.ts'
import type { EndedRecord, JournalRecord, PlanRecord, SessionRecord, TextsRecord } from './record.ts'

/** Reads one segment from its start to its end. */
export class Bundle {
  readonly #knownSessions = new Map<number, SessionRecord>()
  readonly #knownPlans = new Map<number, PlanRecord>()
  #sessions: SessionRecord[] = []
  #plans: PlanRecord[] = []
  #texts: TextsRecord[] = []
  #rows = new Map<number, CarriedRow>()
  #outcomes: EndedRecord[] = []
  #size = 0

  /** Records added since the last batch. */
  get size(): number {
    return this.#size
  }

  /** A record that was carried before: what others refer to. */
  learn(record: JournalRecord): void {
    if (record.k === 'session') this.#knownSessions.set(record.s, record)
    if (record.k === 'plan') this.#knownPlans.set(record.p, record)
  }

  add(record: JournalRecord, hash: string): void {
    this.#size += 1
    this.learn(record)
    switch (record.k) {
      case 'segment':
      case 'note':
        return
      case 'session':
        this.#sessions.push(record)
        return
      case 'plan':
        this.#plans.push(record)
        return
      case 'texts':
        this.#texts.push(record)
        return
      case 'statement.ended':
        this.#addOutcome(record)
        return
      default: {
        const session = 's' in record ? this.#knownSessions.get(record.s) : undefined
        const plan = 'p' in record ? this.#knownPlans.get(record.p) : undefined
        this.#rows.set(record.n, { record, hash, session, plan, outcome: undefined })
      }
    }
  }

  #addOutcome(outcome: EndedRecord): void {
    const row = this.#rows.get(outcome.of)
    if (row === undefined) this.#outcomes.push(outcome)
    else this.#rows.set(outcome.of, { ...row, outcome })
  }

  take(chain: string, from: Position | undefined, to: Position): Batch {
    const batch: Batch = {
      chain,
      from,
      to,
      sessions: this.#sessions,
      plans: this.#plans,
      texts: this.#texts,
      rows: [...this.#rows.values()],
      outcomes: this.#outcomes,
    }
    this.#sessions = []
    this.#plans = []
    this.#texts = []
    this.#rows = new Map()
    this.#outcomes = []
    this.#size = 0
    return batch
  }
}
