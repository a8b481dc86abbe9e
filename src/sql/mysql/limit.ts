// The most rows that a query may return, as part of the query itself.

import type { Splice } from '../dialect.ts'
import { uncertain, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import type { Limit, Query } from './syntax.ts'

export function limitSplices(rewriting: Rewriting, query: Query, most: number): Splice[] {
  const { limit, body } = query
  if (limit) return narrowed(rewriting, query, limit, most)
  // Older servers let an outer LIMIT replace the one in brackets.
  if (body.kind === 'bracketed' && query.orderBy.length === 0 && query.locks.length === 0) {
    return limitSplices(rewriting, body.query, most)
  }
  const at = query.locks[0]?.start ?? query.procedure?.start ?? query.end
  const behind = at === query.end ? '' : ' '
  return [{ start: at, end: at, text: `\nLIMIT ${most}${behind}` }]
}

function narrowed(rewriting: Rewriting, query: Query, limit: Limit, most: number): Splice[] {
  const { count } = limit
  if (limit.withTies) {
    throw unsafe('WITH TIES is not let through where the number of rows is limited. Use LIMIT.', limit.start)
  }
  if (!count) {
    if (limit.fetch) return []
    const end = limit.start + 'LIMIT'.length
    if (rewriting.text.slice(limit.start, end).toUpperCase() !== 'LIMIT') throw uncertain(limit.start)
    return [{ start: end, end, text: ` ${most}` }]
  }
  if (count.kind === 'literal' && /^\d+$/.test(count.value)) {
    if (BigInt(count.value) <= BigInt(most)) return []
    return [{ start: count.start, end: count.end, text: String(most) }]
  }
  const { product, version } = rewriting.surroundings
  if (count.kind !== 'parameter' || version < (product === 'mariadb' ? 100_400 : 80_022)) {
    throw unsafe(
      'The number of rows is limited for you; write the number behind LIMIT into the statement.',
      count.start,
    )
  }
  return [
    { start: query.start, end: query.start, text: '(' },
    { start: query.end, end: query.end, text: `\n) LIMIT ${most}` },
  ]
}
