// Puts a sub-query in the place of a relation, in which what is hidden is already masked and filtered.

import type { Relation } from '../schema.ts'
import { maskExpression } from './masks.ts'
import { toBytes, type Token, tokenAt } from './parse.ts'
import { familyOf } from './quiet.ts'
import { quoteName, quoteRelation } from './quote.ts'
import { unsafe } from './refusal.ts'
import type { RelationSight } from './sights.ts'
import type { Splice } from './splice.ts'
import type { Reference } from './survey-facts.ts'

export interface Extent {
  /** Bytes from `ONLY` (or the name) to the end of the name (or its star). */
  readonly start: number
  readonly end: number
  readonly nameStart: number
  readonly nameEnd: number
  /** Index of the first token after it. */
  readonly next: number
  /** Index of the token before it. */
  readonly previous: number
}

export const systemColumns: ReadonlySet<string> = new Set([
  'ctid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
  'tableoid',
])

/** Where the name of a relation is in the text, `ONLY (…)` and `*` included. */
export function extentOf(tokens: readonly Token[], reference: Reference): Extent {
  const first = tokenAt(tokens, reference.at)
  let last = nameEnd(tokens, first)
  let previous = first - 1
  let start = tokens[first]?.start ?? 0
  const nameStop = tokens[last]?.end ?? 0
  if (tokens[first]?.start !== reference.at) throw uncertain()
  if (reference.only) {
    if (wordAt(tokens, previous) === '(' && wordAt(tokens, previous - 1) === 'ONLY') {
      if (wordAt(tokens, last + 1) !== ')') throw uncertain()
      previous -= 1
      last += 1
    }
    if (wordAt(tokens, previous) === 'ONLY') {
      start = tokens[previous]?.start ?? 0
      previous -= 1
    }
  } else if (wordAt(tokens, last + 1) === '*') last += 1
  return {
    start,
    end: tokens[last]?.end ?? 0,
    nameStart: reference.at,
    nameEnd: nameStop,
    next: last + 1,
    previous,
  }
}

/** Index of the last token of a dotted name. */
export function nameEnd(tokens: readonly Token[], first: number): number {
  let last = afterPart(tokens, first)
  while (wordAt(tokens, last + 1) === '.') last = afterPart(tokens, last + 2)
  return last
}

/** One part of a name: a word, a quoted name, or `U&"…" UESCAPE '…'`. */
function afterPart(tokens: readonly Token[], at: number): number {
  const token = tokens[at]
  if (!token || token.kind === 'other') throw uncertain()
  if (token.kind === 'unicode' && wordAt(tokens, at + 1) === 'UESCAPE') return at + 2
  return at
}

export function wordAt(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at]
  return token && token.kind !== 'quoted' ? token.word : undefined
}

export function uncertain(): Error {
  return unsafe('The statement could not be rewritten with certainty. Write it in a simpler form.')
}

/** The columns of a relation, the hidden ones masked, as a select list. */
export function maskedList(
  relation: Relation,
  sight: RelationSight,
  key: string,
  names: readonly string[] | undefined,
  fenced = false,
): string {
  const wanted = names ?? relation.columns.map(column => column.name)
  if (wanted.length === 0) return ''
  return wanted
    .map(name => {
      const column = relation.columns.find(one => one.name === name)
      const how = sight.hidden.get(name)
      if (!column || !how) return fenced && column ? withoutStatistics(name, column.type) : quoteName(name)
      return `${maskExpression(column, how.mask, quoteName(name), key)} AS ${quoteName(name)}`
    })
    .join(', ')
}

/**
 * To guess how many rows a condition leaves, the server tries it on values that it keeps of a plain column, fence or no
 * fence: `LIKE 'a\'` then fails on those that begin so. Of an expression it keeps none.
 */
function withoutStatistics(name: string, type: string): string {
  const column = quoteName(name)
  const kind = familyOf(type)
  if (kind !== undefined && kind !== 'text') return column
  return `CASE WHEN ${column} IS NULL THEN ${column} ELSE ${column} END AS ${column}`
}

export interface WrapOptions {
  readonly key: string
  /** System columns that the statement asks for. */
  readonly system: readonly string[]
  /** Text in place of the relation itself: the query of a view, in parentheses. */
  readonly source: string | undefined
  /** Conditions of the statement could fail, or tell, on rows that the filter leaves out. */
  readonly fenced: boolean
}

// The server moves no condition into a query with OFFSET, so that none of them meets the rows that are left out.
const fence = ' OFFSET 0'

/** `(SELECT … FROM schema.table WHERE …)`, without alias. */
export function wrappedQuery(
  relation: Relation,
  sight: RelationSight | undefined,
  only: boolean,
  sample: string,
  options: WrapOptions,
): string {
  if (options.source !== undefined && !sight) return options.source
  const own = sight ?? { hidden: new Map(), filter: undefined, refusal: undefined }
  const list = [
    maskedList(relation, own, options.key, undefined, own.filter !== undefined && options.fenced),
    ...options.system.map(quoteName),
  ]
    .filter(part => part !== '')
    .join(', ')
  const from =
    options.source === undefined
      ? `${only ? 'ONLY ' : ''}${quoteRelation(relation.schema, relation.name)}${sample}`
      : `${options.source} AS ${quoteName(relation.name)}`
  const where = own.filter === undefined ? '' : ` WHERE ${toBytes(own.filter)}`
  return `(SELECT ${list} FROM ${from}${where}${where !== '' && options.fenced ? fence : ''})`
}

/** The changes that put a query in the place of a relation. */
export function wrapSplices(
  bytes: string,
  tokens: readonly Token[],
  reference: Reference,
  query: (sample: string) => string,
): Splice[] {
  const extent = extentOf(tokens, reference)
  const alias = reference.hasAlias ? '' : ` AS ${quoteName(reference.alias)}`
  const splices: Splice[] = []
  let sample = ''
  if (reference.sample) {
    const clause = sampleExtent(tokens, extent.next)
    sample = ` ${bytes.slice(clause.start, clause.end)}`
    splices.push({ start: clause.start, end: clause.end, text: '' })
  }
  const previous = tokens[extent.previous]
  if (previous?.kind === 'word' && previous.word === 'TABLE') {
    // `TABLE t` is short for `SELECT * FROM t`, and takes a name only.
    splices.push({ start: previous.start, end: previous.end, text: 'SELECT * FROM' })
  }
  splices.push({ start: extent.start, end: extent.end, text: `${query(sample)}${alias}` })
  return splices
}

/** `TABLESAMPLE method (…) [REPEATABLE (…)]` after a name and its alias. */
function sampleExtent(tokens: readonly Token[], from: number): { start: number; end: number } {
  let at = from
  while (at < tokens.length && wordAt(tokens, at) !== 'TABLESAMPLE') at += 1
  const start = tokens[at]?.start
  let close = closing(tokens, at + 2)
  if (wordAt(tokens, close + 1) === 'REPEATABLE') close = closing(tokens, close + 2)
  const end = tokens[close]?.end
  if (start === undefined || end === undefined) throw uncertain()
  return { start, end }
}

/** Index of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  if (wordAt(tokens, open) !== '(') throw uncertain()
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    const word = wordAt(tokens, at)
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth === 0) return at
  }
  throw uncertain()
}
