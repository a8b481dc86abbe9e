// The trees that MySQL's and MariaDB's SQL is read into, and what a reader of them may rely on.
//
// Agreement between the parser (lexer.ts, canonical.ts, parse*.ts) and everybody who walks the trees:
//
// 1. `canonicalise(text, context)` comes first; its text has the same length as the user's. That text is parsed, and that
//    text is what positions (`start`, `end`: UTF-16 offsets, `end` behind the last sign) and splices speak of.
// 2. Every node is a plain object with `kind`, `start`, `end`. Children sit directly in properties, in arrays or in arrays
//    of arrays; nothing is hidden in closures or maps. A walk over all properties therefore sees everything.
// 3. Every table, view or sequence that a statement names is a node `table` (where rows are read or written: FROM, UPDATE,
//    DELETE …) or `table-name` (everywhere else); routines are `routine-name`, schemas a `Name` in a property `schema`.
//    Every expression is a tree in full. What is not read in full is a node `opaque` (bodies of routines only).
// 4. Only words that this product and version does not reserve become names; names are decoded (`text`) and keep their
//    span with the quotes (`start`, `end`). Nothing is folded: comparing without case is the reader's business.
// 5. `undefined` means: not written. Arrays are empty if nothing was written. Upper case in string fields is the parser's
//    (operators, words of the language), so they may be compared with ===.
// 6. Chains of operators (`a OR b OR …`) lean to the left and may be as long as the text: walk down `left` in a loop, or be
//    ready for a RangeError. Everything else is nested `limits.statementDepthMax` deep at most.
// 7. A function whose name is one of `nearFunctions` (parse-words.ts) and whose bracket is not `adjacent` is, without
//    IGNORE_SPACE, not the server's but a stored function of that name. It has the form `native`.
// 8. The span of a query or expression is without the brackets around it; `bracketed`, `subquery` and `row` have theirs.
// 9. What the parser does not know is a problem with a position, never a guess. `parse` never throws.

import type {
  Administer,
  CreateRoutine,
  DefineAccounts,
  DefineSchema,
  DefineSequence,
  Diagnostics,
  Drop,
  Grant,
  Help,
  RenameTables,
  TableMaintenance,
  Truncate,
} from './syntax-administration.ts'
import type { CallProcedure, Delete, Do, Handler, Insert, LoadData, Update } from './syntax-changes.ts'
import type { AlterTable, CreateIndex, CreateTable, CreateView } from './syntax-definitions.ts'
import type { DataType, Expression } from './syntax-expressions.ts'
import type { Name } from './syntax-names.ts'
import type { Query } from './syntax-queries.ts'
import type {
  Deallocate,
  Describe,
  Execute,
  ExecuteImmediate,
  Explain,
  Kill,
  LockTables,
  Prepare,
  SetStatement,
  Show,
  Transaction,
  UnlockTables,
  Use,
  Xa,
} from './syntax-session.ts'

export type * from './syntax-administration.ts'
export type * from './syntax-changes.ts'
export type * from './syntax-definitions.ts'
export type * from './syntax-expressions.ts'
export type * from './syntax-names.ts'
export type * from './syntax-operands.ts'
export type * from './syntax-queries.ts'
export type * from './syntax-session.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

export type Product = 'mysql' | 'mariadb'

export interface SqlMode {
  readonly ansiQuotes: boolean
  readonly noBackslashEscapes: boolean
  readonly pipesAsConcat: boolean
  readonly ignoreSpace: boolean
  readonly highNotPrecedence: boolean
  /** MariaDB's `sql_mode=ORACLE`, another grammar: every text is refused. */
  readonly oracle: boolean
}

export const sqlModeUsual: SqlMode = {
  ansiQuotes: false,
  noBackslashEscapes: false,
  pipesAsConcat: false,
  ignoreSpace: false,
  highNotPrecedence: false,
  oracle: false,
}

export interface ParseContext {
  readonly product: Product
  /** As the server prints it in version comments: 101119 (MariaDB 10.11.19), 50624, 80036, 90704. */
  readonly version: number
  readonly sqlMode: SqlMode
  /** Character set of the connection, `utf8mb4`. The text is decoded already. */
  readonly characterSet: string
}

export interface ParseProblem {
  readonly kind: 'problem'
  readonly message: string
  /** UTF-16 offset. */
  readonly position: number
}

export interface Canonical {
  /** As long as the text given; the very same string if it has no comment that could run. */
  readonly text: string
  readonly problem?: ParseProblem
}

export interface ParsedStatements {
  readonly kind: 'statements'
  /** `a; b; c` are three. Empty statements are left out. */
  readonly statements: readonly Statement[]
  /** Number of `?` of all statements. */
  readonly parameters: number
}

export type Parsed = ParsedStatements | ParseProblem

// ── statements in routines and in `BEGIN NOT ATOMIC` ───────────────────────────────────────────────────────────────────

/** BEGIN … END with its declarations as statements in order. */
export interface Block extends Span {
  readonly kind: 'block'
  readonly label: Name | undefined
  /** `BEGIN NOT ATOMIC` at the top. */
  readonly notAtomic: boolean
  readonly statements: readonly Statement[]
}

/** IF, CASE, LOOP, WHILE, REPEAT, FOR, LEAVE, ITERATE, RETURN, DECLARE, OPEN, FETCH, CLOSE. */
export interface Control extends Span {
  readonly kind: 'control'
  readonly verb: string
  readonly names: readonly Name[]
  readonly types: readonly DataType[]
  readonly expressions: readonly Expression[]
  readonly queries: readonly Query[]
  readonly statements: readonly Statement[]
}

export type Statement =
  | Query
  | Insert
  | Update
  | Delete
  | LoadData
  | Do
  | CallProcedure
  | Handler
  | SetStatement
  | Show
  | Describe
  | Explain
  | Use
  | Transaction
  | Xa
  | LockTables
  | UnlockTables
  | Prepare
  | Execute
  | ExecuteImmediate
  | Deallocate
  | Kill
  | CreateTable
  | AlterTable
  | CreateView
  | CreateIndex
  | CreateRoutine
  | DefineSchema
  | DefineSequence
  | Drop
  | RenameTables
  | Truncate
  | TableMaintenance
  | Grant
  | DefineAccounts
  | Administer
  | Help
  | Diagnostics
  | Block
  | Control
