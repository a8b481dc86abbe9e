// The chain itself: how one line of the journal follows from the one before it. Described in docs/audit.md.

import { hash } from 'node:crypto'

/** What the first line follows. */
export const genesis = '0'.repeat(64)

/** Version of the format, written into the header of each segment. */
export const formatVersion = 1

/** The hash of a record: over the former one's as 64 hexadecimal digits, then the record's body in UTF-8. */
export function linkHash(previous: string, body: string): string {
  return hash('sha256', previous + body, 'hex')
}

/** One line of a segment, without its line end. */
export interface Line {
  readonly hash: string
  readonly body: string
}

/** Digits of the hash, a space. */
const bodyStart = 65

export function formatLine(line: Line): string {
  return `${line.hash} ${line.body}\n`
}

/** @returns `undefined` if it is not a line of a journal */
export function parseLine(text: string): Line | undefined {
  if (text.length <= bodyStart || text.charCodeAt(64) !== 0x20) return undefined
  const digits = text.slice(0, 64)
  if (!/^[0-9a-f]{64}$/.test(digits)) return undefined
  return { hash: digits, body: text.slice(bodyStart) }
}

/**
 * Whether a line follows from the one before it. Hashes the very bytes of the line, so that bytes which read as the same
 * text do not pass for each other.
 * @param line  its bytes; the first 65 are overwritten
 */
export function checkLine(line: Buffer, previous: string): Line | undefined {
  const parsed = parseLine(line.toString('utf8'))
  if (parsed === undefined) return undefined
  line.write(previous, 1, 'latin1')
  return hash('sha256', line.subarray(1), 'hex') === parsed.hash ? parsed : undefined
}
