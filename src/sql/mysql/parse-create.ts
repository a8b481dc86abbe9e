// CREATE and ALTER, by what is created.

import { account, definer } from './parse-account.ts'
import { createServerThing } from './parse-administration.ts'
import { alterTable } from './parse-alter-table.ts'
import { keyTail } from './parse-table-element.ts'
import { createTable } from './parse-create-table.ts'
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
  expectOneOf,
  expectWords,
  isName,
  name,
  startOf,
  tableName,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { signedLiteral } from './parse-literal.ts'
import { query } from './parse-query.ts'
import { alterRoutine, createRoutine } from './parse-routine.ts'
import { waitOption } from './parse-session.ts'
import { schemaOption, tableOptions } from './parse-table-options.ts'
import type {
  Account,
  CreateIndex,
  CreateView,
  DefineAccounts,
  DefineSchema,
  DefineSequence,
  Option,
  Statement,
  TableElement,
} from './syntax.ts'

const routines: ReadonlySet<string> = new Set('PROCEDURE FUNCTION TRIGGER EVENT AGGREGATE'.split(' '))

export function create(c: Cursor): Statement {
  const start = startOf(c)
  expect(c, 'CREATE')
  const orReplace = acceptWords(c, 'OR', 'REPLACE')
  const temporary = accept(c, 'TEMPORARY')
  const word = wordAt(c)
  if (word === 'TABLE') {
    c.i += 1
    return createTable(c, start, orReplace, temporary)
  }
  if (word === 'SEQUENCE' && c.mariadb) return sequence(c, start, 'CREATE', orReplace, temporary)
  if (temporary) throw unknown(c, 'TABLE')
  switch (word) {
    case 'DATABASE':
    case 'SCHEMA':
      return schema(c, start, 'CREATE', orReplace)
    case 'USER':
    case 'ROLE':
      return createAccounts(c, start)
    case 'INDEX':
    case 'UNIQUE':
    case 'FULLTEXT':
    case 'VECTOR':
      return createIndex(c, start)
    case 'SPATIAL':
      return atNext(c, 'REFERENCE') ? createServerThing(c, start, 'CREATE') : createIndex(c, start)
    case 'SERVER':
    case 'TABLESPACE':
    case 'LOGFILE':
    case 'UNDO':
    case 'RESOURCE':
      return createServerThing(c, start, 'CREATE')
    default:
      return createByDefiner(c, start, orReplace)
  }
}

export function alter(c: Cursor): Statement {
  const start = startOf(c)
  expect(c, 'ALTER')
  const options: string[] = []
  for (;;) {
    const word = acceptOneOf(c, 'ONLINE', 'IGNORE')
    if (word === undefined) break
    options.push(word)
  }
  if (accept(c, 'TABLE')) return alterTable(c, start, options)
  if (options.length > 0) throw unknown(c, 'TABLE')
  switch (wordAt(c)) {
    case 'DATABASE':
    case 'SCHEMA':
      return schema(c, start, 'ALTER', false)
    case 'SEQUENCE':
      if (c.mariadb) return sequence(c, start, 'ALTER', false, false)
      throw unknown(c)
    case 'USER': {
      c.i += 1
      acceptWords(c, 'IF', 'EXISTS')
      return {
        kind: 'define-accounts',
        verb: 'ALTER USER',
        accounts: accountsAndRest(c),
        start,
        end: endOf(c),
      }
    }
    case 'PROCEDURE':
    case 'FUNCTION':
      return alterRoutine(c, start)
    case 'SERVER':
    case 'TABLESPACE':
    case 'LOGFILE':
    case 'UNDO':
    case 'INSTANCE':
    case 'RESOURCE':
      return createServerThing(c, start, 'ALTER')
    default:
      return alterByDefiner(c, start)
  }
}

// ── views and what has a definer ───────────────────────────────────────────────────────────────────────────────────────

interface Head {
  readonly definer: Account | undefined
  readonly security: CreateView['security']
}

/** `ALGORITHM = …`, `DEFINER = …`, `SQL SECURITY …`. */
function head(c: Cursor): Head {
  if (accept(c, 'ALGORITHM')) {
    expect(c, '=')
    expectOneOf(c, 'UNDEFINED', 'MERGE', 'TEMPTABLE')
  }
  const own = definer(c)
  let security: CreateView['security']
  if (acceptWords(c, 'SQL', 'SECURITY')) security = expectOneOf(c, 'DEFINER', 'INVOKER')
  return { definer: own, security }
}

function createByDefiner(c: Cursor, start: number, orReplace: boolean): Statement {
  const own = head(c)
  if (accept(c, 'VIEW')) return view(c, start, own, orReplace, false)
  if (routines.has(wordAt(c))) return createRoutine(c, start, own.definer, orReplace)
  throw unknown(c)
}

function alterByDefiner(c: Cursor, start: number): Statement {
  const own = head(c)
  if (accept(c, 'VIEW')) return view(c, start, own, false, true)
  if (at(c, 'EVENT')) return createRoutine(c, start, own.definer, false, true)
  throw unknown(c)
}

function view(c: Cursor, start: number, own: Head, orReplace: boolean, altered: boolean): CreateView {
  const ifNotExists = acceptWords(c, 'IF', 'NOT', 'EXISTS')
  if (altered) acceptWords(c, 'IF', 'EXISTS')
  const table = tableName(c)
  const columns = at(c, '(') ? bracketedList(c, name) : []
  expect(c, 'AS')
  const body = query(c)
  let checkOption = false
  if (accept(c, 'WITH')) {
    acceptOneOf(c, 'CASCADED', 'LOCAL')
    expectWords(c, 'CHECK', 'OPTION')
    checkOption = true
  }
  const rest = { view: table, columns, query: body, checkOption, start, end: endOf(c) }
  return { kind: 'create-view', orReplace, ifNotExists, alter: altered, ...own, ...rest }
}

// ── indexes, schemas, sequences ────────────────────────────────────────────────────────────────────────────────────────

function createIndex(c: Cursor, start: number): CreateIndex {
  const word = expectOneOf(c, 'INDEX', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'VECTOR')
  if (word !== 'INDEX') expect(c, 'INDEX')
  const type: TableElement['type'] = word
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  const own = name(c)
  if (acceptOneOf(c, 'USING', 'TYPE') !== undefined) expectOneOf(c, 'BTREE', 'RTREE', 'HASH')
  expect(c, 'ON')
  const table = tableName(c)
  const from = startOf(c)
  const element = keyTail(c, type, own, from)
  waitOption(c)
  lockAndAlgorithm(c)
  return { kind: 'create-index', table, element, start, end: endOf(c) }
}

export function lockAndAlgorithm(c: Cursor): void {
  while (acceptOneOf(c, 'ALGORITHM', 'LOCK') !== undefined) {
    accept(c, '=')
    takeName(c)
  }
}

function schema(c: Cursor, start: number, verb: 'CREATE' | 'ALTER', orReplace: boolean): DefineSchema {
  expectOneOf(c, 'DATABASE', 'SCHEMA')
  const ifNotExists = acceptWords(c, 'IF', 'NOT', 'EXISTS')
  const isOption = verb === 'ALTER' && (!isName(c) || at(c, 'CHARSET') || at(c, 'COMMENT'))
  const own = isOption ? undefined : name(c)
  const options: Option[] = []
  while (!atEnd(c)) {
    const one = schemaOption(c) ?? lesserSchemaOption(c)
    options.push(one)
    accept(c, ',')
  }
  return { kind: 'define-schema', verb, orReplace, ifNotExists, schema: own, options, start, end: endOf(c) }
}

function lesserSchemaOption(c: Cursor): Option {
  const start = startOf(c)
  const option = (own: string): Option => {
    const end = endOf(c)
    return { kind: 'option', name: own, value: '', tables: [], expressions: [], start, end }
  }
  if (acceptWords(c, 'UPGRADE', 'DATA', 'DIRECTORY', 'NAME')) return option('UPGRADE')
  if (acceptWords(c, 'READ', 'ONLY')) {
    accept(c, '=')
    if (!accept(c, 'DEFAULT')) signedLiteral(c)
    return option('READ ONLY')
  }
  accept(c, 'DEFAULT')
  const word = expectOneOf(c, 'COMMENT', 'ENCRYPTION')
  accept(c, '=')
  signedLiteral(c)
  return option(word)
}

function sequence(
  c: Cursor,
  start: number,
  verb: 'CREATE' | 'ALTER',
  orReplace: boolean,
  temporary: boolean,
): DefineSequence {
  expect(c, 'SEQUENCE')
  const ifNotExists = acceptWords(c, 'IF', 'NOT', 'EXISTS')
  acceptWords(c, 'IF', 'EXISTS')
  const own = tableName(c)
  const options: Option[] = []
  for (let one = sequenceOption(c); one !== undefined; one = sequenceOption(c)) options.push(one)
  options.push(...tableOptions(c))
  const flags = { verb, orReplace, ifNotExists, temporary }
  return { kind: 'define-sequence', ...flags, sequence: own, options, start, end: endOf(c) }
}

function sequenceOption(c: Cursor): Option | undefined {
  const start = startOf(c)
  const option = (own: string, value: string): Option => {
    return { kind: 'option', name: own, value, tables: [], expressions: [], start, end: endOf(c) }
  }
  const word = acceptOneOf(c, 'NOCACHE', 'NOCYCLE', 'CYCLE', 'NOMINVALUE', 'NOMAXVALUE', 'RESTART')
  if (word !== undefined) {
    if (word !== 'RESTART' || atEnd(c)) return option(word, '')
    if (acceptOneOf(c, 'WITH', '=') === undefined && isName(c)) return option(word, '')
    return option(word, signedLiteral(c).value)
  }
  if (accept(c, 'NO')) return option(`NO ${expectOneOf(c, 'CACHE', 'CYCLE', 'MINVALUE', 'MAXVALUE')}`, '')
  const valued = acceptOneOf(c, 'START', 'INCREMENT', 'MINVALUE', 'MAXVALUE', 'CACHE')
  if (valued === undefined) return undefined
  acceptOneOf(c, 'WITH', 'BY', '=')
  return option(valued, signedLiteral(c).value)
}

// ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function createAccounts(c: Cursor, start: number): DefineAccounts {
  const verb = expectOneOf(c, 'USER', 'ROLE') === 'USER' ? 'CREATE USER' : 'CREATE ROLE'
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  return { kind: 'define-accounts', verb, accounts: accountsAndRest(c), start, end: endOf(c) }
}

/** Accounts; how they sign in does not matter here. */
function accountsAndRest(c: Cursor): Account[] {
  const accounts = [account(c)]
  while (!atEnd(c)) {
    if (accept(c, ',')) {
      if (isName(c) || wordAt(c) === '' || at(c, 'CURRENT_USER')) accounts.push(account(c))
    } else {
      if (at(c, 'SELECT')) throw unknown(c)
      c.i += 1
    }
  }
  return accounts
}
