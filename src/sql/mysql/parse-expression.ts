// Expressions: operators with the binding strength that the servers give them.

import { limits } from '../../core/limits.ts'
import { INTRODUCER, NATIONAL, STRING } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  at,
  type Cursor,
  deeper,
  endOf,
  expect,
  kindAt,
  list,
  name,
  startOf,
  string,
  Unknown,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { opensQuery, primary, subqueryOrList } from './parse-primary.ts'
import { bracketedQuery } from './parse-query.ts'
import type { Binary, Expression, Is, OrderItem, Quantified } from './syntax.ts'

/** Binding strengths, weakest first. */
const OR = 1
const XOR = 2
const AND = 3
const NOT = 4
const COMPARE = 5
const PREDICATE = 6
/** What the grammars call a bit expression. */
export const BIT_EXPRESSION = 7
const AMPERSAND = 8
const SHIFT = 9
const SUM = 10
const PRODUCT = 11
const POWER = 12
const CONCAT = 13
/** What the grammars call a simple expression. */
export const SIMPLE = 14
const COLLATE = 15

type Infix = readonly [strength: number, operator: Binary['operator'] | undefined]

/** Operators that are plain pairs; those without operator have a form of their own. */
const infixes = new Map<string, Infix>([
  ['OR', [OR, 'OR']],
  ['XOR', [XOR, 'XOR']],
  ['AND', [AND, 'AND']],
  ['&&', [AND, 'AND']],
  ['=', [COMPARE, '=']],
  ['<=>', [COMPARE, '<=>']],
  ['<>', [COMPARE, '<>']],
  ['!=', [COMPARE, '<>']],
  ['<', [COMPARE, '<']],
  ['<=', [COMPARE, '<=']],
  ['>', [COMPARE, '>']],
  ['>=', [COMPARE, '>=']],
  ['IS', [COMPARE, undefined]],
  ['IN', [PREDICATE, undefined]],
  ['BETWEEN', [PREDICATE, undefined]],
  ['LIKE', [PREDICATE, undefined]],
  ['REGEXP', [PREDICATE, undefined]],
  ['RLIKE', [PREDICATE, undefined]],
  ['SOUNDS', [PREDICATE, undefined]],
  ['MEMBER', [PREDICATE, undefined]],
  ['NOT', [PREDICATE, undefined]],
  ['|', [BIT_EXPRESSION, '|']],
  ['&', [AMPERSAND, '&']],
  ['<<', [SHIFT, '<<']],
  ['>>', [SHIFT, '>>']],
  ['+', [SUM, '+']],
  ['-', [SUM, '-']],
  ['*', [PRODUCT, '*']],
  ['/', [PRODUCT, '/']],
  ['%', [PRODUCT, 'MOD']],
  ['DIV', [PRODUCT, 'DIV']],
  ['MOD', [PRODUCT, 'MOD']],
  ['^', [POWER, '^']],
  ['COLLATE', [COLLATE, undefined]],
  ['->', [COLLATE, '->']],
  ['->>', [COLLATE, '->>']],
])

const orPipes: Infix = [OR, 'OR']
const concatPipes: Infix = [CONCAT, 'CONCAT']

/** A whole expression. */
export function expression(c: Cursor): Expression {
  return deeper(c, wholeExpression)
}

function wholeExpression(c: Cursor): Expression {
  return infix(c, prefix(c), 0)
}

/** An expression of operators that bind at least so strongly. */
export function expressionOf(c: Cursor, strength: number): Expression {
  c.depth += 1
  if (c.depth > limits.statementDepthMax) throw new Unknown('The statement is nested too deeply', startOf(c))
  const result = infix(c, prefix(c), strength)
  c.depth -= 1
  return result
}

export function expressions(c: Cursor): Expression[] {
  return list(c, expression)
}

/** Goes on behind an operand that has been read. */
export function wholeFrom(c: Cursor, left: Expression): Expression {
  return infix(c, left, 0)
}

function prefix(c: Cursor): Expression {
  const start = startOf(c)
  switch (wordAt(c)) {
    case 'NOT': {
      c.i += 1
      const operand = expressionOf(c, c.context.sqlMode.highNotPrecedence ? SIMPLE : NOT)
      return { kind: 'unary', operator: 'NOT', operand, start, end: endOf(c) }
    }
    case '!':
    case '-':
    case '+':
    case '~':
    case 'BINARY': {
      const operator = wordAt(c) as '!' | '-' | '+' | '~' | 'BINARY'
      c.i += 1
      return { kind: 'unary', operator, operand: expressionOf(c, SIMPLE), start, end: endOf(c) }
    }
    default:
      return primary(c)
  }
}

function infix(c: Cursor, first: Expression, strength: number): Expression {
  let left = first
  for (;;) {
    const word = wordAt(c)
    const found =
      word === '||' ? (c.context.sqlMode.pipesAsConcat ? concatPipes : orPipes) : infixes.get(word)
    if (found === undefined || found[0] < strength) return left
    const [own, operator] = found
    if (operator === undefined) {
      const special =
        own === COMPARE ? is(c, left) : own === PREDICATE ? predicate(c, left) : collate(c, left)
      if (special === undefined) return left
      left = special
      continue
    }
    c.i += 1
    if (own === COMPARE) {
      const quantified = quantifiedTail(c, left, operator as Quantified['operator'])
      if (quantified !== undefined) {
        left = quantified
        continue
      }
    }
    if (own === COLLATE && kindAt(c) !== STRING) throw unknown(c, 'a path')
    const right = expressionOf(c, own + 1)
    left = { kind: 'binary', operator, left, right, start: left.start, end: endOf(c) }
  }
}

function is(c: Cursor, operand: Expression): Is {
  expect(c, 'IS')
  const not = accept(c, 'NOT')
  const test = acceptOneOf(c, 'NULL', 'TRUE', 'FALSE', 'UNKNOWN')
  if (test === undefined) throw unknown(c, 'NULL, TRUE, FALSE or UNKNOWN')
  return { kind: 'is', not, operand, test, start: operand.start, end: endOf(c) }
}

function quantifiedTail(
  c: Cursor,
  operand: Expression,
  operator: Quantified['operator'],
): Quantified | undefined {
  const word = wordAt(c)
  if ((word !== 'ANY' && word !== 'SOME' && word !== 'ALL') || wordAt(c, 1) !== '(') return undefined
  if (!opensQuery(c, 1)) return undefined
  c.i += 1
  const quantifier = word === 'ALL' ? 'ALL' : 'ANY'
  const { query } = bracketedQuery(c)
  return { kind: 'quantified', operator, quantifier, operand, query, start: operand.start, end: endOf(c) }
}

/** Undefined if the word turns out not to be an operator (a column may be called `member`). */
function predicate(c: Cursor, operand: Expression): Expression | undefined {
  const { start } = operand
  const not = at(c, 'NOT')
  const word = wordAt(c, not ? 1 : 0)
  if (word === 'SOUNDS' || word === 'MEMBER') {
    if (not || wordAt(c, 1) !== (word === 'SOUNDS' ? 'LIKE' : 'OF')) return undefined
    return rarePredicate(c, operand, word)
  }
  if (not) c.i += 1
  switch (acceptOneOf(c, 'IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE')) {
    case 'IN':
      return { kind: 'in', not, operand, list: subqueryOrList(c), start, end: endOf(c) }
    case 'BETWEEN': {
      const low = expressionOf(c, BIT_EXPRESSION)
      expect(c, 'AND')
      const high = expressionOf(c, PREDICATE)
      return { kind: 'between', not, operand, low, high, start, end: endOf(c) }
    }
    case 'LIKE': {
      const pattern = expressionOf(c, CONCAT)
      const escape = accept(c, 'ESCAPE') ? expressionOf(c, CONCAT) : undefined
      return { kind: 'like', not, operand, pattern, escape, start, end: endOf(c) }
    }
    case 'REGEXP':
    case 'RLIKE': {
      const right = expressionOf(c, BIT_EXPRESSION)
      const operator = not ? 'NOT REGEXP' : 'REGEXP'
      return { kind: 'binary', operator, left: operand, right, start, end: endOf(c) }
    }
    default:
      throw unknown(c, 'IN, BETWEEN, LIKE or REGEXP')
  }
}

function rarePredicate(c: Cursor, left: Expression, word: 'SOUNDS' | 'MEMBER'): Expression {
  c.i += 2
  const { start } = left
  if (word === 'SOUNDS') {
    const right = expressionOf(c, BIT_EXPRESSION)
    return { kind: 'binary', operator: 'SOUNDS LIKE', left, right, start, end: endOf(c) }
  }
  expect(c, '(')
  const right = expression(c)
  expect(c, ')')
  return { kind: 'binary', operator: 'MEMBER OF', left, right, start, end: endOf(c) }
}

function collate(c: Cursor, operand: Expression): Expression {
  expect(c, 'COLLATE')
  return { kind: 'collate', operand, collation: collationName(c), start: operand.start, end: endOf(c) }
}

export function collationName(c: Cursor): string {
  if (accept(c, 'BINARY')) return 'binary'
  if (accept(c, 'DEFAULT')) return 'default'
  return (kindAt(c) === STRING ? string(c).value : name(c).text).toLowerCase()
}

/** Name of a character set in lower case. */
export function characterSetName(c: Cursor): string {
  if (accept(c, 'BINARY')) return 'binary'
  if (accept(c, 'ASCII')) return 'latin1'
  return (kindAt(c) === STRING ? string(c).value : name(c).text).toLowerCase()
}

export function isStringStart(c: Cursor): boolean {
  const kind = kindAt(c)
  return kind === STRING || kind === NATIONAL || kind === INTRODUCER
}

export function orderBy(c: Cursor): OrderItem[] {
  expect(c, 'ORDER')
  expect(c, 'BY')
  return list(c, orderItem)
}

export function orderItem(c: Cursor): OrderItem {
  const start = startOf(c)
  const value = expression(c)
  const direction = acceptOneOf(c, 'ASC', 'DESC')
  return { kind: 'order-item', expression: value, direction, start, end: endOf(c) }
}
