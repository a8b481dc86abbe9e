// Accounts and roles: `u@h`, CURRENT_USER, PUBLIC.

import { STRING, USER_VARIABLE } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  afterAt,
  at,
  type Cursor,
  endOf,
  isName,
  kindAt,
  nameOrString,
  startOf,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import type { Account } from './syntax.ts'

/** An account, a role, or one of the words that stand for them. */
export function account(c: Cursor): Account {
  const start = startOf(c)
  const word = wordAt(c)
  if (word === 'CURRENT_USER' || word === 'CURRENT_ROLE') {
    c.i += 1
    if (accept(c, '(') && !accept(c, ')')) throw unknown(c, ')')
    return { kind: 'account', user: '', host: undefined, word, start, end: endOf(c) }
  }
  if (kindAt(c) !== STRING && !isName(c)) throw unknown(c, 'an account')
  const user = nameOrString(c)
  if (kindAt(c) !== USER_VARIABLE) {
    return { kind: 'account', user: user.text, host: undefined, word: undefined, start, end: endOf(c) }
  }
  const from = startOf(c)
  c.i += 1
  let host = afterAt(c, from, endOf(c))
  // `u@10.0.0.0/255.0.0.0` and `u@a-b` must stand in quotes.
  host = host.toLowerCase()
  return { kind: 'account', user: user.text, host, word: undefined, start, end: endOf(c) }
}

/** NONE, ALL, DEFAULT too. */
export function role(c: Cursor): Account {
  const start = startOf(c)
  const word = acceptOneOf(c, 'NONE', 'ALL', 'DEFAULT')
  if (word !== undefined) return { kind: 'account', user: '', host: undefined, word, start, end: endOf(c) }
  return account(c)
}

/** `DEFINER = u@h`. */
export function definer(c: Cursor): Account | undefined {
  if (!at(c, 'DEFINER')) return undefined
  takeName(c)
  if (!accept(c, '=')) throw unknown(c, '=')
  return account(c)
}
