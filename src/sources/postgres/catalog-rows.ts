// The rows that come back from PostgreSQL's own catalog, one interface for each question.

/** One row. */
export interface FactsRow {
  readonly version: string
  readonly versionNumber: number
  readonly database: string
  readonly account: string
  readonly privileged: boolean
  readonly searchPath: readonly string[]
}

export interface SchemaRow {
  readonly name: string
}

export interface RelationRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly owner: string
  readonly comment: string | null
  readonly definition: string | null
  /** Definitions of the triggers and rules on this very relation that act when rows are written. */
  readonly triggers: readonly string[]
  readonly rules: readonly string[]
}

export interface ColumnRow {
  readonly relation: number
  readonly number: number
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  readonly generated: string | null
}

export interface ParentRow {
  readonly relation: number
  readonly parent: number
}

/** A column whose values may hold whole rows of another relation: its row type, arrays of it, domains over it. */
export interface RowTypeRow {
  readonly relation: number
  readonly number: number
  readonly holds: number
}

export interface PartitionKeyRow {
  readonly relation: number
  /** Numbers of the columns; 0 stands for an expression. */
  readonly columns: readonly number[]
  /** Numbers of the columns in its expressions; 0 stands for the whole row. */
  readonly reads: readonly number[]
}

/** A unique or exclusion index. */
export interface KeyRow {
  readonly relation: number
  /** Numbers of the key columns; 0 stands for an expression. */
  readonly columns: readonly number[]
  /** Numbers of the columns in its expressions and its condition; 0 stands for the whole row. */
  readonly reads: readonly number[]
}

export interface CheckRow {
  readonly relation: number
  /** Numbers of the columns read. */
  readonly columns: readonly number[]
  readonly wholeRow: boolean
}

export interface ForeignKeyRow {
  readonly relation: number
  readonly columns: readonly number[]
  readonly references: number
  readonly referencedColumns: readonly number[]
  readonly cascades: boolean
}

export interface RoutineRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly language: string
  readonly volatility: string
  readonly securityDefiner: boolean
  readonly argumentTypes: readonly string[]
  readonly returnType: string
  readonly returnsSet: boolean
  readonly source: string
  readonly extension: string | null
}

export interface CallableRow {
  readonly kind: 'operator' | 'cast'
  readonly schema: string
  readonly name: string
  readonly routine: string
}

export interface SchemaRows {
  readonly facts: FactsRow
  readonly schemas: readonly SchemaRow[]
  readonly relations: readonly RelationRow[]
  readonly columns: readonly ColumnRow[]
  readonly rowTypes: readonly RowTypeRow[]
  readonly parents: readonly ParentRow[]
  readonly partitionKeys: readonly PartitionKeyRow[]
  readonly keys: readonly KeyRow[]
  readonly checks: readonly CheckRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
  readonly routines: readonly RoutineRow[]
  readonly callables: readonly CallableRow[]
}
