// Windows: OVER, WINDOW and their frames.

import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  type Cursor,
  endOf,
  expect,
  isName,
  list,
  name,
  startOf,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, expression, expressionOf, orderBy } from './parse-expression.ts'
import type { Expression, Name, NamedWindow, WindowName, WindowSpecification } from './syntax.ts'

export function overClause(c: Cursor): WindowName | WindowSpecification {
  expect(c, 'OVER')
  if (at(c, '(')) return windowSpecification(c)
  const own = name(c)
  return { kind: 'window-name', name: own, start: own.start, end: own.end }
}

export function namedWindows(c: Cursor): NamedWindow[] {
  expect(c, 'WINDOW')
  return list(c, one => {
    const start = startOf(one)
    const own = name(one)
    expect(one, 'AS')
    const window = windowSpecification(one)
    return { kind: 'named-window', name: own, window, start, end: endOf(one) }
  })
}

function windowSpecification(c: Cursor): WindowSpecification {
  const start = startOf(c)
  expect(c, '(')
  const base = baseName(c)
  const partitionBy = acceptWords(c, 'PARTITION', 'BY') ? list(c, expression) : []
  const order = at(c, 'ORDER') ? orderBy(c) : []
  const bounds = frame(c)
  expect(c, ')')
  return { kind: 'window', base, partitionBy, orderBy: order, frame: bounds, start, end: endOf(c) }
}

function baseName(c: Cursor): Name | undefined {
  if (!isName(c) || (at(c, 'GROUPS') && wordAt(c, 1) !== ')')) return undefined
  return name(c)
}

function frame(c: Cursor): Expression[] {
  if (acceptOneOf(c, 'ROWS', 'RANGE', 'GROUPS') === undefined) return []
  const bounds: Expression[] = []
  if (accept(c, 'BETWEEN')) {
    bound(c, bounds)
    expect(c, 'AND')
  }
  bound(c, bounds)
  if (accept(c, 'EXCLUDE')) exclusion(c)
  return bounds
}

function bound(c: Cursor, bounds: Expression[]): void {
  if (acceptWords(c, 'CURRENT', 'ROW')) return
  if (!accept(c, 'UNBOUNDED')) bounds.push(expressionOf(c, BIT_EXPRESSION))
  if (acceptOneOf(c, 'PRECEDING', 'FOLLOWING') === undefined) throw unknown(c, 'PRECEDING or FOLLOWING')
}

function exclusion(c: Cursor): void {
  if (acceptWords(c, 'CURRENT', 'ROW') || acceptWords(c, 'NO', 'OTHERS')) return
  if (acceptOneOf(c, 'GROUP', 'TIES') === undefined) throw unknown(c, 'CURRENT ROW, GROUP, TIES or NO OTHERS')
}
