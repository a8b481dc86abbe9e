// Statements of a session: transactions, locks, prepared statements, handlers, calls.

import { HEX, NUMBER } from './lexer.ts'
import { account } from './parse-account.ts'
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
  expectOneOf,
  expectWords,
  isName,
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  tableName,
  takeLiteral,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { expressionOrDefault } from './parse-operand.ts'
import { limit } from './parse-query-tail.ts'
import { rowValue, selectItem } from './parse-select.ts'
import { routineName } from './parse-routine-name.ts'
import { tableAlias } from './parse-table.ts'
import type {
  CallProcedure,
  Deallocate,
  Do,
  Execute,
  ExecuteImmediate,
  Handler,
  Kill,
  LockedTable,
  LockTables,
  Name,
  Prepare,
  Transaction,
  UnlockTables,
  Use,
  Xa,
} from './syntax.ts'

export function use(c: Cursor): Use {
  const start = startOf(c)
  expect(c, 'USE')
  return { kind: 'use', schema: name(c), start, end: endOf(c) }
}

export function doExpressions(c: Cursor): Do {
  const start = startOf(c)
  expect(c, 'DO')
  const expressions = list(c, selectItem)
  return { kind: 'do', expressions, start, end: endOf(c) }
}

export function callProcedure(c: Cursor): CallProcedure {
  const start = startOf(c)
  expect(c, 'CALL')
  const routine = routineName(c)
  if (accept(c, '.')) throw unknown(c)
  const args = at(c, '(') ? argumentsOf(c) : []
  return { kind: 'call-procedure', routine, args, start, end: endOf(c) }
}

function argumentsOf(c: Cursor): CallProcedure['args'] {
  expect(c, '(')
  const args = at(c, ')') ? [] : list(c, expressionOrDefault)
  expect(c, ')')
  return args
}

// ── transactions ───────────────────────────────────────────────────────────────────────────────────────────────────────

export function transaction(c: Cursor): Transaction {
  const start = startOf(c)
  const own = (
    verb: Transaction['verb'],
    options: readonly string[],
    savepoint: Name | undefined,
  ): Transaction => ({ kind: 'transaction', verb, options, savepoint, start, end: endOf(c) })
  switch (expectOneOf(c, 'BEGIN', 'START', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE')) {
    case 'BEGIN':
      accept(c, 'WORK')
      return own('BEGIN', [], undefined)
    case 'START': {
      expect(c, 'TRANSACTION')
      const options = atEnd(c) ? [] : list(c, startOption)
      return own('BEGIN', options, undefined)
    }
    case 'COMMIT':
      accept(c, 'WORK')
      return own('COMMIT', completion(c), undefined)
    case 'ROLLBACK': {
      accept(c, 'WORK')
      if (!accept(c, 'TO')) return own('ROLLBACK', completion(c), undefined)
      accept(c, 'SAVEPOINT')
      return own('ROLLBACK TO', [], name(c))
    }
    case 'SAVEPOINT':
      return own('SAVEPOINT', [], name(c))
    case 'RELEASE':
      expect(c, 'SAVEPOINT')
      return own('RELEASE', [], name(c))
    default:
      throw unknown(c)
  }
}

function startOption(c: Cursor): string {
  if (acceptWords(c, 'WITH', 'CONSISTENT', 'SNAPSHOT')) return 'WITH CONSISTENT SNAPSHOT'
  expect(c, 'READ')
  return `READ ${expectOneOf(c, 'ONLY', 'WRITE')}`
}

function completion(c: Cursor): string[] {
  const options: string[] = []
  if (acceptWords(c, 'AND', 'NO', 'CHAIN')) options.push('NO CHAIN')
  else if (acceptWords(c, 'AND', 'CHAIN')) options.push('CHAIN')
  if (acceptWords(c, 'NO', 'RELEASE')) options.push('NO RELEASE')
  else if (accept(c, 'RELEASE')) options.push('RELEASE')
  return options
}

export function xa(c: Cursor): Xa {
  const start = startOf(c)
  expect(c, 'XA')
  const word = expectOneOf(c, 'START', 'BEGIN', 'END', 'PREPARE', 'COMMIT', 'ROLLBACK', 'RECOVER')
  if (word === 'RECOVER') {
    if (accept(c, 'CONVERT')) expectWords(c, 'XID')
    if (accept(c, 'FORMAT')) {
      expect(c, '=')
      nameOrString(c)
    }
  } else {
    list(c, literal)
    if (word === 'START' || word === 'BEGIN') acceptOneOf(c, 'JOIN', 'RESUME')
    if (word === 'END' && accept(c, 'SUSPEND') && accept(c, 'FOR')) expect(c, 'MIGRATE')
    if (word === 'COMMIT') acceptWords(c, 'ONE', 'PHASE')
  }
  return { kind: 'xa', verb: word === 'BEGIN' ? 'START' : word, start, end: endOf(c) }
}

// ── locks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function lockTables(c: Cursor): LockTables {
  const start = startOf(c)
  expect(c, 'LOCK')
  expectOneOf(c, 'TABLE', 'TABLES')
  const tables = list(c, lockedTable)
  waitOption(c)
  return { kind: 'lock-tables', tables, start, end: endOf(c) }
}

function lockedTable(c: Cursor): LockedTable {
  const start = startOf(c)
  const table = tableName(c)
  const alias = tableAlias(c)
  let mode: string = expectOneOf(c, 'READ', 'WRITE', 'LOW_PRIORITY')
  if (mode === 'READ' && accept(c, 'LOCAL')) mode = 'READ LOCAL'
  else if (mode === 'WRITE' && accept(c, 'CONCURRENT')) mode = 'WRITE CONCURRENT'
  else if (mode === 'LOW_PRIORITY') {
    expect(c, 'WRITE')
    mode = 'LOW_PRIORITY WRITE'
  }
  return { kind: 'locked-table', table, alias, mode, start, end: endOf(c) }
}

export function unlockTables(c: Cursor): UnlockTables {
  const start = startOf(c)
  expect(c, 'UNLOCK')
  expectOneOf(c, 'TABLE', 'TABLES')
  return { kind: 'unlock-tables', start, end: endOf(c) }
}

/** `WAIT 10`, `NOWAIT`. */
export function waitOption(c: Cursor): void {
  if (!c.mariadb || accept(c, 'NOWAIT') || !accept(c, 'WAIT')) return
  if (kindAt(c) !== NUMBER && kindAt(c) !== HEX) throw unknown(c, 'a number')
  takeLiteral(c, 'number')
}

// ── prepared statements ────────────────────────────────────────────────────────────────────────────────────────────────

export function prepare(c: Cursor): Prepare {
  const start = startOf(c)
  expect(c, 'PREPARE')
  const own = name(c)
  expect(c, 'FROM')
  return { kind: 'prepare', name: own, source: expression(c), start, end: endOf(c) }
}

export function execute(c: Cursor): Execute | ExecuteImmediate {
  const start = startOf(c)
  expect(c, 'EXECUTE')
  if (c.mariadb && accept(c, 'IMMEDIATE')) {
    const source = expression(c)
    return { kind: 'execute-immediate', source, using: usingList(c), start, end: endOf(c) }
  }
  const own = name(c)
  return { kind: 'execute', name: own, using: usingList(c), start, end: endOf(c) }
}

function usingList(c: Cursor): Execute['using'] {
  return accept(c, 'USING') ? list(c, rowValue) : []
}

export function deallocate(c: Cursor): Deallocate {
  const start = startOf(c)
  expectOneOf(c, 'DEALLOCATE', 'DROP')
  expect(c, 'PREPARE')
  return { kind: 'deallocate', name: name(c), start, end: endOf(c) }
}

export function kill(c: Cursor): Kill {
  const start = startOf(c)
  expect(c, 'KILL')
  const options: string[] = []
  const force = c.mariadb ? acceptOneOf(c, 'HARD', 'SOFT') : undefined
  if (force !== undefined) options.push(force)
  const scope = acceptOneOf(c, 'CONNECTION', 'QUERY')
  if (scope !== undefined) options.push(scope)
  if (c.mariadb && scope === 'QUERY' && at(c, 'ID') && !atEndAfter(c)) {
    c.i += 1
    options.push('ID')
  }
  if (c.mariadb && accept(c, 'USER')) {
    return { kind: 'kill', options, account: account(c), target: undefined, start, end: endOf(c) }
  }
  return { kind: 'kill', options, account: undefined, target: expression(c), start, end: endOf(c) }
}

function atEndAfter(c: Cursor): boolean {
  return kindAt(c, 1) === 0 || wordAt(c, 1) === ';'
}

// ── HANDLER ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function handler(c: Cursor): Handler {
  const start = startOf(c)
  expect(c, 'HANDLER')
  const table = tableName(c)
  const none = { alias: undefined, index: undefined, keys: [], where: undefined, limit: undefined } as const
  if (accept(c, 'OPEN')) {
    const alias = accept(c, 'AS') || isName(c) ? name(c) : undefined
    return { kind: 'handler', verb: 'OPEN', table, ...none, alias, start, end: endOf(c) }
  }
  if (accept(c, 'CLOSE')) return { kind: 'handler', verb: 'CLOSE', table, ...none, start, end: endOf(c) }
  expect(c, 'READ')
  let index: Name | undefined
  let keys: Handler['keys'] = []
  if (acceptOneOf(c, 'FIRST', 'NEXT') === undefined) {
    index = accept(c, 'PRIMARY') ? primaryName(c) : name(c)
    if (acceptOneOf(c, 'FIRST', 'NEXT', 'PREV', 'LAST') === undefined) {
      expectOneOf(c, '=', '<', '<=', '>', '>=')
      keys = bracketedList(c, expressionOrDefault)
    }
  }
  const where = accept(c, 'WHERE') ? expression(c) : undefined
  const most = at(c, 'LIMIT') ? limit(c) : undefined
  return {
    kind: 'handler',
    verb: 'READ',
    table,
    alias: undefined,
    index,
    keys,
    where,
    limit: most,
    start,
    end: endOf(c),
  }
}

function primaryName(c: Cursor): Name {
  return { kind: 'name', text: 'PRIMARY', quoted: false, start: endOf(c) - 7, end: endOf(c) }
}
