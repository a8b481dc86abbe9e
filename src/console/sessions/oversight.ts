// The part of the contract about requests for approval, open sessions and statements as they pass. Types only.

import type { AccessRequest } from '../../access/requests.ts'
import type { TargetProtocol } from '../../core/target.ts'

/** A request as its author and those who may decide see it. */
export interface RequestRow extends Omit<AccessRequest, 'id'> {
  /** Whether it waits for the one who asks. */
  readonly mine: boolean
  readonly mayDecide: boolean
}

export interface RequestLists {
  readonly own: readonly RequestRow[]
  readonly waiting: readonly RequestRow[]
  readonly decided: readonly RequestRow[]
}

export type DecisionInput =
  | { readonly kind: 'approve'; readonly minutes: number; readonly once: boolean; readonly note: string }
  | { readonly kind: 'refuse'; readonly note: string }

/** How the target would run the statement, as its author would be told. */
export type RequestPlan =
  | {
      readonly ok: true
      readonly lines: readonly string[]
      /** Rows that the target expects to touch; `undefined` if its plan does not say. */
      readonly rows: number | undefined
    }
  | { readonly ok: false; readonly message: string }

/** Somebody at a target. */
export interface SessionRow {
  readonly id: string
  readonly userId: string
  readonly userName: string
  readonly targetId: string
  readonly targetName: string
  readonly protocol: TargetProtocol
  readonly address: string
  readonly program: string
  readonly startedAtMs: number
  /** Statements let through so far. */
  readonly statements: number
  readonly bytesToClient: number
  /** Whether it is at the server that answers. */
  readonly here: boolean
  readonly running: RunningRow | undefined
}

export interface RunningRow {
  /** That of the entry in the audit, where the text stands. */
  readonly id: string
  readonly startedAtMs: number
  readonly verb: string
  readonly shape: string
  readonly tables: readonly string[]
  readonly hidden: readonly string[]
  /** Of its answer so far. */
  readonly bytes: number
}

/** One event of the live view, a line of `application/x-ndjson`. */
export type LiveEvent =
  | { readonly kind: 'opened' | 'closed'; readonly atMs: number; readonly session: LiveSession }
  | {
      readonly kind: 'statement'
      readonly atMs: number
      readonly session: LiveSession
      readonly id: string
      readonly verb: string
      readonly shape: string
      readonly tables: readonly string[]
      readonly hidden: readonly string[]
      readonly verdict: 'allowed' | 'denied'
      readonly reason: string | undefined
    }
  | {
      readonly kind: 'ended'
      readonly id: string
      readonly rows: number
      readonly bytes: number
      readonly durationMs: number
      readonly result: string
    }
  /** More passed than could be shown. */
  | { readonly kind: 'dropped'; readonly count: number }
  /** Nothing for a while; the connection is well. */
  | { readonly kind: 'still' }

/** Of another server, and whose it is; `undefined`: of several people. */
export interface CarriedLiveEvent {
  readonly userId: string | undefined
  readonly event: LiveEvent
}

export interface LiveSession {
  readonly id: string
  readonly userName: string
  readonly targetName: string
  readonly program: string
}
