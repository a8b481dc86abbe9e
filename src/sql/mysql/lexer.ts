// Text → tokens, as the servers' own lexers cut it: words, names, literals and signs, each with its place.

import { lexSign } from './lexer-signs.ts'
import { classes, DOT, isDigit, isHexDigit, MINUS, SINGLE, skipQuoted } from './lexer-text.ts'
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

// ── lexing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Lexer {
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

export function push(l: Lexer, kind: number, start: number, end: number, word: string): void {
  l.kinds.push(kind)
  l.starts.push(start)
  l.ends.push(end)
  l.words.push(word)
  l.at = end
}

export function fail(l: Lexer, message: string, position: number): void {
  l.problem ??= { kind: 'problem', message, position }
  l.at = l.text.length
}

/** The end of the run of name signs from `at`. */
export function nameEnd(l: Lexer, at: number): number {
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

export function startsName(code: number): boolean {
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
export function lexDotted(l: Lexer, firstEnd: number): void {
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
export function lexFraction(l: Lexer, start: number, at: number): void {
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
