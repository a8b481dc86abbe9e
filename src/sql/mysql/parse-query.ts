// Query expressions: SELECT, VALUES, TABLE, set operations, WITH, and what may stand behind them.

import { limits } from '../../core/limits.ts'
import {
  accept,
  acceptOneOf,
  at,
  atNext,
  bracketedList,
  type Cursor,
  deeper,
  endOf,
  expect,
  list,
  name,
  startOf,
  Unknown,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { orderBy } from './parse-expression.ts'
import { call } from './parse-function.ts'
import { intoClause, limit, lock } from './parse-query-tail.ts'
import { select, tableQuery, valuesStatement } from './parse-select.ts'
import type {
  Bracketed,
  CommonTable,
  Into,
  Limit,
  Lock,
  Name,
  OrderItem,
  Query,
  QueryBody,
  SetOperation,
  With,
} from './syntax.ts'

/** Whether a query without brackets begins at the token `ahead`. */
export function startsQuery(c: Cursor, ahead = 0): boolean {
  switch (wordAt(c, ahead)) {
    case 'SELECT':
      return true
    case 'WITH':
      return c.mariadb || c.version >= 80000
    case 'VALUES':
      return (
        (wordAt(c, ahead + 1) === '(' && c.mariadb) || (wordAt(c, ahead + 1) === 'ROW' && c.version >= 80019)
      )
    case 'TABLE':
      return !c.mariadb && c.version >= 80019
    default:
      return false
  }
}

/** A query, in brackets or not. */
export function query(c: Cursor): Query {
  return deeper(c, wholeQuery)
}

function wholeQuery(c: Cursor): Query {
  const start = startOf(c)
  const withClause = at(c, 'WITH') ? with_(c) : undefined
  return continueQuery(c, withClause, operand(c), start)
}

/** Behind a WITH that has been read. */
export function queryWith(c: Cursor, withClause: With, start: number): Query {
  return continueQuery(c, withClause, operand(c), start)
}

/** `( query )`. */
export function bracketedQuery(c: Cursor): Bracketed {
  const start = startOf(c)
  expect(c, '(')
  const inner = query(c)
  expect(c, ')')
  return { kind: 'bracketed', query: inner, start, end: endOf(c) }
}

/** Whether what stands here goes on with a query whose first part is in brackets. */
export function continuesQuery(c: Cursor): boolean {
  const word = wordAt(c)
  if (word === 'UNION' || word === 'ORDER' || word === 'LIMIT' || word === 'INTO') return true
  if (word === 'FOR') return atNext(c, 'UPDATE') || atNext(c, 'SHARE')
  if (word === 'LOCK') return atNext(c, 'IN')
  return (
    (word === 'EXCEPT' || word === 'INTERSECT' || word === 'OFFSET' || word === 'FETCH') &&
    c.reserved.has(word)
  )
}

/** Goes on behind the first part of a query. */
export function continueQuery(
  c: Cursor,
  withClause: With | undefined,
  first: QueryBody,
  start: number,
): Query {
  const body = setOperations(c, first)
  let order: readonly OrderItem[] = []
  let limits_: Limit | undefined
  let into: Into | undefined
  let procedure: Query['procedure']
  const locks: Lock[] = []
  for (;;) {
    const word = wordAt(c)
    if (word === 'ORDER' && order.length === 0) order = orderBy(c)
    else if (
      (word === 'LIMIT' || word === 'OFFSET' || word === 'FETCH') &&
      limits_ === undefined &&
      startsLimit(c)
    ) {
      limits_ = limit(c)
    } else if (word === 'PROCEDURE' && procedure === undefined && !c.inRoutine) {
      c.i += 1
      const analyse = call(c)
      if (analyse.kind !== 'call' || analyse.name !== 'ANALYSE') throw unknown(c, 'ANALYSE')
      procedure = analyse
    } else if (word === 'INTO' && into === undefined) into = intoClause(c)
    else if (
      (word === 'FOR' && (atNext(c, 'UPDATE') || atNext(c, 'SHARE'))) ||
      (word === 'LOCK' && atNext(c, 'IN'))
    ) {
      locks.push(lock(c))
    } else break
  }
  const end = endOf(c)
  return {
    kind: 'query',
    with: withClause,
    body,
    orderBy: order,
    limit: limits_,
    locks,
    into,
    procedure,
    start,
    end,
  }
}

function startsLimit(c: Cursor): boolean {
  return at(c, 'LIMIT') || c.mariadb
}

// ── set operations ─────────────────────────────────────────────────────────────────────────────────────────────────────

function operand(c: Cursor): QueryBody {
  switch (wordAt(c)) {
    case 'SELECT':
      return select(c)
    case 'VALUES':
      return valuesStatement(c)
    case 'TABLE':
      if (c.mariadb) throw unknown(c, 'SELECT')
      return tableQuery(c)
    case '(':
      return bracketedQuery(c)
    default:
      throw unknown(c, 'SELECT')
  }
}

type SetOperator = SetOperation['operator']

function setOperator(c: Cursor): SetOperator | undefined {
  const word = wordAt(c)
  if (word === 'UNION') return word
  return (word === 'EXCEPT' || word === 'INTERSECT') && c.reserved.has(word) ? word : undefined
}

function setOperations(c: Cursor, first: QueryBody): QueryBody {
  let left = intersections(c, first)
  for (let count = 0; ; count += 1) {
    const operator = setOperator(c)
    if (operator === undefined) return left
    left = nextOperand(c, operator, left, count, intersections)
  }
}

/** INTERSECT binds tighter than UNION and EXCEPT. */
function intersections(c: Cursor, first: QueryBody): QueryBody {
  let left = first
  for (let count = 0; setOperator(c) === 'INTERSECT'; count += 1) {
    left = nextOperand(c, 'INTERSECT', left, count, (_, own) => own)
  }
  return left
}

function nextOperand(
  c: Cursor,
  operator: SetOperator,
  left: QueryBody,
  count: number,
  goOn: (c: Cursor, own: QueryBody) => QueryBody,
): SetOperation {
  if (count > limits.statementDepthMax) throw new Unknown('The statement has too many parts', startOf(c))
  c.i += 1
  const all = setQuantifier(c)
  return setOperation(operator, all, left, goOn(c, operand(c)))
}

function setQuantifier(c: Cursor): boolean {
  return acceptOneOf(c, 'ALL', 'DISTINCT') === 'ALL'
}

function setOperation(operator: SetOperator, all: boolean, left: QueryBody, right: QueryBody): SetOperation {
  return { kind: 'set-operation', operator, all, left, right, start: left.start, end: right.end }
}

// ── WITH ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function with_(c: Cursor): With {
  const start = startOf(c)
  expect(c, 'WITH')
  const recursive = accept(c, 'RECURSIVE')
  const expressions = list(c, commonTable)
  return { kind: 'with', recursive, expressions, start, end: endOf(c) }
}

function commonTable(c: Cursor): CommonTable {
  const start = startOf(c)
  const own = name(c)
  const columns = at(c, '(') ? bracketedList(c, name) : []
  expect(c, 'AS')
  const { query: inner } = bracketedQuery(c)
  let cycle: Name[] = []
  if (accept(c, 'CYCLE')) {
    const inBrackets = accept(c, '(')
    cycle = list(c, name)
    if (inBrackets) expect(c, ')')
    expect(c, 'RESTRICT')
  }
  return { kind: 'common-table', name: own, columns, query: inner, cycle, start, end: endOf(c) }
}
