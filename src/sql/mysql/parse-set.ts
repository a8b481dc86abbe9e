// SET in all its forms.

import { IDENT, QUOTED, USER_VARIABLE, WORD } from './lexer.ts'
import { account, role } from './parse-account.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  atNext,
  atWords,
  type Cursor,
  endOf,
  expect,
  expectWords,
  kindAt,
  list,
  startOf,
  takeName,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, collationName, expression } from './parse-expression.ts'
import { systemVariable } from './parse-primary.ts'
import { statement } from './parse-statement.ts'
import type { Expression, Name, SetItem, SetStatement, SetTransaction, SetVariable } from './syntax.ts'

export function set(c: Cursor): SetStatement {
  const start = startOf(c)
  expect(c, 'SET')
  if (c.mariadb && at(c, 'STATEMENT') && !atNext(c, '=') && !atNext(c, ':=')) {
    c.i += 1
    const items = list(c, setItem)
    expect(c, 'FOR')
    return { kind: 'set', items, for: statement(c), start, end: endOf(c) }
  }
  const items = list(c, setItem)
  return { kind: 'set', items, for: undefined, start, end: endOf(c) }
}

function assigns(c: Cursor, ahead: number): boolean {
  const word = wordAt(c, ahead)
  return word === '=' || word === ':=' || word === '.'
}

function setItem(c: Cursor): SetItem {
  const start = startOf(c)
  if (kindAt(c) === USER_VARIABLE) {
    const variable = userVariable(c)
    becomes(c)
    return { kind: 'set-user-variable', variable, value: expression(c), start, end: endOf(c) }
  }
  if (at(c, '@@')) {
    const { scope, parts } = systemVariable(c)
    becomes(c)
    return { kind: 'set-variable', scope, parts, value: setValue(c), start, end: endOf(c) }
  }
  if (!assigns(c, 1)) {
    const special = specialItem(c, start)
    if (special !== undefined) return special
  }
  if (at(c, 'PASSWORD') && !atNext(c, '.')) return setPassword(c, start)
  return setVariable(c, start, undefined)
}

function specialItem(c: Cursor, start: number): SetItem | undefined {
  switch (wordAt(c)) {
    case 'NAMES':
      return setNames(c, start)
    case 'CHARACTER':
      expectWords(c, 'CHARACTER', 'SET')
      return setCharacterSet(c, start)
    case 'CHARSET':
      c.i += 1
      return setCharacterSet(c, start)
    case 'CHAR':
      expectWords(c, 'CHAR', 'SET')
      return setCharacterSet(c, start)
    case 'PASSWORD':
      return setPassword(c, start)
    case 'TRANSACTION':
      return setTransaction(c, start, undefined)
    case 'ROLE': {
      c.i += 1
      const roles = accept(c, 'ALL') ? allExcept(c) : list(c, role)
      return { kind: 'set-role', asDefault: false, roles, start, end: endOf(c) }
    }
    case 'DEFAULT': {
      expectWords(c, 'DEFAULT', 'ROLE')
      const roles = list(c, role)
      if (acceptOneOf(c, 'FOR', 'TO') !== undefined) list(c, account)
      return { kind: 'set-role', asDefault: true, roles, start, end: endOf(c) }
    }
    case 'GLOBAL':
    case 'SESSION':
    case 'LOCAL':
    case 'PERSIST':
    case 'PERSIST_ONLY':
      return scoped(c, start)
    default:
      return undefined
  }
}

function allExcept(c: Cursor): ReturnType<typeof role>[] {
  return accept(c, 'EXCEPT') ? list(c, role) : []
}

function scoped(c: Cursor, start: number): SetItem {
  const scope = acceptOneOf(c, 'GLOBAL', 'SESSION', 'LOCAL', 'PERSIST', 'PERSIST_ONLY')
  if (
    at(c, 'TRANSACTION') &&
    !assigns(c, 1) &&
    (scope === 'GLOBAL' || scope === 'SESSION' || scope === 'LOCAL')
  ) {
    return setTransaction(c, start, scope)
  }
  return setVariable(c, start, scope)
}

function setVariable(c: Cursor, start: number, scope: SetVariable['scope']): SetVariable {
  const parts: Name[] = [variableName(c)]
  while (accept(c, '.')) parts.push(variableName(c))
  becomes(c)
  return { kind: 'set-variable', scope, parts, value: setValue(c), start, end: endOf(c) }
}

function variableName(c: Cursor): Name {
  const kind = kindAt(c)
  if (kind === WORD && c.reserved.has(wordAt(c)) && wordAt(c) !== 'OFFSET' && wordAt(c) !== 'DEFAULT') {
    throw unknown(c, 'the name of a variable')
  }
  if (kind !== WORD && kind !== IDENT && kind !== QUOTED) throw unknown(c, 'the name of a variable')
  return takeName(c)
}

function becomes(c: Cursor): void {
  if (!accept(c, '=')) expect(c, ':=')
}

function setValue(c: Cursor): Expression {
  const start = startOf(c)
  const word = wordAt(c)
  if (word === 'DEFAULT' && !atNext(c, '(')) {
    c.i += 1
    return { kind: 'default', column: undefined, start, end: endOf(c) }
  }
  const bare = word === 'ON' || word === 'ALL' || word === 'BINARY' || word === 'ROW' || word === 'SYSTEM'
  if (bare && (wordAt(c, 1) === ',' || wordAt(c, 1) === 'FOR' || wordAt(c, 1) === ';' || isLast(c))) {
    c.i += 1
    return { kind: 'word', word, start, end: endOf(c) }
  }
  return expression(c)
}

function isLast(c: Cursor): boolean {
  return kindAt(c, 1) === 0
}

function setNames(c: Cursor, start: number): SetItem {
  c.i += 1
  const characterSet = accept(c, 'DEFAULT') ? undefined : characterSetName(c)
  const collation = accept(c, 'COLLATE') ? collationName(c) : undefined
  return { kind: 'set-names', characterSet, collation, start, end: endOf(c) }
}

function setCharacterSet(c: Cursor, start: number): SetItem {
  const characterSet = accept(c, 'DEFAULT') ? undefined : characterSetName(c)
  return { kind: 'set-character-set', characterSet, start, end: endOf(c) }
}

function setPassword(c: Cursor, start: number): SetItem {
  expect(c, 'PASSWORD')
  const own = accept(c, 'FOR') ? account(c) : undefined
  if (acceptWords(c, 'TO', 'RANDOM')) return { kind: 'set-password', account: own, start, end: endOf(c) }
  becomes(c)
  expression(c)
  if (accept(c, 'REPLACE')) expression(c)
  acceptWords(c, 'RETAIN', 'CURRENT', 'PASSWORD')
  return { kind: 'set-password', account: own, start, end: endOf(c) }
}

function setTransaction(c: Cursor, start: number, scope: SetTransaction['scope']): SetTransaction {
  expect(c, 'TRANSACTION')
  const characteristics = list(c, characteristic)
  if (!atEnd(c) && !at(c, 'FOR')) throw unknown(c)
  return { kind: 'set-transaction', scope, characteristics, start, end: endOf(c) }
}

function characteristic(c: Cursor): string {
  if (accept(c, 'READ')) {
    const mode = acceptOneOf(c, 'ONLY', 'WRITE')
    if (mode === undefined) throw unknown(c, 'ONLY or WRITE')
    return `READ ${mode}`
  }
  expectWords(c, 'ISOLATION', 'LEVEL')
  for (const level of [
    ['READ', 'UNCOMMITTED'],
    ['READ', 'COMMITTED'],
    ['REPEATABLE', 'READ'],
    ['SERIALIZABLE'],
  ]) {
    if (!atWords(c, ...level)) continue
    c.i += level.length
    return `ISOLATION LEVEL ${level.join(' ')}`
  }
  throw unknown(c, 'an isolation level')
}
