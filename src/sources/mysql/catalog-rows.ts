// The rows that come back from `information_schema`, one interface for each question.

/** One row. */
export interface FactsRow {
  readonly version: string
  readonly database: string
  /** `name@host`, of the account that the server took us for. */
  readonly account: string
  readonly sqlMode: string
  readonly lowerCaseTableNames: number
  readonly characterSet: string
}

/** A table of `information_schema` and one of its columns: servers differ in what they tell. */
export interface KnownRow {
  readonly table: string
  readonly column: string
}

/** A variable of the server, under the names that it gives it. */
export interface VariableRow {
  readonly Variable_name: string
  readonly Value: string
}

export interface SchemaRow {
  readonly name: string
}

/** What hangs on a table or view. */
interface OfRelation {
  readonly schema: string
  readonly relation: string
}

export interface RelationRow extends OfRelation {
  /** `BASE TABLE`, `VIEW`, `SYSTEM VIEW`, `SYSTEM VERSIONED`, `SEQUENCE` */
  readonly type: string
  /** `null` for views, and for tables that cannot be opened. */
  readonly engine: string | null
  readonly options: string | null
  readonly comment: string | null
}

export interface ColumnRow extends OfRelation {
  readonly name: string
  readonly position: number
  readonly type: string
  readonly nullable: 'YES' | 'NO'
  readonly charset: string | null
  readonly collation: string | null
  readonly extra: string | null
  readonly default: string | null
  readonly generated: string | null
}

export interface ViewRow extends OfRelation {
  /** Empty to an account without the right SHOW VIEW. */
  readonly definition: string | null
  readonly definer: string | null
}

/** A column, or an expression, of a unique key. */
export interface KeyRow extends OfRelation {
  readonly key: string
  readonly position: number
  readonly column: string | null
  readonly expression: string | null
  /** Missing: of a unique one. */
  readonly nonUnique?: number
}

/** A column of a foreign key. */
export interface ForeignKeyRow extends OfRelation {
  readonly key: string
  readonly position: number
  readonly column: string
  readonly referencedSchema: string
  readonly referencedRelation: string
  readonly referencedColumn: string
}

/** What becomes of rows when the row they refer to changes or goes. */
export interface ForeignKeyRuleRow extends OfRelation {
  readonly key: string
  readonly onUpdate: string
  readonly onDelete: string
}

export interface CheckRow extends OfRelation {
  readonly expression: string
}

export interface TriggerRow extends OfRelation {
  readonly triggerSchema: string
  readonly name: string
  readonly timing: string
  readonly event: string
  readonly statement: string
  readonly sqlMode: string
}

export interface PartitionRow extends OfRelation {
  readonly expression: string | null
  readonly subexpression: string | null
}

export interface RoutineRow {
  readonly schema: string
  readonly name: string
  /** `FUNCTION`, `PROCEDURE`; of MariaDB also `PACKAGE`, `PACKAGE BODY`. */
  readonly type: string
  readonly returns: string | null
  readonly language: string | null
  /** `null` to an account that may not see it. */
  readonly source: string | null
  readonly deterministic: 'YES' | 'NO'
  readonly security: 'DEFINER' | 'INVOKER'
  readonly sqlMode: string
}

export interface ArgumentRow {
  readonly schema: string
  readonly routine: string
  readonly routineType: string
  readonly position: number
  readonly type: string
}

/** A right of the account: on everything, on the databases that a pattern names, or on one table. */
export interface RightRow {
  readonly grantee: string
  readonly right: string
  /** `null`: on everything. */
  readonly schemaPattern: string | null
  /** `null`: on the whole database. */
  readonly relation: string | null
}

export interface RoleRow {
  readonly role: string | null
}

/** Of InnoDB's own list of tables: `schema/name`, `schema/name#P#partition`. */
export interface TableIdRow {
  readonly name: string
  readonly id: number
}

export interface SchemaRows {
  readonly facts: FactsRow
  readonly variables: readonly VariableRow[]
  readonly schemas: readonly SchemaRow[]
  readonly relations: readonly RelationRow[]
  readonly columns: readonly ColumnRow[]
  readonly views: readonly ViewRow[]
  readonly keys: readonly KeyRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
  readonly foreignKeyRules: readonly ForeignKeyRuleRow[]
  readonly checks: readonly CheckRow[]
  readonly triggers: readonly TriggerRow[]
  readonly partitions: readonly PartitionRow[]
  readonly routines: readonly RoutineRow[]
  readonly arguments: readonly ArgumentRow[]
  readonly rights: readonly RightRow[]
  readonly roles: readonly RoleRow[]
  readonly tableIds: readonly TableIdRow[]
}
