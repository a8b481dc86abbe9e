// Functions: those with a grammar of their own, and everybody else's `name(arguments)`.

import { IDENT, QUOTED, WORD } from './lexer.ts'
import {
  behindBrackets,
  charArguments,
  columnArguments,
  extractArguments,
  formatArguments,
  groupArguments,
  jsonValueArguments,
  plainArguments,
  positionArguments,
  substringArguments,
  trimArguments,
  unitArguments,
  weightArguments,
} from './parse-arguments.ts'
import {
  accept,
  acceptWords,
  type Cursor,
  endOf,
  expect,
  isName,
  kindAt,
  nameBehindDot,
  startOf,
  string,
  takeName,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, expression } from './parse-expression.ts'
import { dataType } from './parse-type.ts'
import { nearFunctions } from './parse-words.ts'
import type { Call, Cast, Expression, Name } from './syntax.ts'

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

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
