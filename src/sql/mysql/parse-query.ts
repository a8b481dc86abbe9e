// Query expressions: SELECT, VALUES, TABLE, set operations, WITH, and what may stand behind them.

import { limits } from '../../core/limits.ts'
import { HEX, NUMBER, PARAMETER, STRING, USER_VARIABLE } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  atOneOf,
  bracketedList,
  type Cursor,
  deeper,
  endOf,
  expect,
  expectWords,
  isName,
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  string,
  tableName,
  takeLiteral,
  takeName,
  Unknown,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, expression, orderBy, orderItem } from './parse-expression.ts'
import { call } from './parse-function.ts'
import { literal } from './parse-literal.ts'
import { column, expressionOrDefault, parameter } from './parse-primary.ts'
import { fromClause, table } from './parse-tables.ts'
import { namedWindows } from './parse-window.ts'
import type {
  Bracketed,
  CommonTable,
  Expression,
  Into,
  Limit,
  Lock,
  Name,
  OrderItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  TableQuery,
  ValuesRows,
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

// ── SELECT ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const selectOptions: ReadonlySet<string> = new Set(
  `ALL DISTINCT DISTINCTROW STRAIGHT_JOIN HIGH_PRIORITY SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_CALC_FOUND_ROWS
   SQL_NO_CACHE SQL_CACHE`.split(/\s+/),
)

function select(c: Cursor): Select {
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

// ── VALUES, TABLE ──────────────────────────────────────────────────────────────────────────────────────────────────────

function valuesStatement(c: Cursor): ValuesRows {
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

function tableQuery(c: Cursor): TableQuery {
  const start = startOf(c)
  expect(c, 'TABLE')
  const own = tableName(c)
  return { kind: 'table-query', table: table(own), start, end: endOf(c) }
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

// ── behind a query ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function limit(c: Cursor): Limit {
  const start = startOf(c)
  if (!at(c, 'LIMIT')) return fetchLimit(c, start)
  c.i += 1
  if (acceptWords(c, 'ROWS', 'EXAMINED')) {
    const examined = limitValue(c)
    return limitNode(start, endOf(c), undefined, undefined, examined)
  }
  let count = limitValue(c)
  let offset: Expression | undefined
  if (accept(c, ',')) {
    offset = count
    count = limitValue(c)
  } else if (accept(c, 'OFFSET')) offset = limitValue(c)
  const examined = acceptWords(c, 'ROWS', 'EXAMINED') ? limitValue(c) : undefined
  return limitNode(start, endOf(c), count, offset, examined)
}

function limitNode(
  start: number,
  end: number,
  count: Expression | undefined,
  offset: Expression | undefined,
  examined: Expression | undefined,
): Limit {
  return { kind: 'limit', count, offset, examined, withTies: false, fetch: false, start, end }
}

/** `OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY`. */
function fetchLimit(c: Cursor, start: number): Limit {
  let offset: Expression | undefined
  if (accept(c, 'OFFSET')) {
    offset = limitValue(c)
    if (acceptOneOf(c, 'ROW', 'ROWS') === undefined) throw unknown(c, 'ROWS')
  }
  if (!accept(c, 'FETCH')) return { ...limitNode(start, endOf(c), undefined, offset, undefined), fetch: true }
  if (acceptOneOf(c, 'FIRST', 'NEXT') === undefined) throw unknown(c, 'FIRST')
  const count = at(c, 'ROW') || at(c, 'ROWS') ? undefined : limitValue(c)
  if (acceptOneOf(c, 'ROW', 'ROWS') === undefined) throw unknown(c, 'ROWS')
  const withTies = acceptWords(c, 'WITH', 'TIES')
  if (!withTies) expect(c, 'ONLY')
  return { kind: 'limit', count, offset, examined: undefined, withTies, fetch: true, start, end: endOf(c) }
}

function limitValue(c: Cursor): Expression {
  const kind = kindAt(c)
  if (kind === NUMBER) return takeLiteral(c, 'number')
  if (kind === HEX) return takeLiteral(c, 'hex')
  if (kind === PARAMETER) return parameter(c)
  return column(c)
}

function lock(c: Cursor): Lock {
  const start = startOf(c)
  let mode: Lock['mode'] = 'SHARE'
  if (acceptWords(c, 'LOCK', 'IN')) expectWords(c, 'SHARE', 'MODE')
  else {
    expect(c, 'FOR')
    const own = acceptOneOf(c, 'UPDATE', 'SHARE')
    if (own === undefined) throw unknown(c, 'UPDATE')
    mode = own
  }
  const of = accept(c, 'OF') ? list(c, tableName) : []
  let wait: Lock['wait']
  if (accept(c, 'NOWAIT')) wait = 'NOWAIT'
  else if (acceptWords(c, 'SKIP', 'LOCKED')) wait = 'SKIP LOCKED'
  else if (accept(c, 'WAIT')) {
    wait = 'WAIT'
    limitValue(c)
  }
  return { kind: 'lock', mode, of, wait, start, end: endOf(c) }
}

function intoClause(c: Cursor): Into {
  const start = startOf(c)
  expect(c, 'INTO')
  const form = acceptOneOf(c, 'OUTFILE', 'DUMPFILE')
  if (form === undefined) {
    const variables = list(c, one => (kindAt(one) === USER_VARIABLE ? userVariable(one) : column(one)))
    return { kind: 'into', form: 'VARIABLES', file: undefined, variables, start, end: endOf(c) }
  }
  const file = string(c)
  if (form === 'OUTFILE') fileFormat(c)
  return { kind: 'into', form, file, variables: [], start, end: endOf(c) }
}

/** How rows are written to a file or read from it. */
export function fileFormat(c: Cursor): void {
  if (acceptWords(c, 'CHARACTER', 'SET') || accept(c, 'CHARSET') || acceptWords(c, 'CHAR', 'SET'))
    characterSetName(c)
  if (acceptOneOf(c, 'FIELDS', 'COLUMNS') !== undefined) {
    let any = false
    for (;;) {
      const optionally = accept(c, 'OPTIONALLY')
      if (optionally && !at(c, 'ENCLOSED')) throw unknown(c, 'ENCLOSED')
      if (acceptOneOf(c, 'TERMINATED', 'ENCLOSED', 'ESCAPED') === undefined) break
      expect(c, 'BY')
      literal(c)
      any = true
    }
    if (!any) throw unknown(c, 'TERMINATED, ENCLOSED or ESCAPED')
  }
  if (accept(c, 'LINES')) {
    let any = false
    while (acceptOneOf(c, 'TERMINATED', 'STARTING') !== undefined) {
      expect(c, 'BY')
      literal(c)
      any = true
    }
    if (!any) throw unknown(c, 'TERMINATED or STARTING')
  }
}

/** Words taken as they stand, for their upper case. */
export function takeWord(c: Cursor): string {
  return takeName(c).text.toUpperCase()
}
