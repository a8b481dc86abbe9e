// CREATE TABLE.

import { columnDefinition } from './parse-column-definition.ts'
import { isTableElement, tableElement } from './parse-table-element.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  type Cursor,
  endOf,
  expect,
  list,
  tableName,
} from './parse-cursor.ts'
import { opensQuery } from './parse-primary.ts'
import { query, startsQuery } from './parse-query.ts'
import { partitioning, tableOptions } from './parse-table-options.ts'
import type { ColumnDefinition, CreateTable, TableElement, TableName } from './syntax.ts'

/** Behind `CREATE [OR REPLACE] [TEMPORARY] TABLE`. */
export function createTable(c: Cursor, start: number, orReplace: boolean, temporary: boolean): CreateTable {
  const ifNotExists = acceptWords(c, 'IF', 'NOT', 'EXISTS')
  const table = tableName(c)
  const columns: ColumnDefinition[] = []
  const elements: TableElement[] = []
  const like = likeTable(c)
  if (like === undefined && at(c, '(') && !opensQuery(c)) {
    c.i += 1
    list(c, one => {
      if (isTableElement(one)) elements.push(tableElement(one))
      else columns.push(columnDefinition(one))
    })
    expect(c, ')')
  }
  const options = like === undefined ? tableOptions(c) : []
  const partitions = at(c, 'PARTITION') ? partitioning(c) : undefined
  if (!c.mariadb) acceptWords(c, 'START', 'TRANSACTION')
  if (like === undefined && (at(c, 'IGNORE') || at(c, 'REPLACE'))) acceptOneOf(c, 'IGNORE', 'REPLACE')
  const as = accept(c, 'AS')
  const own = as || startsQuery(c) || at(c, '(') ? query(c) : undefined
  const head = { orReplace, temporary, ifNotExists, table, like }
  const rest = { columns, elements, options, partitioning: partitions, query: own }
  return { kind: 'create-table', ...head, ...rest, start, end: endOf(c) }
}

function likeTable(c: Cursor): TableName | undefined {
  if (accept(c, 'LIKE')) return tableName(c)
  if (!at(c, '(') || !atNext(c, 'LIKE')) return undefined
  c.i += 2
  const own = tableName(c)
  expect(c, ')')
  return own
}
