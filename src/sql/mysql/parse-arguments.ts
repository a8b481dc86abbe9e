// What stands in the brackets of functions and behind them.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  type Cursor,
  endOf,
  expect,
  isName,
  kindAt,
  list,
  nameOrString,
  startOf,
  string,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, characterSetName, expression, expressionOf, orderBy } from './parse-expression.ts'
import type { Mutable } from './parse-function.ts'
import { intervalUnit } from './parse-operand.ts'
import { limit } from './parse-query-tail.ts'
import { dataType } from './parse-type.ts'
import { overClause } from './parse-window.ts'
import { intervalUnits } from './parse-words.ts'
import type { Call, Expression, Name } from './syntax.ts'

export function plainArguments(c: Cursor, own: Mutable<Call>): void {
  if (at(c, ')')) return
  if (at(c, '*') && atNext(c, ')')) {
    own.args = [starArgument(c)]
    return
  }
  distinctOrAll(c, own)
  const args: Expression[] = []
  const aliases: (Name | undefined)[] = []
  do {
    args.push(expression(c))
    aliases.push(argumentAlias(c))
  } while (accept(c, ','))
  own.args = args
  if (aliases.some(alias => alias !== undefined)) own.argAliases = aliases
}

function starArgument(c: Cursor): Expression {
  const start = startOf(c)
  c.i += 1
  return { kind: 'star', parts: [], start, end: endOf(c) }
}

function distinctOrAll(c: Cursor, own: Mutable<Call>): void {
  own.distinct = acceptOneOf(c, 'DISTINCT', 'ALL') === 'DISTINCT'
}

/** Loadable functions are told how their arguments are called. */
function argumentAlias(c: Cursor): Name | undefined {
  if (accept(c, 'AS')) return nameOrString(c)
  if (isName(c) || kindAt(c) === STRING) return nameOrString(c)
  return undefined
}

export function charArguments(c: Cursor, own: Mutable<Call>): void {
  own.args = list(c, expression)
  if (accept(c, 'USING')) own.words = ['USING', characterSetName(c).toUpperCase()]
}

export function extractArguments(c: Cursor, own: Mutable<Call>): void {
  own.words = [intervalUnit(c)]
  expect(c, 'FROM')
  own.args = [expression(c)]
}

export function trimArguments(c: Cursor, own: Mutable<Call>): void {
  const side = acceptOneOf(c, 'LEADING', 'TRAILING', 'BOTH')
  if (side !== undefined) own.words = [side]
  if (side !== undefined && accept(c, 'FROM')) {
    own.args = [expression(c)]
    return
  }
  const first = expression(c)
  own.args = accept(c, 'FROM') ? [first, expression(c)] : [first]
}

export function substringArguments(c: Cursor, own: Mutable<Call>): void {
  if (at(c, ')')) return
  const args = [expression(c)]
  if (accept(c, 'FROM')) {
    own.words = ['FROM']
    args.push(expression(c))
    if (accept(c, 'FOR')) args.push(expression(c))
  } else {
    while (accept(c, ',')) args.push(expression(c))
  }
  own.args = args
}

export function positionArguments(c: Cursor, own: Mutable<Call>): void {
  const first = expressionOf(c, BIT_EXPRESSION)
  expect(c, 'IN')
  own.args = [first, expression(c)]
}

export function formatArguments(c: Cursor, own: Mutable<Call>): void {
  const type = acceptOneOf(c, 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP')
  if (type === undefined) throw unknown(c, 'DATE, TIME or DATETIME')
  own.words = [type]
  expect(c, ',')
  own.args = [expression(c)]
}

export function unitArguments(c: Cursor, own: Mutable<Call>): void {
  if (!intervalUnits.has(wordAt(c))) throw unknown(c, 'a unit of time')
  own.words = [intervalUnit(c)]
  expect(c, ',')
  own.args = list(c, expression)
}

export function weightArguments(c: Cursor, own: Mutable<Call>): void {
  const args = [expression(c)]
  if (accept(c, 'AS')) own.type = dataType(c)
  const words: string[] = []
  if (accept(c, 'LEVEL')) {
    words.push('LEVEL')
    while (!at(c, ')')) {
      const word = acceptOneOf(c, 'ASC', 'DESC', 'REVERSE', ',', '-')
      if (word === undefined) args.push(expressionOf(c, 15))
      else words.push(word)
    }
  } else {
    // The undocumented form with three numbers.
    while (accept(c, ',')) args.push(expression(c))
  }
  own.args = args
  own.words = words
}

/** `COLUMN_CREATE('a', 1 AS CHAR, …)`: the types are words only. */
export function columnArguments(c: Cursor, own: Mutable<Call>): void {
  const words: string[] = []
  const args: Expression[] = []
  do {
    args.push(expression(c))
    if (accept(c, 'AS')) words.push(dataType(c).name)
  } while (accept(c, ','))
  own.args = args
  own.words = words
}

export function groupArguments(c: Cursor, own: Mutable<Call>): void {
  distinctOrAll(c, own)
  own.args = at(c, '*') ? [starArgument(c)] : list(c, expression)
  if (at(c, 'ORDER')) own.orderBy = orderBy(c)
  if (accept(c, 'SEPARATOR')) own.separator = separator(c)
  if (at(c, 'LIMIT')) own.limit = limit(c)
}

export function separator(c: Cursor): Call['separator'] {
  if (kindAt(c) === STRING) return string(c)
  const value = expressionOf(c, 15)
  if (value.kind !== 'literal') throw unknown(c, 'a string')
  return value
}

export function jsonValueArguments(c: Cursor, own: Mutable<Call>): void {
  own.args = list(c, expression)
  if (accept(c, 'RETURNING')) own.type = dataType(c)
  const words: string[] = []
  const defaults: Expression[] = []
  while (!at(c, ')')) {
    const word = acceptOneOf(c, 'NULL', 'ERROR', 'DEFAULT')
    if (word === undefined) throw unknown(c, ')')
    if (word === 'DEFAULT') defaults.push(expressionOf(c, 15))
    expect(c, 'ON')
    const event = acceptOneOf(c, 'EMPTY', 'ERROR')
    if (event === undefined) throw unknown(c, 'EMPTY or ERROR')
    words.push(`${word} ON ${event}`)
  }
  own.words = words
  own.defaults = defaults
}

/** What may follow an aggregate or window function. */
export function behindBrackets(c: Cursor, own: Mutable<Call>): void {
  if (!(c.mariadb || c.version >= 80000)) return
  if (acceptWords(c, 'WITHIN', 'GROUP', '(')) {
    own.withinGroup = orderBy(c)
    expect(c, ')')
  }
  const words: string[] = []
  if (at(c, 'FROM') && (atNext(c, 'FIRST') || atNext(c, 'LAST')) && own.name === 'NTH_VALUE') {
    // `nth_value(a, 1) FROM first …` could also be a table.
    if (wordAt(c, 2) === 'OVER' || wordAt(c, 2) === 'RESPECT' || wordAt(c, 2) === 'IGNORE') {
      words.push(`FROM ${wordAt(c, 1)}`)
      c.i += 2
    }
  }
  if ((at(c, 'RESPECT') || at(c, 'IGNORE')) && atNext(c, 'NULLS')) {
    words.push(`${wordAt(c)} NULLS`)
    c.i += 2
  }
  if (words.length > 0) own.words = [...own.words, ...words]
  if (at(c, 'OVER')) own.over = overClause(c)
  else if (words.length > 0) throw unknown(c, 'OVER')
}
