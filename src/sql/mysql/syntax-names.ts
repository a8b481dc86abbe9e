// Names in the trees: of columns, tables, routines, accounts.

import type { Span } from './syntax.ts'

export interface Name extends Span {
  readonly kind: 'name'
  readonly text: string
  readonly quoted: boolean
}

/** A table, view or sequence that is named outside of FROM. `.t` has no schema. */
export interface TableName extends Span {
  readonly kind: 'table-name'
  readonly schema: Name | undefined
  readonly name: Name
}

/** A procedure, function, trigger, event, package. */
export interface RoutineName extends Span {
  readonly kind: 'routine-name'
  readonly schema: Name | undefined
  readonly name: Name
}

/** An account or a role: `u@h`, `'u'@'h'`, `CURRENT_USER`, `CURRENT_ROLE`, `PUBLIC`. */
export interface Account extends Span {
  readonly kind: 'account'
  readonly user: string
  readonly host: string | undefined
  /** Written as the word CURRENT_USER, CURRENT_ROLE, NONE, DEFAULT, ALL …, not as a name. */
  readonly word: string | undefined
}
