// What a message would do, as policy judges it: never bytes.

/**
 * What a statement does to a table. The names are those of the policy language. `export` and `import` come beside `select`
 * and `insert`, where rows leave or enter in bulk: `COPY`, `LOAD DATA`, `SELECT … INTO OUTFILE`.
 */
export type TableEffect = 'select' | 'insert' | 'update' | 'delete' | 'define' | 'export' | 'import'

/** What a statement does to the target as a whole. `call` stands for routines of users: `CALL`, and functions that are not the server's own. */
export type TargetEffect = 'define' | 'administer' | 'call'

/** One table, view or sequence as the statement uses it. */
export interface TableUse {
  readonly schema: string
  readonly table: string
  /** Never empty. */
  readonly effects: readonly TableEffect[]
  /** Columns the statement may read: never fewer than it reads. */
  readonly reads: readonly string[]
  /** Columns the statement writes. */
  readonly writes: readonly string[]
}

export interface SqlStatement {
  /** First words of the command tag: `SELECT`, `CREATE TABLE`, `SET`. */
  readonly verb: string
  /** Tables named by the statement itself (those behind a view are not listed), without those of the server's own catalog. */
  readonly tables: readonly TableUse[]
  /** Effects that no table stands for. Empty for what anybody connected may do: `SHOW`, `BEGIN`, reading the catalog. */
  readonly effects: readonly TargetEffect[]
  /** Of an `UPDATE` or `DELETE`: no condition, limit or join can leave a row out (`WHERE 1 = 1`, or none at all). */
  readonly changesAllRows?: boolean
  /** Functions called, qualified where the text does: `pg_catalog.lower`, `public.total`. */
  readonly functions: readonly string[]
}

export interface SqlAction {
  readonly kind: 'sql'
  /** Every statement of the message, in order; empty for an empty query. */
  readonly statements: readonly SqlStatement[]
}

export interface ConnectAction {
  readonly kind: 'connect'
}

export type Action = ConnectAction | SqlAction
