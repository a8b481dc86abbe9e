// The part of the contract about who can reach what, and why. Types only.

import type { Decider, ReachState, Terms } from '../../policy/reach.ts'
import type { Role } from '../../core/user.ts'
import type { MaskShape } from '../../core/verdict.ts'

export type ReachAction =
  | 'connect'
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'export'
  | 'import'
  | 'define'
  | 'call'
  | 'administer'
  | 'reveal'

export interface ReachCell {
  /** `partly`: of several tables or columns some. */
  readonly state: ReachState | 'partly'
  readonly decidedBy: readonly Decider[]
  readonly terms: Terms
  /** Policies would permit it, and nobody lets the person in. */
  readonly withoutConnect: boolean
  /** Of several tables or columns: how many it is permitted for, at least sometimes. */
  readonly some?: { readonly permitted: number; readonly of: number }
}

export type ReachCells = { readonly [A in ReachAction]?: ReachCell }

/** Somebody, as they were at that time. */
export interface ReachPerson {
  readonly name: string
  readonly displayName: string
  readonly role: Role
  readonly disabled: boolean
  readonly groups: readonly string[]
  readonly cells: ReachCells
}

/** A target, one of its tables, or a column of one. */
export interface ReachPlace {
  readonly kind: 'target' | 'table' | 'column'
  readonly targetId: string
  readonly name: string
  readonly schema?: string
  readonly table?: string
  readonly disabled?: boolean
  /** Of a column: the tags that it carries, and its mask where they hide it. */
  readonly tags?: readonly string[]
  readonly mask?: MaskShape
  readonly cells: ReachCells
}

/** What cannot be known of a time in the past, or is not looked at. */
export type ReachNote =
  /** Tables are those of today: what there was then is not on record. */
  | { readonly kind: 'tables-of-today' }
  /** The record does not go back so far, or there was more than is gone back over. */
  | { readonly kind: 'history-cut'; readonly fromMs: number }
  | { readonly kind: 'no-policies-then' }
  /** The target or user that is asked about did not exist then, or was removed since. */
  | { readonly kind: 'not-there-then' }
  /** Removed since; who they were in is not on record, so they are left out. */
  | { readonly kind: 'people-left-out'; readonly names: readonly string[] }
  | { readonly kind: 'targets-left-out'; readonly names: readonly string[] }
  | { readonly kind: 'tables-unknown'; readonly target: string }
  | { readonly kind: 'rows-left-out'; readonly count: number }

export interface ReachBase {
  /** `undefined`: now. */
  readonly atMs: number | undefined
  readonly policyVersion: number
  readonly actions: readonly ReachAction[]
  readonly notes: readonly ReachNote[]
}

export interface WhoReaches extends ReachBase {
  readonly people: readonly ReachPerson[]
}

export interface WhatIsReached extends ReachBase {
  readonly person: Omit<ReachPerson, 'cells'>
  readonly places: readonly ReachPlace[]
}

interface ReachAsked {
  /** Missing: now. */
  readonly atMs?: number
  readonly schema?: string
  readonly table?: string
}

export interface ReachRoutes {
  /** Who can reach a target, one of its tables (with `schema` and `table`) or one column. */
  'POST /api/reach/who': {
    in: ReachAsked & { readonly targetId: string; readonly column?: string }
    out: WhoReaches
  }
  /** What somebody can reach: targets, the tables of one, or the columns of a table. */
  'POST /api/reach/what': {
    in: ReachAsked & { readonly userName: string; readonly targetId?: string }
    out: WhatIsReached
  }
}
