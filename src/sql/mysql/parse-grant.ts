// GRANT and REVOKE.

import { STRING, USER_VARIABLE } from './lexer.ts'
import { account } from './parse-account.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atEnd,
  atOneOf,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  kindAt,
  list,
  name,
  startOf,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import type { Account, Grant, Privilege } from './syntax.ts'

export function grant(c: Cursor): Grant {
  const start = startOf(c)
  const verb = expectOneOf(c, 'GRANT', 'REVOKE')
  const options: string[] = []
  if (verb === 'REVOKE') {
    acceptWords(c, 'IF', 'EXISTS')
    if (acceptWords(c, 'ADMIN', 'OPTION', 'FOR')) options.push('ADMIN OPTION')
  }
  const privileges = list(c, privilege)
  const on = accept(c, 'ON') ? grantedOn(c, privileges) : undefined
  expect(c, verb === 'GRANT' ? 'TO' : 'FROM')
  const accounts: Account[] = []
  do {
    accounts.push(account(c))
    authentication(c)
  } while (accept(c, ','))
  while (!atEnd(c)) {
    if (at(c, 'SELECT')) throw unknown(c)
    if (acceptWords(c, 'GRANT', 'OPTION')) options.push('GRANT OPTION')
    else if (acceptWords(c, 'ADMIN', 'OPTION')) options.push('ADMIN OPTION')
    else c.i += 1
  }
  return { kind: 'grant', verb, privileges, on, accounts, options, start, end: endOf(c) }
}

const privilegeEnds: ReadonlySet<string> = new Set([',', 'ON', 'TO', 'FROM', '('])

function privilege(c: Cursor): Privilege {
  const start = startOf(c)
  const words: string[] = []
  while (!atEnd(c) && !atOneOf(c, privilegeEnds)) {
    if (kindAt(c) === USER_VARIABLE) c.i += 1
    else if (wordAt(c) !== '') {
      words.push(wordAt(c))
      c.i += 1
    } else words.push(account(c).user)
  }
  if (words.length === 0) throw unknown(c, 'a privilege')
  const columns = at(c, '(') ? bracketedList(c, name) : []
  return { kind: 'privilege', name: words.join(' '), columns, start, end: endOf(c) }
}

function grantedOn(c: Cursor, privileges: readonly Privilege[]): Grant['on'] {
  if (privileges.length === 1 && privileges[0]?.name === 'PROXY') {
    account(c)
    return { object: 'PROXY', schema: undefined, name: undefined }
  }
  const object = acceptOneOf(c, 'TABLE', 'FUNCTION', 'PROCEDURE', 'PACKAGE') ?? 'TABLE'
  if (object === 'PACKAGE') accept(c, 'BODY')
  if (accept(c, '*')) {
    if (accept(c, '.')) expect(c, '*')
    return { object, schema: undefined, name: undefined }
  }
  const first = name(c)
  if (!accept(c, '.')) return { object, schema: undefined, name: first }
  if (accept(c, '*')) return { object, schema: first, name: undefined }
  return { object, schema: first, name: name(c) }
}

/** `IDENTIFIED BY 'x'`, `IDENTIFIED VIA a USING 'x' OR b`: of no matter here. */
function authentication(c: Cursor): void {
  if (!accept(c, 'IDENTIFIED')) return
  while (!atEnd(c) && !at(c, ',') && !at(c, 'REQUIRE') && !at(c, 'WITH')) c.i += 1
  if (at(c, 'WITH') && kindAt(c, 2) === STRING) c.i += 3
  while (!atEnd(c) && !at(c, ',') && !at(c, 'REQUIRE') && !at(c, 'WITH')) c.i += 1
}
