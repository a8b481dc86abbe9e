// What may stand behind a query: LIMIT, locks, INTO.

import { HEX, NUMBER, PARAMETER, USER_VARIABLE } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  type Cursor,
  endOf,
  expect,
  expectWords,
  kindAt,
  list,
  startOf,
  string,
  tableName,
  takeLiteral,
  takeName,
  unknown,
  userVariable,
} from './parse-cursor.ts'
import { characterSetName } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { column } from './parse-operand.ts'
import { parameter } from './parse-primary.ts'
import type { Expression, Into, Limit, Lock } from './syntax.ts'

export function limit(c: Cursor): Limit {
  const start = startOf(c)
  if (!at(c, 'LIMIT')) return fetchLimit(c, start)
  c.i += 1
  if (acceptWords(c, 'ROWS', 'EXAMINED')) {
    const examined = limitValue(c)
    return limitNode(start, endOf(c), undefined, undefined, examined)
  }
  let count = limitValue(c)
  let offset: Expression | undefined
  if (accept(c, ',')) {
    offset = count
    count = limitValue(c)
  } else if (accept(c, 'OFFSET')) offset = limitValue(c)
  const examined = acceptWords(c, 'ROWS', 'EXAMINED') ? limitValue(c) : undefined
  return limitNode(start, endOf(c), count, offset, examined)
}

function limitNode(
  start: number,
  end: number,
  count: Expression | undefined,
  offset: Expression | undefined,
  examined: Expression | undefined,
): Limit {
  return { kind: 'limit', count, offset, examined, withTies: false, fetch: false, start, end }
}

/** `OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY`. */
function fetchLimit(c: Cursor, start: number): Limit {
  let offset: Expression | undefined
  if (accept(c, 'OFFSET')) {
    offset = limitValue(c)
    if (acceptOneOf(c, 'ROW', 'ROWS') === undefined) throw unknown(c, 'ROWS')
  }
  if (!accept(c, 'FETCH')) return { ...limitNode(start, endOf(c), undefined, offset, undefined), fetch: true }
  if (acceptOneOf(c, 'FIRST', 'NEXT') === undefined) throw unknown(c, 'FIRST')
  const count = at(c, 'ROW') || at(c, 'ROWS') ? undefined : limitValue(c)
  if (acceptOneOf(c, 'ROW', 'ROWS') === undefined) throw unknown(c, 'ROWS')
  const withTies = acceptWords(c, 'WITH', 'TIES')
  if (!withTies) expect(c, 'ONLY')
  return { kind: 'limit', count, offset, examined: undefined, withTies, fetch: true, start, end: endOf(c) }
}

function limitValue(c: Cursor): Expression {
  const kind = kindAt(c)
  if (kind === NUMBER) return takeLiteral(c, 'number')
  if (kind === HEX) return takeLiteral(c, 'hex')
  if (kind === PARAMETER) return parameter(c)
  return column(c)
}

export function lock(c: Cursor): Lock {
  const start = startOf(c)
  let mode: Lock['mode'] = 'SHARE'
  if (acceptWords(c, 'LOCK', 'IN')) expectWords(c, 'SHARE', 'MODE')
  else {
    expect(c, 'FOR')
    const own = acceptOneOf(c, 'UPDATE', 'SHARE')
    if (own === undefined) throw unknown(c, 'UPDATE')
    mode = own
  }
  const of = accept(c, 'OF') ? list(c, tableName) : []
  let wait: Lock['wait']
  if (accept(c, 'NOWAIT')) wait = 'NOWAIT'
  else if (acceptWords(c, 'SKIP', 'LOCKED')) wait = 'SKIP LOCKED'
  else if (accept(c, 'WAIT')) {
    wait = 'WAIT'
    limitValue(c)
  }
  return { kind: 'lock', mode, of, wait, start, end: endOf(c) }
}

export function intoClause(c: Cursor): Into {
  const start = startOf(c)
  expect(c, 'INTO')
  const form = acceptOneOf(c, 'OUTFILE', 'DUMPFILE')
  if (form === undefined) {
    const variables = list(c, one => (kindAt(one) === USER_VARIABLE ? userVariable(one) : column(one)))
    return { kind: 'into', form: 'VARIABLES', file: undefined, variables, start, end: endOf(c) }
  }
  const file = string(c)
  if (form === 'OUTFILE') fileFormat(c)
  return { kind: 'into', form, file, variables: [], start, end: endOf(c) }
}

/** How rows are written to a file or read from it. */
export function fileFormat(c: Cursor): void {
  if (acceptWords(c, 'CHARACTER', 'SET') || accept(c, 'CHARSET') || acceptWords(c, 'CHAR', 'SET'))
    characterSetName(c)
  if (acceptOneOf(c, 'FIELDS', 'COLUMNS') !== undefined) {
    let any = false
    for (;;) {
      const optionally = accept(c, 'OPTIONALLY')
      if (optionally && !at(c, 'ENCLOSED')) throw unknown(c, 'ENCLOSED')
      if (acceptOneOf(c, 'TERMINATED', 'ENCLOSED', 'ESCAPED') === undefined) break
      expect(c, 'BY')
      literal(c)
      any = true
    }
    if (!any) throw unknown(c, 'TERMINATED, ENCLOSED or ESCAPED')
  }
  if (accept(c, 'LINES')) {
    let any = false
    while (acceptOneOf(c, 'TERMINATED', 'STARTING') !== undefined) {
      expect(c, 'BY')
      literal(c)
      any = true
    }
    if (!any) throw unknown(c, 'TERMINATED or STARTING')
  }
}

/** Words taken as they stand, for their upper case. */
export function takeWord(c: Cursor): string {
  return takeName(c).text.toUpperCase()
}
