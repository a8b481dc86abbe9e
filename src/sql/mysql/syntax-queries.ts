// Queries in the trees, and the tables in FROM.

import type { Call, Column, Expression, Literal } from './syntax-expressions.ts'
import type { Name, TableName } from './syntax-names.ts'
import type { NamedWindow, OrderItem, UserVariable } from './syntax-operands.ts'
import type { Span } from './syntax.ts'

/**
 * A query expression. `(SELECT … LIMIT 1) ORDER BY a` is a query whose body is a query. Its ORDER BY sees the tables of its
 * body if that is a `select`. The span is without the brackets around it, except where it is the body of another query
 * (`bracketed`).
 */
export interface Query extends Span {
  readonly kind: 'query'
  readonly with: With | undefined
  readonly body: QueryBody
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
  readonly locks: readonly Lock[]
  readonly into: Into | undefined
  /** `PROCEDURE ANALYSE(…)`. */
  readonly procedure: Call | undefined
}

export type QueryBody = Select | ValuesRows | TableQuery | SetOperation | Bracketed

/** `( query )` as part of a query; the span has the brackets. */
export interface Bracketed extends Span {
  readonly kind: 'bracketed'
  readonly query: Query
}

export interface SetOperation extends Span {
  readonly kind: 'set-operation'
  /** INTERSECT binds tighter where the server says so; else from the left. */
  readonly operator: 'UNION' | 'EXCEPT' | 'INTERSECT'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}

export interface Select extends Span {
  readonly kind: 'select'
  /** Upper case: DISTINCT, ALL, STRAIGHT_JOIN, HIGH_PRIORITY, SQL_CALC_FOUND_ROWS, SQL_NO_CACHE … */
  readonly options: readonly string[]
  readonly items: readonly SelectItem[]
  /** INTO between the list and FROM. */
  readonly into: Into | undefined
  /** Comma-separated; empty without FROM and with FROM DUAL. */
  readonly from: readonly TableReference[]
  readonly where: Expression | undefined
  readonly groupBy: readonly OrderItem[]
  readonly rollup: boolean
  readonly having: Expression | undefined
  readonly windows: readonly NamedWindow[]
  readonly qualify: Expression | undefined
}

export interface SelectItem extends Span {
  readonly kind: 'select-item'
  /** A `star` node for `*` and `t.*`. */
  readonly expression: Expression
  /** A string may be an alias too. */
  readonly alias: Name | undefined
}

/** `VALUES (1, 2), (3, 4)`, `VALUES ROW(1, 2), …`. */
export interface ValuesRows extends Span {
  readonly kind: 'values'
  readonly rows: readonly (readonly Expression[])[]
}

/** `TABLE t` of MySQL 8. */
export interface TableQuery extends Span {
  readonly kind: 'table-query'
  readonly table: Table
}

export interface With extends Span {
  readonly kind: 'with'
  readonly recursive: boolean
  readonly expressions: readonly CommonTable[]
}

export interface CommonTable extends Span {
  readonly kind: 'common-table'
  readonly name: Name
  readonly columns: readonly Name[]
  readonly query: Query
  /** `CYCLE c RESTRICT`. */
  readonly cycle: readonly Name[]
}

export interface Limit extends Span {
  readonly kind: 'limit'
  readonly count: Expression | undefined
  readonly offset: Expression | undefined
  /** `ROWS EXAMINED n`. */
  readonly examined: Expression | undefined
  readonly withTies: boolean
  /** FETCH FIRST instead of LIMIT. */
  readonly fetch: boolean
}

export interface Lock extends Span {
  readonly kind: 'lock'
  /** `SHARE` is both FOR SHARE and LOCK IN SHARE MODE. */
  readonly mode: 'UPDATE' | 'SHARE'
  readonly of: readonly TableName[]
  /** `WAIT n` keeps only WAIT. */
  readonly wait: 'NOWAIT' | 'SKIP LOCKED' | 'WAIT' | undefined
}

export interface Into extends Span {
  readonly kind: 'into'
  readonly form: 'OUTFILE' | 'DUMPFILE' | 'VARIABLES'
  readonly file: Literal | undefined
  readonly variables: readonly (UserVariable | Column)[]
}

export type TableReference = Table | Derived | Join | Nested | JsonTable | TableFunction

export interface Table extends Span {
  readonly kind: 'table'
  readonly schema: Name | undefined
  readonly name: Name
  /** Span of schema and name alone; `end` of the node is behind alias and index hints. */
  readonly nameStart: number
  readonly nameEnd: number
  readonly partitions: readonly Name[]
  readonly period: Period | undefined
  readonly alias: Name | undefined
  /** `USE INDEX (a)` … */
  readonly indexHints: readonly IndexHint[]
}

export interface IndexHint extends Span {
  readonly kind: 'index-hint'
}

/** `FOR SYSTEM_TIME AS OF x`, `BETWEEN a AND b`, `FROM a TO b`, `ALL`; also `FOR p …`. */
export interface Period extends Span {
  readonly kind: 'period'
  readonly name: Name
  readonly form: 'AS OF' | 'BETWEEN' | 'FROM' | 'ALL' | 'BEFORE'
  readonly expressions: readonly Expression[]
}

/** `(SELECT …) AS a (x, y)`, `LATERAL (SELECT …) a`. */
export interface Derived extends Span {
  readonly kind: 'derived'
  readonly lateral: boolean
  readonly query: Query
  readonly alias: Name | undefined
  readonly columns: readonly Name[]
}

export interface Join extends Span {
  readonly kind: 'join'
  /** `INNER` is also written JOIN, CROSS JOIN; NATURAL has the side it is written with. */
  readonly type: 'INNER' | 'STRAIGHT' | 'LEFT' | 'RIGHT' | 'FULL'
  readonly natural: boolean
  readonly left: TableReference
  readonly right: TableReference
  readonly on: Expression | undefined
  /** Undefined: no USING. */
  readonly using: readonly Name[] | undefined
}

/** `(t1, t2)`, `(t1 JOIN t2)`, `{oj …}`. */
export interface Nested extends Span {
  readonly kind: 'nested'
  readonly tables: readonly TableReference[]
}

export interface JsonTable extends Span {
  readonly kind: 'json-table'
  readonly document: Expression
  /** Expressions of the column list (paths and defaults). */
  readonly expressions: readonly Expression[]
  /** Names of the columns, nested ones too, in order. */
  readonly columns: readonly Name[]
  readonly alias: Name | undefined
}

/** Never made today: table-valued functions are refused. */
export interface TableFunction extends Span {
  readonly kind: 'table-function'
  readonly call: Call
  readonly alias: Name | undefined
}
