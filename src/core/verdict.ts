// What policy says, and what a person may see.

import type { ErrorCode } from './errors.ts'

/** A policy as the audit names it: `name` is its `@id`, `version` that of the set it was part of. */
export interface PolicyName {
  readonly name: string
  readonly version: number
}

/** The shape that a hidden value takes. Each keeps the column's type. */
export type MaskShape = 'email' | 'phone' | 'card' | 'name' | 'date' | 'number' | 'null' | 'constant' | 'hash'

/** How durably intent is on record before the act. */
export type AuditStrength = 'written' | 'strict'

/** A limit, and the policy that sets it. */
export interface Limit {
  readonly value: number
  readonly policy: PolicyName
}

/**
 * What permits ask in return. Of several permits for one thing the most generous decides, one that does not ask lifts it; of
 * several things that a statement does the strictest.
 */
export interface Guards {
  /** The statement changes all rows of a table, and the policy wants a condition. */
  readonly missingWhere: PolicyName | undefined
  /** A reason is wanted and was not given. */
  readonly missingReason: PolicyName | undefined
  /** The statement does something other than reading, and the policy permits reading only. */
  readonly readOnly: PolicyName | undefined
  readonly approval: { readonly policy: PolicyName; readonly approvers: readonly string[] } | undefined
  readonly timeLimitMs: Limit | undefined
  /** Of one result. */
  readonly byteLimit: Limit | undefined
  /** Of one user at one target. */
  readonly rowsPerDay: Limit | undefined
  readonly bytesPerDay: Limit | undefined
  readonly maxSessions: Limit | undefined
  readonly idleTimeoutMs: Limit | undefined
}

export const noGuards: Guards = {
  missingWhere: undefined,
  missingReason: undefined,
  readOnly: undefined,
  approval: undefined,
  timeLimitMs: undefined,
  byteLimit: undefined,
  rowsPerDay: undefined,
  bytesPerDay: undefined,
  maxSessions: undefined,
  idleTimeoutMs: undefined,
}

export interface Allowed {
  readonly kind: 'allowed'
  readonly decidedBy: readonly PolicyName[]
  /** Most rows a statement may return; `undefined`: no limit. */
  readonly rowLimit: number | undefined
  readonly strength: AuditStrength
  readonly guards: Guards
}

export interface Denied {
  readonly kind: 'denied'
  readonly code: ErrorCode
  /** What the user reads: what was not permitted, and how to ask for it. Names things, never values. */
  readonly reason: string
  readonly decidedBy: readonly PolicyName[]
}

export type Verdict = Allowed | Denied

export interface HiddenColumn {
  readonly mask: MaskShape
  /** The tag that hides it, as shown to the user: `pii.email`. */
  readonly tag: string
}

/** What a person may see of one table. */
export interface TableSight {
  /** Hidden columns by name. */
  readonly hidden: ReadonlyMap<string, HiddenColumn>
  /** SQL condition over the table's own columns, unqualified; rows for which it is not true do not exist for this person. */
  readonly rowFilter: string | undefined
}

/** What one person may see of one target, at one moment. Immutable; a change makes a new one with a new `version`. */
export interface Sight {
  /** Equal versions see the same. */
  readonly version: string
  /** Whether anything at all in this target is hidden or filtered. If not, statements need no rewriting. */
  readonly hidesAnything: boolean
  /** `undefined`: nothing of this table is hidden or filtered. */
  table(schema: string, table: string): TableSight | undefined
}
