// Operands that begin with a word: names, CASE, MATCH, INTERVAL and the like.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptWords,
  at,
  type Cursor,
  endOf,
  expect,
  expectWords,
  isName,
  kindAt,
  name,
  nameBehindDot,
  startOf,
  tableName,
  takeLiteral,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, expression, expressionOf, wholeFrom } from './parse-expression.ts'
import { call, callWithoutBrackets, isCall, qualifiedCall } from './parse-function.ts'
import { bracketed } from './parse-primary.ts'
import { bracketedQuery } from './parse-query.ts'
import { plainCall } from './parse-function.ts'
import { intervalUnits } from './parse-words.ts'
import type { Column, Expression, Literal, Name, When } from './syntax.ts'

export function word(c: Cursor): Expression {
  const start = startOf(c)
  const own = wordAt(c)
  switch (own) {
    case 'NULL':
      return takeLiteral(c, 'null')
    case 'TRUE':
    case 'FALSE':
      return takeLiteral(c, 'boolean')
    case 'CASE':
      return caseOf(c)
    case 'EXISTS': {
      c.i += 1
      const { query } = bracketedQuery(c)
      return { kind: 'exists', query, start, end: endOf(c) }
    }
    case 'MATCH':
      return match(c)
    case 'INTERVAL':
      return interval(c)
    case 'DEFAULT':
      return defaultOf(c)
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      if (kindAt(c, 1) === STRING) return temporal(c, own)
      return named(c)
    case 'ROW':
      if (wordAt(c, 1) === '(') return row(c)
      return named(c)
    case 'VALUES':
    case 'VALUE':
      if (wordAt(c, 1) === '(' && (own === 'VALUES' || c.mariadb)) return insertedValue(c)
      return named(c)
    case 'NEXT':
    case 'PREVIOUS':
      if (c.mariadb && wordAt(c, 1) === 'VALUE' && wordAt(c, 2) === 'FOR') return sequenceValue(c, own)
      return named(c)
    case 'NEXTVAL':
    case 'LASTVAL':
    case 'SETVAL':
      if (c.mariadb && wordAt(c, 1) === '(') return sequenceCall(c, own)
      return named(c)
    default:
      return named(c)
  }
}

function temporal(c: Cursor, introducer: string): Literal {
  const start = startOf(c)
  c.i += 1
  const literal = takeLiteral(c, 'temporal', introducer)
  return { ...literal, start }
}

function row(c: Cursor): Expression {
  const start = startOf(c)
  c.i += 1
  expect(c, '(')
  const items = [expression(c)]
  while (accept(c, ',')) items.push(expression(c))
  expect(c, ')')
  return { kind: 'row', items, start, end: endOf(c) }
}

function insertedValue(c: Cursor): Expression {
  const start = startOf(c)
  c.i += 2
  const own = column(c)
  expect(c, ')')
  return { kind: 'inserted-value', column: own, start, end: endOf(c) }
}

function defaultOf(c: Cursor): Expression {
  const start = startOf(c)
  expect(c, 'DEFAULT')
  if (!accept(c, '(')) throw unknown(c, '(')
  const own = column(c)
  expect(c, ')')
  return { kind: 'default', column: own, start, end: endOf(c) }
}

/** DEFAULT alone too: where values are given. */
export function expressionOrDefault(c: Cursor): Expression {
  const start = startOf(c)
  if (!at(c, 'DEFAULT') || wordAt(c, 1) === '(') return expression(c)
  c.i += 1
  return { kind: 'default', column: undefined, start, end: endOf(c) }
}

function sequenceValue(c: Cursor, first: 'NEXT' | 'PREVIOUS'): Expression {
  const start = startOf(c)
  c.i += 3
  const sequence = tableName(c)
  return { kind: 'sequence-value', operation: first, sequence, args: [], start, end: endOf(c) }
}

function sequenceCall(c: Cursor, own: 'NEXTVAL' | 'LASTVAL' | 'SETVAL'): Expression {
  const start = startOf(c)
  c.i += 2
  const sequence = tableName(c)
  const args: Expression[] = []
  if (own === 'SETVAL') while (accept(c, ',')) args.push(expression(c))
  expect(c, ')')
  const operation = own === 'NEXTVAL' ? 'NEXT' : own === 'LASTVAL' ? 'PREVIOUS' : 'SET'
  return { kind: 'sequence-value', operation, sequence, args, start, end: endOf(c) }
}

/** `a`, `t.a`, `s.t.a`, `.t.a`, or a function with such a name. */
export function named(c: Cursor): Expression {
  const start = startOf(c)
  if (isCall(c)) return call(c)
  const bare = callWithoutBrackets(c)
  if (bare !== undefined) return bare
  if (at(c, '.')) return columnFrom(c, start, [])
  if (!isName(c)) throw unknown(c, 'an expression')
  const first = takeName(c)
  if (!at(c, '.')) return { kind: 'column', parts: [first], start, end: first.end }
  const found = qualifiedCall(c, first)
  return found ?? columnFrom(c, start, [first])
}

function columnFrom(c: Cursor, start: number, parts: Name[]): Column {
  while (parts.length < 3 && accept(c, '.')) parts.push(nameBehindDot(c))
  return { kind: 'column', parts, start, end: endOf(c) }
}

/** A column as it is written where only a column may stand. */
export function column(c: Cursor): Column {
  const start = startOf(c)
  if (at(c, '.')) return columnFrom(c, start, [])
  return columnFrom(c, start, [name(c)])
}

function caseOf(c: Cursor): Expression {
  const start = startOf(c)
  expect(c, 'CASE')
  const operand = at(c, 'WHEN') ? undefined : expression(c)
  const branches: When[] = []
  do branches.push(when(c))
  while (at(c, 'WHEN'))
  const otherwise = accept(c, 'ELSE') ? expression(c) : undefined
  expect(c, 'END')
  return { kind: 'case', operand, branches, otherwise, start, end: endOf(c) }
}

function when(c: Cursor): When {
  const start = startOf(c)
  expect(c, 'WHEN')
  const condition = expression(c)
  expect(c, 'THEN')
  const result = expression(c)
  return { kind: 'when', condition, result, start, end: endOf(c) }
}

function match(c: Cursor): Expression {
  const start = startOf(c)
  expect(c, 'MATCH')
  const inBrackets = accept(c, '(')
  const columns = [column(c)]
  while (accept(c, ',')) columns.push(column(c))
  if (inBrackets) expect(c, ')')
  expectWords(c, 'AGAINST', '(')
  const against = expressionOf(c, BIT_EXPRESSION)
  const mode = matchMode(c)
  expect(c, ')')
  return { kind: 'match', columns, against, mode, start, end: endOf(c) }
}

function matchMode(c: Cursor): string {
  if (acceptWords(c, 'IN', 'BOOLEAN', 'MODE')) return 'IN BOOLEAN MODE'
  const natural = acceptWords(c, 'IN', 'NATURAL', 'LANGUAGE', 'MODE') ? 'IN NATURAL LANGUAGE MODE' : ''
  if (!acceptWords(c, 'WITH', 'QUERY', 'EXPANSION')) return natural
  return `${natural} WITH QUERY EXPANSION`.trim()
}

/** `INTERVAL 1 DAY`; `INTERVAL(a, b, …)` is a function. */
function interval(c: Cursor): Expression {
  const start = startOf(c)
  const own = takeName(c)
  let value: Expression
  if (at(c, '(')) {
    const adjacent = startOf(c) === own.end
    const first = bracketed(c)
    if (first.kind === 'row' && !intervalUnits.has(wordAt(c))) {
      return { ...plainCall(own, adjacent, first.items), start, end: endOf(c) }
    }
    value = wholeFrom(c, first)
  } else {
    value = expression(c)
  }
  const unit = intervalUnit(c)
  return { kind: 'interval', value, unit, start, end: endOf(c) }
}

export function intervalUnit(c: Cursor): string {
  const unit = wordAt(c)
  if (!intervalUnits.has(unit)) throw unknown(c, 'a unit of time')
  c.i += 1
  return unit
}
