// Statements of a session in the trees.

import type { Expression, Literal } from './syntax-expressions.ts'
import type { Account, Name, RoutineName, TableName } from './syntax-names.ts'
import type { UserVariable } from './syntax-operands.ts'
import type { Limit } from './syntax-queries.ts'
import type { Span, Statement } from './syntax.ts'

export interface SetStatement extends Span {
  readonly kind: 'set'
  readonly items: readonly SetItem[]
  /** `SET STATEMENT a = 1 FOR statement`. */
  readonly for: Statement | undefined
}

export type SetItem =
  | SetVariable
  | SetUserVariable
  | SetNames
  | SetCharacterSet
  | SetTransaction
  | SetPassword
  | SetRole

/** A system variable, or a local variable of a routine (one part, no scope, not `@@`), or NEW.c in a trigger. */
export interface SetVariable extends Span {
  readonly kind: 'set-variable'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | 'PERSIST' | 'PERSIST_ONLY' | undefined
  readonly parts: readonly Name[]
  /** `default` node for DEFAULT; bare words (ON, ALL, BINARY, utf8) are `word` or a `column` of one part. */
  readonly value: Expression
}

export interface SetUserVariable extends Span {
  readonly kind: 'set-user-variable'
  readonly variable: UserVariable
  readonly value: Expression
}

export interface SetNames extends Span {
  readonly kind: 'set-names'
  /** Undefined: DEFAULT. Lower case. */
  readonly characterSet: string | undefined
  readonly collation: string | undefined
}

export interface SetCharacterSet extends Span {
  readonly kind: 'set-character-set'
  readonly characterSet: string | undefined
}

export interface SetTransaction extends Span {
  readonly kind: 'set-transaction'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | undefined
  /** `READ ONLY`, `READ WRITE`, `ISOLATION LEVEL READ COMMITTED` … */
  readonly characteristics: readonly string[]
}

export interface SetPassword extends Span {
  readonly kind: 'set-password'
  readonly account: Account | undefined
}

export interface SetRole extends Span {
  readonly kind: 'set-role'
  /** `SET DEFAULT ROLE`. */
  readonly asDefault: boolean
  readonly roles: readonly Account[]
}

/**
 * `what` in the words of the manual, without FULL, EXTENDED, GLOBAL, FROM …: 'TABLES', 'COLUMNS', 'INDEX' (also KEYS, INDEXES), 'CREATE TABLE',
 * 'CREATE VIEW', 'DATABASES' (also SCHEMAS), 'VARIABLES', 'STATUS', 'WARNINGS', 'ERRORS', 'TABLE STATUS', 'PROCESSLIST', 'GRANTS', 'COUNT WARNINGS' …
 */
export interface Show extends Span {
  readonly kind: 'show'
  readonly what: string
  /** FULL, EXTENDED, GLOBAL, SESSION, ALL … as written before `what`. */
  readonly options: readonly string[]
  readonly schema: Name | undefined
  readonly table: TableName | undefined
  readonly routine: RoutineName | undefined
  readonly account: Account | undefined
  readonly like: Literal | undefined
  readonly where: Expression | undefined
  readonly limit: Limit | undefined
  /** Anything else that it was asked with: engine, log file, position, query number. */
  readonly args: readonly Expression[]
}

/** `DESCRIBE t`, `DESC t c`, `EXPLAIN t`. */
export interface Describe extends Span {
  readonly kind: 'describe'
  readonly table: TableName
  /** Column name or pattern. */
  readonly column: Name | undefined
}

export interface Explain extends Span {
  readonly kind: 'explain'
  /** `ANALYZE statement` and `EXPLAIN ANALYZE` run the statement. */
  readonly analyze: boolean
  /** EXTENDED, PARTITIONS, FORMAT=JSON … */
  readonly options: readonly string[]
  /** Undefined with `connection`. */
  readonly statement: Statement | undefined
  /** `EXPLAIN FOR CONNECTION n`, `SHOW EXPLAIN FOR n`. */
  readonly connection: Expression | undefined
  /** MySQL 8.1: `INTO @v`. */
  readonly into: UserVariable | undefined
}

export interface Use extends Span {
  readonly kind: 'use'
  readonly schema: Name
}

export interface Transaction extends Span {
  readonly kind: 'transaction'
  readonly verb: 'BEGIN' | 'COMMIT' | 'ROLLBACK' | 'SAVEPOINT' | 'ROLLBACK TO' | 'RELEASE'
  /** READ ONLY, READ WRITE, WITH CONSISTENT SNAPSHOT, CHAIN, NO CHAIN, RELEASE, NO RELEASE. */
  readonly options: readonly string[]
  readonly savepoint: Name | undefined
}

export interface Xa extends Span {
  readonly kind: 'xa'
  readonly verb: 'START' | 'END' | 'PREPARE' | 'COMMIT' | 'ROLLBACK' | 'RECOVER'
}

export interface LockTables extends Span {
  readonly kind: 'lock-tables'
  readonly tables: readonly LockedTable[]
}

export interface LockedTable extends Span {
  readonly kind: 'locked-table'
  readonly table: TableName
  readonly alias: Name | undefined
  /** READ, READ LOCAL, WRITE, LOW_PRIORITY WRITE, WRITE CONCURRENT. */
  readonly mode: string
}

export interface UnlockTables extends Span {
  readonly kind: 'unlock-tables'
}

export interface Prepare extends Span {
  readonly kind: 'prepare'
  readonly name: Name
  /** A literal or a user variable; in MariaDB any expression. */
  readonly source: Expression
}

export interface Execute extends Span {
  readonly kind: 'execute'
  readonly name: Name
  readonly using: readonly Expression[]
}

export interface ExecuteImmediate extends Span {
  readonly kind: 'execute-immediate'
  readonly source: Expression
  readonly using: readonly Expression[]
}

export interface Deallocate extends Span {
  readonly kind: 'deallocate'
  readonly name: Name
}

export interface Kill extends Span {
  readonly kind: 'kill'
  /** HARD, SOFT, CONNECTION, QUERY, QUERY ID. */
  readonly options: readonly string[]
  /** `KILL USER u`. */
  readonly account: Account | undefined
  readonly target: Expression | undefined
}
