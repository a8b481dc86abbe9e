// Operands: literals, names, variables, brackets, CASE and the like.

import {
  BIT,
  END,
  HEX,
  IDENT,
  INTRODUCER,
  NATIONAL,
  NUMBER,
  PARAMETER,
  QUOTED,
  STRING,
  USER_VARIABLE,
  WORD,
} from './lexer.ts'
import {
  accept,
  acceptWords,
  at,
  type Cursor,
  deeper,
  endOf,
  expect,
  expectWords,
  isName,
  kindAt,
  name,
  nameBehindDot,
  startOf,
  stringTail,
  tableName,
  takeLiteral,
  takeName,
  Unknown,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, expression, expressionOf, wholeFrom } from './parse-expression.ts'
import { call, callWithoutBrackets, isCall, plainCall, qualifiedCall } from './parse-function.ts'
import { bracketedQuery, continueQuery, continuesQuery, startsQuery } from './parse-query.ts'
import { intervalUnits, riskyCharacterSets } from './parse-words.ts'
import type { Bracketed, Column, Expression, Literal, Name, SystemVariable, When } from './syntax.ts'

export function primary(c: Cursor): Expression {
  switch (kindAt(c)) {
    case NUMBER:
      return takeLiteral(c, 'number')
    case STRING:
      return stringTail(c, startOf(c), undefined)
    case NATIONAL:
      return stringTail(c, startOf(c), 'N')
    case HEX:
      return takeLiteral(c, 'hex')
    case BIT:
      return takeLiteral(c, 'bit')
    case INTRODUCER:
      return introduced(c)
    case PARAMETER:
      return parameter(c)
    case USER_VARIABLE:
      return variableOrAssign(c)
    case IDENT:
    case QUOTED:
      return named(c)
    case END:
      throw unknown(c, 'an expression')
    case WORD:
      return word(c)
    default:
      return sign(c)
  }
}

export function parameter(c: Cursor): Expression {
  const start = startOf(c)
  if (kindAt(c) !== PARAMETER) throw unknown(c, 'a parameter')
  c.i += 1
  c.parameters += 1
  return { kind: 'parameter', index: c.parameters - 1, start, end: endOf(c) }
}

function introduced(c: Cursor): Literal {
  const start = startOf(c)
  const introducer = c.text.slice(start + 1, c.ends[c.i]).toUpperCase()
  c.i += 1
  const kind = kindAt(c)
  if (kind === HEX || kind === BIT) {
    return { ...takeLiteral(c, kind === HEX ? 'hex' : 'bit', introducer), start }
  }
  if (kind !== STRING) throw unknown(c, 'a string')
  if (riskyCharacterSets.has(introducer) && !isPlain(c.text, startOf(c), c.ends[c.i] ?? 0)) {
    throw new Unknown(
      `A string in the character set ${introducer.toLowerCase()} cannot be read with certainty`,
      start,
    )
  }
  return stringTail(c, start, introducer)
}

/** ASCII without backslash: the same in every character set. */
function isPlain(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (text.charCodeAt(i) > 126 || text.charCodeAt(i) === 92) return false
  return true
}

function variableOrAssign(c: Cursor): Expression {
  const variable = userVariable(c)
  if (!accept(c, ':=')) return variable
  const value = expression(c)
  return { kind: 'assign', variable, value, start: variable.start, end: endOf(c) }
}

function sign(c: Cursor): Expression {
  switch (wordAt(c)) {
    case '(':
      return bracketed(c)
    case '@@':
      return systemVariable(c)
    case '{':
      return odbc(c)
    case '.':
      return named(c)
    default:
      throw unknown(c, 'an expression')
  }
}

/** `{d '…'}`, `{fn now()}`. */
function odbc(c: Cursor): Expression {
  const start = startOf(c)
  expect(c, '{')
  const own = name(c)
  const operand = expression(c)
  expect(c, '}')
  return { kind: 'odbc', name: own, operand, start, end: endOf(c) }
}

export function systemVariable(c: Cursor): SystemVariable {
  const start = startOf(c)
  expect(c, '@@')
  const first = takeVariableName(c)
  const scope = first.quoted ? undefined : scopes.get(first.text.toUpperCase())
  const parts: Name[] = []
  if (scope !== undefined && at(c, '.')) {
    c.i += 1
    parts.push(takeVariableName(c))
  } else {
    parts.push(first)
  }
  if (accept(c, '.')) parts.push(takeVariableName(c))
  return { kind: 'system-variable', scope, parts, start, end: endOf(c) }
}

const scopes = new Map<string, NonNullable<SystemVariable['scope']>>([
  ['GLOBAL', 'GLOBAL'],
  ['SESSION', 'SESSION'],
  ['LOCAL', 'LOCAL'],
  ['PERSIST', 'PERSIST'],
  ['PERSIST_ONLY', 'PERSIST_ONLY'],
])

function takeVariableName(c: Cursor): Name {
  const kind = kindAt(c)
  if (kind !== WORD && kind !== IDENT && kind !== QUOTED) throw unknown(c, 'the name of a variable')
  return takeName(c)
}

// ── brackets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether the bracket at `ahead`, or one that follows at once, opens a query. */
export function opensQuery(c: Cursor, ahead = 0): boolean {
  let k = ahead
  while (wordAt(c, k) === '(') k += 1
  return k > ahead && startsQuery(c, k)
}

/** `(a)`, `(a, b)`, `(SELECT …)`. */
function bracketed(c: Cursor): Expression {
  const opened = deeper(c, queryOrExpression)
  if (opened.kind !== 'bracketed') return opened
  return { kind: 'subquery', query: opened.query, start: opened.start, end: opened.end }
}

/** Of `((SELECT 1) UNION …)` and `((SELECT 1) + 1)` only what follows tells which it is. */
function queryOrExpression(c: Cursor): Bracketed | Expression {
  const start = startOf(c)
  if (startsQuery(c, 1)) return bracketedQuery(c)
  expect(c, '(')
  let first: Expression | undefined
  if (at(c, '(')) {
    const inner = deeper(c, queryOrExpression)
    if (inner.kind === 'bracketed') {
      if (at(c, ')') || continuesQuery(c)) {
        const query = continueQuery(c, undefined, inner, inner.start)
        expect(c, ')')
        return { kind: 'bracketed', query, start, end: endOf(c) }
      }
      first = { kind: 'subquery', query: inner.query, start: inner.start, end: inner.end }
    } else {
      first = inner
    }
    first = wholeFrom(c, first)
  } else {
    first = expression(c)
  }
  if (!at(c, ',')) {
    expect(c, ')')
    return first
  }
  const items = [first]
  while (accept(c, ',')) items.push(expression(c))
  expect(c, ')')
  return { kind: 'row', items, start, end: endOf(c) }
}

/** Behind IN: one sub-query or a list. */
export function subqueryOrList(c: Cursor): Expression[] {
  if (!at(c, '(')) throw unknown(c, '(')
  if (opensQuery(c)) {
    const inner = deeper(c, queryOrExpression)
    if (inner.kind === 'bracketed') {
      return [{ kind: 'subquery', query: inner.query, start: inner.start, end: inner.end }]
    }
    return inner.kind === 'row' ? [...inner.items] : [inner]
  }
  expect(c, '(')
  const items = [expression(c)]
  while (accept(c, ',')) items.push(expression(c))
  expect(c, ')')
  return items
}

// ── words and names ────────────────────────────────────────────────────────────────────────────────────────────────────

function word(c: Cursor): Expression {
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
function named(c: Cursor): Expression {
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
