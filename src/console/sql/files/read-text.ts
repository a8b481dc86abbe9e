// Text of a file whose encoding nobody says: by its mark, or by what it can be.

import type { Readable } from 'node:stream'

/** Bytes that are looked at to tell the encoding. */
export const sampleBytes = 64 * 1024

/** Those that people's programs write, more certain ones first. */
const candidates = ['utf-8', 'shift_jis', 'euc-jp', 'euc-kr', 'gb18030'] as const

/** @returns a label that `TextDecoder` knows */
export function encodingOf(sample: Uint8Array): string {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  return candidates.find(label => canBe(label, sample)) ?? 'windows-1252'
}

function canBe(label: string, sample: Uint8Array): boolean {
  try {
    // The last sign of a sample may be cut.
    new TextDecoder(label, { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Signs that the encoding does not have become U+FFFD. A mark at the beginning is no part of the text. */
export async function* decoded(bytes: Readable, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk as Uint8Array, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}
