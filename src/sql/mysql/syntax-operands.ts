// Operands of expressions in the trees: CASE, variables, sub-queries and the like.

import type { Column, Expression } from './syntax-expressions.ts'
import type { Name, TableName } from './syntax-names.ts'
import type { Query } from './syntax-queries.ts'
import type { Span } from './syntax.ts'

export interface Case extends Span {
  readonly kind: 'case'
  readonly operand: Expression | undefined
  readonly branches: readonly When[]
  readonly otherwise: Expression | undefined
}

export interface When extends Span {
  readonly kind: 'when'
  readonly condition: Expression
  readonly result: Expression
}

/** `(a, b)`, `ROW(a, b)`. A bracketed single expression has no node of its own: its inner node keeps its inner span. */
export interface Row extends Span {
  readonly kind: 'row'
  readonly items: readonly Expression[]
}

/** `(SELECT …)` as a value; the span has the brackets. */
export interface Subquery extends Span {
  readonly kind: 'subquery'
  readonly query: Query
}

export interface Collate extends Span {
  readonly kind: 'collate'
  readonly operand: Expression
  readonly collation: string
}

/** `INTERVAL 1 DAY` as an operand of + and -, or as an argument. `INTERVAL(a, b, …)` is a call. */
export interface Interval extends Span {
  readonly kind: 'interval'
  readonly value: Expression
  readonly unit: string
}

export interface Match extends Span {
  readonly kind: 'match'
  readonly columns: readonly Column[]
  readonly against: Expression
  /** Upper case: `IN BOOLEAN MODE`, `IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION` …, '' if not written. */
  readonly mode: string
}

export interface UserVariable extends Span {
  readonly kind: 'user-variable'
  readonly name: string
}

export interface SystemVariable extends Span {
  readonly kind: 'system-variable'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | 'PERSIST' | 'PERSIST_ONLY' | undefined
  /** One part, or two: `@@hot.key_buffer_size`. */
  readonly parts: readonly Name[]
}

/** `@a := 1`. */
export interface Assign extends Span {
  readonly kind: 'assign'
  readonly variable: UserVariable
  readonly value: Expression
}

export interface Parameter extends Span {
  readonly kind: 'parameter'
  /** From 0, over the whole text. */
  readonly index: number
}

/** `DEFAULT` in VALUES, SET …; `DEFAULT(c)` anywhere. */
export interface DefaultValue extends Span {
  readonly kind: 'default'
  readonly column: Column | undefined
}

/** `VALUES(c)`, `VALUE(c)`: what an INSERT would have put into the column. */
export interface InsertedValue extends Span {
  readonly kind: 'inserted-value'
  readonly column: Column
}

/** `{d '2020-01-01'}`, `{fn now()}`: `{identifier expression}`. */
export interface Odbc extends Span {
  readonly kind: 'odbc'
  readonly name: Name
  readonly operand: Expression
}

/** `NEXT VALUE FOR s`, `PREVIOUS VALUE FOR s`, `NEXTVAL(s)`, `LASTVAL(s)`, `SETVAL(s, …)` of MariaDB. */
export interface SequenceValue extends Span {
  readonly kind: 'sequence-value'
  readonly operation: 'NEXT' | 'PREVIOUS' | 'SET'
  readonly sequence: TableName
  readonly args: readonly Expression[]
}

/** A word where an expression may stand: `SET x = ON`, `INSERT … VALUES (IGNORE)`. Upper case. */
export interface Word extends Span {
  readonly kind: 'word'
  readonly word: string
}

export interface OrderItem extends Span {
  readonly kind: 'order-item'
  readonly expression: Expression
  readonly direction: 'ASC' | 'DESC' | undefined
}

export interface WindowName extends Span {
  readonly kind: 'window-name'
  readonly name: Name
}

export interface WindowSpecification extends Span {
  readonly kind: 'window'
  readonly base: Name | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  /** Expressions of the frame: `ROWS BETWEEN 2 PRECEDING …`. */
  readonly frame: readonly Expression[]
}

export interface NamedWindow extends Span {
  readonly kind: 'named-window'
  readonly name: Name
  readonly window: WindowSpecification
}
