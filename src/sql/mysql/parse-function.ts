// Functions: those with a grammar of their own, and everybody else's `name(arguments)`.

import { IDENT, QUOTED, STRING, WORD } from './lexer.ts'
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
  nameBehindDot,
  nameOrString,
  startOf,
  string,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, characterSetName, expression, expressionOf, orderBy } from './parse-expression.ts'
import { intervalUnit } from './parse-primary.ts'
import { limit } from './parse-query.ts'
import { dataType } from './parse-type.ts'
import { overClause } from './parse-window.ts'
import { intervalUnits, nearFunctions } from './parse-words.ts'
import type { Call, Cast, Expression, Name } from './syntax.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Reserved words that are functions when a bracket follows. */
const reservedFunctions: ReadonlySet<string> = new Set(
  `CHAR CONVERT CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE IF INSERT INTERVAL LEFT
   LOCALTIME LOCALTIMESTAMP MOD REPEAT REPLACE RIGHT SCHEMA UTC_DATE UTC_TIME UTC_TIMESTAMP ROW_NUMBER RANK DENSE_RANK CUME_DIST
   PERCENT_RANK FIRST_VALUE LAST_VALUE NTH_VALUE NTILE LAG LEAD GROUPING VALUES`.split(/\s+/),
)

/** Functions that need no brackets. */
const bareFunctions: ReadonlySet<string> = new Set(
  `CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME
   UTC_TIMESTAMP`.split(/\s+/),
)

/** Functions with words inside of their brackets. */
const specialForms = new Map<string, (c: Cursor, own: Mutable<Call>) => void>([
  ['CHAR', charArguments],
  ['EXTRACT', extractArguments],
  ['TRIM', trimArguments],
  ['TRIM_ORACLE', trimArguments],
  ['SUBSTRING', substringArguments],
  ['SUBSTR', substringArguments],
  ['MID', substringArguments],
  ['POSITION', positionArguments],
  ['GET_FORMAT', formatArguments],
  ['TIMESTAMPADD', unitArguments],
  ['TIMESTAMPDIFF', unitArguments],
  ['WEIGHT_STRING', weightArguments],
  ['COLUMN_CREATE', columnArguments],
  ['COLUMN_ADD', columnArguments],
  ['COLUMN_GET', columnArguments],
  ['GROUP_CONCAT', groupArguments],
  ['JSON_ARRAYAGG', groupArguments],
  ['JSON_VALUE', jsonValueArguments],
])

/** Whether a function call begins here. */
export function isCall(c: Cursor): boolean {
  if (wordAt(c, 1) !== '(') return false
  const kind = kindAt(c)
  if (kind === QUOTED || kind === IDENT) return true
  return kind === WORD && (isName(c) || reservedFunctions.has(wordAt(c)))
}

export function call(c: Cursor): Call | Cast {
  const start = startOf(c)
  const quoted = kindAt(c) !== WORD
  const word = wordAt(c)
  const own = takeName(c)
  const adjacent = startOf(c) === own.end
  const near = adjacent || c.context.sqlMode.ignoreSpace || !nearFunctions.has(word)
  if (!quoted && near && (word === 'CAST' || word === 'CONVERT'))
    return castOrConvert(c, own, adjacent, word, start)
  const node = emptyCall([own], adjacent, quoted ? own.text.toUpperCase() : word, start)
  const special = quoted || !near ? undefined : specialForms.get(word)
  node.form = special === undefined && !reservedFunctions.has(word) ? 'native' : 'keyword'
  expect(c, '(')
  if (special === undefined) plainArguments(c, node)
  else special(c, node)
  expect(c, ')')
  behindBrackets(c, node)
  node.end = endOf(c)
  return node
}

/** `s.f(…)`, called with the schema's name read. */
export function qualifiedCall(c: Cursor, schema: Name): Call | undefined {
  const kind = kindAt(c, 1)
  if ((kind !== WORD && kind !== IDENT && kind !== QUOTED) || wordAt(c, 2) !== '(') return undefined
  c.i += 1
  const own = nameBehindDot(c)
  const node = emptyCall([schema, own], startOf(c) === own.end, own.text.toUpperCase(), schema.start)
  expect(c, '(')
  plainArguments(c, node)
  expect(c, ')')
  node.end = endOf(c)
  return node
}

/** `CURRENT_USER`, `UTC_DATE`. */
export function callWithoutBrackets(c: Cursor): Call | undefined {
  if (kindAt(c) !== WORD || !bareFunctions.has(wordAt(c)) || !c.reserved.has(wordAt(c))) return undefined
  const word = wordAt(c)
  const own = takeName(c)
  const node = emptyCall([own], true, word, own.start)
  node.form = 'keyword'
  node.brackets = false
  node.end = own.end
  return node
}

/** A call that has only arguments. */
export function plainCall(own: Name, adjacent: boolean, args: readonly Expression[]): Call {
  return { ...emptyCall([own], adjacent, own.text.toUpperCase(), own.start), form: 'keyword', args }
}

function emptyCall(parts: readonly Name[], adjacent: boolean, word: string, start: number): Mutable<Call> {
  return {
    kind: 'call',
    parts,
    name: word,
    form: 'native',
    adjacent,
    brackets: true,
    distinct: false,
    args: [],
    argAliases: [],
    words: [],
    orderBy: [],
    separator: undefined,
    limit: undefined,
    withinGroup: [],
    type: undefined,
    defaults: [],
    over: undefined,
    start,
    end: start,
  }
}

function castOrConvert(c: Cursor, own: Name, adjacent: boolean, word: string, start: number): Call | Cast {
  expect(c, '(')
  const operand = expression(c)
  if (word === 'CONVERT' && accept(c, 'USING')) {
    const node = {
      ...plainCall(own, adjacent, [operand]),
      words: ['USING', characterSetName(c).toUpperCase()],
    }
    expect(c, ')')
    return { ...node, end: endOf(c) }
  }
  const words: string[] = []
  if (word === 'CONVERT') expect(c, ',')
  else {
    if (acceptWords(c, 'AT', 'TIME', 'ZONE')) {
      if (accept(c, 'INTERVAL')) words.push('INTERVAL')
      words.push('AT TIME ZONE', string(c).value)
    }
    expect(c, 'AS')
  }
  const type = dataType(c)
  if (!c.mariadb && accept(c, 'ARRAY')) words.push('ARRAY')
  expect(c, ')')
  return { kind: 'cast', operand, type, words, start, end: endOf(c) }
}

// ── arguments ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function plainArguments(c: Cursor, own: Mutable<Call>): void {
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

function charArguments(c: Cursor, own: Mutable<Call>): void {
  own.args = list(c, expression)
  if (accept(c, 'USING')) own.words = ['USING', characterSetName(c).toUpperCase()]
}

function extractArguments(c: Cursor, own: Mutable<Call>): void {
  own.words = [intervalUnit(c)]
  expect(c, 'FROM')
  own.args = [expression(c)]
}

function trimArguments(c: Cursor, own: Mutable<Call>): void {
  const side = acceptOneOf(c, 'LEADING', 'TRAILING', 'BOTH')
  if (side !== undefined) own.words = [side]
  if (side !== undefined && accept(c, 'FROM')) {
    own.args = [expression(c)]
    return
  }
  const first = expression(c)
  own.args = accept(c, 'FROM') ? [first, expression(c)] : [first]
}

function substringArguments(c: Cursor, own: Mutable<Call>): void {
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

function positionArguments(c: Cursor, own: Mutable<Call>): void {
  const first = expressionOf(c, BIT_EXPRESSION)
  expect(c, 'IN')
  own.args = [first, expression(c)]
}

function formatArguments(c: Cursor, own: Mutable<Call>): void {
  const type = acceptOneOf(c, 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP')
  if (type === undefined) throw unknown(c, 'DATE, TIME or DATETIME')
  own.words = [type]
  expect(c, ',')
  own.args = [expression(c)]
}

function unitArguments(c: Cursor, own: Mutable<Call>): void {
  if (!intervalUnits.has(wordAt(c))) throw unknown(c, 'a unit of time')
  own.words = [intervalUnit(c)]
  expect(c, ',')
  own.args = list(c, expression)
}

function weightArguments(c: Cursor, own: Mutable<Call>): void {
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
function columnArguments(c: Cursor, own: Mutable<Call>): void {
  const words: string[] = []
  const args: Expression[] = []
  do {
    args.push(expression(c))
    if (accept(c, 'AS')) words.push(dataType(c).name)
  } while (accept(c, ','))
  own.args = args
  own.words = words
}

function groupArguments(c: Cursor, own: Mutable<Call>): void {
  distinctOrAll(c, own)
  own.args = at(c, '*') ? [starArgument(c)] : list(c, expression)
  if (at(c, 'ORDER')) own.orderBy = orderBy(c)
  if (accept(c, 'SEPARATOR')) own.separator = separator(c)
  if (at(c, 'LIMIT')) own.limit = limit(c)
}

function separator(c: Cursor): Call['separator'] {
  if (kindAt(c) === STRING) return string(c)
  const value = expressionOf(c, 15)
  if (value.kind !== 'literal') throw unknown(c, 'a string')
  return value
}

function jsonValueArguments(c: Cursor, own: Mutable<Call>): void {
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
function behindBrackets(c: Cursor, own: Mutable<Call>): void {
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
