// CREATE PROCEDURE, FUNCTION, TRIGGER, EVENT: the heads; bodies are in parse-body.ts.

import { bodyStatement } from './parse-body.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  expectWords,
  list,
  name,
  nameOrString,
  startOf,
  string,
  tableName,
  unknown,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { intervalUnit } from './parse-operand.ts'
import { routineName } from './parse-routine-name.ts'
import { dataType } from './parse-type.ts'
import type { Account, Administer, CreateRoutine, Expression, RoutineParameter, Statement } from './syntax.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function createRoutine(
  c: Cursor,
  start: number,
  definer: Account | undefined,
  orReplace: boolean,
  altered = false,
): CreateRoutine | Administer {
  const aggregate = accept(c, 'AGGREGATE')
  const object = expectOneOf(c, 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT')
  const ifNotExists = acceptWords(c, 'IF', 'NOT', 'EXISTS')
  const own: Mutable<CreateRoutine> = {
    kind: 'create-routine',
    object,
    orReplace,
    ifNotExists,
    aggregate,
    alter: altered,
    definer,
    name: routineName(c),
    parameters: [],
    returns: undefined,
    characteristics: [],
    timing: undefined,
    table: undefined,
    expressions: [],
    body: undefined,
    start,
    end: start,
  }
  if (object === 'TRIGGER') trigger(c, own)
  else if (object === 'EVENT') event(c, own)
  else {
    const loadable = routine(c, own)
    if (loadable)
      return {
        kind: 'administer',
        verb: 'CREATE FUNCTION',
        tables: [],
        expressions: [],
        start,
        end: endOf(c),
      }
  }
  own.end = endOf(c)
  return own
}

/** Whether it is a loadable function: it has no body. */
function routine(c: Cursor, own: Mutable<CreateRoutine>): boolean {
  if (own.object === 'FUNCTION' && acceptWords(c, 'RETURNS')) {
    expectOneOf(c, 'STRING', 'INTEGER', 'INT', 'REAL', 'DECIMAL')
    expect(c, 'SONAME')
    nameOrString(c)
    return true
  }
  expect(c, '(')
  own.parameters = at(c, ')') ? [] : list(c, parameter)
  expect(c, ')')
  if (own.object === 'FUNCTION') {
    expect(c, 'RETURNS')
    own.returns = dataType(c)
  }
  own.characteristics = characteristics(c)
  own.body = body(c)
  return false
}

function body(c: Cursor): Statement {
  const outside = c.inRoutine
  c.inRoutine = true
  const own = bodyStatement(c)
  c.inRoutine = outside
  return own
}

function parameter(c: Cursor): RoutineParameter {
  const start = startOf(c)
  const mode = acceptOneOf(c, 'IN', 'OUT', 'INOUT')
  const own = name(c)
  const type = dataType(c)
  const value = accept(c, 'DEFAULT') ? expression(c) : undefined
  return { kind: 'routine-parameter', mode, name: own, type, default: value, start, end: endOf(c) }
}

const phrases: readonly (readonly string[])[] = [
  ['LANGUAGE', 'SQL'],
  ['NOT', 'DETERMINISTIC'],
  ['DETERMINISTIC'],
  ['CONTAINS', 'SQL'],
  ['NO', 'SQL'],
  ['READS', 'SQL', 'DATA'],
  ['MODIFIES', 'SQL', 'DATA'],
  ['SQL', 'SECURITY', 'DEFINER'],
  ['SQL', 'SECURITY', 'INVOKER'],
]

function characteristics(c: Cursor): string[] {
  const found: string[] = []
  for (;;) {
    if (accept(c, 'COMMENT')) {
      string(c)
      continue
    }
    const phrase = phrases.find(words => acceptWords(c, ...words))
    if (phrase === undefined) return found
    found.push(phrase.join(' '))
  }
}

/** ALTER PROCEDURE, ALTER FUNCTION. */
export function alterRoutine(c: Cursor, start: number): CreateRoutine {
  const object = expectOneOf(c, 'PROCEDURE', 'FUNCTION')
  const own = routineName(c)
  const found = characteristics(c)
  const none = {
    parameters: [],
    returns: undefined,
    timing: undefined,
    table: undefined,
    expressions: [],
  } as const
  const flags = {
    orReplace: false,
    ifNotExists: false,
    aggregate: false,
    alter: true,
    definer: undefined,
  } as const
  const rest = { name: own, characteristics: found, body: undefined, start, end: endOf(c) }
  return { kind: 'create-routine', object, ...flags, ...none, ...rest }
}

// ── triggers and events ────────────────────────────────────────────────────────────────────────────────────────────────

function trigger(c: Cursor, own: Mutable<CreateRoutine>): void {
  const time = expectOneOf(c, 'BEFORE', 'AFTER')
  own.timing = `${time} ${expectOneOf(c, 'INSERT', 'UPDATE', 'DELETE')}`
  expect(c, 'ON')
  own.table = tableName(c)
  expectWords(c, 'FOR', 'EACH', 'ROW')
  if (acceptOneOf(c, 'FOLLOWS', 'PRECEDES') !== undefined) routineName(c)
  own.body = body(c)
}

function event(c: Cursor, own: Mutable<CreateRoutine>): void {
  const expressions: Expression[] = []
  const found: string[] = []
  if (acceptWords(c, 'ON', 'SCHEDULE')) schedule(c, expressions)
  if (acceptWords(c, 'ON', 'COMPLETION')) {
    found.push(accept(c, 'NOT') ? 'ON COMPLETION NOT PRESERVE' : 'ON COMPLETION PRESERVE')
    expect(c, 'PRESERVE')
  }
  if (acceptWords(c, 'RENAME', 'TO')) {
    routineName(c)
    found.push('RENAME')
  }
  if (accept(c, 'ENABLE')) found.push('ENABLE')
  else if (accept(c, 'DISABLE')) {
    if (accept(c, 'ON')) expectOneOf(c, 'SLAVE', 'REPLICA')
    found.push('DISABLE')
  }
  if (accept(c, 'COMMENT')) string(c)
  own.expressions = expressions
  own.characteristics = found
  if (accept(c, 'DO')) own.body = body(c)
  else if (!own.alter || !atEnd(c)) throw unknown(c, 'DO')
}

function schedule(c: Cursor, expressions: Expression[]): void {
  if (accept(c, 'AT')) {
    expressions.push(expression(c))
    return
  }
  expect(c, 'EVERY')
  expressions.push(expression(c))
  intervalUnit(c)
  if (accept(c, 'STARTS')) expressions.push(expression(c))
  if (accept(c, 'ENDS')) expressions.push(expression(c))
}
