// Statements that change rows or run something, in the trees.

import type { Column, Expression, Literal } from './syntax-expressions.ts'
import type { Name, RoutineName, TableName } from './syntax-names.ts'
import type { OrderItem, UserVariable } from './syntax-operands.ts'
import type {
  Limit,
  Period,
  Query,
  SelectItem,
  Table,
  TableReference,
  ValuesRows,
  With,
} from './syntax-queries.ts'
import type { Span } from './syntax.ts'

export interface Assignment extends Span {
  readonly kind: 'assignment'
  readonly column: Column
  readonly value: Expression
}

export interface Insert extends Span {
  readonly kind: 'insert'
  readonly verb: 'INSERT' | 'REPLACE'
  /** LOW_PRIORITY, DELAYED, HIGH_PRIORITY, IGNORE. */
  readonly options: readonly string[]
  readonly table: Table
  /** Undefined: no list. `()` is an empty one. `t.c` and `s.t.c` have all parts. */
  readonly columns: readonly Column[] | undefined
  /** SET becomes one row and `columns`. */
  readonly source: ValuesRows | Query
  readonly form: 'VALUES' | 'SET' | 'QUERY'
  /** `AS new (a, b)` of MySQL 8. */
  readonly rowAlias: Name | undefined
  readonly rowColumns: readonly Name[]
  readonly onDuplicate: readonly Assignment[]
  readonly returning: readonly SelectItem[]
}

export interface Update extends Span {
  readonly kind: 'update'
  readonly with: With | undefined
  readonly options: readonly string[]
  /** One table without join: the single-table form. */
  readonly tables: readonly TableReference[]
  /** `FOR PORTION OF p FROM a TO b`. */
  readonly portion: Period | undefined
  readonly assignments: readonly Assignment[]
  readonly where: Expression | undefined
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
}

export interface Delete extends Span {
  readonly kind: 'delete'
  readonly with: With | undefined
  readonly options: readonly string[]
  /** `single`: DELETE FROM t; `from`: DELETE a, b FROM …; `using`: DELETE FROM a, b USING …. */
  readonly form: 'single' | 'from' | 'using'
  /** What rows are deleted from; names or aliases of `tables`. Empty if single. */
  readonly targets: readonly TableName[]
  readonly tables: readonly TableReference[]
  readonly portion: Period | undefined
  readonly where: Expression | undefined
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
  readonly returning: readonly SelectItem[]
}

export interface LoadData extends Span {
  readonly kind: 'load'
  readonly format: 'DATA' | 'XML'
  readonly local: boolean
  readonly file: Literal
  readonly options: readonly string[]
  readonly table: Table
  readonly columns: readonly (Column | UserVariable)[]
  readonly assignments: readonly Assignment[]
}

export interface Do extends Span {
  readonly kind: 'do'
  readonly expressions: readonly SelectItem[]
}

export interface CallProcedure extends Span {
  readonly kind: 'call-procedure'
  readonly routine: RoutineName
  readonly args: readonly Expression[]
}

export interface Handler extends Span {
  readonly kind: 'handler'
  readonly verb: 'OPEN' | 'READ' | 'CLOSE'
  readonly table: TableName
  readonly alias: Name | undefined
  readonly index: Name | undefined
  readonly keys: readonly Expression[]
  readonly where: Expression | undefined
  readonly limit: Limit | undefined
}
