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
  at,
  type Cursor,
  deeper,
  endOf,
  expect,
  kindAt,
  name,
  startOf,
  stringTail,
  takeLiteral,
  takeName,
  Unknown,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { expression, wholeFrom } from './parse-expression.ts'
import { named, word } from './parse-operand.ts'
import { bracketedQuery, continueQuery, continuesQuery, startsQuery } from './parse-query.ts'
import { riskyCharacterSets } from './parse-words.ts'
import type { Bracketed, Expression, Literal, Name, SystemVariable } from './syntax.ts'

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
export function bracketed(c: Cursor): Expression {
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
