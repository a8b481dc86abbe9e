// Expressions in the trees.

import type { Name } from './syntax-names.ts'
import type {
  Assign,
  Case,
  Collate,
  DefaultValue,
  InsertedValue,
  Interval,
  Match,
  Odbc,
  OrderItem,
  Parameter,
  Row,
  SequenceValue,
  Subquery,
  SystemVariable,
  UserVariable,
  WindowName,
  WindowSpecification,
  Word,
} from './syntax-operands.ts'
import type { Limit, Query } from './syntax-queries.ts'
import type { Span } from './syntax.ts'

export type Expression =
  | Literal
  | Column
  | Star
  | Call
  | Cast
  | Unary
  | Binary
  | Between
  | In
  | Like
  | Is
  | Exists
  | Quantified
  | Case
  | Row
  | Subquery
  | Collate
  | Interval
  | Match
  | UserVariable
  | SystemVariable
  | Assign
  | Parameter
  | DefaultValue
  | InsertedValue
  | Odbc
  | SequenceValue
  | Word

export interface Literal extends Span {
  readonly kind: 'literal'
  /** `hex` is `0x…` and `x'…'`, `bit` `0b…` and `b'…'`, `temporal` DATE/TIME/TIMESTAMP '…'. */
  readonly type: 'string' | 'number' | 'hex' | 'bit' | 'null' | 'boolean' | 'temporal'
  /** Decoded string (adjacent strings joined); number as written; for the rest as written. */
  readonly value: string
  /** `UTF8MB4` of `_utf8mb4'…'`; `N` of `N'…'`; DATE, TIME, TIMESTAMP of `temporal`. */
  readonly introducer: string | undefined
}

/** One to three parts: column, table.column, schema.table.column. May also be a local variable of a routine. */
export interface Column extends Span {
  readonly kind: 'column'
  readonly parts: readonly Name[]
}

/** `*`, `t.*`, `s.t.*`: in select lists and in `count(*)`. */
export interface Star extends Span {
  readonly kind: 'star'
  readonly parts: readonly Name[]
}

/**
 * Everything with the look of a function: built in, loadable, stored, aggregate, window; also forms with words inside
 * (`EXTRACT(YEAR FROM d)`, `TRIM(BOTH x FROM y)`, `SUBSTRING(a FROM 2)`, `POSITION(a IN b)`, `CONVERT(x USING utf8)`, `CHAR(1 USING x)`,
 * `WEIGHT_STRING(a AS CHAR(3))`, `GET_FORMAT(DATE, 'USA')`, `TIMESTAMPADD(DAY, 1, d)`) and functions without brackets (`CURRENT_USER`,
 * `CURRENT_TIMESTAMP`, `UTC_DATE`, `LOCALTIME`). Words inside are `words`, expressions are `args`, in order of writing.
 */
export interface Call extends Span {
  readonly kind: 'call'
  /** One part, or schema and function. */
  readonly parts: readonly Name[]
  /** Last part in upper case. */
  readonly name: string
  /** `keyword`: the grammar knows the word itself; `native`: by name (a stored function of the current schema may be meant). */
  readonly form: 'keyword' | 'native'
  /** Whether `(` follows without white space; no brackets at all: true. */
  readonly adjacent: boolean
  /** Whether there are brackets. */
  readonly brackets: boolean
  readonly distinct: boolean
  readonly args: readonly Expression[]
  /** `f(a AS x)`: one for each argument, for loadable functions only; else empty. */
  readonly argAliases: readonly (Name | undefined)[]
  readonly words: readonly string[]
  readonly orderBy: readonly OrderItem[]
  readonly separator: Literal | undefined
  readonly limit: Limit | undefined
  readonly withinGroup: readonly OrderItem[]
  /** Data type of `WEIGHT_STRING(a AS …)`, `JSON_VALUE(… RETURNING …)`. */
  readonly type: DataType | undefined
  /** Expressions of ON EMPTY / ON ERROR DEFAULT. */
  readonly defaults: readonly Expression[]
  readonly over: WindowName | WindowSpecification | undefined
}

/** `CAST(x AS t)`, `CONVERT(x, t)`, `BINARY x` is a unary. */
export interface Cast extends Span {
  readonly kind: 'cast'
  readonly operand: Expression
  readonly type: DataType
  /** MySQL 8: `AT TIME ZONE '…'`; `ARRAY`. */
  readonly words: readonly string[]
}

export interface DataType extends Span {
  readonly kind: 'type'
  /** Upper case, without length: `VARCHAR`, `INT`, `DOUBLE PRECISION`. */
  readonly name: string
  /** Upper case words behind: UNSIGNED, ZEROFILL, BINARY, CHARACTER SET's name is in `characterSet`. */
  readonly words: readonly string[]
  readonly lengths: readonly string[]
  /** Of ENUM and SET. */
  readonly values: readonly Literal[]
  readonly characterSet: string | undefined
  readonly collation: string | undefined
  /** `TYPE OF table`, `TYPE OF table.column` (routines of MariaDB). */
  readonly like: readonly Name[]
}

export interface Unary extends Span {
  readonly kind: 'unary'
  readonly operator: 'NOT' | '!' | '-' | '+' | '~' | 'BINARY' | 'PRIOR'
  readonly operand: Expression
}

export interface Binary extends Span {
  readonly kind: 'binary'
  /** Upper case; `||` is told apart: 'OR' by default and 'CONCAT' with PIPES_AS_CONCAT; `&&` is 'AND'; `!=` is '<>'; `%` is 'MOD'. */
  readonly operator:
    | 'OR'
    | 'XOR'
    | 'AND'
    | 'CONCAT'
    | '='
    | '<=>'
    | '<>'
    | '<'
    | '<='
    | '>'
    | '>='
    | 'REGEXP'
    | 'NOT REGEXP'
    | 'SOUNDS LIKE'
    | 'MEMBER OF'
    | '|'
    | '&'
    | '<<'
    | '>>'
    | '+'
    | '-'
    | '*'
    | '/'
    | 'DIV'
    | 'MOD'
    | '^'
    | '->'
    | '->>'
  readonly left: Expression
  readonly right: Expression
}

export interface Between extends Span {
  readonly kind: 'between'
  readonly not: boolean
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
}

export interface In extends Span {
  readonly kind: 'in'
  readonly not: boolean
  readonly operand: Expression
  /** The list, or one `subquery`. */
  readonly list: readonly Expression[]
}

export interface Like extends Span {
  readonly kind: 'like'
  readonly not: boolean
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
}

export interface Is extends Span {
  readonly kind: 'is'
  readonly not: boolean
  readonly operand: Expression
  /** IS NULL, IS TRUE, IS FALSE, IS UNKNOWN, IS JSON (by version). */
  readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'
}

export interface Exists extends Span {
  readonly kind: 'exists'
  readonly query: Query
}

/** `a > ANY (SELECT …)`. */
export interface Quantified extends Span {
  readonly kind: 'quantified'
  readonly operator: '=' | '<=>' | '<>' | '<' | '<=' | '>' | '>='
  readonly quantifier: 'ANY' | 'ALL'
  readonly operand: Expression
  readonly query: Query
}
