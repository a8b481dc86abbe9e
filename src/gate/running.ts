// What is going on inside, as people watch it: open visits, what runs in them, and statements as they pass.

import type { StatementPlan } from '../core/event.ts'
import type { EventId } from '../core/ids.ts'
import type { Session } from '../core/session.ts'
import type { Outcome } from './gate.ts'

/** A statement that was let through and has not ended. Its text stands in the audit, sealed. */
export interface RunningStatement {
  readonly id: EventId
  readonly startedAtMs: number
  readonly plan: StatementPlan
}

export interface OpenSession {
  readonly session: Session
  /** Let through so far. */
  readonly statements: number
  readonly bytesToClient: number
  /** The oldest that still runs. */
  readonly running: RunningStatement | undefined
  /** Bytes of its answer so far. */
  readonly runningBytes: number
}

/** One thing that happened inside. */
export type GateEvent =
  | { readonly kind: 'opened'; readonly session: Session }
  | { readonly kind: 'closed'; readonly session: Session }
  /** Let through, or refused. */
  | { readonly kind: 'statement'; readonly session: Session; readonly statement: RunningStatement }
  | {
      readonly kind: 'ended'
      readonly session: Session
      readonly id: EventId
      readonly outcome: Outcome
    }

/** Called while statements pass: it must be quick and may not throw. */
export type GateWatcher = (event: GateEvent) => void

/** A window into the gate. */
export interface GateWindow {
  /** Open visits, newest first, and what runs in each. */
  sessions(): readonly OpenSession[]
  /** @returns a function that ends the watching */
  watch(watcher: GateWatcher): () => void
}
