// The picture of a target's catalog that statements are resolved against. Of MySQL, a schema is a database. Plain data: taken by `sources/`, kept by `catalog/`.

export type RelationKind = 'table' | 'partitioned' | 'foreign' | 'view' | 'materialized' | 'sequence'

export interface ColumnShape {
  readonly name: string
  /** The server's own number for it (`attnum`); survives a rename. */
  readonly number?: number
  /** Where a server has no such numbers (MySQL): its place, from 1. It stays over a rename, but not when others come and go. */
  readonly place?: number
  /** The type with its modifiers as the server writes it: `character varying(255)`, `integer`, `public.mood[]`. */
  readonly type: string
  readonly notNull: boolean
  /** The expression of a generated column. */
  readonly generated: string | undefined
  /** `SELECT *` leaves it out (MySQL and MariaDB: `INVISIBLE`). */
  readonly invisible?: boolean
  /** Its default where that is an expression of MySQL or MariaDB, which may read other columns of the row. */
  readonly defaultExpression?: string
  /** Of MySQL and MariaDB: whether it takes the time at which its row really changes (`ON UPDATE`); missing: not known. */
  readonly followsUpdates?: boolean
  /** Character set and collation of a text column of MySQL or MariaDB. */
  readonly charset?: string
  readonly collation?: string
  /** Relations whose whole rows a value may hold: by their row type, arrays of it, domains over it, types made of it. */
  readonly holdsRowsOf?: readonly RelationName[]
}

/** Names another relation. */
export interface RelationName {
  readonly schema: string
  readonly name: string
}

export interface Relation {
  /**
   * The server's own number for it; survives a rename. Where a server has none (MySQL, to an account that may not see
   * them), a number made of the name.
   */
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  readonly owner: string
  readonly comment: string | undefined
  /** In the order of `SELECT *`; dropped columns are left out. */
  readonly columns: readonly ColumnShape[]
  /** Of a view or materialised view: its query, every name in it qualified; `undefined`: the account may not see it. */
  readonly definition: string | undefined
  /** Partition or inheritance parents. */
  readonly parents: readonly RelationName[]
  /** Column names of unique and exclusion constraints and unique indexes; an index on an expression lists every column it reads. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** Of MySQL and MariaDB: all indexes. Rows that are read by one come in the order of its columns. */
  readonly indexes?: readonly { readonly name: string; readonly columns: readonly string[] }[]
  readonly foreignKeys: readonly {
    readonly columns: readonly string[]
    readonly references: RelationName
    readonly referencedColumns: readonly string[]
    /** Whether rows here change or go when the row they refer to does. */
    readonly cascades?: boolean
  }[]
  /** Columns read by each CHECK constraint: writing one of them tells, by success or failure, about the others. */
  readonly checks?: readonly (readonly string[])[]
  /** Whether rules or triggers of the owner act when rows are written, be it in a partition or child. */
  readonly hasTriggers: boolean
  /** The account may not see which triggers there are (MySQL and MariaDB: the TRIGGER right); then `triggers` is missing. */
  readonly triggersUnknown?: boolean
  /** Of MySQL and MariaDB: what keeps the rows of a table, in lower case; empty: the server does not tell. */
  readonly engine?: string
  /** Keeps what its rows were before (MariaDB): `FOR SYSTEM_TIME` reads that too. */
  readonly versioned?: boolean
  /** Its own triggers as the server prints them, every name qualified; not those of keys. */
  readonly triggers?: readonly string[]
  /** Of MySQL and MariaDB: the `sql_mode` in which each of them is read; names in them are of the table's own schema. */
  readonly triggerModes?: readonly string[]
  /** Its own rules as the server prints them, but for the query of a view. */
  readonly rules?: readonly string[]
  /** Columns that decide which partition holds a row. */
  readonly partitionKey?: readonly string[]
}

/** A routine outside of the server's own catalog. */
export interface Routine {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window'
  readonly language: string
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  readonly securityDefiner: boolean
  readonly argumentTypes: readonly string[]
  readonly returnType: string
  readonly returnsSet: boolean
  /**
   * The body as stored; for a body in the SQL standard's form (`BEGIN ATOMIC`), the whole statement as the server prints it.
   * For an aggregate, which has no body: the routines that it calls, `schema.name`, one on each line.
   * Empty: the account may not see it.
   */
  readonly source: string
  /** The extension that brought it. */
  readonly extension: string | undefined
  /** Of MySQL and MariaDB: the `sql_mode` in which its source is read; names in it are of its own schema. */
  readonly sqlMode?: string
}

/** A name outside of the server's own catalog that makes an expression call a routine. */
export interface Callable {
  readonly kind: 'operator' | 'cast'
  readonly schema: string
  /** `+` for an operator; `source -> target` for a cast. */
  readonly name: string
  /** Routine behind it, `schema.name`. */
  readonly routine: string
}

export interface SchemaSnapshot {
  /** Differs whenever anything below differs. */
  readonly version: string
  readonly takenAtMs: number
  readonly product: 'postgresql' | 'mysql' | 'mariadb'
  /** `15.20`, `10.11.19`, `5.6.24` */
  readonly serverVersion: string
  readonly database: string
  readonly account: string
  /** Whether the account is a superuser, may read server files, or run programs. */
  readonly privileged: boolean
  /** Schemas of the account's default search path that exist, without `pg_catalog`. */
  readonly searchPath: readonly string[]
  /** All schemas with their relations, those of the server's own catalog included. */
  readonly schemas: readonly string[]
  readonly relations: readonly Relation[]
  readonly routines: readonly Routine[]
  readonly callables: readonly Callable[]
  /** What decides how MySQL and MariaDB read a text; only of those. */
  readonly mysql?: MysqlFacts
}

export interface MysqlFacts {
  /** `@@global.sql_mode`, which sessions begin with. */
  readonly sqlMode: string
  /** 0: names of databases and tables are case-sensitive; 1: stored in lower case; 2: compared in lower case. */
  readonly lowerCaseTableNames: 0 | 1 | 2
  /** `@@global.character_set_server`. */
  readonly characterSet: string
  /** Whether locking a row fails if it was changed since the snapshot of the transaction (`innodb_snapshot_isolation`); missing: not known. */
  readonly noticesChanges?: boolean
}
