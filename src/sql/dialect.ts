// What every SQL dialect can do for the gate: read a text, say what it touches, rewrite it so that nothing hidden is in it.

import type { SqlAction } from '../core/action.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { MaskShape, Sight } from '../core/verdict.ts'
import type { SchemaSnapshot } from './schema.ts'

/** A snapshot with the indexes that a dialect needs; made once per snapshot by `Dialect.index`. */
export interface SchemaIndex {
  readonly snapshot: SchemaSnapshot
}

/**
 * What earlier statements of a session changed for the reading of later ones: search path, temporary tables, prepared
 * statements. Immutable. What it says is never trusted alone: a name that could mean two things is pinned by the rewriting.
 */
export interface SqlState {
  /** Equal keys read every text the same. */
  readonly key: string
}

/** Why a text was not let through. */
export interface SqlProblem {
  /** `statement.unreadable`: not understood; `statement.unsafe`: understood, and cannot be made safe. */
  readonly code: Extract<ErrorCode, 'statement.unreadable' | 'statement.unsafe'>
  /** One or two plain sentences: what, why, and the way to ask for it or to write it otherwise. Names only, never values. */
  readonly message: string
  /** 1-based character of the statement text, as PostgreSQL counts it. */
  readonly position: number | undefined
}

/** A text that was understood. Opaque to everybody but its dialect; may be kept and shared between sessions. */
export interface Reading {
  readonly kind: 'reading'
  readonly text: string
  readonly action: SqlAction
  /** The text with literals replaced by `$n` and white space folded. */
  readonly shape: string
  /** Whether success of the statement changes the state (see `follow`). */
  readonly changesState: boolean
  /** Whether success of the statement may change the target's catalog. */
  readonly changesSchema: boolean
  /**
   * Whether the values of the literals made no difference: every text of the same form (see `Dialect.lift`) is read and
   * rewritten alike. Never true if the statement changes the state.
   */
  readonly inert?: boolean
  /** Whether it would let a session write that was made read only (`SET TRANSACTION READ WRITE`). */
  readonly liftsReadOnly?: boolean
}

/** A text with its literals lifted out. */
export interface Lifted {
  /** Texts with equal forms differ in nothing but the values of literals of the same kind and range. */
  readonly form: string
  /** Where the literals were: start and end of each, in order, in UTF-16 units of the text. */
  readonly literals: readonly number[]
}

/** A piece of a text to be replaced; `start === end` inserts. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface Unreadable {
  readonly kind: 'unreadable'
  readonly problem: SqlProblem
  readonly shape: string
  /** A name that the snapshot does not know: taking the snapshot anew may help. */
  readonly unknownName: boolean
}

export interface Rewritten {
  readonly kind: 'rewritten'
  /** What to send. The very same string as `Reading.text` if nothing had to change. */
  readonly text: string
  /** Columns masked, `schema.table.column`, sorted. */
  readonly hidden: readonly string[]
  /** Whether error texts and notices of the target may carry hidden values, and must be reduced. */
  readonly reduceErrors: boolean
  /**
   * The number of rows that it really changes would tell what is hidden: the target's count and words of it must not reach the
   * client, and it must not run within a transaction.
   */
  readonly countTells?: true
  /** What was done to the text, sorted and apart; missing if it cannot be said so: then it holds for this text only. */
  readonly splices?: readonly Splice[]
}

export interface Refused {
  readonly kind: 'refused'
  readonly problem: SqlProblem
}

/** Which hidden columns a column of a result is made of, and how they are masked. */
export interface OutputMask {
  readonly as: MaskShape
  /** `schema.table.column`, sorted; never empty. */
  readonly columns: readonly string[]
}

/**
 * What the columns of a statement's result are made of, in their order: never less than they are. `unknown`: it cannot be told
 * apart; any of them may be made of anything hidden that the statement touches.
 */
export type Outputs = readonly (OutputMask | undefined)[] | 'unknown'

export interface RewriteOptions {
  /** Key for `hash` masks, hexadecimal; differs by target. Never shown to a client. */
  readonly maskKey: string
  /** Most rows that a query may return. */
  readonly rowLimit: number | undefined
}

/** A question for rows by the values of their keys. */
export interface KeyQuestion {
  readonly keys: readonly (readonly (string | null)[])[]
  /** A text, and the values of its parameters as texts. */
  readonly question: { readonly text: string; readonly values: readonly (string | null)[] }
}

/** What must be asked to know the rows that a statement changes, before and after it. */
export interface ImagePlan {
  readonly kind: 'image'
  /** The table whose rows change. */
  readonly schema: string
  readonly table: string
  /** All columns of the rows that will change, locked until the end of the transaction; at most one more than are kept. */
  readonly selectBefore: string
  /** The statement's own parameters that `selectBefore` takes, in order; the first of the statement is 1. */
  readonly parameters: readonly number[]
  /** More rows than these leave it open which of them change (`LIMIT` of MySQL). */
  readonly rowsMost: number | undefined
  /** Columns by which a row is found again after the change. */
  readonly key: readonly string[]
  /** Of `selectBefore`, in order; missing: as the target names them. */
  readonly columns?: readonly { readonly name: string; readonly binary?: true }[]
  /** Asks for rows by their keys; `undefined`: nothing is asked for after the change. */
  readonly selectAfter: ((keys: KeyQuestion['keys']) => KeyQuestion['question']) | undefined
  /** Why the rows are not looked at after the change, if it leaves any. */
  readonly noAfter: string | undefined
  /** Why other rows could change than those that were asked for a moment before, although they are locked. */
  readonly doubt?: string
}

/** How the rows that a statement changes can be kept. */
export type ImageWish =
  | ImagePlan
  /** Rows change, and which ones cannot be told before. */
  | { readonly kind: 'none'; readonly table: string; readonly why: string }
  /** Changes rows beside other statements of the same text. */
  | { readonly kind: 'crowded' }

export interface Dialect {
  readonly name: 'postgresql' | 'mysql'
  index(snapshot: SchemaSnapshot): SchemaIndex
  /** State of a session that has just begun. */
  readonly initialState: SqlState
  /** The same as far as a picture of the target tells it, for trying texts out without a session; missing: `initialState`. */
  stateOf?(schema: SchemaIndex): SqlState
  /** Reads every statement in the text. Pure; never throws. */
  read(text: string, schema: SchemaIndex, state: SqlState): Reading | Unreadable
  /** Hides in the text what `sight` hides. Pure; never throws. */
  rewrite(
    reading: Reading,
    schema: SchemaIndex,
    state: SqlState,
    sight: Sight,
    options: RewriteOptions,
  ): Rewritten | Refused
  /** Lifts the literals out of a text without parsing it; `undefined` where that cannot be done with certainty. Pure, quick. */
  lift?(text: string, state: SqlState): Lifted | undefined
  /**
   * What to ask for to keep the rows that a text changes; `undefined`: it changes none.
   * @param sent  the text as it is sent, everything hidden already taken out
   */
  imageOf?(
    reading: Reading,
    sent: string,
    schema: SchemaIndex,
    state: SqlState,
    rowsMax: number,
  ): ImageWish | undefined
  /** By statement of the text, which columns of its result are made of what is hidden. Pure; never throws. */
  outputs?(reading: Reading, schema: SchemaIndex, sight: Sight): readonly Outputs[]
  /** Where names without a schema are looked for first; `undefined`: nowhere, or only the target knows. */
  currentSchema?(schema: SchemaIndex, state: SqlState): string | undefined
  /** The state after statement `index` of the reading has succeeded at the target. */
  follow(state: SqlState, reading: Reading, index: number): SqlState
}
