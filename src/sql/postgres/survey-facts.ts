// What a walk over a statement finds.

import type { Resolved } from './names.ts'
import type { PgIndex } from './schema-index.ts'
import type { PgState } from './state.ts'
import type { Tree } from './tree.ts'

/** Last field of a column mention that is a star. No column can be called so: names have no control characters. */
export const star = '\u0001*'

/** A place in the text that names a relation. */
export interface Reference {
  readonly target: Resolved
  readonly pin: string | undefined
  /** Byte of the name. */
  readonly at: number
  /** By which columns of it are qualified. */
  readonly alias: string
  readonly hasAlias: boolean
  /** The alias renames columns by position. */
  readonly renames: boolean
  readonly only: boolean
  readonly sample: Tree | undefined
  readonly role: 'read' | 'target' | 'definition'
  /** Whether what is read here decides what is written. */
  readonly feedsWrite: boolean
  readonly locked: boolean
}

export interface ColumnMention {
  /** `[schema, table, column]`, as long as written; the last may be `star`. */
  readonly fields: readonly string[]
  readonly at: number
}

export interface FunctionMention {
  readonly schema: string | undefined
  readonly name: string
  readonly at: number
  readonly arguments: readonly unknown[]
}

/** An INSERT, UPDATE, DELETE or MERGE, wherever it is. */
export interface Write {
  readonly kind: 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt'
  readonly body: Tree
  readonly target: Reference
  /** Within a WITH: what it returns may be used by the rest of the statement. */
  readonly inCte: boolean
}

/** A GROUP BY of plain columns. */
export interface Grouping {
  readonly columns: readonly ColumnMention[]
  /** Bytes of the relations that are grouped. */
  readonly from: readonly number[]
}

export interface Survey {
  readonly references: Reference[]
  readonly groupings: Grouping[]
  readonly columns: ColumnMention[]
  /** Names that could reach a column without being a column mention: USING, field selections, functions. */
  readonly names: Set<string>
  readonly functions: FunctionMention[]
  readonly operators: string[]
  readonly types: Set<string>
  readonly writes: Write[]
  /** A star or something like it that may expand to the columns of every relation. */
  everything: boolean
  currentOf: boolean
  /**
   * Whether a name without qualifier is neither a column of any relation here nor defined by the statement. The picture may
   * be older than a renamed column: it could be any of them.
   */
  stray: boolean
  /** Cursors and prepared statements named by the statement are not in here. */
  hasInto: Tree | undefined
}

export interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

export interface Place {
  readonly scope: Scope | undefined
  readonly inCte: boolean
  readonly inWrite: boolean
  readonly depth: number
}

export interface SurveyOptions {
  readonly index: PgIndex
  readonly state: PgState
  /** Whether all that is read is stored (CREATE TABLE AS, CREATE VIEW …). */
  readonly stores?: boolean
  /** Parameters of a routine are names, too, that are not known here. */
  readonly hasParameters?: boolean
}

export interface Draft extends Survey {
  readonly options: SurveyOptions
  readonly pending: {
    at: number
    reference: Omit<Reference, 'feedsWrite'>
    inCte: boolean
    inWrite: boolean
  }[]
  readonly seen: Set<number>
  /** Names that the statement itself defines: aliases, CTEs, columns of functions. */
  readonly defined: Set<string>
  readonly lockedAliases: Set<string>
  lockedAll: boolean
}
