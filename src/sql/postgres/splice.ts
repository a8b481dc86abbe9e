// Changes pieces of a text at given positions and leaves every other byte as it is.

import { unsafe } from './refusal.ts'

export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @param bytes the text in byte form. @throws Refusal if two changes overlap */
export function applySplices(bytes: string, splices: readonly Splice[]): string {
  if (splices.length === 0) return bytes
  const sorted = [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let position = 0
  let last: Splice | undefined
  for (const splice of sorted) {
    // The grammar repeats some subtrees (`SET (a, b) = (SELECT …)`): the same change twice is one change.
    if (last && splice.start === last.start && splice.end === last.end && splice.end > splice.start) {
      if (splice.text !== last.text) throw unsafe('The statement could not be rewritten with certainty.')
      continue
    }
    if (splice.start < position) throw unsafe('The statement could not be rewritten with certainty.')
    result += bytes.slice(position, splice.start) + splice.text
    position = splice.end
    last = splice
  }
  return result + bytes.slice(position)
}
