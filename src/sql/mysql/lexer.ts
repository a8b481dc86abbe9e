// Text → tokens, as the servers' own lexers cut it: words, names, literals and signs, each with its place.

import { isIntroducer } from './parse-words.ts'
import type { ParseContext, ParseProblem } from './syntax.ts'

/** Kinds of tokens. */
export const END = 0
/** A word without quotes: a word of the language or a name; `words` has it in upper case. */
export const WORD = 1
/** A word without quotes that can only be a name: behind or before a dot. */
export const IDENT = 2
/** A name in quotes. */
export const QUOTED = 3
export const STRING = 4
/** `N'…'`. */
export const NATIONAL = 5
/** `_utf8mb4`. */
export const INTRODUCER = 6
export const NUMBER = 7
export const HEX = 8
export const BIT = 9
/** `words` has the sign. */
export const SIGN = 10
export const PARAMETER = 11
/** `@a`, `@'a'`; also the host of an account. */
export const USER_VARIABLE = 12

/** Tokens side by side in arrays: no object for each of them. The last one is END. */
export interface Tokens {
  readonly text: string
  readonly kinds: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Words in upper case and signs; '' for everything else. */
  readonly words: readonly string[]
}

const DOUBLE = 34
const HASH = 35
const SINGLE = 39
const STAR = 42
const MINUS = 45
const DOT = 46
const SLASH = 47
const BACKSLASH = 92
const BACKTICK = 96

/** By code: 1 part of a name, 2 digit (also part of a name), 4 white space. */
const classes = new Uint8Array(128)
for (let c = 0; c < 128; c += 1) {
  const sign = String.fromCharCode(c)
  if (/[A-Za-z_$]/.test(sign)) classes[c] = 1
  if (/[0-9]/.test(sign)) classes[c] = 3
  if (/[ \t\n\v\f\r]/.test(sign)) classes[c] = 4
}

const signs: (string | undefined)[] = []
for (const sign of '()[]{},;.+-*/%^~|&<>=!:?@') signs[sign.charCodeAt(0)] = sign

const longSigns = ['<=>', '->>', '<=', '>=', '<>', '!=', '<<', '>>', '&&', '||', ':=', '->', '@@', '..']
const comparing = '<>=!'

export function isNamePart(code: number): boolean {
  return code < 128 ? ((classes[code] ?? 0) & 1) !== 0 : code === code && code !== 0xa0
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/** `--` begins a comment only if white space, a control sign or nothing follows. */
export function isDashComment(text: string, at: number): boolean {
  if (text.charCodeAt(at + 1) !== MINUS) return false
  const next = text.charCodeAt(at + 2)
  return !(next > 32 && next !== 127)
}

/** The place behind a quoted text that begins at `at`; -1 if it does not end. */
export function skipQuoted(text: string, at: number, escapes: boolean): number {
  const quote = text.charCodeAt(at)
  const withEscapes = escapes && quote !== BACKTICK
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH && withEscapes) i += 1
    else if (c === quote) {
      if (text.charCodeAt(i + 1) !== quote) return i + 1
      i += 1
    }
  }
  return -1
}

interface Lexer {
  readonly text: string
  readonly context: ParseContext
  readonly kinds: number[]
  readonly starts: number[]
  readonly ends: number[]
  readonly words: string[]
  at: number
  problem: ParseProblem | undefined
}

/** The text is canonical: no comment in it runs. */
export function lex(text: string, context: ParseContext): Tokens | ParseProblem {
  const l: Lexer = { text, context, kinds: [], starts: [], ends: [], words: [], at: 0, problem: undefined }
  const length = text.length
  while (l.at < length && l.problem === undefined) {
    const c = text.charCodeAt(l.at)
    const kind = c < 128 ? (classes[c] ?? 0) : 1
    if (kind === 4) l.at += 1
    else if (kind === 1) lexWord(l, c)
    else if (kind === 3) lexNumber(l, c)
    else lexSign(l, c)
  }
  if (l.problem !== undefined) return l.problem
  push(l, END, length, length, '')
  return l
}

function push(l: Lexer, kind: number, start: number, end: number, word: string): void {
  l.kinds.push(kind)
  l.starts.push(start)
  l.ends.push(end)
  l.words.push(word)
  l.at = end
}

function fail(l: Lexer, message: string, position: number): void {
  l.problem ??= { kind: 'problem', message, position }
  l.at = l.text.length
}

/** The end of the run of name signs from `at`. */
function nameEnd(l: Lexer, at: number): number {
  const text = l.text
  let i = at
  for (; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c < 128) {
      if (((classes[c] ?? 0) & 1) === 0) break
    } else if (!isForeignNamePart(l, c)) {
      fail(l, 'A sign outside of quotes is not part of any name; put the name into back-quotes', i)
      return i
    }
  }
  return i
}

/** Servers take what their character set calls a letter; utf8 takes everything of the basic plane. */
function isForeignNamePart(l: Lexer, code: number): boolean {
  if (code >= 0xd800 && code <= 0xdfff) return false
  if (l.context.characterSet.startsWith('utf8')) return code !== 0xa0 && code < 0xfff0
  return /[\p{L}\p{N}]/u.test(String.fromCharCode(code))
}

function isAsciiRun(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (text.charCodeAt(i) > 127) return false
  return true
}

function lexWord(l: Lexer, first: number): void {
  const { text } = l
  const start = l.at
  if (text.charCodeAt(start + 1) === SINGLE && lexPrefixed(l, first)) return
  if (first === 36 && l.context.product === 'mysql' && l.context.version >= 90000) {
    return fail(l, 'A name that begins with $ must stand in back-quotes', start)
  }
  const end = nameEnd(l, start)
  if (l.problem !== undefined) return
  if (text.charCodeAt(end) === DOT && startsName(text.charCodeAt(end + 1))) return lexDotted(l, end)
  const ascii = isAsciiRun(text, start, end)
  const word = ascii ? text.slice(start, end).toUpperCase() : ''
  if (first === 95 && isIntroducer(word.slice(1))) push(l, INTRODUCER, start, end, '')
  else push(l, ascii ? WORD : IDENT, start, end, word)
}

function startsName(code: number): boolean {
  return code < 128 ? ((classes[code] ?? 0) & 1) !== 0 : code === code
}

/** `x'…'`, `b'…'`, `n'…'`. */
function lexPrefixed(l: Lexer, first: number): boolean {
  const letter = first | 32
  const { text } = l
  const start = l.at
  if (letter === 110) {
    const end = skipQuoted(text, start + 1, !l.context.sqlMode.noBackslashEscapes)
    if (end < 0) fail(l, 'A string does not end', start)
    else push(l, NATIONAL, start, end, '')
    return true
  }
  if (letter !== 120 && letter !== 98) return false
  let i = start + 2
  const fits = letter === 120 ? isHexDigit : (c: number) => c === 48 || c === 49
  while (fits(text.charCodeAt(i))) i += 1
  const odd = letter === 120 && (i - start) % 2 === 1
  if (text.charCodeAt(i) !== SINGLE || odd) fail(l, 'A hexadecimal or bit literal is not well formed', start)
  else push(l, letter === 120 ? HEX : BIT, start, i + 1, '')
  return true
}

/** `a.b.c` without quotes or white space: none of them is a word of the language. */
function lexDotted(l: Lexer, firstEnd: number): void {
  const { text } = l
  push(l, IDENT, l.at, firstEnd, '')
  while (text.charCodeAt(l.at) === DOT && startsName(text.charCodeAt(l.at + 1))) {
    push(l, SIGN, l.at, l.at + 1, '.')
    const end = nameEnd(l, l.at)
    if (l.problem !== undefined) return
    push(l, IDENT, l.at, end, '')
  }
}

function lexNumber(l: Lexer, first: number): void {
  const { text } = l
  const start = l.at
  if (first === 48 && lexZeroPrefixed(l)) return
  let i = start
  while (isDigit(text.charCodeAt(i))) i += 1
  const c = text.charCodeAt(i)
  if (!startsName(c)) {
    if (c === DOT && text.charCodeAt(i + 1) !== DOT) return lexFraction(l, start, i + 1)
    return push(l, NUMBER, start, i, '')
  }
  if (c === 101 || c === 69) {
    const signed = text.charCodeAt(i + 1) === 43 || text.charCodeAt(i + 1) === MINUS
    const digits = i + (signed ? 2 : 1)
    if (isDigit(text.charCodeAt(digits))) {
      let end = digits
      while (isDigit(text.charCodeAt(end))) end += 1
      return push(l, NUMBER, start, end, '')
    }
    if (signed) return fail(l, 'A number has no exponent', start)
  }
  const end = nameEnd(l, i)
  if (l.problem !== undefined) return
  if (text.charCodeAt(end) === DOT && startsName(text.charCodeAt(end + 1))) return lexDotted(l, end)
  push(l, IDENT, start, end, '')
}

/** `0x1F`, `0b01`; with anything else behind they are names. */
function lexZeroPrefixed(l: Lexer): boolean {
  const { text } = l
  const letter = text.charCodeAt(l.at + 1)
  if (letter !== 120 && letter !== 98) return false
  const fits = letter === 120 ? isHexDigit : (c: number) => c === 48 || c === 49
  let i = l.at + 2
  while (fits(text.charCodeAt(i))) i += 1
  if (i === l.at + 2 || startsName(text.charCodeAt(i))) return false
  push(l, letter === 120 ? HEX : BIT, l.at, i, '')
  return true
}

/** From behind the point. */
function lexFraction(l: Lexer, start: number, at: number): void {
  const { text } = l
  let i = at
  while (isDigit(text.charCodeAt(i))) i += 1
  const c = text.charCodeAt(i)
  if (c === 101 || c === 69) {
    const sign = text.charCodeAt(i + 1)
    let end = i + (sign === 43 || sign === MINUS ? 2 : 1)
    if (!isDigit(text.charCodeAt(end))) return fail(l, 'A number has no exponent', start)
    while (isDigit(text.charCodeAt(end))) end += 1
    i = end
  }
  push(l, NUMBER, start, i, '')
}

function lexSign(l: Lexer, c: number): void {
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

const escapeSigns: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // For patterns the backslash stays.
  '%': '\\%',
  _: '\\_',
}

/** What a quoted text means. */
export function decodeQuoted(text: string, start: number, end: number, escapes: boolean): string {
  const quote = text.charCodeAt(start)
  const raw = text.slice(start + 1, end - 1)
  const withEscapes = escapes && quote !== BACKTICK && raw.includes('\\')
  if (!withEscapes && !raw.includes(String.fromCharCode(quote))) return raw
  let decoded = ''
  for (let i = 0; i < raw.length; i += 1) {
    const c = raw.charCodeAt(i)
    if (c === BACKSLASH && withEscapes && i + 1 < raw.length) {
      i += 1
      const sign = raw.charAt(i)
      decoded += escapeSigns[sign] ?? sign
    } else {
      if (c === quote) i += 1
      decoded += raw.charAt(i)
    }
  }
  return decoded
}
