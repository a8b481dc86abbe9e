// Names of prepared statements and cursors, tied to what their maker was allowed to see.

import { type Token, tokenAt } from './parse.ts'
import { quoteName } from './quote.ts'
import type { Rewriting } from './rewriting.ts'
import type { Splice } from './splice.ts'
import type { StatementReading } from './statement-reading.ts'
import { uncertain } from './wrap.ts'

/**
 * A prepared statement keeps the text that it was given. Under another sight it must not be found, so the name that the
 * server knows ends in a mark of the sight.
 */
export function handleSplices(rewriting: Rewriting, statement: StatementReading, name: string): Splice[] {
  const tokens = rewriting.tokens()
  const token = nameToken(tokens, statement, rewriting.bytes.length)
  if (!token || token.kind === 'unicode') throw uncertain()
  const mark = markOf(`${rewriting.sight.version}\0${rewriting.options.maskKey}`)
  const kept = Buffer.byteLength(name) > 40 ? `${name.slice(0, 10)}~${markOf(name)}` : name
  return [{ start: token.start, end: token.end, text: quoteName(`${kept}~${mark}`) }]
}

/** First after the keyword, or last of the statement. */
function nameToken(tokens: readonly Token[], statement: StatementReading, length: number): Token | undefined {
  const first = tokenAt(tokens, statement.start)
  switch (statement.kind) {
    case 'PrepareStmt':
    case 'ExecuteStmt':
    case 'DeclareCursorStmt':
      return tokens[first + 1]
    default:
      return tokens[tokenAt(tokens, Math.min(statement.end, length)) - 1]
  }
}

/** Not a secret; only tells one from another. */
function markOf(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let i = 0; i < text.length; i += 1) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193) >>> 0
    high = Math.imul(high ^ text.charCodeAt(i), 0x5bd1e995) >>> 0
  }
  return low.toString(36) + high.toString(36)
}
