// Tokens that begin with a sign: strings, comments, operators, variables.

import {
  BACKSLASH,
  BACKTICK,
  classes,
  comparing,
  DOT,
  DOUBLE,
  HASH,
  isDashComment,
  isDigit,
  longSigns,
  MINUS,
  signs,
  SINGLE,
  skipQuoted,
  SLASH,
  STAR,
} from './lexer-text.ts'
import {
  fail,
  lexDotted,
  type Lexer,
  lexFraction,
  nameEnd,
  PARAMETER,
  push,
  QUOTED,
  SIGN,
  startsName,
  STRING,
  USER_VARIABLE,
  WORD,
} from './lexer.ts'
import type { ParseContext } from './syntax.ts'

export function lexSign(l: Lexer, c: number): void {
  const { text } = l
  const start = l.at
  if (c === SINGLE || c === DOUBLE || c === BACKTICK) return lexQuoted(l, c)
  if (c === HASH || (c === MINUS && isDashComment(text, start))) {
    const end = text.indexOf('\n', start)
    l.at = end < 0 ? text.length : end + 1
    return
  }
  if (c === SLASH && text.charCodeAt(start + 1) === STAR) return skipComment(l)
  if (c === BACKSLASH) return lexNullEscape(l)
  if (c === DOT) return lexDot(l)
  if (c === 64) return lexAt(l)
  if (c === 63) return push(l, PARAMETER, start, start + 1, '')
  const sign = signs[c]
  if (sign === undefined) return fail(l, 'This sign has no meaning here', start)
  const long = longSign(l)
  if (long !== undefined) return push(l, SIGN, start, start + long.length, long)
  // `==`, `><`: no operators. MySQL drops the second sign of `!!` and `=!`; MariaDB reads both.
  const next = text.charAt(start + 1)
  const pair = comparing.includes(sign) && next !== '' && comparing.includes(next)
  if (pair && !(next === '!' && l.context.product === 'mariadb')) {
    return fail(l, 'These signs together are no operator; put a blank between them', start)
  }
  push(l, SIGN, start, start + 1, sign)
}

function longSign(l: Lexer): string | undefined {
  const { text, at } = l
  const next = text.charCodeAt(at + 1)
  if (signs[next] === undefined) return undefined
  for (const sign of longSigns) {
    if (!text.startsWith(sign, at)) continue
    if (sign.startsWith('->') && !knowsArrows(l.context)) continue
    return sign
  }
  return undefined
}

function knowsArrows(context: ParseContext): boolean {
  return context.product === 'mysql' && context.version >= 50709
}

function lexQuoted(l: Lexer, quote: number): void {
  const { sqlMode } = l.context
  const start = l.at
  const end = skipQuoted(
    l.text,
    start,
    !sqlMode.noBackslashEscapes && !(quote === DOUBLE && sqlMode.ansiQuotes),
  )
  if (end < 0)
    return fail(l, quote === BACKTICK ? 'A quoted name does not end' : 'A string does not end', start)
  const isName = quote === BACKTICK || (quote === DOUBLE && sqlMode.ansiQuotes)
  push(l, isName ? QUOTED : STRING, start, end, '')
}

function skipComment(l: Lexer): void {
  const { text } = l
  const start = l.at
  const third = text.charCodeAt(start + 2)
  const runs =
    third === 33 || (l.context.product === 'mariadb' && third === 77 && text.charCodeAt(start + 3) === 33)
  if (runs) return fail(l, 'A comment that runs cannot be read', start)
  const end = text.indexOf('*/', start + 2)
  if (end < 0) return fail(l, 'A comment does not end', start)
  l.at = end + 2
}

/** `\N` is NULL; MySQL 8 has done away with it. */
function lexNullEscape(l: Lexer): void {
  const known = l.context.product === 'mariadb' || l.context.version < 80000
  if (known && l.text.charCodeAt(l.at + 1) === 78) push(l, WORD, l.at, l.at + 2, 'NULL')
  else fail(l, 'This sign has no meaning here', l.at)
}

function lexDot(l: Lexer): void {
  const next = l.text.charCodeAt(l.at + 1)
  if (next === DOT) return push(l, SIGN, l.at, l.at + 2, '..')
  if (isDigit(next)) return lexFraction(l, l.at, l.at + 1)
  if (!startsName(next)) return push(l, SIGN, l.at, l.at + 1, '.')
  push(l, SIGN, l.at, l.at + 1, '.')
  const end = nameEnd(l, l.at)
  if (l.problem !== undefined) return
  lexDotted(l, end)
}

function lexAt(l: Lexer): void {
  const { text } = l
  const start = l.at
  const next = text.charCodeAt(start + 1)
  if (next === 64) {
    const after = text.charCodeAt(start + 2)
    if (!startsName(after) && after !== BACKTICK) return fail(l, 'A system variable has no name', start)
    return push(l, SIGN, start, start + 2, '@@')
  }
  if (next === SINGLE || next === DOUBLE || next === BACKTICK) {
    // In ANSI_QUOTES these are quotes of a name here, too.
    const { noBackslashEscapes, ansiQuotes } = l.context.sqlMode
    const end = skipQuoted(text, start + 1, !noBackslashEscapes && !(next === DOUBLE && ansiQuotes))
    if (end < 0) fail(l, 'A variable does not end', start)
    else push(l, USER_VARIABLE, start, end, '')
    return
  }
  let i = start + 1
  while (isNamePartOrDot(text.charCodeAt(i))) i += 1
  if (text.charCodeAt(i) > 127) return fail(l, 'Put the name of the variable into back-quotes', i)
  if (i === start + 1) return fail(l, 'A variable has no name', start)
  push(l, USER_VARIABLE, start, i, '')
}

function isNamePartOrDot(code: number): boolean {
  return code === DOT || (code < 128 && ((classes[code] ?? 0) & 1) !== 0)
}
