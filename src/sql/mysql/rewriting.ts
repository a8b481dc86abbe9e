// What the parts of one rewriting share: the text, what is hidden, and the changes gathered so far.

import type { Sight } from '../../core/verdict.ts'
import type { RewriteOptions, Splice } from '../dialect.ts'
import { type Tokens, lex } from './lexer.ts'
import { uncertain } from './refusal.ts'
import type { MysqlIndex } from './schema-index.ts'
import type { Surroundings } from './state.ts'
import type { Statement } from './syntax.ts'

/** One text being rewritten: the user's, a prepared one, or the definition of a view. */
export interface Rewriting {
  readonly index: MysqlIndex
  readonly sight: Sight
  readonly options: RewriteOptions
  /** Canonical. */
  readonly text: string
  readonly surroundings: Surroundings
  readonly tokens: () => Tokens
  readonly splices: Splice[]
  /** Columns masked, `schema.table.column`. */
  readonly hidden: Set<string>
  /** Whether anything was masked or filtered. */
  changed: boolean
  /** Whether a plan of what is sent would tell: a filter left rows out. */
  plansTell: boolean
  /** Whether any table of which something is hidden is mentioned. */
  touched: boolean
  /** Whether the conditions of the statement may meet rows that a filter leaves out. */
  quiet: boolean
  /** The one statement that the text is, if it is one alone. */
  readonly only: Statement | undefined
  /** The number of rows that are really changed would tell what is hidden. */
  countTells: boolean
  /** Views and routines being looked into, outermost first. */
  readonly within: readonly string[]
}

export function beginRewriting(
  from: Pick<Rewriting, 'index' | 'sight' | 'options' | 'surroundings'>,
  text: string,
  within: readonly string[],
  only?: Statement,
): Rewriting {
  let tokens: Tokens | undefined
  return {
    index: from.index,
    sight: from.sight,
    options: from.options,
    text,
    surroundings: from.surroundings,
    tokens() {
      if (tokens) return tokens
      const read = lex(text, from.surroundings)
      if (!('words' in read)) throw uncertain()
      tokens = read
      return read
    },
    splices: [],
    hidden: new Set(),
    changed: false,
    plansTell: false,
    touched: false,
    quiet: false,
    only,
    countTells: false,
    within,
  }
}

/** Index of the first token that begins at or behind a place. */
export function tokenAt(tokens: Tokens, place: number): number {
  let low = 0
  let high = tokens.starts.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tokens.starts[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}
