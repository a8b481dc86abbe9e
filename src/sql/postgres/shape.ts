// A statement's shape: literals as `$n`, comments gone, white space folded. Works on any text, valid or not.

import { limits } from '../../core/limits.ts'

// In order: comments, dollar quotes, strings (with prefix), quoted names, parameters, words, numbers, white space.
const lexeme =
  /--[^\n\r]*|\/\*|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|(?:[eE])'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d[\w]*|\s+|[^]/g

/** At most `shapeCharsMax` characters. */
export function shapeOf(text: string): string {
  let next = 1
  for (const parameter of text.matchAll(/\$(\d{1,5})/g)) next = Math.max(next, Number(parameter[1]) + 1)
  let shape = ''
  let gap = false
  lexeme.lastIndex = 0
  for (let match = lexeme.exec(text); match; match = lexeme.exec(text)) {
    const word = match[0]
    const first = word.charAt(0)
    let piece: string
    if (word === '/*') {
      lexeme.lastIndex = commentEnd(text, match.index)
      gap = true
      continue
    } else if (word.startsWith('--') || /^\s/.test(first)) {
      gap = true
      continue
    } else if (first === '$' && word.endsWith('$')) {
      const end = text.indexOf(word, lexeme.lastIndex)
      lexeme.lastIndex = end < 0 ? text.length : end + word.length
      piece = `$${next++}`
    } else if (word.includes("'") && first !== '"') piece = `$${next++}`
    else if (/^\.?\d/.test(word)) piece = `$${next++}`
    else piece = word
    if (gap && shape !== '') shape += ' '
    gap = false
    shape += piece
    if (shape.length >= limits.shapeCharsMax) return shape.slice(0, limits.shapeCharsMax)
    if (lexeme.lastIndex >= text.length) break
  }
  return shape
}

/** Block comments nest. */
function commentEnd(text: string, start: number): number {
  let depth = 0
  for (let i = start; i < text.length; i += 1) {
    if (text.startsWith('/*', i)) {
      depth += 1
      i += 1
    } else if (text.startsWith('*/', i)) {
      depth -= 1
      i += 1
      if (depth === 0) return i + 1
    }
  }
  return text.length
}
