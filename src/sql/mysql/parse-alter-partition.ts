// ALTER TABLE: what concerns the whole table and its partitions.

import { type Mutable, tableOptionAction } from './parse-alter-table.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
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
} from './parse-cursor.ts'
import { characterSetName, collationName, expression, orderBy } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { partitionDefinitions } from './parse-table-options.ts'
import type { AlterAction, Expression, Name, Option } from './syntax.ts'

export function convert(c: Cursor, own: Mutable<AlterAction>): void {
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

export function orderRows(c: Cursor, own: Mutable<AlterAction>): void {
  c.i -= 1
  own.action = 'ORDER BY'
  own.orderBy = orderBy(c)
}

export function keys(c: Cursor): void {
  expect(c, 'KEYS')
}

export function tuning(c: Cursor): void {
  accept(c, '=')
  takeName(c)
}

export function validation(c: Cursor, own: Mutable<AlterAction>): void {
  if (at(c, 'SYSTEM')) {
    // `WITH SYSTEM VERSIONING` is a table option.
    c.i -= 1
    return tableOptionAction(c, own)
  }
  if (at(c, 'WITH') || at(c, 'WITHOUT')) c.i += 1
  accept(c, 'VALIDATION')
}

export function tablespace(c: Cursor, own: Mutable<AlterAction>): void {
  if (accept(c, 'PARTITION')) partitionNames(c, own)
  expect(c, 'TABLESPACE')
}

function partitionNames(c: Cursor, own: Mutable<AlterAction>): void {
  if (!accept(c, 'ALL')) own.names = list(c, name)
}

export function addPartition(c: Cursor, own: Mutable<AlterAction>): void {
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

export function remove(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITIONING')
  own.action = 'REMOVE PARTITIONING'
}

export function coalesce(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'COALESCE PARTITION'
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  literal(c)
}

export function reorganize(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'REORGANIZE PARTITION'
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  if (atEnd(c)) return
  own.names = list(c, name)
  expect(c, 'INTO')
  definitions(c, own)
}

export function exchange(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = 'EXCHANGE PARTITION'
  own.names = [name(c)]
  expectWords(c, 'WITH', 'TABLE')
  own.tables = [tableName(c)]
  if (acceptOneOf(c, 'WITH', 'WITHOUT') !== undefined) expect(c, 'VALIDATION')
}

export function partitions(c: Cursor, own: Mutable<AlterAction>): void {
  expect(c, 'PARTITION')
  own.action = `${own.action} PARTITION`
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  partitionNames(c, own)
  while (acceptOneOf(c, 'QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED', 'USE_FRM') !== undefined);
  if (acceptWords(c, 'FOR', 'UPGRADE')) return
  while (at(c, 'STORAGE')) c.i += 1
}
