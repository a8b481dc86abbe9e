// A literal where the grammar allows nothing else.

import { BIT, HEX, INTRODUCER, NATIONAL, NUMBER, STRING } from './lexer.ts'
import { accept, at, type Cursor, endOf, kindAt, startOf, unknown, wordAt } from './parse-cursor.ts'
import { primary } from './parse-primary.ts'
import type { Literal } from './syntax.ts'

const literalKinds: ReadonlySet<number> = new Set([STRING, NATIONAL, INTRODUCER, NUMBER, HEX, BIT])

export function isLiteral(c: Cursor): boolean {
  return literalKinds.has(kindAt(c))
}

/** A string, number, hexadecimal or bit literal. */
export function literal(c: Cursor): Literal {
  if (!isLiteral(c)) throw unknown(c, 'a literal')
  const value = primary(c)
  if (value.kind !== 'literal') throw unknown(c, 'a literal')
  return value
}

/** A literal with a sign, NULL, TRUE or FALSE too. */
export function signedLiteral(c: Cursor): Literal {
  const start = startOf(c)
  const minus = at(c, '-')
  if (!minus) accept(c, '+')
  else c.i += 1
  const word = wordAt(c)
  const value =
    isLiteral(c) || word === 'NULL' || word === 'TRUE' || word === 'FALSE' ? primary(c) : undefined
  if (value?.kind !== 'literal') throw unknown(c, 'a literal')
  return { ...value, value: minus ? `-${value.value}` : value.value, start, end: endOf(c) }
}
