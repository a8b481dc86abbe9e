// Maintenance of tables: ANALYZE, CHECK, OPTIMIZE, REPAIR, CHECKSUM, indexes in caches.

import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  expectWords,
  list,
  name,
  startOf,
  tableName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { skipRest } from './parse-table-options.ts'
import { partitionList } from './parse-table.ts'
import type { TableMaintenance } from './syntax.ts'

export function maintain(c: Cursor): TableMaintenance {
  const start = startOf(c)
  const verb = expectOneOf(c, 'ANALYZE', 'CHECK', 'OPTIMIZE', 'REPAIR', 'CHECKSUM')
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  expectOneOf(c, 'TABLE', 'TABLES', 'VIEW')
  const options: string[] = []
  const tables = list(c, one => {
    const own = tableName(one)
    if (accept(one, 'PERSISTENT')) persistent(one)
    return own
  })
  while (!atEnd(c)) {
    if (at(c, 'SELECT')) throw unknown(c)
    if (at(c, 'UPDATE') || acceptWords(c, 'DROP', 'HISTOGRAM')) {
      options.push('HISTOGRAM')
      skipRest(c)
      break
    }
    options.push(maintenanceOption(c))
  }
  return { kind: 'table-maintenance', verb, tables, options, start, end: endOf(c) }
}

function maintenanceOption(c: Cursor): string {
  const word = acceptOneOf(
    c,
    'QUICK',
    'FAST',
    'MEDIUM',
    'EXTENDED',
    'CHANGED',
    'USE_FRM',
    'FORCE',
    'NOWAIT',
    'WAIT',
    'FOR',
    'FROM',
  )
  if (word === undefined) throw unknown(c)
  if (word === 'WAIT') c.i += 1
  if (word === 'FOR') expect(c, 'UPGRADE')
  if (word === 'FROM') expect(c, 'MYSQL')
  return word
}

/** `PERSISTENT FOR COLUMNS (a) INDEXES ALL`. */
function persistent(c: Cursor): void {
  expect(c, 'FOR')
  if (accept(c, 'ALL')) return
  expect(c, 'COLUMNS')
  if (!accept(c, 'ALL')) optionalNames(c)
  expect(c, 'INDEXES')
  if (!accept(c, 'ALL')) optionalNames(c)
}

function optionalNames(c: Cursor): void {
  expect(c, '(')
  if (!at(c, ')')) list(c, one => (accept(one, 'PRIMARY') ? undefined : name(one)))
  expect(c, ')')
}

/** `CACHE INDEX … IN …`, `LOAD INDEX INTO CACHE …`. */
export function cacheIndex(c: Cursor): TableMaintenance {
  const start = startOf(c)
  const verb = at(c, 'CACHE') ? 'CACHE INDEX' : 'LOAD INDEX'
  if (verb === 'CACHE INDEX') expectWords(c, 'CACHE', 'INDEX')
  else expectWords(c, 'LOAD', 'INDEX', 'INTO', 'CACHE')
  const tables = list(c, one => {
    const own = tableName(one)
    if (at(one, 'PARTITION')) {
      if (wordAt(one, 2) === 'ALL') expectWords(one, 'PARTITION', '(', 'ALL', ')')
      else partitionList(one)
    }
    if (acceptOneOf(one, 'INDEX', 'KEY') !== undefined) optionalNames(one)
    acceptWords(one, 'IGNORE', 'LEAVES')
    return own
  })
  if (verb === 'CACHE INDEX') {
    expect(c, 'IN')
    if (!accept(c, 'DEFAULT')) name(c)
  }
  return { kind: 'table-maintenance', verb, tables, options: [], start, end: endOf(c) }
}
