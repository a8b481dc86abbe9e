// One table in FROM: its name, alias, hints and period; derived tables.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  atWords,
  bracketedList,
  type Cursor,
  deeper,
  endOf,
  expect,
  isName,
  kindAt,
  list,
  name,
  startOf,
  tableName,
  takeName,
  Unknown,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { BIT_EXPRESSION, expressionOf } from './parse-expression.ts'
import { jsonTable } from './parse-json-table.ts'
import { bracketedQuery, continueQuery, continuesQuery, startsQuery } from './parse-query.ts'
import { joined, joinsFrom, table } from './parse-tables.ts'
import type {
  Bracketed,
  Derived,
  Expression,
  IndexHint,
  Name,
  Nested,
  Period,
  Table,
  TableReference,
} from './syntax.ts'

export function factor(c: Cursor): TableReference {
  switch (wordAt(c)) {
    case '(': {
      const opened = deeper(c, queryOrTables)
      return opened.kind === 'bracketed' ? derived(c, opened, false, opened.start) : opened
    }
    case '{':
      return odbcJoin(c)
    case 'LATERAL':
      if (atNext(c, '(') && !c.mariadb && c.version >= 80014) {
        const start = startOf(c)
        c.i += 1
        return derived(c, bracketedQuery(c), true, start)
      }
      return namedTable(c)
    case 'JSON_TABLE':
      if (atNext(c, '(') && (c.mariadb || c.version >= 80004)) return jsonTable(c)
      return namedTable(c)
    default:
      return namedTable(c)
  }
}

function odbcJoin(c: Cursor): Nested {
  const start = startOf(c)
  expect(c, '{')
  takeName(c)
  const tables = [deeper(c, joined)]
  expect(c, '}')
  return { kind: 'nested', tables, start, end: endOf(c) }
}

/** Of `((SELECT 1) UNION …)` and `((SELECT 1) a JOIN b)` only what follows tells which it is. */
function queryOrTables(c: Cursor): Bracketed | Nested {
  const start = startOf(c)
  if (startsQuery(c, 1)) return bracketedQuery(c)
  expect(c, '(')
  let first: TableReference
  if (at(c, '(')) {
    const inner = deeper(c, queryOrTables)
    if (inner.kind === 'bracketed' && (at(c, ')') || continuesQuery(c))) {
      const query = continueQuery(c, undefined, inner, inner.start)
      expect(c, ')')
      return { kind: 'bracketed', query, start, end: endOf(c) }
    }
    first = joinsFrom(c, inner.kind === 'bracketed' ? derived(c, inner, false, inner.start) : inner)
  } else {
    first = joined(c)
  }
  const tables = [first]
  while (accept(c, ',')) tables.push(joined(c))
  expect(c, ')')
  return { kind: 'nested', tables, start, end: endOf(c) }
}

function derived(c: Cursor, inner: Bracketed, lateral: boolean, start: number): Derived {
  const alias = tableAlias(c)
  const columns = alias !== undefined && at(c, '(') ? bracketedList(c, name) : []
  return { kind: 'derived', lateral, query: inner.query, alias, columns, start, end: endOf(c) }
}

export function tableAlias(c: Cursor): Name | undefined {
  if (accept(c, 'AS')) return name(c)
  // MariaDB takes WINDOW for the clause.
  if (!isName(c) || at(c, 'WINDOW')) return undefined
  return takeName(c)
}

/** A table with partitions, period, alias and index hints. */
export function namedTable(c: Cursor): Table {
  const own = tableName(c)
  if (at(c, '(')) throw new Unknown('Functions that return tables are not known', own.start)
  const partitions = at(c, 'PARTITION') ? partitionList(c) : []
  const period = atWords(c, 'FOR', 'SYSTEM_TIME') ? systemTime(c) : undefined
  const alias = tableAlias(c)
  const indexHints: IndexHint[] = []
  while (at(c, 'USE') || at(c, 'FORCE') || (at(c, 'IGNORE') && (atNext(c, 'INDEX') || atNext(c, 'KEY')))) {
    indexHints.push(indexHint(c))
  }
  return { ...table(own), partitions, period, alias, indexHints, end: endOf(c) }
}

export function partitionList(c: Cursor): Name[] {
  expect(c, 'PARTITION')
  return bracketedList(c, name)
}

function indexHint(c: Cursor): IndexHint {
  const start = startOf(c)
  const use = acceptOneOf(c, 'USE', 'FORCE', 'IGNORE')
  if (acceptOneOf(c, 'INDEX', 'KEY') === undefined) throw unknown(c, 'INDEX')
  if (
    accept(c, 'FOR') &&
    !accept(c, 'JOIN') &&
    !acceptWords(c, 'ORDER', 'BY') &&
    !acceptWords(c, 'GROUP', 'BY')
  ) {
    throw unknown(c, 'JOIN, ORDER BY or GROUP BY')
  }
  expect(c, '(')
  if (!(use === 'USE' && at(c, ')'))) list(c, indexName)
  expect(c, ')')
  return { kind: 'index-hint', start, end: endOf(c) }
}

function indexName(c: Cursor): void {
  if (!accept(c, 'PRIMARY')) name(c)
}

function systemTime(c: Cursor): Period {
  const start = startOf(c)
  expect(c, 'FOR')
  const own = takeName(c)
  if (accept(c, 'ALL'))
    return { kind: 'period', name: own, form: 'ALL', expressions: [], start, end: endOf(c) }
  if (acceptWords(c, 'AS', 'OF')) {
    const point = historyPoint(c)
    return { kind: 'period', name: own, form: 'AS OF', expressions: [point], start, end: endOf(c) }
  }
  const form = acceptOneOf(c, 'FROM', 'BETWEEN')
  if (form === undefined) throw unknown(c, 'AS OF, FROM, BETWEEN or ALL')
  const from = historyPoint(c)
  expect(c, form === 'FROM' ? 'TO' : 'AND')
  const to = historyPoint(c)
  return { kind: 'period', name: own, form, expressions: [from, to], start, end: endOf(c) }
}

export function historyPoint(c: Cursor): Expression {
  if (at(c, 'TRANSACTION') && !atNext(c, ')') && !atNext(c, ',')) c.i += 1
  else if (at(c, 'TIMESTAMP') && !atNext(c, '(') && kindAt(c, 1) !== STRING) c.i += 1
  return expressionOf(c, BIT_EXPRESSION)
}

/** `FOR PORTION OF p FROM a TO b`. */
export function portion(c: Cursor): Period | undefined {
  const start = startOf(c)
  if (!acceptWords(c, 'FOR', 'PORTION', 'OF')) return undefined
  const own = name(c)
  expect(c, 'FROM')
  const from = expressionOf(c, BIT_EXPRESSION)
  expect(c, 'TO')
  const to = expressionOf(c, BIT_EXPRESSION)
  return { kind: 'period', name: own, form: 'FROM', expressions: [from, to], start, end: endOf(c) }
}
