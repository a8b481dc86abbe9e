// ALTER TABLE.

import {
  addPartition,
  coalesce,
  convert,
  exchange,
  keys,
  orderRows,
  partitions,
  remove,
  reorganize,
  tablespace,
  tuning,
  validation,
} from './parse-alter-partition.ts'
import { columnDefinition, columnTail } from './parse-column-definition.ts'
import { isTableElement, keyOption, tableElement } from './parse-table-element.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  atNext,
  type Cursor,
  endOf,
  expect,
  list,
  name,
  startOf,
  tableName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { waitOption } from './parse-session.ts'
import { partitioning, tableOption } from './parse-table-options.ts'
import type { AlterAction, AlterTable, Name } from './syntax.ts'

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Behind `ALTER [ONLINE] [IGNORE] TABLE`. */
export function alterTable(c: Cursor, start: number, options: readonly string[]): AlterTable {
  acceptWords(c, 'IF', 'EXISTS')
  const table = tableName(c)
  waitOption(c)
  const actions: AlterAction[] = []
  while (!atEnd(c)) {
    actions.push(action(c))
    if (!accept(c, ',') && !atEnd(c) && !at(c, 'PARTITION') && !at(c, 'REMOVE') && !isOptionNext(c))
      throw unknown(c)
  }
  return { kind: 'alter-table', table, options, actions, start, end: endOf(c) }
}

/** Table options may stand side by side without commas. */
function isOptionNext(c: Cursor): boolean {
  const before = c.i
  const own = tableOption(c)
  c.i = before
  return own !== undefined
}

function empty(start: number, own: string): Mutable<AlterAction> {
  return {
    kind: 'alter-action',
    action: own,
    names: [],
    columns: [],
    elements: [],
    tables: [],
    expressions: [],
    orderBy: [],
    options: [],
    partitioning: undefined,
    start,
    end: start,
  }
}

function action(c: Cursor): AlterAction {
  const own = empty(startOf(c), wordAt(c))
  const reader = readers.get(own.action)
  if (reader === undefined || (reader !== tuning && atNext(c, '='))) tableOptionAction(c, own)
  else {
    c.i += 1
    reader(c, own)
  }
  own.end = endOf(c)
  return own
}

type Reader = (c: Cursor, own: Mutable<AlterAction>) => void

const readers = new Map<string, Reader>([
  ['ADD', add],
  ['DROP', drop],
  ['MODIFY', modify],
  ['CHANGE', change],
  ['ALTER', alter],
  ['RENAME', rename],
  ['CONVERT', convert],
  ['ORDER', orderRows],
  ['DISABLE', keys],
  ['ENABLE', keys],
  ['FORCE', () => undefined],
  ['ALGORITHM', tuning],
  ['LOCK', tuning],
  ['WITH', validation],
  ['WITHOUT', validation],
  ['DISCARD', tablespace],
  ['IMPORT', tablespace],
  [
    'PARTITION',
    (c, own) => ((c.i -= 1), (own.action = 'PARTITION BY'), (own.partitioning = partitioning(c))),
  ],
  ['REMOVE', remove],
  ['COALESCE', coalesce],
  ['REORGANIZE', reorganize],
  ['EXCHANGE', exchange],
  ['TRUNCATE', partitions],
  ['ANALYZE', partitions],
  ['CHECK', partitions],
  ['OPTIMIZE', partitions],
  ['REPAIR', partitions],
  ['REBUILD', partitions],
  ['SECONDARY_LOAD', () => undefined],
  ['SECONDARY_UNLOAD', () => undefined],
])

export function tableOptionAction(c: Cursor, own: Mutable<AlterAction>): void {
  const one = tableOption(c)
  if (one === undefined) throw unknown(c)
  own.action = one.name
  own.options = [one]
}

// ── columns and keys ───────────────────────────────────────────────────────────────────────────────────────────────────

function add(c: Cursor, own: Mutable<AlterAction>): void {
  if (at(c, 'PARTITION')) return addPartition(c, own)
  if (acceptWords(c, 'SYSTEM', 'VERSIONING')) {
    own.action = 'ADD SYSTEM VERSIONING'
    return
  }
  const asColumn = accept(c, 'COLUMN')
  if (!asColumn && isTableElement(c)) {
    const element = tableElement(c)
    own.action = `ADD ${element.type === 'UNIQUE' ? 'INDEX' : element.type}`
    own.elements = [element]
    return
  }
  own.action = 'ADD COLUMN'
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  if (accept(c, '(')) {
    const elements: AlterAction['elements'][number][] = []
    const columns: AlterAction['columns'][number][] = []
    list(c, one => {
      if (isTableElement(one)) elements.push(tableElement(one))
      else columns.push(columnDefinition(one))
    })
    expect(c, ')')
    own.columns = columns
    own.elements = elements
    return
  }
  own.columns = [columnDefinition(c)]
  place(c)
}

function place(c: Cursor): void {
  if (accept(c, 'AFTER')) name(c)
  else accept(c, 'FIRST')
}

function drop(c: Cursor, own: Mutable<AlterAction>): void {
  if (acceptWords(c, 'SYSTEM', 'VERSIONING')) {
    own.action = 'DROP SYSTEM VERSIONING'
    return
  }
  if (acceptWords(c, 'PRIMARY', 'KEY')) {
    own.action = 'DROP PRIMARY KEY'
    return
  }
  if (acceptWords(c, 'FOREIGN', 'KEY')) own.action = 'DROP FOREIGN KEY'
  else if (acceptWords(c, 'PERIOD', 'IF', 'EXISTS', 'FOR') || acceptWords(c, 'PERIOD', 'FOR'))
    own.action = 'DROP PERIOD'
  else {
    const object = acceptOneOf(c, 'COLUMN', 'INDEX', 'KEY', 'CONSTRAINT', 'CHECK', 'PARTITION')
    own.action = `DROP ${object === undefined ? 'COLUMN' : object === 'KEY' ? 'INDEX' : object}`
  }
  acceptWords(c, 'IF', 'EXISTS')
  if (own.action === 'DROP PARTITION') {
    own.names = list(c, name)
    return
  }
  own.names = [accept(c, 'PRIMARY') ? primary(c) : name(c)]
  if (own.action === 'DROP CONSTRAINT') accept(c, 'KEY')
  acceptOneOf(c, 'RESTRICT', 'CASCADE')
}

function primary(c: Cursor): Name {
  return { kind: 'name', text: 'PRIMARY', quoted: false, start: endOf(c) - 7, end: endOf(c) }
}

function modify(c: Cursor, own: Mutable<AlterAction>): void {
  accept(c, 'COLUMN')
  acceptWords(c, 'IF', 'EXISTS')
  own.columns = [columnDefinition(c)]
  own.names = own.columns.map(one => one.name)
  place(c)
}

function change(c: Cursor, own: Mutable<AlterAction>): void {
  accept(c, 'COLUMN')
  acceptWords(c, 'IF', 'EXISTS')
  own.names = [name(c)]
  const start = startOf(c)
  own.columns = [columnTail(c, name(c), start)]
  place(c)
}

function alter(c: Cursor, own: Mutable<AlterAction>): void {
  const object = acceptOneOf(c, 'INDEX', 'KEY', 'CHECK', 'CONSTRAINT')
  if (object !== undefined) {
    own.action = `ALTER ${object === 'KEY' ? 'INDEX' : object}`
    acceptWords(c, 'IF', 'EXISTS')
    own.names = [accept(c, 'PRIMARY') ? primary(c) : name(c)]
    if (!acceptWords(c, 'NOT', 'ENFORCED') && !accept(c, 'ENFORCED') && !keyOption(c)) throw unknown(c)
    return
  }
  own.action = 'ALTER COLUMN'
  accept(c, 'COLUMN')
  acceptWords(c, 'IF', 'EXISTS')
  own.names = [name(c)]
  if (acceptWords(c, 'DROP', 'DEFAULT')) return
  expect(c, 'SET')
  if (acceptOneOf(c, 'VISIBLE', 'INVISIBLE') !== undefined) return
  expect(c, 'DEFAULT')
  own.expressions = [expression(c)]
}

function rename(c: Cursor, own: Mutable<AlterAction>): void {
  const object = acceptOneOf(c, 'COLUMN', 'INDEX', 'KEY')
  if (object === undefined) {
    if (acceptOneOf(c, 'TO', 'AS') === undefined) accept(c, '=')
    own.tables = [tableName(c)]
    return
  }
  own.action = `RENAME ${object === 'KEY' ? 'INDEX' : object}`
  acceptWords(c, 'IF', 'EXISTS')
  const from = name(c)
  expect(c, 'TO')
  own.names = [from, name(c)]
}
