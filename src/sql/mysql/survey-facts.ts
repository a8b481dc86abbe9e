// What a walk over a statement finds.

import type { Resolved } from './names.ts'
import type { MysqlIndex } from './schema-index.ts'
import type { MysqlState } from './state.ts'
import type {
  Assign,
  Call,
  Column,
  Delete,
  Insert,
  LoadData,
  Name,
  Star,
  SystemVariable,
  Table,
  Update,
} from './syntax.ts'

/** A place in the text that names a table. */
export interface Reference {
  readonly target: Resolved
  /** Where rows are read or written; `undefined`: only named. */
  readonly node: Table | undefined
  readonly at: number
  /** By which columns of it are qualified; folded. */
  readonly alias: string
  /** As it is written. */
  readonly aliasName: string
  readonly hasAlias: boolean
  readonly role: 'read' | 'target'
  /** Whether what is read here decides what is written, or is written. */
  readonly feedsWrite: boolean
  readonly locked: boolean
}

/** A column as it is mentioned, folded: `[schema, table, column]`, as long as written. */
export interface ColumnMention {
  readonly fields: readonly string[]
  readonly node: Column | Star
}

export interface Write {
  readonly kind: 'insert' | 'update' | 'delete' | 'load'
  readonly node: Insert | Update | Delete | LoadData
  readonly target: Reference
}

export interface Survey {
  readonly references: Reference[]
  readonly columns: ColumnMention[]
  /** Folded names that could reach a column without being a mention: USING. */
  readonly names: Set<string>
  readonly calls: Call[]
  readonly systemVariables: SystemVariable[]
  readonly assigns: Assign[]
  readonly writes: Write[]
  /** Folded names of columns in MATCH. */
  readonly matched: Set<string>
  /** Sequences whose values are taken or set. */
  readonly sequences: { readonly target: Resolved; readonly sets: boolean; readonly at: number }[]
  /** A star or natural join that may reach the columns of every table. */
  everything: boolean
  /**
   * Whether a name without qualifier is neither a column of any table here nor defined by the statement. The picture may
   * be older than a renamed column: it could be any of them.
   */
  stray: boolean
  /** `NEW.c` and `OLD.c` of a trigger's body, folded. */
  readonly rowColumns: string[]
}

export interface Scope {
  readonly names: ReadonlyMap<string, Name>
  readonly outer: Scope | undefined
}

export interface Place {
  readonly scope: Scope | undefined
  readonly inWrite: boolean
  readonly locked: boolean
  readonly depth: number
}

export interface SurveyOptions {
  readonly index: MysqlIndex
  readonly state: MysqlState
  /** Parameters and variables of a routine are names, too, that are not known here. */
  readonly hasParameters?: boolean
  /** Within a trigger, NEW and OLD are rows. */
  readonly inTrigger?: boolean
}

export interface Draft extends Survey {
  readonly options: SurveyOptions
  readonly pending: { reference: Omit<Reference, 'feedsWrite'>; inWrite: boolean }[]
  /** Names that the statement itself defines, folded. */
  readonly defined: Set<string>
}
