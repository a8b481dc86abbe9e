// Changes pieces of a text at given positions and leaves every other character as it is.

import type { Splice } from '../dialect.ts'
import { uncertain } from './refusal.ts'

/** In order; the same change told twice is one. @throws Refusal if two changes overlap */
export function orderSplices(splices: readonly Splice[]): readonly Splice[] {
  const sorted = [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
  const ordered: Splice[] = []
  let last: Splice | undefined
  for (const splice of sorted) {
    if (last && splice.start === last.start && splice.end === last.end && splice.end > splice.start) {
      if (splice.text !== last.text) throw uncertain()
      continue
    }
    if (last && splice.start < last.end) throw uncertain()
    ordered.push(splice)
    last = splice
  }
  return ordered
}

/** @param ordered as `orderSplices` gives them */
export function applySplices(text: string, ordered: readonly Splice[]): string {
  let result = ''
  let position = 0
  for (const { start, end, text: piece } of ordered) {
    result += text.slice(position, start) + piece
    position = end
  }
  return result + text.slice(position)
}
