// SIGNAL, RESIGNAL, GET DIAGNOSTICS.

import { STRING } from './lexer.ts'
import { variable } from './parse-body.ts'
import {
  accept,
  acceptOneOf,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  isName,
  kindAt,
  list,
  name,
  startOf,
  string,
  takeName,
} from './parse-cursor.ts'
import { expression, expressionOf, SIMPLE } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import type { Diagnostics, Expression } from './syntax.ts'

export function signal(c: Cursor): Diagnostics {
  const start = startOf(c)
  const verb = expectOneOf(c, 'SIGNAL', 'RESIGNAL')
  if (accept(c, 'SQLSTATE')) {
    accept(c, 'VALUE')
    if (kindAt(c) === STRING) string(c)
    else literal(c)
  } else if (isName(c)) takeName(c)
  const expressions: Expression[] = []
  if (accept(c, 'SET')) {
    list(c, one => {
      conditionItem(one)
      expect(one, '=')
      expressions.push(expression(one))
    })
  }
  return { kind: 'diagnostics', verb, expressions, variables: [], start, end: endOf(c) }
}

/** `MESSAGE_TEXT`, `ROW_NUMBER` … */
function conditionItem(c: Cursor): void {
  if (!accept(c, 'ROW_NUMBER')) name(c)
}

export function getDiagnostics(c: Cursor): Diagnostics {
  const start = startOf(c)
  expect(c, 'GET')
  acceptOneOf(c, 'CURRENT', 'STACKED')
  expect(c, 'DIAGNOSTICS')
  const expressions: Expression[] = []
  if (accept(c, 'CONDITION')) expressions.push(expressionOf(c, SIMPLE))
  const variables = list(c, one => {
    const target = variable(one)
    expect(one, '=')
    conditionItem(one)
    return target
  })
  return { kind: 'diagnostics', verb: 'GET', expressions, variables, start, end: endOf(c) }
}
