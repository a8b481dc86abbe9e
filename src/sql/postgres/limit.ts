// The most rows that a query may return, as part of the query itself.

import { type Token, tokenAt } from './parse.ts'
import type { Splice } from './splice.ts'
import type { Tree } from './tree.ts'
import { uncertain, wordAt } from './wrap.ts'

/**
 * @param start first byte of the query
 * @param end   first byte after its statement (or after the parenthesis around it)
 */
export function limitSplices(
  tokens: readonly Token[],
  query: Tree,
  start: number,
  end: number,
  most: number,
): Splice[] {
  const first = tokenAt(tokens, start)
  const last = tokenAt(tokens, end) - 1
  const from = tokens[first]
  const to = tokens[last]
  if (!from || !to || last < first) throw uncertain()
  const locked = query['lockingClause'] !== undefined
  const offset = query['limitOffset'] !== undefined
  if (query['limitCount'] === undefined && !(offset && locked)) {
    return [{ start: to.end, end: to.end, text: `\nLIMIT ${most}` }]
  }
  const limit = outerWord(tokens, first, last, 'LIMIT')
  if (limit !== undefined) {
    let stop = limit + 1
    let depth = 0
    for (; stop <= last; stop += 1) {
      const word = wordAt(tokens, stop)
      if (word === '(' || word === '[') depth += 1
      if (word === ')' || word === ']') depth -= 1
      if (depth === 0 && (word === 'OFFSET' || word === 'FOR')) break
    }
    const begin = tokens[limit + 1]
    const finish = tokens[stop - 1]
    if (!begin || !finish || stop <= limit + 1) throw uncertain()
    if (stop === limit + 2 && begin.word === 'ALL') {
      return [{ start: begin.start, end: begin.end, text: String(most) }]
    }
    return [
      { start: begin.start, end: begin.start, text: 'LEAST((' },
      { start: finish.end, end: finish.end, text: `\n)::pg_catalog.int8, ${most})` },
    ]
  }
  return [
    { start: from.start, end: from.start, text: 'SELECT * FROM (' },
    { start: to.end, end: to.end, text: `\n) AS limited LIMIT ${most}` },
  ]
}

/** The last token of that word outside of all parentheses. */
function outerWord(
  tokens: readonly Token[],
  first: number,
  last: number,
  wanted: string,
): number | undefined {
  let depth = 0
  let found: number | undefined
  for (let at = first; at <= last; at += 1) {
    const word = wordAt(tokens, at)
    if (word === '(' || word === '[') depth += 1
    else if (word === ')' || word === ']') depth -= 1
    else if (depth === 0 && word === wanted && wordAt(tokens, at - 1) !== 'AS') found = at
  }
  return found
}
