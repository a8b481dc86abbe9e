// What is recorded. Everything here is canonical: the audit chain hashes these values.

import type { EventId, SessionId, TargetId, UserId } from './ids.ts'
import type { AuditStrength, PolicyName } from './verdict.ts'

/**
 * What all executions of one statement shape by one person under one policy set have in common. It is made once, kept
 * with the cached reading, and written once per journal segment; the intents refer to it.
 */
export interface StatementPlan {
  /** The statement with its literals replaced by `$n`, at most `shapeCharsMax` characters; searchable. */
  readonly shape: string
  /** Command words of the statements, joined by `; `. */
  readonly verb: string
  /** `schema.table`, sorted. */
  readonly tables: readonly string[]
  /** Columns masked in this statement: `schema.table.column`, sorted. */
  readonly hidden: readonly string[]
  readonly verdict: 'allowed' | 'denied'
  /** For a refusal: its error code and the sentence the user read. */
  readonly code: string | undefined
  readonly reason: string | undefined
  readonly decidedBy: readonly PolicyName[]
}

interface EventBase {
  readonly id: EventId
  /** Milliseconds since 1970 in UTC. */
  readonly atMs: number
}

/** Who did it and from where, for events that belong to no session at a target. */
export interface Actor {
  readonly userId: UserId | undefined
  readonly userName: string
  readonly address: string
}

export interface SessionOpened extends EventBase {
  readonly kind: 'session.opened'
  readonly sessionId: SessionId
  readonly userId: UserId
  readonly userName: string
  readonly targetId: TargetId
  readonly targetName: string
  readonly address: string
  readonly program: string
  readonly credential: string
  readonly decidedBy: readonly PolicyName[]
}

export interface SessionRefused extends EventBase {
  readonly kind: 'session.refused'
  readonly actor: Actor
  readonly targetName: string
  readonly program: string
  readonly code: string
}

export interface SessionClosed extends EventBase {
  readonly kind: 'session.closed'
  readonly sessionId: SessionId
  readonly reason: string
  readonly bytesFromClient: number
  readonly bytesToClient: number
}

/** Intent: on record before the statement leaves for the target. For a refused one, before the refusal is told. */
export interface StatementIntent extends EventBase {
  readonly kind: 'statement'
  readonly sessionId: SessionId
  readonly plan: StatementPlan
  /** The statement as the user wrote it; sealed in the journal, never in clear at rest. */
  readonly text: string
  readonly strength: AuditStrength
}

/** Outcome of a statement whose intent was recorded. A missing outcome reads as `unknown` after a crash. */
export interface StatementOutcome extends EventBase {
  readonly kind: 'statement.ended'
  readonly statementId: EventId
  readonly sessionId: SessionId
  readonly rows: number
  readonly bytes: number
  readonly durationMs: number
  /** `ok`, the target's error code (`42P01`), or `unknown`. Never its text: texts carry values. */
  readonly result: string
}

/** Rows of a statement kept, sealed, or why they were not. Their values are never part of it. */
export interface StatementSnapshot extends EventBase {
  readonly kind: 'statement.snapshot'
  readonly sessionId: SessionId
  readonly statementId: EventId
  readonly part: 'before' | 'after' | 'none'
  /** `schema.table`; empty if it is not one table. */
  readonly table: string
  readonly rows: number
  /** SHA-256 of the sealed rows, hexadecimal; empty if there are none. */
  readonly hash: string
  /** Why there are none, or not all. */
  readonly why: string | undefined
}

/** Statements of one shape that a query rule calls noise, and that were counted after the first one was recorded. */
export interface StatementNoise extends EventBase {
  readonly kind: 'statement.noise'
  readonly sessionId: SessionId
  /** The first one, which is on record in full. */
  readonly statementId: EventId
  /** Since the first one, or since the last count. */
  readonly count: number
}

/** Something about people and signing in. */
export interface AccessEvent extends EventBase {
  readonly kind: 'sign-in' | 'sign-in.failed' | 'sign-out'
  readonly actor: Actor
  readonly code: string | undefined
}

/** An administrator or user changed something about the gateway itself. Values that are secret are left out. */
export interface ChangeEvent extends EventBase {
  readonly kind: 'changed'
  readonly actor: Actor
  /** What was done, `object.verb`: `target.created`, `policy.saved`, `token.revoked`. */
  readonly what: string
  /** Name of the object. */
  readonly object: string
  /** Changed fields, `{ field: [before, after] }`, JSON values; secret fields show `***`. */
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>
}

/** The server's own life. */
export interface ServerEvent extends EventBase {
  readonly kind: 'server.started' | 'server.stopped'
  readonly version: string
}

export type AuditEvent =
  | SessionOpened
  | SessionRefused
  | SessionClosed
  | StatementIntent
  | StatementOutcome
  | StatementNoise
  | StatementSnapshot
  | AccessEvent
  | ChangeEvent
  | ServerEvent
