// Where the parser stands in the tokens, and the small steps that all its parts are made of.

import { limits } from '../../core/limits.ts'
import { decodeQuoted } from './lexer-text.ts'
import { END, IDENT, NATIONAL, NUMBER, QUOTED, STRING, type Tokens, USER_VARIABLE, WORD } from './lexer.ts'
import { reservedWords } from './parse-words.ts'
import type { Literal, Name, ParseContext, TableName, UserVariable } from './syntax.ts'

/** What the parser throws at the first thing that it does not know; never leaves `parse`. */
export class Unknown extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

export interface Cursor {
  readonly text: string
  readonly context: ParseContext
  readonly reserved: ReadonlySet<string>
  readonly mariadb: boolean
  readonly version: number
  readonly escapes: boolean
  readonly kinds: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly words: readonly string[]
  /** The token to be read next, its kind and its word. */
  i: number
  depth: number
  parameters: number
  /** Whether we are inside of the body of a routine. */
  inRoutine: boolean
}

export function createCursor(tokens: Tokens, context: ParseContext): Cursor {
  return {
    text: tokens.text,
    context,
    reserved: reservedWords(context),
    mariadb: context.product === 'mariadb',
    version: context.version,
    escapes: !context.sqlMode.noBackslashEscapes,
    kinds: tokens.kinds,
    starts: tokens.starts,
    ends: tokens.ends,
    words: tokens.words,
    i: 0,
    depth: 0,
    parameters: 0,
    inRoutine: false,
  }
}

// ── looking ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function kindAt(c: Cursor, ahead = 0): number {
  return c.kinds[c.i + ahead] ?? END
}

/** Word in upper case or sign; '' for literals and names in quotes. */
export function wordAt(c: Cursor, ahead = 0): string {
  return c.words[c.i + ahead] ?? ''
}

export function startOf(c: Cursor): number {
  return c.starts[c.i] ?? c.text.length
}

/** The end of the token read last. */
export function endOf(c: Cursor): number {
  return c.ends[c.i - 1] ?? 0
}

export function at(c: Cursor, word: string): boolean {
  return c.words[c.i] === word
}

export function atNext(c: Cursor, word: string): boolean {
  return c.words[c.i + 1] === word
}

/** Whether these words come next. */
export function atWords(c: Cursor, ...words: readonly string[]): boolean {
  for (let k = 0; k < words.length; k += 1) if (c.words[c.i + k] !== words[k]) return false
  return true
}

export function atOneOf(c: Cursor, words: ReadonlySet<string>): boolean {
  return words.has(c.words[c.i] ?? '')
}

/** At the end of a statement. */
export function atEnd(c: Cursor): boolean {
  return c.kinds[c.i] === END || c.words[c.i] === ';'
}

// ── stepping ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export function accept(c: Cursor, word: string): boolean {
  if (c.words[c.i] !== word) return false
  c.i += 1
  return true
}

/** All of these words, or none. */
export function acceptWords(c: Cursor, ...words: readonly string[]): boolean {
  if (!atWords(c, ...words)) return false
  c.i += words.length
  return true
}

/** The first of these words that comes next. */
export function acceptOneOf<W extends string>(c: Cursor, ...words: readonly W[]): W | undefined {
  const word = c.words[c.i]
  for (const one of words) {
    if (one === word) {
      c.i += 1
      return one
    }
  }
  return undefined
}

export function expect(c: Cursor, word: string): void {
  if (c.words[c.i] !== word) throw unknown(c, word)
  c.i += 1
}

export function expectWords(c: Cursor, ...words: readonly string[]): void {
  for (const word of words) expect(c, word)
}

export function expectOneOf<W extends string>(c: Cursor, ...words: readonly W[]): W {
  const word = acceptOneOf(c, ...words)
  if (word === undefined) throw unknown(c, words.join(' or '))
  return word
}

/** The problem at the place where we stand. */
export function unknown(c: Cursor, expected?: string): Unknown {
  const near = c.kinds[c.i] === END ? 'the end' : 'this'
  const hint = expected === undefined ? '' : `: ${expected} was expected`
  return new Unknown(`Sekisho cannot read the statement at ${near}${hint}`, startOf(c))
}

/** Every nesting goes through here, so that no text can exhaust the stack. */
export function deeper<T>(c: Cursor, read: (c: Cursor) => T): T {
  c.depth += 1
  if (c.depth > limits.statementDepthMax) throw new Unknown('The statement is nested too deeply', startOf(c))
  const result = read(c)
  c.depth -= 1
  return result
}

/** One or more, separated by commas. */
export function list<T>(c: Cursor, read: (c: Cursor) => T): T[] {
  const items = [read(c)]
  while (accept(c, ',')) items.push(read(c))
  return items
}

/** In brackets, one or more, separated by commas. */
export function bracketedList<T>(c: Cursor, read: (c: Cursor) => T): T[] {
  expect(c, '(')
  const items = list(c, read)
  expect(c, ')')
  return items
}

// ── names and literals ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether the token can be a name. */
export function isName(c: Cursor, ahead = 0): boolean {
  const kind = c.kinds[c.i + ahead]
  if (kind === WORD) return !c.reserved.has(c.words[c.i + ahead] ?? '')
  return kind === IDENT || kind === QUOTED
}

/** Takes the token as a name, whatever it is. */
export function takeName(c: Cursor): Name {
  const start = c.starts[c.i] ?? 0
  const end = c.ends[c.i] ?? 0
  const quoted = c.kinds[c.i] === QUOTED
  const text = quoted ? decodeQuoted(c.text, start, end, false) : c.text.slice(start, end)
  c.i += 1
  return { kind: 'name', text, quoted, start, end }
}

export function name(c: Cursor): Name {
  if (!isName(c)) throw unknown(c, 'a name')
  return takeName(c)
}

/** A name, or a string that stands for one. */
export function nameOrString(c: Cursor): Name {
  if (c.kinds[c.i] !== STRING) return name(c)
  const { value, start, end } = string(c)
  return { kind: 'name', text: value, quoted: true, start, end }
}

/** `t`, `s.t`, `.t`. */
export function tableName(c: Cursor): TableName {
  const start = startOf(c)
  if (accept(c, '.')) {
    const own = nameBehindDot(c)
    return { kind: 'table-name', schema: undefined, name: own, start, end: own.end }
  }
  const first = name(c)
  if (!accept(c, '.')) return { kind: 'table-name', schema: undefined, name: first, start, end: first.end }
  const second = nameBehindDot(c)
  return { kind: 'table-name', schema: first, name: second, start, end: second.end }
}

/** The lexer has told names behind a dot apart; behind a dot and a blank the usual rule holds. */
export function nameBehindDot(c: Cursor): Name {
  return name(c)
}

/** One string literal without introducer; adjacent ones are one. */
export function string(c: Cursor): Literal {
  if (c.kinds[c.i] !== STRING) throw unknown(c, 'a string')
  return stringTail(c, startOf(c), undefined)
}

/** Strings side by side from here on; `start` is where the literal began. */
export function stringTail(c: Cursor, start: number, introducer: string | undefined): Literal {
  let value = ''
  let first = true
  while (c.kinds[c.i] === STRING || (first && c.kinds[c.i] === NATIONAL)) {
    const from = (c.starts[c.i] ?? 0) + (c.kinds[c.i] === NATIONAL ? 1 : 0)
    value += decodeQuoted(c.text, from, c.ends[c.i] ?? 0, c.escapes)
    c.i += 1
    first = false
  }
  return { kind: 'literal', type: 'string', value, introducer, start, end: endOf(c) }
}

export function numberLiteral(c: Cursor): Literal {
  if (c.kinds[c.i] !== NUMBER) throw unknown(c, 'a number')
  return takeLiteral(c, 'number')
}

/** Takes the token as it is written. */
export function takeLiteral(c: Cursor, type: Literal['type'], introducer?: string): Literal {
  const start = c.starts[c.i] ?? 0
  const end = c.ends[c.i] ?? 0
  c.i += 1
  return { kind: 'literal', type, value: c.text.slice(start, end), introducer, start, end }
}

export function userVariable(c: Cursor): UserVariable {
  if (c.kinds[c.i] !== USER_VARIABLE) throw unknown(c, 'a variable')
  const start = c.starts[c.i] ?? 0
  const end = c.ends[c.i] ?? 0
  c.i += 1
  return { kind: 'user-variable', name: afterAt(c, start, end), start, end }
}

/** The name behind `@`. */
export function afterAt(c: Cursor, start: number, end: number): string {
  const sign = c.text.charCodeAt(start + 1)
  const quoted = sign === 39 || sign === 34 || sign === 96
  const escapes = c.escapes && !(sign === 34 && c.context.sqlMode.ansiQuotes)
  return quoted ? decodeQuoted(c.text, start + 1, end, escapes) : c.text.slice(start + 1, end)
}
