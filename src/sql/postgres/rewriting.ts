// What the parts of one rewriting share: the text, what is hidden, and the changes gathered so far.

import type { Sight } from '../../core/verdict.ts'
import type { RewriteOptions } from '../dialect.ts'
import { type Token, tokensOf, fromBytes } from './parse.ts'
import type { PgIndex } from './schema-index.ts'
import type { Splice } from './splice.ts'

/** One text being rewritten: the user's, or the definition of a view. */
export interface Rewriting {
  readonly index: PgIndex
  readonly sight: Sight
  readonly options: RewriteOptions
  readonly bytes: string
  readonly tokens: () => readonly Token[]
  readonly splices: Splice[]
  /** Columns masked, `schema.table.column`. */
  readonly hidden: Set<string>
  /** Whether anything was masked or filtered, as opposed to names being pinned. */
  changed: boolean
  /** Whether any relation of which something is hidden is mentioned. */
  touched: boolean
  /** Views and routines being looked into, outermost first. */
  readonly within: readonly string[]
}

export function beginRewriting(
  index: PgIndex,
  sight: Sight,
  options: RewriteOptions,
  bytes: string,
  within: readonly string[],
): Rewriting {
  let tokens: readonly Token[] | undefined
  return {
    index,
    sight,
    options,
    bytes,
    tokens() {
      tokens ??= tokensOf(fromBytes(bytes))
      return tokens
    },
    splices: [],
    hidden: new Set(),
    changed: false,
    touched: false,
    within,
  }
}
