// The server's own grammar: text → trees and tokens, with positions counted in bytes of UTF-8.

import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync, scanSync } from 'libpg-query'
import { limits } from '../../core/limits.ts'
import { type Refusal, unreadable } from './refusal.ts'
import { type Node, isTree, listOf, nodeOf, numberOf } from './tree.ts'

/** One statement of a text. */
export interface Parsed extends Node {
  /** Bytes of the text that it spans, white space and comments around it included. */
  readonly start: number
  readonly end: number
}

export interface Token {
  readonly start: number
  readonly end: number
  /** As written; keywords in capitals. */
  readonly word: string
  readonly kind: 'word' | 'quoted' | 'unicode' | 'other'
}

/** Must have settled before anything else of this file is called. */
export async function loadGrammar(): Promise<void> {
  await loadModule()
}

/**
 * The text as one character for each byte of its UTF-8, so that positions of the grammar are positions in the string.
 * A text of ASCII alone is itself.
 */
export function toBytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

export function fromBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false
  return true
}

/** 1-based character (not byte) at a byte position, as PostgreSQL counts for its own errors. */
export function characterAt(text: string, byte: number): number {
  return Array.from(fromBytes(toBytes(text).slice(0, byte))).length + 1
}

/** @throws Refusal `statement.unreadable` */
export function parseText(text: string): readonly Parsed[] {
  refuseUnfit(text)
  // Comments and white space alone are no statement; the library throws on the empty text only.
  if (text === '') return []
  let tree: unknown
  try {
    tree = parseSync(text)
  } catch (error) {
    throw parseProblem(error)
  }
  if (!isTree(tree)) throw unreadable('The statement could not be read.')
  const parsed: Parsed[] = []
  for (const raw of listOf(tree, 'stmts')) {
    if (!isTree(raw)) throw unreadable('The statement could not be read.')
    const node = nodeOf(raw['stmt'])
    if (!node) continue
    const start = numberOf(raw, 'stmt_location')
    const length = numberOf(raw, 'stmt_len')
    parsed.push({ ...node, start, end: length > 0 ? start + length : Number.MAX_SAFE_INTEGER })
  }
  return parsed
}

/** The body of a PL/pgSQL routine; the text is its whole `CREATE FUNCTION`. @throws Refusal */
export function parseProcedural(text: string): unknown {
  refuseUnfit(text)
  try {
    return parsePlPgSQLSync(text)
  } catch (error) {
    throw parseProblem(error)
  }
}

/** The tokens of a text that parses, comments left out. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const token of scanSync(text).tokens) {
    if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') continue
    if (token.text.startsWith('--') || token.text.startsWith('/*')) continue
    const first = token.text.charAt(0)
    if (first === '"') tokens.push({ start: token.start, end: token.end, word: token.text, kind: 'quoted' })
    else if (/^[uU]&"/.test(token.text))
      tokens.push({ start: token.start, end: token.end, word: token.text, kind: 'unicode' })
    else if (/^[A-Za-z_\u0080-\u{10ffff}]/u.test(first) && !/^[xXbBnNeEuU]&?'/.test(token.text))
      tokens.push({ start: token.start, end: token.end, word: token.text.toUpperCase(), kind: 'word' })
    else tokens.push({ start: token.start, end: token.end, word: token.text, kind: 'other' })
  }
  return tokens
}

/** Index of the token that begins at a byte, or of the first one after it. */
export function tokenAt(tokens: readonly Token[], byte: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tokens[middle]?.start ?? 0) < byte) low = middle + 1
    else high = middle
  }
  return low
}

function refuseUnfit(text: string): void {
  // The parser takes a NUL byte for the end of the text.
  if (text.includes('\0')) throw unreadable('The statement contains a NUL byte.')
  if (text.length > limits.statementCharsMax) {
    throw unreadable(`The statement is longer than ${limits.statementCharsMax} characters.`)
  }
  if (!text.isWellFormed()) throw unreadable('The statement is not valid Unicode text.')
}

function parseProblem(error: unknown): Refusal {
  if (hasSqlDetails(error)) {
    const at = error.sqlDetails?.cursorPosition
    return unreadable(`The statement could not be read: ${error.message}.`, at)
  }
  // Deep nesting overflows the stack of the parser or of JSON; the module stays usable.
  return unreadable('The statement could not be read: it is nested too deeply or too large.')
}
