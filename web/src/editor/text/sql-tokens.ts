// Cuts SQL into its smallest parts, by dialect: enough to know what is text, what is a name and what is neither.
// For the eye and the hand only: what a statement really does is read by the server.

import type { TargetProtocol } from '../../../../src/console/contract.ts'

export interface SqlToken {
  readonly kind: 'space' | 'comment' | 'string' | 'name' | 'word' | 'number' | 'symbol'
  readonly from: number
  readonly to: number
}

const space = /\s+/y
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy
const mysqlWord = /[\p{L}_$][\p{L}\p{N}_$]*/uy
const number = /0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?/iy
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy
const placeholder = /\$\d+/y

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found === null ? at : at + found[0].length
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** A comment may stand in another one in PostgreSQL, not in MySQL. */
function endOfBlock(text: string, at: number, nested: boolean): number {
  let depth = 1
  for (let place = at + 2; place < text.length; place += 1) {
    if (text.startsWith('*/', place)) {
      depth -= 1
      place += 1
      if (depth === 0) return place + 1
    } else if (nested && text.startsWith('/*', place)) {
      depth += 1
      place += 1
    }
  }
  return text.length
}

/** The place behind the closing quote; a doubled quote does not close. */
function endOfQuoted(text: string, at: number, quote: string, escapes: boolean): number {
  for (let place = at + 1; place < text.length; place += 1) {
    if (escapes && text[place] === '\\') place += 1
    else if (text[place] === quote) {
      if (text[place + 1] !== quote) return place + 1
      place += 1
    }
  }
  return text.length
}

function commentAt(text: string, at: number, dialect: TargetProtocol): number {
  if (text.startsWith('/*', at)) return endOfBlock(text, at, dialect === 'postgres')
  if (dialect === 'mysql' && text[at] === '#') return endOfLine(text, at)
  if (!text.startsWith('--', at)) return at
  const begins = dialect === 'postgres' || at + 2 >= text.length || /\s/.test(text[at + 2] ?? '')
  return begins ? endOfLine(text, at) : at
}

function stringAt(text: string, at: number, dialect: TargetProtocol): number {
  const char = text[at] ?? ''
  if (dialect === 'mysql') return char === "'" || char === '"' ? endOfQuoted(text, at, char, true) : at
  if (char === "'") return endOfQuoted(text, at, char, false)
  if (/[ebxn]/i.test(char) && text[at + 1] === "'") {
    return endOfQuoted(text, at + 1, "'", char === 'e' || char === 'E')
  }
  if (/^u&'/i.test(text.slice(at, at + 3))) return endOfQuoted(text, at + 2, "'", false)
  const opened = matchAt(dollarTag, text, at)
  if (opened === at) return at
  const closed = text.indexOf(text.slice(at, opened), opened)
  return closed < 0 ? text.length : closed + (opened - at)
}

/** The part that begins at a place within the text. */
export function tokenAt(text: string, at: number, dialect: TargetProtocol): SqlToken {
  const token = (kind: SqlToken['kind'], to: number): SqlToken => ({ kind, from: at, to })
  let to = matchAt(space, text, at)
  if (to > at) return token('space', to)
  to = commentAt(text, at, dialect)
  if (to > at) return token('comment', to)
  to = stringAt(text, at, dialect)
  if (to > at) return token('string', to)
  const quote = dialect === 'mysql' ? '`' : '"'
  if (text[at] === quote) return token('name', endOfQuoted(text, at, quote, false))
  to = matchAt(dialect === 'mysql' ? mysqlWord : word, text, at)
  if (to > at) return token('word', to)
  to = matchAt(number, text, at)
  if (to > at) return token('number', to)
  if (dialect === 'postgres') {
    to = matchAt(placeholder, text, at)
    if (to > at) return token('symbol', to)
  }
  return token('symbol', at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1))
}

export function sqlTokens(text: string, dialect: TargetProtocol): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, dialect)
    tokens.push(token)
    at = token.to
  }
  return tokens
}

/** A quoted name as it is meant. */
export function unquoted(text: string): string {
  const quote = text[0] ?? ''
  if (quote !== '"' && quote !== '`') return text
  return text
    .slice(1, text.length > 1 && text.endsWith(quote) ? -1 : undefined)
    .replaceAll(quote + quote, quote)
}
