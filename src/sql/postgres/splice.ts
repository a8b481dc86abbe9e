// Changes pieces of a text at given positions and leaves every other byte as it is.

import type { Splice } from '../dialect.ts'
import { fromBytes } from './parse.ts'
import { type Refusal, unsafe } from './refusal.ts'

export type { Splice }

/** @param bytes the text in byte form. @throws Refusal if two changes overlap */
export function applySplices(bytes: string, splices: readonly Splice[]): string {
  let result = ''
  let position = 0
  for (const splice of inOrder(splices)) {
    result += bytes.slice(position, splice.start) + splice.text
    position = splice.end
  }
  return result + bytes.slice(position)
}

/** The same changes in order, with positions and texts in characters. @throws Refusal if two changes overlap */
export function textSplices(bytes: string, splices: readonly Splice[]): readonly Splice[] {
  let units = 0
  let position = 0
  const unitsUntil = (byte: number): number => {
    units += fromBytes(bytes.slice(position, byte)).length
    position = byte
    return units
  }
  return inOrder(splices).map(({ start, end, text }) => ({
    start: unitsUntil(start),
    end: unitsUntil(end),
    text: fromBytes(text),
  }))
}

function inOrder(splices: readonly Splice[]): readonly Splice[] {
  if (splices.length === 0) return splices
  const ordered: Splice[] = []
  let last: Splice | undefined
  for (const splice of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    // The grammar repeats some subtrees (`SET (a, b) = (SELECT …)`): the same change twice is one change.
    if (last && splice.start === last.start && splice.end === last.end && splice.end > splice.start) {
      if (splice.text !== last.text) throw uncertain()
      continue
    }
    if (splice.start < (last?.end ?? 0)) throw uncertain()
    ordered.push(splice)
    last = splice
  }
  return ordered
}

function uncertain(): Refusal {
  return unsafe('The statement could not be rewritten with certainty.')
}
