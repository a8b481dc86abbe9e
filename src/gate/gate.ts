// The gate: the one path on which everything passes. Judge, record, permit, and record what came of it.

import type { EventId } from '../core/ids.ts'
import type { ErrorCode, GatewayError } from '../core/errors.ts'
import type { StatementPlan } from '../core/event.ts'
import type { ClientFacts, Session } from '../core/session.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { AuditStrength, Guards, MaskShape, PolicyName } from '../core/verdict.ts'
import type { PolicySet } from '../policy/policy.ts'
import type { ImageWish, Outputs, Reading, SqlState } from '../sql/dialect.ts'
import type { Permit } from './permit.ts'
import type { QueryRule } from './rules.ts'
import type { RowImage, SnapshotPart } from './snapshots.ts'
import type { Rehearsal } from './try-out.ts'
import type { View } from './view.ts'

/** A statement text that may go to the target, in the form in which it may. */
export interface Passed {
  readonly kind: 'passed'
  readonly original: string
  /** What to send; the same string as `original` if nothing is hidden. */
  readonly text: string
  readonly reading: Reading
  /** Error texts and notices of the target must be reduced to code and class. */
  readonly reduceErrors: boolean
  /** See `Rewritten`. */
  readonly countTells?: true
  readonly plan: StatementPlan
  readonly strength: AuditStrength
  /** Limits that go along with it. */
  readonly guards?: Guards | undefined
  /** Somebody approved this very statement: good until it was admitted once; then it is asked for again. */
  readonly approved?: true
  /** A query rule calls it noise: the first of its shape in a session is recorded in full, others are counted. */
  readonly isNoise?: true
  /** The target has rows kept that change; missing: it does not, or none do. */
  readonly image?: Exclude<ImageWish, { readonly kind: 'crowded' }>
  /** What was in force; missing: it cannot hold any longer than now. */
  readonly under?: View
}

/** A statement text that may not. */
export interface Stopped {
  readonly kind: 'stopped'
  readonly original: string
  readonly code: ErrorCode
  readonly message: string
  /** 1-based character, where the text itself is the problem. */
  readonly position: number | undefined
  readonly plan: StatementPlan
  readonly strength: AuditStrength
  readonly under?: View
  /** Somebody was asked to approve it: the number of the request. */
  readonly request?: number
}

export type Judged = Passed | Stopped

/** Recorded: go on. Not recorded: nothing may happen; tell the client and end the session. */
export type Admission =
  | { readonly kind: 'recorded'; readonly permit: Permit }
  | { readonly kind: 'unrecorded'; readonly error: GatewayError }

export interface Outcome {
  readonly rows: number
  readonly bytes: number
  readonly durationMs: number
  /** `ok`, the target's error code, or `unknown`. */
  readonly result: string
}

/** One visit, from being let in to leaving. Calls after `leave` do nothing. */
export interface Visit {
  readonly session: Session
  /** For messages that carry no statement: `Sync`, `Bind`, data of a `COPY` that was admitted. */
  readonly passage: Permit
  /** State before the first statement. */
  readonly initialState: SqlState
  /**
   * Decided when the user came in: no policy permits to change anything here, and policies ask for read only. The protocol
   * makes the session at the target read only before the first statement, and keeps the user from turning that off
   * (PostgreSQL: `default_transaction_read_only`; MySQL: `SET SESSION TRANSACTION READ ONLY`). Statements that write are
   * refused by the gate all the same.
   */
  readonly readOnly: boolean
  /**
   * Reads, judges and rewrites one text under what is in force now. At once if all that is needed is at hand; a promise
   * if the target's tables must be looked at first. The promise never rejects.
   */
  judge(text: string, state: SqlState): Judged | Promise<Judged>
  /** The state after statement `index` of a passed text has succeeded at the target. */
  follow(state: SqlState, passed: Passed, index: number): SqlState
  /** Whether judging again could say something else: policies, tags, groups or tables changed since. */
  isStale(judged: Judged): boolean
  /** Whether anything of the target is hidden from the user, as far as is known now. */
  readonly hidesAnything: boolean
  /** A statement succeeded that may have changed the target's tables. */
  schemaChanged(): void
  /** Puts intents (and refusals) on record, then calls back once, never within this call, in order of the calls. */
  admit(statements: readonly Judged[], done: (admission: Admission) => void): void
  /**
   * Keeps rows of an admitted statement, sealed: those before it before it is sent. Resolves once they are stored and on
   * record. @throws GatewayError `audit.unavailable`: then it must not take effect
   */
  keepRows(statement: EventId, part: SnapshotPart, image: RowImage): Promise<void>
  /** Puts on record why rows that a statement changes are not kept, or not all. */
  skipRows(statement: EventId, table: string, why: string): void
  /** Puts the outcome of an admitted statement on record. */
  ended(statement: EventId, outcome: Outcome): void
  /**
   * Calls back when what is running must stop while the visit goes on: a time or byte limit of policy, or somebody ended the
   * statement. The protocol stops it at the target (cancel, `KILL QUERY`) and tells the client `error` in place of the
   * target's own words. If nothing is running, nothing happens.
   */
  onInterrupt(listener: (error: GatewayError) => void): void
  /** Bytes of the running statement's answer that went to the client since the last call; call once per chunk, not per row. */
  flowed(bytes: number): void
  /** Calls back once if the visit is ended from our side: access withdrawn, server stopping, ended by an administrator. */
  onCut(listener: (error: GatewayError) => void): void
  leave(reason: string, traffic: { readonly bytesFromClient: number; readonly bytesToClient: number }): void
}

/** What would happen to a statement, without anything being done. */
export interface Trial {
  readonly verdict: 'passed' | 'stopped'
  readonly code: ErrorCode | undefined
  readonly message: string | undefined
  /** 1-based character of the text, where the text itself is the problem. */
  readonly position: number | undefined
  /** What would be sent to the target. */
  readonly text: string | undefined
  readonly shape: string
  /** Columns masked: `schema.table.column`. */
  readonly hidden: readonly string[]
  readonly columns: readonly TrialColumn[]
  readonly rowFilters: readonly { readonly table: string; readonly filter: string }[]
  readonly rowLimit: number | undefined
  /** Limits that would go along with it. */
  readonly guards: Guards | undefined
  readonly strength: AuditStrength | undefined
  readonly decidedBy: readonly PolicyName[]
  /** The query rule that fits. */
  readonly rule: QueryRule | undefined
  /** Whether all but the first of its shape would only be counted. */
  readonly isCounted: boolean
  /** Who would have to approve it. */
  readonly approvers: readonly string[]
}

/** What somebody who accompanies a visit is told. */
export type VisitNews =
  /** On its way to the target, or refused; before the target answers. */
  | {
      readonly kind: 'judged'
      readonly judged: Judged
      /** By statement of the text, what its results are made of. */
      readonly outputs: () => readonly Outputs[]
    }
  /** Where names without a schema are looked for now; `undefined`: nowhere, or not known yet. */
  | { readonly kind: 'schema'; readonly schema: string | undefined }

/** Whoever of our own house opened a visit on behalf of a person: the console. It is told things; it decides nothing. */
export interface Companion {
  /** Rows leave for a file, or come from one: what reads counts as `export`, too, and what adds rows as `import`. */
  readonly bulk?: 'export' | 'import' | undefined
  /** Must be quick and may not throw. */
  told(news: VisitNews): void
}

/** A column that would be masked, and as what. */
export interface TrialColumn {
  /** `schema.table.column`. */
  readonly name: string
  readonly mask: MaskShape | undefined
  readonly tag: string | undefined
}

/** What to judge by in place of what is in force, here, now. */
export interface Draft {
  readonly policies?: PolicySet | undefined
  readonly rules?: readonly QueryRule[] | undefined
  readonly client?: { readonly address: string; readonly program: string } | undefined
  readonly nowMs?: number | undefined
}

export interface Gate {
  /**
   * Judges `connect`, puts the session on record, and makes the picture of the target's tables ready.
   * @throws GatewayError `connect.denied | audit.unavailable | target.schema-unavailable | limit.exceeded | server.draining`
   */
  enter(user: User, target: Target, client: ClientFacts, companion?: Companion): Promise<Visit>
  /**
   * To ask what would happen to statements of this person. Nothing is sent and nothing recorded, and no session ever finds
   * what is judged here.
   * @throws GatewayError `connect.denied` (its cause says why) `| target.schema-unavailable`
   */
  rehearse(user: User, target: Target, draft?: Draft): Promise<Rehearsal>
  /** Looks again whether everybody inside may still be there; what has changed is looked at without being asked. */
  recheck(): void
  /** Lets nobody in any more, ends visits as soon as nothing runs in them, and all that are left after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>
  /** Puts on record that somebody was turned away before there was a visit. */
  turnedAway(
    who: {
      readonly userName: string
      readonly address: string
      readonly program: string
      readonly targetName: string
    },
    error: GatewayError,
  ): void
  /** Open visits, newest first. */
  visits(): readonly Session[]
}
