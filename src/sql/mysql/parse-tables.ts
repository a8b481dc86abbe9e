// Tables in FROM, UPDATE and DELETE: names, joins, derived tables, periods.

import { limits } from '../../core/limits.ts'
import {
  accept,
  acceptOneOf,
  at,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  list,
  name,
  startOf,
  Unknown,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { factor } from './parse-table.ts'
import type { Join, Table, TableName, TableReference } from './syntax.ts'

export function fromClause(c: Cursor): TableReference[] {
  expect(c, 'FROM')
  if (accept(c, 'DUAL')) return []
  return tableReferences(c)
}

/** One or more, with joins, separated by commas. */
export function tableReferences(c: Cursor): TableReference[] {
  return list(c, joined)
}

/** A table without alias or anything. */
export function table(own: TableName): Table {
  return {
    kind: 'table',
    schema: own.schema,
    name: own.name,
    nameStart: own.start,
    nameEnd: own.end,
    partitions: [],
    period: undefined,
    alias: undefined,
    indexHints: [],
    start: own.start,
    end: own.end,
  }
}

// ── joins ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Pending {
  readonly type: Join['type']
  readonly left: TableReference
}

/**
 * `a JOIN b JOIN c ON x ON y`: every ON belongs to the last join that has none. Joins without any are left-deep, as the
 * servers turn them.
 */
export function joined(c: Cursor): TableReference {
  return joinsFrom(c, factor(c))
}

export function joinsFrom(c: Cursor, first: TableReference): TableReference {
  const pending: Pending[] = []
  let current = first
  for (let count = 0; ; count += 1) {
    if (count > limits.statementDepthMax) throw new Unknown('The statement joins too many tables', startOf(c))
    if (at(c, 'ON') || at(c, 'USING')) {
      const open = pending.pop()
      if (open === undefined) break
      current = conditional(c, open, current)
      continue
    }
    if (accept(c, 'NATURAL')) {
      // The servers differ in what a natural join joins here.
      if (pending.length > 0)
        throw new Unknown('Put brackets around the tables of this NATURAL JOIN', startOf(c))
      const type = naturalType(c)
      const right = factor(c)
      current = join(type, true, current, right)
      continue
    }
    const type = joinType(c)
    if (type === undefined) break
    pending.push({ type, left: current })
    current = factor(c)
  }
  for (let open = pending.pop(); open !== undefined; open = pending.pop()) {
    if (open.type === 'LEFT' || open.type === 'RIGHT') throw unknown(c, 'ON')
    current = conditionless(open, current)
  }
  return current
}

function join(type: Join['type'], natural: boolean, left: TableReference, right: TableReference): Join {
  return {
    kind: 'join',
    type,
    natural,
    left,
    right,
    on: undefined,
    using: undefined,
    start: left.start,
    end: right.end,
  }
}

function conditional(c: Cursor, open: Pending, right: TableReference): Join {
  const plain = join(open.type, false, open.left, right)
  if (accept(c, 'ON')) {
    const on = expression(c)
    return { ...plain, on, end: endOf(c) }
  }
  expect(c, 'USING')
  const using = bracketedList(c, name)
  return { ...plain, using, end: endOf(c) }
}

/** `a JOIN (b JOIN c ON x)` without the brackets is `(a JOIN b) JOIN c ON x`. */
function conditionless(open: Pending, right: TableReference): TableReference {
  const spine: Join[] = []
  let deepest = right
  while (deepest.kind === 'join') {
    spine.push(deepest)
    deepest = deepest.left
  }
  let result: TableReference = join(open.type, false, open.left, deepest)
  for (let own = spine.pop(); own !== undefined; own = spine.pop()) {
    result = { ...own, left: result, start: result.start }
  }
  return result
}

function joinType(c: Cursor): Join['type'] | undefined {
  switch (wordAt(c)) {
    case 'JOIN':
      c.i += 1
      return 'INNER'
    case 'INNER':
    case 'CROSS':
      c.i += 1
      expect(c, 'JOIN')
      return 'INNER'
    case 'STRAIGHT_JOIN':
      c.i += 1
      return 'STRAIGHT'
    case 'LEFT':
    case 'RIGHT': {
      const side = wordAt(c) === 'LEFT' ? 'LEFT' : 'RIGHT'
      c.i += 1
      accept(c, 'OUTER')
      expect(c, 'JOIN')
      return side
    }
    default:
      return undefined
  }
}

function naturalType(c: Cursor): Join['type'] {
  const side = acceptOneOf(c, 'LEFT', 'RIGHT', 'INNER')
  if (side === undefined && accept(c, 'STRAIGHT_JOIN')) return 'STRAIGHT'
  if (side === 'LEFT' || side === 'RIGHT') accept(c, 'OUTER')
  expect(c, 'JOIN')
  return side ?? 'INNER'
}
