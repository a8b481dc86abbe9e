// What is known of one statement once it was read.

import type { SqlStatement, TableEffect, TargetEffect } from '../../core/action.ts'
import type { Routine } from '../schema.ts'
import type { RoutineFacts } from './routines.ts'
import type { PgIndex } from './schema-index.ts'
import type { PgState, StateChange } from './state.ts'
import type { Reference, Survey } from './survey-facts.ts'
import type { Tree } from './tree.ts'

export interface ReadContext {
  readonly index: PgIndex
  readonly state: PgState
  /** What a routine of the target does; may read its body. */
  readonly routineFacts: (routine: Routine) => RoutineFacts
  /** For the body of a routine. */
  readonly hasParameters?: boolean
}

/** How a statement is treated where something is hidden. */
export type Treatment =
  /** Queries and data changes: rewritten. */
  | 'query'
  /** The plan of one: refused if the statement would have to be rewritten. */
  | 'explain'
  /** Result is stored: refused if it would have to be rewritten. */
  | 'store'
  | 'copy'
  | 'execute'
  /** Definitions of the list that may pass if nothing hidden is named. */
  | 'define'
  /** Names no data: sent as it is. */
  | 'plain'
  /** Refused as soon as anything is hidden. */
  | 'refuse'

export interface StatementReading {
  readonly kind: string
  readonly body: Tree
  readonly start: number
  readonly end: number
  readonly facts: SqlStatement
  readonly survey: Survey | undefined
  /** Relations that are named without being read or written as rows. */
  readonly definitions: readonly Reference[]
  readonly treatment: Treatment
  /** Returns the rows of a query of the user's: a row limit applies. */
  readonly query: Tree | undefined
  readonly changes: readonly StateChange[]
  readonly changesSchema: boolean
  /** Prepared statement or cursor of the session's own that it names. */
  readonly handle: { readonly name: string } | undefined
  /** For EXECUTE: what runs. */
  readonly inner: readonly StatementReading[]
  readonly liftsReadOnly: boolean
}

export interface Draft {
  verb: string
  effects: Set<TargetEffect>
  survey?: Survey | undefined
  definitions: Reference[]
  /** Effects on tables beside those of the survey. */
  uses: { schema: string; table: string; effect: TableEffect }[]
  treatment: Treatment
  query?: Tree | undefined
  changes: StateChange[]
  changesSchema: boolean
  handle?: { name: string } | undefined
  /** Rows come in from the client. */
  fills?: boolean
  inner?: readonly StatementReading[]
  liftsReadOnly?: boolean
}

export function newDraft(verb: string, treatment: Treatment, effects: readonly TargetEffect[] = []): Draft {
  return {
    verb,
    effects: new Set(effects),
    definitions: [],
    uses: [],
    treatment,
    changes: [],
    changesSchema: false,
  }
}
