// Routines, accounts and what administrators do, in the trees.

import type { Option } from './syntax-definitions.ts'
import type { Column, DataType, Expression } from './syntax-expressions.ts'
import type { Account, Name, RoutineName, TableName } from './syntax-names.ts'
import type { UserVariable } from './syntax-operands.ts'
import type { Span, Statement } from './syntax.ts'

export interface RoutineParameter extends Span {
  readonly kind: 'routine-parameter'
  readonly mode: 'IN' | 'OUT' | 'INOUT' | undefined
  readonly name: Name
  readonly type: DataType
  readonly default: Expression | undefined
}

/** CREATE PROCEDURE, FUNCTION, TRIGGER, EVENT (ALTER EVENT too). */
export interface CreateRoutine extends Span {
  readonly kind: 'create-routine'
  readonly object: 'PROCEDURE' | 'FUNCTION' | 'TRIGGER' | 'EVENT'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly aggregate: boolean
  readonly alter: boolean
  readonly definer: Account | undefined
  readonly name: RoutineName
  readonly parameters: readonly RoutineParameter[]
  readonly returns: DataType | undefined
  /** SQL SECURITY INVOKER, DETERMINISTIC, READS SQL DATA …, upper case. */
  readonly characteristics: readonly string[]
  /** Of a trigger: BEFORE INSERT ON t. */
  readonly timing: string | undefined
  readonly table: TableName | undefined
  /** Of an event's schedule. */
  readonly expressions: readonly Expression[]
  readonly body: Statement | Opaque | undefined
}

/** Text that is not read: a body in another language. */
export interface Opaque extends Span {
  readonly kind: 'opaque'
}

/** CREATE DATABASE, ALTER DATABASE. */
export interface DefineSchema extends Span {
  readonly kind: 'define-schema'
  readonly verb: 'CREATE' | 'ALTER'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  /** Undefined: the current one. */
  readonly schema: Name | undefined
  readonly options: readonly Option[]
}

/** CREATE SEQUENCE, ALTER SEQUENCE. */
export interface DefineSequence extends Span {
  readonly kind: 'define-sequence'
  readonly verb: 'CREATE' | 'ALTER'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly sequence: TableName
  readonly options: readonly Option[]
}

/** DROP TABLE, VIEW, SEQUENCE (tables), INDEX (tables, names), DATABASE (schema), PROCEDURE, FUNCTION, TRIGGER, EVENT (routines), USER, ROLE, SERVER … */
export interface Drop extends Span {
  readonly kind: 'drop'
  readonly object: string
  readonly ifExists: boolean
  readonly temporary: boolean
  readonly tables: readonly TableName[]
  readonly routines: readonly RoutineName[]
  readonly accounts: readonly Account[]
  readonly schema: Name | undefined
  readonly names: readonly Name[]
}

export interface RenameTables extends Span {
  readonly kind: 'rename-tables'
  /** From, to, from, to … */
  readonly tables: readonly TableName[]
}

export interface Truncate extends Span {
  readonly kind: 'truncate'
  readonly table: TableName
}

/** ANALYZE, CHECK, OPTIMIZE, REPAIR, CHECKSUM TABLE; CACHE INDEX, LOAD INDEX INTO CACHE. */
export interface TableMaintenance extends Span {
  readonly kind: 'table-maintenance'
  readonly verb: 'ANALYZE' | 'CHECK' | 'OPTIMIZE' | 'REPAIR' | 'CHECKSUM' | 'CACHE INDEX' | 'LOAD INDEX'
  readonly tables: readonly TableName[]
  readonly options: readonly string[]
}

/** GRANT, REVOKE of privileges, roles, proxies. */
export interface Grant extends Span {
  readonly kind: 'grant'
  readonly verb: 'GRANT' | 'REVOKE'
  readonly privileges: readonly Privilege[]
  /** `*` has neither; `s.*` has schema. */
  readonly on:
    | {
        readonly object: 'TABLE' | 'PROCEDURE' | 'FUNCTION' | 'PACKAGE' | 'PROXY'
        readonly schema: Name | undefined
        readonly name: Name | undefined
      }
    | undefined
  readonly accounts: readonly Account[]
  readonly options: readonly string[]
}

export interface Privilege extends Span {
  readonly kind: 'privilege'
  /** Upper case: SELECT, ALL PRIVILEGES; or the role's name. */
  readonly name: string
  readonly columns: readonly Name[]
}

/** CREATE, ALTER, RENAME USER; CREATE ROLE. */
export interface DefineAccounts extends Span {
  readonly kind: 'define-accounts'
  readonly verb: 'CREATE USER' | 'ALTER USER' | 'RENAME USER' | 'CREATE ROLE'
  readonly accounts: readonly Account[]
}

/**
 * What only an administrator does, named by its words: FLUSH …, RESET …, PURGE …, CHANGE MASTER …, START SLAVE …, INSTALL PLUGIN …,
 * UNINSTALL …, BINLOG …, SHUTDOWN, CREATE SERVER, ALTER SERVER, CREATE TABLESPACE, ALTER INSTANCE, CLONE, IMPORT TABLE, BACKUP STAGE …
 */
export interface Administer extends Span {
  readonly kind: 'administer'
  /** Upper case: 'FLUSH', 'FLUSH TABLES', 'RESET', 'PURGE', 'CHANGE MASTER', 'INSTALL PLUGIN' … */
  readonly verb: string
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
}

export interface Help extends Span {
  readonly kind: 'help'
}

/** SIGNAL, RESIGNAL, GET DIAGNOSTICS. */
export interface Diagnostics extends Span {
  readonly kind: 'diagnostics'
  readonly verb: 'SIGNAL' | 'RESIGNAL' | 'GET'
  readonly expressions: readonly Expression[]
  /** Variables that GET DIAGNOSTICS sets. */
  readonly variables: readonly (UserVariable | Column)[]
}
