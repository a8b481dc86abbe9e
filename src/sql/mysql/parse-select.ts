// SELECT itself: its list, its clauses; VALUES and TABLE.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptWords,
  at,
  atOneOf,
  type Cursor,
  endOf,
  expect,
  isName,
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  tableName,
  wordAt,
} from './parse-cursor.ts'
import { expression, orderItem } from './parse-expression.ts'
import { expressionOrDefault } from './parse-operand.ts'
import { intoClause } from './parse-query-tail.ts'
import { fromClause, table } from './parse-tables.ts'
import { namedWindows } from './parse-window.ts'
import type { Expression, Name, Select, SelectItem, TableQuery, ValuesRows } from './syntax.ts'

const selectOptions: ReadonlySet<string> = new Set(
  `ALL DISTINCT DISTINCTROW STRAIGHT_JOIN HIGH_PRIORITY SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_CALC_FOUND_ROWS
   SQL_NO_CACHE SQL_CACHE`.split(/\s+/),
)

export function select(c: Cursor): Select {
  const start = startOf(c)
  expect(c, 'SELECT')
  const options: string[] = []
  while (atOneOf(c, selectOptions) && !(at(c, 'SQL_CACHE') && !c.mariadb && c.version >= 80000)) {
    options.push(wordAt(c))
    c.i += 1
  }
  const items = list(c, selectItem)
  const into = at(c, 'INTO') ? intoClause(c) : undefined
  const from = at(c, 'FROM') ? fromClause(c) : []
  const where = accept(c, 'WHERE') ? expression(c) : undefined
  const groupBy = acceptWords(c, 'GROUP', 'BY') ? list(c, orderItem) : []
  const rollup = groupBy.length > 0 && (acceptWords(c, 'WITH', 'ROLLUP') || acceptWords(c, 'WITH', 'CUBE'))
  const having = accept(c, 'HAVING') ? expression(c) : undefined
  const windows = at(c, 'WINDOW') && knowsWindows(c) ? namedWindows(c) : []
  const qualify =
    at(c, 'QUALIFY') && c.reserved.has('QUALIFY') && accept(c, 'QUALIFY') ? expression(c) : undefined
  const end = endOf(c)
  return {
    kind: 'select',
    options,
    items,
    into,
    from,
    where,
    groupBy,
    rollup,
    having,
    windows,
    qualify,
    start,
    end,
  }
}

function knowsWindows(c: Cursor): boolean {
  return c.mariadb || c.version >= 80000
}

export function selectItem(c: Cursor): SelectItem {
  const start = startOf(c)
  const star = starItem(c)
  if (star !== undefined)
    return { kind: 'select-item', expression: star, alias: undefined, start, end: endOf(c) }
  const value = expression(c)
  const alias = selectAlias(c)
  return { kind: 'select-item', expression: value, alias, start, end: endOf(c) }
}

function selectAlias(c: Cursor): Name | undefined {
  if (accept(c, 'AS')) return nameOrString(c)
  if (isName(c) || kindAt(c) === STRING) return nameOrString(c)
  return undefined
}

/** `*`, `t.*`, `s.t.*`. */
function starItem(c: Cursor): Expression | undefined {
  const start = startOf(c)
  const parts: Name[] = []
  if (!at(c, '*')) {
    const dots =
      wordAt(c, 1) !== '.'
        ? 0
        : wordAt(c, 2) === '*'
          ? 1
          : wordAt(c, 3) === '.' && wordAt(c, 4) === '*'
            ? 2
            : 0
    if (dots === 0) return undefined
    for (let k = 0; k < dots; k += 1) {
      parts.push(name(c))
      expect(c, '.')
    }
  }
  expect(c, '*')
  return { kind: 'star', parts, start, end: endOf(c) }
}

export function valuesStatement(c: Cursor): ValuesRows {
  const start = startOf(c)
  expect(c, 'VALUES')
  return valuesRows(c, start)
}

/** Rows behind VALUES. */
export function valuesRows(c: Cursor, start: number): ValuesRows {
  const rows = list(c, one => {
    accept(one, 'ROW')
    expect(one, '(')
    if (accept(one, ')')) return []
    const values = list(one, rowValue)
    expect(one, ')')
    return values
  })
  return { kind: 'values', rows, start, end: endOf(c) }
}

/** An expression, DEFAULT or IGNORE. */
export function rowValue(c: Cursor): Expression {
  if (at(c, 'IGNORE')) {
    const start = startOf(c)
    c.i += 1
    return { kind: 'word', word: 'IGNORE', start, end: endOf(c) }
  }
  return expressionOrDefault(c)
}

export function tableQuery(c: Cursor): TableQuery {
  const start = startOf(c)
  expect(c, 'TABLE')
  const own = tableName(c)
  return { kind: 'table-query', table: table(own), start, end: endOf(c) }
}
