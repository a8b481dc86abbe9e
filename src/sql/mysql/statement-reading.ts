// What is known of one statement once it was read.

import type { SqlStatement, TableEffect, TargetEffect } from '../../core/action.ts'
import type { Routine } from '../schema.ts'
import type { RoutineFacts } from './functions.ts'
import type { Resolved } from './names.ts'
import type { MysqlIndex } from './schema-index.ts'
import type { MysqlState, StateChange, Surroundings } from './state.ts'
import type { Survey } from './survey-facts.ts'
import type { Literal, Query, Statement } from './syntax.ts'

export interface ReadContext {
  readonly index: MysqlIndex
  readonly state: MysqlState
  readonly surroundings: Surroundings
  /** What a routine of the target does; may read its body. */
  readonly factsOf: (routine: Routine) => RoutineFacts
  /** For the body of a routine. */
  readonly hasParameters?: boolean
  readonly inTrigger?: boolean
}

/** How a statement is treated where something is hidden. */
export type Treatment =
  /** Queries and data changes: rewritten. */
  | 'query'
  /** The plan of one: refused if the statement would have to be rewritten. */
  | 'explain'
  /** Result is stored: refused if it would have to be rewritten. */
  | 'store'
  /** Names no data: sent as it is. */
  | 'plain'
  /** SHOW of something that holds values: another query is sent in its place, or one without rows. */
  | 'show'
  /** Refused as soon as anything is hidden. */
  | 'refuse'

/** A table that is named without its rows being read or written by expressions. */
export interface NamedTable {
  readonly target: Resolved
  readonly at: number
  /** `guarded`: not if anything of it is hidden; `rows`: nor if a filter hides rows of it; `loose`: in any case. */
  readonly guard: 'guarded' | 'rows' | 'loose'
}

export interface TableEffects {
  readonly schema: string
  readonly table: string
  readonly effect: TableEffect
  readonly columns: readonly string[]
}

/** A statement within a text, prepared or to be executed. */
export interface PreparedInner {
  readonly literal: Literal | undefined
  readonly text: string
  readonly statements: readonly StatementReading[]
  /** Name of the statement, as written, and where. */
  readonly handle: { readonly name: string; readonly start: number; readonly end: number } | undefined
}

export interface StatementReading {
  readonly node: Statement
  readonly facts: SqlStatement
  readonly survey: Survey | undefined
  readonly named: readonly NamedTable[]
  readonly treatment: Treatment
  /** Returns the rows of a query of the user's: a row limit applies. */
  readonly query: Query | undefined
  readonly changes: readonly StateChange[]
  readonly changesSchema: boolean
  readonly inner: PreparedInner | undefined
  /** Changes how the texts behind it are read. */
  readonly rereads: boolean
  /** Of what kind it is may depend on the values of its literals. */
  readonly literalsMatter: boolean
}

export interface Draft {
  verb: string
  effects: Set<TargetEffect>
  survey?: Survey | undefined
  named: NamedTable[]
  /** Effects on tables beside those of the survey. */
  uses: TableEffects[]
  treatment: Treatment
  query?: Query | undefined
  changes: StateChange[]
  changesSchema: boolean
  inner?: PreparedInner | undefined
  rereads: boolean
  literalsMatter: boolean
  changesAllRows: boolean
}

export function newDraft(verb: string, treatment: Treatment, effects: readonly TargetEffect[] = []): Draft {
  return {
    verb,
    effects: new Set(effects),
    named: [],
    uses: [],
    treatment,
    changes: [],
    changesSchema: false,
    rereads: false,
    literalsMatter: treatment !== 'query',
    changesAllRows: false,
  }
}
