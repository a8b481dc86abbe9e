// ALTER TABLE.

import {
  columnDefinition,
  columnTail,
  isTableElement,
  keyOption,
  tableElement,
} from './parse-column-definition.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  atNext,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  expectWords,
  list,
  name,
  startOf,
  tableName,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, collationName, expression, orderBy } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { waitOption } from './parse-session.ts'
import { partitionDefinitions, partitioning, tableOption } from './parse-table-options.ts'
import type { AlterAction, AlterTable, Expression, Name, Option } from './syntax.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

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

function tableOptionAction(c: Cursor, own: Mutable<AlterAction>): void {
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

// ── the whole table ────────────────────────────────────────────────────────────────────────────────────────────────────

function convert(c: Cursor, own: Mutable<AlterAction>): void {
  if (accept(c, 'PARTITION')) {
    own.action = 'CONVERT PARTITION'
    own.names = [name(c)]
    expectWords(c, 'TO', 'TABLE')
    own.tables = [tableName(c)]
    validation(c, own)
    return
  }
  if (accept(c, 'TABLE')) {
    own.action = 'CONVERT TABLE'
    own.tables = [tableName(c)]
    expect(c, 'TO')
    partitionDefinition(c, own)
    validation(c, own)
    return
  }
  expect(c, 'TO')
  if (!acceptWords(c, 'CHARACTER', 'SET') && !acceptWords(c, 'CHAR', 'SET')) expect(c, 'CHARSET')
  if (!accept(c, 'DEFAULT')) characterSetName(c)
  if (accept(c, 'COLLATE')) collationName(c)
}

function orderRows(c: Cursor, own: Mutable<AlterAction>): void {
  c.i -= 1
  own.action = 'ORDER BY'
  own.orderBy = orderBy(c)
}

function keys(c: Cursor): void {
  expect(c, 'KEYS')
}

function tuning(c: Cursor): void {
  accept(c, '=')
  takeName(c)
}

function validation(c: Cursor, own: Mutable<AlterAction>): void {
  if (at(c, 'SYSTEM')) {
    // `WITH SYSTEM VERSIONING` is a table option.
    c.i -= 1
    return tableOptionAction(c, own)
  }
  if (at(c, 'WITH') || at(c, 'WITHOUT')) c.i += 1
  accept(c, 'VALIDATION')
}

function tablespace(c: Cursor, own: Mutable<AlterAction>): void {
  if (accept(c, 'PARTITION')) partitionNames(c, own)
  expect(c, 'TABLESPACE')
}

// ── partitions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function partitionNames(c: Cursor, own: Mutable<AlterAction>): void {
  if (!accept(c, 'ALL')) own.names = list(c, name)
}

function addPartition(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'ADD PARTITION'
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  if (accept(c, 'PARTITIONS')) literal(c)
  else definitions(c, own)
}

function definitions(c: Cursor, own: Mutable<AlterAction>): void {
  const start = startOf(c)
  const parts = { columns: [] as Name[], expressions: [] as Expression[], options: [] as Option[] }
  partitionDefinitions(c, parts)
  own.partitioning = { kind: 'partitioning', ...parts, start, end: endOf(c) }
}

/** `PARTITION p VALUES …` without brackets. */
function partitionDefinition(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.names = [name(c)]
  if (!accept(c, 'VALUES')) return
  if (acceptWords(c, 'LESS', 'THAN')) {
    if (accept(c, 'MAXVALUE')) return
  } else expect(c, 'IN')
  own.expressions = bracketedList(c, expression)
}

function remove(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITIONING')
  own.action = 'REMOVE PARTITIONING'
}

function coalesce(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'COALESCE PARTITION'
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  literal(c)
}

function reorganize(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'REORGANIZE PARTITION'
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  if (atEnd(c)) return
  own.names = list(c, name)
  expect(c, 'INTO')
  definitions(c, own)
}

function exchange(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'EXCHANGE PARTITION'
  own.names = [name(c)]
  expectWords(c, 'WITH', 'TABLE')
  own.tables = [tableName(c)]
  if (acceptOneOf(c, 'WITH', 'WITHOUT') !== undefined) expect(c, 'VALIDATION')
}

function partitions(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = `${own.action} PARTITION`
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  partitionNames(c, own)
  while (acceptOneOf(c, 'QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED', 'USE_FRM') !== undefined);
  if (acceptWords(c, 'FOR', 'UPGRADE')) return
  while (at(c, 'STORAGE')) c.i += 1
}
