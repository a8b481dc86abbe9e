// A statement's shape: literals as `$n`, comments gone, white space folded. Works on any text, valid or not.

import { limits } from '../../core/limits.ts'
import { HEX, BIT, NATIONAL, NUMBER, STRING, lex } from './lexer.ts'
import type { ParseContext } from './syntax.ts'

// In order: comments, strings (with prefix), quoted names, words, numbers, white space.
const lexeme =
  /--[^\n\r]*|#[^\n\r]*|\/\*[^]*?(?:\*\/|$)|(?:\b[bBxXnN])?'(?:[^'\\]|''|\\[^])*(?:'|$)|"(?:[^"\\]|""|\\[^])*(?:"|$)|`(?:[^`]|``)*(?:`|$)|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\s+|[^]/g

/** @param text canonical. At most `shapeCharsMax` characters */
export function shapeOf(text: string, context: ParseContext): string {
  if (text.length > limits.statementCharsMax)
    return ruggedShape(text.slice(0, 2 * limits.shapeCharsMax), context)
  const tokens = lex(text, context)
  if (!('words' in tokens)) return ruggedShape(text, context)
  let shape = ''
  let next = 1
  let last = 0
  for (let at = 0; at < tokens.kinds.length - 1 && shape.length < limits.shapeCharsMax; at += 1) {
    const kind = tokens.kinds[at]
    const start = tokens.starts[at] ?? 0
    const end = tokens.ends[at] ?? 0
    if (shape !== '' && start > last) shape += ' '
    const literal = kind === STRING || kind === NATIONAL || kind === NUMBER || kind === HEX || kind === BIT
    shape += literal ? `$${next++}` : text.slice(start, end)
    last = end
  }
  return shape.slice(0, limits.shapeCharsMax)
}

/** Of a text that cannot be cut into words. */
function ruggedShape(text: string, { sqlMode }: ParseContext): string {
  let next = 1
  let shape = ''
  let gap = false
  for (const [piece] of text.matchAll(lexeme)) {
    const first = piece.charAt(0)
    if (/^(?:--|#|\/\*|\s)/.test(piece)) {
      gap = true
      continue
    }
    if (gap && shape !== '') shape += ' '
    gap = false
    const isText =
      (first === '"' && !sqlMode.ansiQuotes) || (piece.includes("'") && first !== '`' && first !== '"')
    shape += isText || /^\d/.test(piece) ? `$${next++}` : piece
    if (shape.length >= limits.shapeCharsMax) break
  }
  return shape.slice(0, limits.shapeCharsMax)
}
