// Definitions in the trees.

import type { DataType, Expression } from './syntax-expressions.ts'
import type { Account, Name, TableName } from './syntax-names.ts'
import type { OrderItem } from './syntax-operands.ts'
import type { Query } from './syntax-queries.ts'
import type { Span } from './syntax.ts'

/** Table options (ENGINE, COMMENT, DATA DIRECTORY, UNION, CONNECTION …): names in upper case. */
export interface Option extends Span {
  readonly kind: 'option'
  readonly name: string
  /** As written, decoded if a string. */
  readonly value: string
  /** Tables of UNION=(…). */
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
}

export interface ColumnDefinition extends Span {
  readonly kind: 'column-definition'
  readonly name: Name
  /** Undefined: taken from the query of CREATE … SELECT, or `c SERIAL`-like words are in the type. */
  readonly type: DataType | undefined
  /** `GENERATED ALWAYS AS (…)`. */
  readonly generated: Expression | undefined
  /** Expressions of DEFAULT, ON UPDATE, CHECK, INVISIBLE …, in order. */
  readonly expressions: readonly Expression[]
  readonly references: Reference | undefined
  /** Words in upper case: NOT NULL, NULL, PRIMARY KEY, UNIQUE, AUTO_INCREMENT, INVISIBLE, VIRTUAL, STORED, WITHOUT SYSTEM VERSIONING … */
  readonly words: readonly string[]
}

export interface Reference extends Span {
  readonly kind: 'reference'
  readonly table: TableName
  readonly columns: readonly Name[]
}

/** Keys, constraints, checks, periods. */
export interface TableElement extends Span {
  readonly kind: 'table-element'
  readonly type:
    | 'INDEX'
    | 'PRIMARY KEY'
    | 'UNIQUE'
    | 'FULLTEXT'
    | 'SPATIAL'
    | 'VECTOR'
    | 'FOREIGN KEY'
    | 'CHECK'
    | 'PERIOD'
  readonly name: Name | undefined
  readonly columns: readonly Name[]
  /** Functional key parts and the condition of CHECK. */
  readonly expressions: readonly Expression[]
  readonly references: Reference | undefined
}

export interface Partitioning extends Span {
  readonly kind: 'partitioning'
  readonly columns: readonly Name[]
  readonly expressions: readonly Expression[]
  readonly options: readonly Option[]
}

export interface CreateTable extends Span {
  readonly kind: 'create-table'
  readonly orReplace: boolean
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly table: TableName
  readonly like: TableName | undefined
  readonly columns: readonly ColumnDefinition[]
  readonly elements: readonly TableElement[]
  readonly options: readonly Option[]
  readonly partitioning: Partitioning | undefined
  readonly query: Query | undefined
}

export interface AlterTable extends Span {
  readonly kind: 'alter-table'
  readonly table: TableName
  readonly options: readonly string[]
  readonly actions: readonly AlterAction[]
}

export interface AlterAction extends Span {
  readonly kind: 'alter-action'
  /** ADD COLUMN, DROP COLUMN, MODIFY, CHANGE, ADD INDEX, DROP INDEX, RENAME, RENAME COLUMN, ORDER BY, CONVERT, ENGINE …, EXCHANGE PARTITION … */
  readonly action: string
  /** Old names: column, index, constraint, partition. */
  readonly names: readonly Name[]
  readonly columns: readonly ColumnDefinition[]
  readonly elements: readonly TableElement[]
  /** RENAME TO, EXCHANGE PARTITION WITH TABLE. */
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly options: readonly Option[]
  readonly partitioning: Partitioning | undefined
}

export interface CreateView extends Span {
  readonly kind: 'create-view'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  /** ALTER VIEW has the same form. */
  readonly alter: boolean
  readonly definer: Account | undefined
  readonly security: 'DEFINER' | 'INVOKER' | undefined
  readonly view: TableName
  readonly columns: readonly Name[]
  readonly query: Query
  readonly checkOption: boolean
}

export interface CreateIndex extends Span {
  readonly kind: 'create-index'
  readonly table: TableName
  readonly element: TableElement
}
