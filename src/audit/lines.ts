// Cuts the bytes of a segment into lines, without holding more than a piece of it.

import type { JournalFile } from './journal-file.ts'

/** One whole line, without its line end. */
export interface RawLine {
  readonly bytes: Buffer
  /** Of its first byte. */
  readonly from: number
}

const newline = 0x0a

/** Yields whole lines in bundles. Bytes behind the last line end come as the generator's return value. */
export async function* cutLines(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly RawLine[], RawLine, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  let from = 0
  for await (const piece of pieces) {
    const fresh = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh])
    const lines: RawLine[] = []
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      lines.push({ bytes: bytes.subarray(start, end), from: from + start })
      start = end + 1
    }
    rest = bytes.subarray(start)
    from += start
    if (lines.length > 0) yield lines
  }
  return { bytes: rest, from }
}

const pieceBytes = 256 * 1024

/** The bytes of a segment, up to `end` if given. */
export async function* readPieces(
  file: Pick<JournalFile, 'read'>,
  segment: number,
  from = 0,
  end = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = from
  while (at < end) {
    const piece = await file.read(segment, at, Math.min(pieceBytes, end - at))
    if (piece.length === 0) return
    at += piece.length
    yield piece
  }
}
