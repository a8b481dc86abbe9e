// Texts and names in what a client says, read exactly as the target will read them.

import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../../core/errors.ts'
import { nameBytesMax } from './prepared.ts'

export const violation = (detail: string) => new GatewayError('protocol.violation', detail)

/** @returns the index behind the zero byte that ends the text */
export function endOfText(chunk: Buffer, start: number, next: number): number {
  const zero = chunk.indexOf(0, start)
  if (zero < 0 || zero >= next) throw violation('a text without an end.')
  return zero + 1
}

/** The text of a statement: what is judged must be, character by character, what the target reads. */
export function decodeText(chunk: Buffer, start: number, end: number): string {
  if (endOfText(chunk, start, end) !== end) throw violation('a zero byte inside of a statement.')
  const text = chunk.toString('utf8', start, end - 1)
  if (text.includes('\ufffd') && !isUtf8(chunk.subarray(start, end - 1)))
    throw violation('a statement that is not valid UTF-8.')
  return text
}

export function decodeName(chunk: Buffer, start: number, end: number): string {
  const size = end - 1 - start
  if (size === 0) return ''
  if (size > nameBytesMax)
    throw new GatewayError(
      'limit.exceeded',
      `names of prepared statements and portals have at most ${nameBytesMax} bytes.`,
    )
  return chunk.toString('latin1', start, end - 1)
}
