// SHOW, DESCRIBE, EXPLAIN: what a server tells about itself and its data.

import { STRING } from './lexer.ts'
import { account, role } from './parse-account.ts'
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
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  string,
  tableName,
  takeLiteral,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { showExplain } from './parse-explain.ts'
import { expression } from './parse-expression.ts'
import { limit, takeWord } from './parse-query-tail.ts'
import { routineName } from './parse-routine-name.ts'
import type { Show, Statement } from './syntax.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function show(c: Cursor): Statement {
  const start = startOf(c)
  expect(c, 'SHOW')
  const own = empty(start)
  if ((at(c, 'EXPLAIN') || at(c, 'ANALYZE')) && c.mariadb) return showExplain(c, start)
  const options: string[] = []
  for (;;) {
    const word = acceptOneOf(c, 'FULL', 'EXTENDED', 'GLOBAL', 'SESSION', 'LOCAL', 'STORAGE')
    if (word === undefined) break
    options.push(word)
  }
  own.options = options
  what(c, own)
  own.end = endOf(c)
  return own
}

function empty(start: number): Mutable<Show> {
  return {
    kind: 'show',
    what: '',
    options: [],
    schema: undefined,
    table: undefined,
    routine: undefined,
    account: undefined,
    like: undefined,
    where: undefined,
    limit: undefined,
    args: [],
    start,
    end: start,
  }
}

function what(c: Cursor, own: Mutable<Show>): void {
  const word = wordAt(c)
  const reader = readers.get(word)
  if (reader === undefined) {
    // MariaDB takes any other word for a table of information_schema; those that are known are:
    if (!c.mariadb || !statisticsTables.has(word)) throw unknown(c, 'something that SHOW knows')
    c.i += 1
    own.what = word
    likeOrWhere(c, own)
    return
  }
  c.i += 1
  reader(c, own, word)
}

const statisticsTables: ReadonlySet<string> = new Set(
  'CLIENT_STATISTICS USER_STATISTICS INDEX_STATISTICS TABLE_STATISTICS LOCALES QUERY_CACHE_INFO QUERY_RESPONSE_TIME USER_VARIABLES WSREP_MEMBERSHIP WSREP_STATUS METADATA_LOCK_INFO FEEDBACK'.split(
    ' ',
  ),
)

type Reader = (c: Cursor, own: Mutable<Show>, word: string) => void

const plain = (c: Cursor, own: Mutable<Show>, word: string): void => {
  own.what = word
  likeOrWhere(c, own)
}

const ofSchema = (c: Cursor, own: Mutable<Show>, word: string): void => {
  own.what = word
  if (acceptOneOf(c, 'FROM', 'IN') !== undefined) own.schema = name(c)
  likeOrWhere(c, own)
}

const ofTable = (c: Cursor, own: Mutable<Show>, word: string): void => {
  own.what = word === 'FIELDS' ? 'COLUMNS' : word === 'COLUMNS' ? word : 'INDEX'
  expectOneOf(c, 'FROM', 'IN')
  own.table = tableName(c)
  if (acceptOneOf(c, 'FROM', 'IN') !== undefined) own.schema = name(c)
  likeOrWhere(c, own)
}

const readers = new Map<string, Reader>([
  ['DATABASES', (c, own) => plain(c, own, 'DATABASES')],
  ['SCHEMAS', (c, own) => plain(c, own, 'DATABASES')],
  ['TABLES', ofSchema],
  ['TRIGGERS', ofSchema],
  ['EVENTS', ofSchema],
  ['COLUMNS', ofTable],
  ['FIELDS', ofTable],
  ['INDEX', ofTable],
  ['INDEXES', ofTable],
  ['KEYS', ofTable],
  ['VARIABLES', plain],
  ['STATUS', plain],
  ['PLUGINS', showPlugins],
  ['COLLATION', plain],
  ['CHARSET', (c, own) => plain(c, own, 'CHARACTER SET')],
  ['PRIVILEGES', plain],
  ['ENGINES', plain],
  ['PROCESSLIST', plain],
  ['PROFILES', plain],
  ['AUTHORS', plain],
  ['CONTRIBUTORS', plain],
  ['WARNINGS', showLimited],
  ['ERRORS', showLimited],
  ['COUNT', showCount],
  ['PROFILE', showProfile],
  ['CREATE', showCreate],
  ['GRANTS', showGrants],
  ['ENGINE', showEngine],
  ['TABLE', (c, own) => (expect(c, 'STATUS'), ofSchema(c, own, 'TABLE STATUS'))],
  ['OPEN', (c, own) => (expect(c, 'TABLES'), ofSchema(c, own, 'OPEN TABLES'))],
  ['CHARACTER', (c, own) => (expect(c, 'SET'), plain(c, own, 'CHARACTER SET'))],
  ['CHAR', (c, own) => (expect(c, 'SET'), plain(c, own, 'CHARACTER SET'))],
  ['PROCEDURE', showRoutine],
  ['FUNCTION', showRoutine],
  ['PACKAGE', showRoutine],
  ['MASTER', showReplication],
  ['BINLOG', showReplication],
  ['BINARY', showReplication],
  ['RELAYLOG', showReplication],
  ['SLAVE', showReplication],
  ['REPLICA', showReplication],
  ['ALL', showReplication],
  ['REPLICAS', plain],
])

function likeOrWhere(c: Cursor, own: Mutable<Show>): void {
  if (accept(c, 'LIKE')) own.like = string(c)
  else if (accept(c, 'WHERE')) own.where = expression(c)
}

function showPlugins(c: Cursor, own: Mutable<Show>): void {
  own.what = 'PLUGINS'
  if (accept(c, 'SONAME')) own.args = kindAt(c) === STRING ? [string(c)] : []
  likeOrWhere(c, own)
}

function showLimited(c: Cursor, own: Mutable<Show>, word: string): void {
  own.what = word
  if (at(c, 'LIMIT')) own.limit = limit(c)
}

function showCount(c: Cursor, own: Mutable<Show>): void {
  if (!acceptWords(c, '(', '*', ')')) throw unknown(c, '(*)')
  own.what = `COUNT ${expectOneOf(c, 'WARNINGS', 'ERRORS')}`
}

function showProfile(c: Cursor, own: Mutable<Show>): void {
  own.what = 'PROFILE'
  const types: ReadonlySet<string> = new Set(
    'ALL BLOCK CONTEXT CPU IPC MEMORY PAGE SOURCE SWAPS IO SWITCHES FAULTS'.split(' '),
  )
  while (types.has(wordAt(c))) {
    takeName(c)
    accept(c, ',')
  }
  if (acceptWords(c, 'FOR', 'QUERY')) own.args = [takeLiteral(c, 'number')]
  if (at(c, 'LIMIT')) own.limit = limit(c)
}

function showCreate(c: Cursor, own: Mutable<Show>): void {
  const object = takeWord(c)
  own.what = `CREATE ${object === 'SCHEMA' ? 'DATABASE' : object}`
  switch (object) {
    case 'DATABASE':
    case 'SCHEMA':
      acceptWords(c, 'IF', 'NOT', 'EXISTS')
      own.schema = name(c)
      return
    case 'TABLE':
    case 'VIEW':
    case 'SEQUENCE':
      own.table = tableName(c)
      return
    case 'PACKAGE':
      if (accept(c, 'BODY')) own.what = 'CREATE PACKAGE BODY'
      own.routine = routineName(c)
      return
    case 'PROCEDURE':
    case 'FUNCTION':
    case 'TRIGGER':
    case 'EVENT':
    case 'LIBRARY':
      own.routine = routineName(c)
      return
    case 'USER':
      if (!atEnd(c)) own.account = account(c)
      return
    case 'SERVER':
      nameOrString(c)
      return
    default:
      throw unknown(c)
  }
}

function showGrants(c: Cursor, own: Mutable<Show>): void {
  own.what = 'GRANTS'
  if (accept(c, 'FOR')) own.account = role(c)
  if (accept(c, 'USING')) list(c, role)
}

function showEngine(c: Cursor, own: Mutable<Show>): void {
  own.what = 'ENGINE'
  if (!accept(c, 'ALL')) nameOrString(c)
  expectOneOf(c, 'STATUS', 'MUTEX', 'LOGS')
}

function showRoutine(c: Cursor, own: Mutable<Show>, word: string): void {
  const body = word === 'PACKAGE' && accept(c, 'BODY') ? ' BODY' : ''
  if (accept(c, 'CODE')) {
    own.what = `${word} CODE`
    own.routine = routineName(c)
    return
  }
  expect(c, 'STATUS')
  own.what = `${word}${body} STATUS`
  likeOrWhere(c, own)
}

function showReplication(c: Cursor, own: Mutable<Show>, word: string): void {
  if (word === 'MASTER' && kindAt(c) === STRING) throw unknown(c)
  const args = []
  if ((word === 'SLAVE' || word === 'REPLICA') && kindAt(c) === STRING) args.push(string(c))
  if ((word === 'RELAYLOG' || word === 'BINLOG') && kindAt(c) === STRING) args.push(string(c))
  const kinds = ['STATUS', 'LOGS', 'EVENTS', 'HOSTS', 'SLAVES', 'REPLICAS', 'LOG'] as const
  const kind = expectOneOf(c, ...kinds)
  own.what = `${word} ${kind}`
  if (word === 'ALL') expect(c, 'STATUS')
  if (accept(c, 'IN')) args.push(string(c))
  if (accept(c, 'FROM')) args.push(takeLiteral(c, 'number'))
  if (at(c, 'LIMIT')) own.limit = limit(c)
  if (accept(c, 'FOR')) {
    expect(c, 'CHANNEL')
    args.push(string(c))
  }
  own.args = args
}
