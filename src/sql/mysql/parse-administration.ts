// Statements of administrators: dropping, renaming, maintaining, granting, and the server itself.

import { STRING } from './lexer.ts'
import { account } from './parse-account.ts'
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
  isName,
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  string,
  tableName,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { takeWord } from './parse-query-tail.ts'
import { routineName } from './parse-routine-name.ts'
import { waitOption } from './parse-session.ts'
import { skipRest } from './parse-table-options.ts'
import type {
  Administer,
  DefineAccounts,
  Drop,
  Expression,
  Help,
  RenameTables,
  Statement,
  TableName,
  Truncate,
} from './syntax.ts'

// ── DROP, RENAME, TRUNCATE ─────────────────────────────────────────────────────────────────────────────────────────────

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function drop(c: Cursor): Statement {
  const start = startOf(c)
  expect(c, 'DROP')
  const temporary = accept(c, 'TEMPORARY')
  const object = objectWord(c)
  const own: Mutable<Drop> = {
    kind: 'drop',
    object,
    ifExists: acceptWords(c, 'IF', 'EXISTS'),
    temporary,
    tables: [],
    routines: [],
    accounts: [],
    schema: undefined,
    names: [],
    start,
    end: start,
  }
  switch (object) {
    case 'TABLE':
    case 'VIEW':
    case 'SEQUENCE':
      own.tables = list(c, tableName)
      waitOption(c)
      acceptOneOf(c, 'RESTRICT', 'CASCADE')
      break
    case 'INDEX':
      own.names = [accept(c, 'PRIMARY') ? { ...nameOfPrimary, start: endOf(c) - 7, end: endOf(c) } : name(c)]
      expect(c, 'ON')
      own.tables = [tableName(c)]
      waitOption(c)
      while (acceptOneOf(c, 'ALGORITHM', 'LOCK') !== undefined) {
        accept(c, '=')
        takeName(c)
      }
      break
    case 'DATABASE':
      own.schema = name(c)
      break
    case 'PROCEDURE':
    case 'FUNCTION':
    case 'TRIGGER':
    case 'EVENT':
      own.routines = [routineName(c)]
      break
    case 'USER':
    case 'ROLE':
      own.accounts = list(c, account)
      break
    default:
      own.names = [nameOrString(c)]
      skipRest(c)
  }
  own.end = endOf(c)
  return own
}

const nameOfPrimary = { kind: 'name', text: 'PRIMARY', quoted: false } as const

function objectWord(c: Cursor): string {
  const word = takeWord(c)
  if (word === 'TABLES') return 'TABLE'
  if (word === 'SCHEMA') return 'DATABASE'
  if (word === 'UNDO') return `UNDO ${takeWord(c)}`
  if (word === 'LOGFILE' || word === 'RESOURCE') return `${word} ${takeWord(c)}`
  if (word === 'SPATIAL') {
    expectWords(c, 'REFERENCE', 'SYSTEM')
    return 'SPATIAL REFERENCE SYSTEM'
  }
  if (droppable.has(word)) return word
  c.i -= 1
  throw unknown(c, 'something that can be dropped')
}

const droppable: ReadonlySet<string> = new Set(
  'TABLE VIEW SEQUENCE INDEX DATABASE PROCEDURE FUNCTION TRIGGER EVENT USER ROLE SERVER TABLESPACE'.split(
    ' ',
  ),
)

export function rename(c: Cursor): RenameTables | DefineAccounts {
  const start = startOf(c)
  expect(c, 'RENAME')
  if (accept(c, 'USER')) {
    const accounts = list(c, one => {
      const from = account(one)
      expect(one, 'TO')
      return [from, account(one)]
    }).flat()
    return { kind: 'define-accounts', verb: 'RENAME USER', accounts, start, end: endOf(c) }
  }
  expectOneOf(c, 'TABLE', 'TABLES')
  acceptWords(c, 'IF', 'EXISTS')
  const tables = list(c, one => {
    const from = tableName(one)
    waitOption(one)
    expect(one, 'TO')
    return [from, tableName(one)]
  }).flat()
  return { kind: 'rename-tables', tables, start, end: endOf(c) }
}

export function truncate(c: Cursor): Truncate {
  const start = startOf(c)
  expect(c, 'TRUNCATE')
  accept(c, 'TABLE')
  const table = tableName(c)
  waitOption(c)
  if (acceptOneOf(c, 'DROP', 'REUSE') !== undefined) expect(c, 'STORAGE')
  return { kind: 'truncate', table, start, end: endOf(c) }
}

// ── the server ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function administer(
  c: Cursor,
  start: number,
  verb: string,
  tables: readonly TableName[] = [],
  expressions: readonly Expression[] = [],
): Administer {
  return { kind: 'administer', verb, tables, expressions, start, end: endOf(c) }
}

/** `CREATE SERVER`, `ALTER TABLESPACE` … from the word behind the verb. */
export function createServerThing(c: Cursor, start: number, verb: string): Administer {
  const object = takeWord(c)
  skipRest(c)
  return administer(c, start, `${verb} ${object}`)
}

export function flush(c: Cursor): Administer {
  const start = startOf(c)
  expect(c, 'FLUSH')
  acceptOneOf(c, 'NO_WRITE_TO_BINLOG', 'LOCAL')
  const verb = acceptOneOf(c, 'TABLES', 'TABLE')
  if (verb === undefined) {
    skipRest(c)
    return administer(c, start, 'FLUSH')
  }
  const tables = isName(c) || at(c, '.') ? list(c, tableName) : []
  if (acceptWords(c, 'WITH', 'READ', 'LOCK')) acceptWords(c, 'AND', 'DISABLE', 'CHECKPOINT')
  else acceptWords(c, 'FOR', 'EXPORT')
  return administer(c, start, 'FLUSH TABLES', tables)
}

export function purge(c: Cursor): Administer {
  const start = startOf(c)
  expect(c, 'PURGE')
  expectOneOf(c, 'BINARY', 'MASTER')
  expectOneOf(c, 'LOGS', 'LOG')
  if (accept(c, 'TO')) {
    string(c)
    return administer(c, start, 'PURGE')
  }
  expect(c, 'BEFORE')
  const before = expression(c)
  return administer(c, start, 'PURGE', [], [before])
}

/** INSTALL, CHANGE MASTER, START SLAVE … : named by their first two words. */
export function administerRest(c: Cursor): Administer {
  const start = startOf(c)
  let verb = takeWord(c)
  if (verb === 'BACKUP' && accept(c, 'LOCK')) return administer(c, start, 'BACKUP LOCK', [tableName(c)])
  if (!atEnd(c) && kindAt(c) !== STRING && wordAt(c) !== '') verb += ` ${wordAt(c)}`
  skipRest(c)
  return administer(c, start, verb)
}

export function help(c: Cursor): Help {
  const start = startOf(c)
  expect(c, 'HELP')
  nameOrString(c)
  return { kind: 'help', start, end: endOf(c) }
}
