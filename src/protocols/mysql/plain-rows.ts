// Rows that are handed on as they are: of a large answer there is nothing else, so they are stepped over in one go.

import { answer as says } from './codec.ts'
import type { Answer } from './expected.ts'
import { headBytes, wholePacketBytesMax } from './packets.ts'

/**
 * Counts the whole rows from here on, up to anything that is not certain to be one.
 * @returns where the last of them begins; -1: there are none
 */
export function lastPlainRow(answer: Answer | undefined, bytes: Buffer, from: number): number {
  if (answer?.phase !== 'rows' || answer.swallowed || answer.interrupted) return -1
  let rows = 0
  let last = -1
  let at = from
  while (at + headBytes < bytes.length) {
    const length = bytes.readUIntLE(at, 3)
    const next = at + headBytes + length
    // An error, the end, and a row that begins with a very long value have the highest bytes first.
    const isRow = length > 0 && Number(bytes[at + headBytes]) < says.eof
    if (!isRow || length > wholePacketBytesMax || next > bytes.length) break
    rows += 1
    last = at
    at = next
  }
  if (answer.kind !== 'fields') answer.rows += rows
  answer.bytes += at - from
  return last
}
