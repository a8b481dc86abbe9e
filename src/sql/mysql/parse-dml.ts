// Statements that change rows: INSERT, REPLACE, UPDATE, DELETE, LOAD.

import { USER_VARIABLE } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atWords,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  expectWords,
  kindAt,
  list,
  name,
  startOf,
  string,
  tableName,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, expression, orderBy } from './parse-expression.ts'
import { column, expressionOrDefault } from './parse-operand.ts'
import { opensQuery } from './parse-primary.ts'
import { fileFormat, limit } from './parse-query-tail.ts'
import { query, startsQuery } from './parse-query.ts'
import { selectItem, valuesRows } from './parse-select.ts'
import { fromClause, table, tableReferences } from './parse-tables.ts'
import { historyPoint, partitionList, portion, tableAlias } from './parse-table.ts'
import type {
  Assignment,
  Column,
  Delete,
  Insert,
  LoadData,
  Name,
  Period,
  SelectItem,
  Table,
  TableName,
  Update,
  With,
} from './syntax.ts'

function optionsOf(c: Cursor, ...known: readonly string[]): string[] {
  const options: string[] = []
  for (let word = acceptOneOf(c, ...known); word !== undefined; word = acceptOneOf(c, ...known))
    options.push(word)
  return options
}

// ── INSERT, REPLACE ────────────────────────────────────────────────────────────────────────────────────────────────────

export function insert(c: Cursor): Insert {
  const start = startOf(c)
  const verb = acceptOneOf(c, 'INSERT', 'REPLACE')
  if (verb === undefined) throw unknown(c, 'INSERT')
  const options = optionsOf(c, 'LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE')
  accept(c, 'INTO')
  const target = insertTable(c)
  const { columns, source, form } = insertSource(c)
  let rowAlias: Name | undefined
  let rowColumns: Name[] = []
  if (form !== 'QUERY' && !c.mariadb && c.version >= 80019 && accept(c, 'AS')) {
    rowAlias = name(c)
    if (at(c, '(')) rowColumns = bracketedList(c, name)
  }
  const onDuplicate = acceptWords(c, 'ON', 'DUPLICATE', 'KEY', 'UPDATE') ? list(c, assignment) : []
  const returning = returningList(c)
  const end = endOf(c)
  const into = { rowAlias, rowColumns, onDuplicate, returning, start, end }
  return { kind: 'insert', verb, options, table: target, columns, source, form, ...into }
}

function insertTable(c: Cursor): Table {
  const own = tableName(c)
  const partitions = at(c, 'PARTITION') ? partitionList(c) : []
  return { ...table(own), partitions, end: endOf(c) }
}

function insertSource(c: Cursor): Pick<Insert, 'columns' | 'source' | 'form'> {
  const start = startOf(c)
  if (accept(c, 'SET')) {
    const set = list(c, assignment)
    const columns = set.map(one => one.column)
    const rows = [set.map(one => one.value)]
    return { columns, source: { kind: 'values', rows, start, end: endOf(c) }, form: 'SET' }
  }
  let columns: Column[] | undefined
  if (at(c, '(') && !opensQuery(c)) {
    c.i += 1
    columns = at(c, ')') ? [] : list(c, column)
    expect(c, ')')
  }
  const from = startOf(c)
  if (acceptOneOf(c, 'VALUES', 'VALUE') !== undefined) {
    return { columns, source: valuesRows(c, from), form: 'VALUES' }
  }
  if (!at(c, '(') && !startsQuery(c)) throw unknown(c, 'VALUES, SET or SELECT')
  return { columns, source: query(c), form: 'QUERY' }
}

export function assignment(c: Cursor): Assignment {
  const start = startOf(c)
  const own = column(c)
  if (!accept(c, '=')) expect(c, ':=')
  const value = at(c, 'IGNORE') ? ignoreWord(c) : expressionOrDefault(c)
  return { kind: 'assignment', column: own, value, start, end: endOf(c) }
}

function ignoreWord(c: Cursor): Assignment['value'] {
  const start = startOf(c)
  c.i += 1
  return { kind: 'word', word: 'IGNORE', start, end: endOf(c) }
}

function returningList(c: Cursor): SelectItem[] {
  return c.mariadb && accept(c, 'RETURNING') ? list(c, selectItem) : []
}

// ── UPDATE ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function update(c: Cursor, withClause: With | undefined, start: number): Update {
  expect(c, 'UPDATE')
  const options = optionsOf(c, 'LOW_PRIORITY', 'IGNORE')
  const tables = tableReferences(c)
  const part = portion(c)
  expect(c, 'SET')
  const assignments = list(c, assignment)
  const where = accept(c, 'WHERE') ? expression(c) : undefined
  const order = at(c, 'ORDER') ? orderBy(c) : []
  const most = at(c, 'LIMIT') ? limit(c) : undefined
  const end = endOf(c)
  const rest = { assignments, where, orderBy: order, limit: most, start, end }
  return { kind: 'update', with: withClause, options, tables, portion: part, ...rest }
}

// ── DELETE ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function remove(c: Cursor, withClause: With | undefined, start: number): Delete {
  expect(c, 'DELETE')
  const options = optionsOf(c, 'LOW_PRIORITY', 'QUICK', 'IGNORE')
  if (c.mariadb && atWords(c, 'HISTORY', 'FROM')) {
    c.i += 1
    options.push('HISTORY')
  }
  const head = { kind: 'delete', with: withClause, options } as const
  const none = { orderBy: [], limit: undefined, portion: undefined } as const
  if (!at(c, 'FROM')) {
    const targets = list(c, deleteTarget)
    const tables = fromClause(c)
    const where = accept(c, 'WHERE') ? expression(c) : undefined
    const returning = returningList(c)
    return { ...head, ...none, form: 'from', targets, tables, where, returning, start, end: endOf(c) }
  }
  c.i += 1
  if (isUsing(c)) {
    const targets = list(c, deleteTarget)
    expect(c, 'USING')
    const tables = tableReferences(c)
    const where = accept(c, 'WHERE') ? expression(c) : undefined
    const returning = returningList(c)
    return { ...head, ...none, form: 'using', targets, tables, where, returning, start, end: endOf(c) }
  }
  const own = deleteTable(c)
  const part = options.includes('HISTORY') ? beforeTime(c) : portion(c)
  const where = accept(c, 'WHERE') ? expression(c) : undefined
  const order = at(c, 'ORDER') ? orderBy(c) : []
  const most = at(c, 'LIMIT') ? limit(c) : undefined
  const returning = returningList(c)
  const single = { form: 'single', targets: [], tables: [own], portion: part, where } as const
  return { ...head, ...single, orderBy: order, limit: most, returning, start, end: endOf(c) }
}

/** `t`, `t.*`, `s.t.*`. */
function deleteTarget(c: Cursor): TableName {
  const start = startOf(c)
  const first = name(c)
  let own: TableName = { kind: 'table-name', schema: undefined, name: first, start, end: endOf(c) }
  if (!accept(c, '.')) return own
  if (accept(c, '*')) return { ...own, end: endOf(c) }
  const second = name(c)
  own = { kind: 'table-name', schema: first, name: second, start, end: endOf(c) }
  if (accept(c, '.')) expect(c, '*')
  return { ...own, end: endOf(c) }
}

/** Whether `a, s.b.* USING` stands here. */
function isUsing(c: Cursor): boolean {
  for (let k = 0; ; k += 1) {
    const word = wordAt(c, k)
    if (word === 'USING') return true
    if (word === ',' || word === '.' || word === '*') continue
    const next = wordAt(c, k + 1)
    if (next !== ',' && next !== '.' && next !== 'USING') return false
  }
}

function deleteTable(c: Cursor): Table {
  const own = tableName(c)
  let partitions = at(c, 'PARTITION') ? partitionList(c) : []
  const alias = tableAlias(c)
  if (partitions.length === 0 && at(c, 'PARTITION')) partitions = partitionList(c)
  return { ...table(own), partitions, alias, end: endOf(c) }
}

/** `BEFORE SYSTEM_TIME x`. */
function beforeTime(c: Cursor): Period | undefined {
  const start = startOf(c)
  if (!accept(c, 'BEFORE')) return undefined
  if (!at(c, 'SYSTEM_TIME')) throw unknown(c, 'SYSTEM_TIME')
  const own = name(c)
  const point = historyPoint(c)
  return { kind: 'period', name: own, form: 'BEFORE', expressions: [point], start, end: endOf(c) }
}

// ── LOAD ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function load(c: Cursor): LoadData {
  const start = startOf(c)
  expect(c, 'LOAD')
  const format = acceptOneOf(c, 'DATA', 'XML')
  if (format === undefined) throw unknown(c, 'DATA, XML or INDEX')
  const options = optionsOf(c, 'LOW_PRIORITY', 'CONCURRENT')
  const local = accept(c, 'LOCAL')
  expect(c, 'INFILE')
  const file = string(c)
  options.push(...optionsOf(c, 'REPLACE', 'IGNORE'))
  expectWords(c, 'INTO', 'TABLE')
  const own = tableName(c)
  const partitions = at(c, 'PARTITION') ? partitionList(c) : []
  const target: Table = { ...table(own), partitions, end: endOf(c) }
  if (acceptWords(c, 'CHARACTER', 'SET') || accept(c, 'CHARSET')) characterSetName(c)
  if (acceptWords(c, 'ROWS', 'IDENTIFIED', 'BY')) string(c)
  fileFormat(c)
  if (accept(c, 'IGNORE')) {
    c.i += 1
    if (acceptOneOf(c, 'LINES', 'ROWS') === undefined) throw unknown(c, 'LINES')
  }
  let columns: LoadData['columns'] = []
  if (accept(c, '(')) {
    if (!at(c, ')'))
      columns = list(c, one => (kindAt(one) === USER_VARIABLE ? userVariable(one) : column(one)))
    expect(c, ')')
  }
  const assignments = accept(c, 'SET') ? list(c, assignment) : []
  const end = endOf(c)
  return { kind: 'load', format, local, file, options, table: target, columns, assignments, start, end }
}
