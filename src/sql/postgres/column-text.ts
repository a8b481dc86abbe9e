// Where a column mention is in the text.

import { type Token, tokenAt } from './parse.ts'
import { uncertain, wordAt } from './wrap.ts'

/** From its first byte to its last, `a.b`, `a.*` and `*` included. */
export function columnMention(tokens: readonly Token[], at: number): { start: number; end: number } {
  const first = tokenAt(tokens, at)
  const token = tokens[first]
  if (token?.start !== at) throw uncertain()
  if (token.word === '*' && token.kind === 'other') return { start: token.start, end: token.end }
  let last = first
  for (;;) {
    if (wordAt(tokens, last) === '*') break
    last = singlePart(tokens, last)
    if (wordAt(tokens, last + 1) !== '.') break
    last += 2
  }
  return { start: token.start, end: tokens[last]?.end ?? token.end }
}

/** Bytes before the last two parts of a mention: `db.schema.` of `db.schema.table.column`. */
export function schemaPrefix(
  tokens: readonly Token[],
  at: number,
  parts: number,
): { start: number; end: number } | undefined {
  if (parts < 3) return undefined
  let position = tokenAt(tokens, at)
  const start = tokens[position]?.start
  if (start !== at) throw uncertain()
  for (let skipped = 0; skipped < parts - 2; skipped += 1) {
    position = singlePart(tokens, position) + 1
    if (wordAt(tokens, position) !== '.') throw uncertain()
    position += 1
  }
  const end = tokens[position]?.start
  if (end === undefined) throw uncertain()
  return { start, end }
}

function singlePart(tokens: readonly Token[], at: number): number {
  const token = tokens[at]
  if (!token || token.kind === 'other') throw uncertain()
  return token.kind === 'unicode' && wordAt(tokens, at + 1) === 'UESCAPE' ? at + 2 : at
}
