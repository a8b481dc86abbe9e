// Looks at what a former life of the server left: where the chain ends, what was torn, which statements have no outcome.

import { checkLine, formatVersion, genesis } from './chain.ts'
import type { ChainEnd } from './encoder.ts'
import type { JournalFile } from './journal-file.ts'
import { cutLines, type RawLine, readPieces } from './lines.ts'
import { parseRecord } from './record.ts'

export interface Recovered {
  readonly end: ChainEnd
  /** Length of the last segment. */
  readonly bytes: number
  /** Positions of the intents without outcome. */
  readonly open: readonly number[]
  /** Bytes behind the last whole record, set aside. */
  readonly tornBytes: number
}

/**
 * Checks the last segment and sets aside what is no whole record at its end.
 * @throws Error  if a segment is of a newer format, or its first record does not belong to this chain
 */
export async function recoverJournal(file: JournalFile): Promise<Recovered> {
  const segments = [...(await file.segments())]
  let tornBytes = 0
  for (let segment = segments.pop(); segment !== undefined; segment = segments.pop()) {
    const read = await readSegment(file, segment)
    await file.settle(segment, read.wholeBytes)
    tornBytes += read.bytes - read.wholeBytes
    // A segment may have been begun and nothing written into it.
    if (read.end === undefined) continue
    return { end: { ...read.end, segment }, bytes: read.wholeBytes, open: [...read.open], tornBytes }
  }
  return { end: { sequence: 0, hash: genesis, chain: undefined, segment: 0 }, bytes: 0, open: [], tornBytes }
}

interface SegmentEnd {
  readonly sequence: number
  readonly hash: string
  readonly chain: string
}

interface SegmentRead {
  end: SegmentEnd | undefined
  readonly open: Set<number>
  /** Plans that refuse: their statements have no outcome. */
  readonly refusing: Set<number>
  wholeBytes: number
  bytes: number
}

async function readSegment(file: JournalFile, segment: number): Promise<SegmentRead> {
  const read: SegmentRead = { end: undefined, open: new Set(), refusing: new Set(), wholeBytes: 0, bytes: 0 }
  const lines = cutLines(readPieces(file, segment))
  let broken = false
  for (let step = await lines.next(); ; step = await lines.next()) {
    if (step.done === true) {
      read.bytes = step.value.from + step.value.bytes.length
      return read
    }
    for (const line of step.value) {
      if (!broken) broken = !follow(read, line)
    }
  }
}

/** @returns whether the line belongs to the chain */
function follow(read: SegmentRead, line: RawLine): boolean {
  // `checkLine` overwrites the line's head, so what follows reads what it gave back.
  const checked = checkLine(line.bytes, previousOf(read, line))
  const record = checked === undefined ? undefined : parseRecord(checked.body)
  if (checked === undefined || record === undefined) return false
  const { end } = read
  if (end === undefined) {
    if (record.k !== 'segment') return false
    if (record.format !== formatVersion) {
      throw new Error(
        `the journal is of format ${record.format}, this version writes ${formatVersion}: start a newer Sekisho`,
      )
    }
    for (const position of record.open) read.open.add(position)
    read.end = { sequence: record.n, hash: checked.hash, chain: record.chain ?? checked.hash.slice(0, 32) }
  } else {
    if (record.n !== end.sequence + 1) return false
    read.end = { sequence: record.n, hash: checked.hash, chain: end.chain }
    if (record.k === 'plan' && record.verdict === 'denied') read.refusing.add(record.p)
    if (record.k === 'statement' && !read.refusing.has(record.p)) read.open.add(record.n)
    if (record.k === 'statement.ended') read.open.delete(record.of)
  }
  read.wholeBytes = line.from + line.bytes.length + 1
  return true
}

/** The first line of a segment says itself what it follows; whether that is true shows the verifier. */
function previousOf(read: SegmentRead, line: RawLine): string {
  if (read.end !== undefined) return read.end.hash
  const record = parseRecord(line.bytes.toString('utf8', 65))
  return record?.k === 'segment' ? record.previous : genesis
}
