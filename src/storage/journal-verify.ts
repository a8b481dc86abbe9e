// Verifies the journal in a folder, also while a server writes it.

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Anchor, type SegmentBytes, verifyChain, type VerifyReport } from '../audit/verify.ts'
import { listSegments, segmentFile } from './journal-file.ts'

export interface VerifyOptions {
  /** A place of the chain known from elsewhere; makes missing records at the end be noticed. */
  readonly anchor?: Anchor
}

/** How often the end of a journal that changes under our eyes is looked at again. */
const attemptsMax = 5

/**
 * Needs no server and no key.
 * @param folder  the journal's own: `data/journal`
 * @throws Error  if the folder or a segment cannot be read
 */
export async function verifyJournal(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  for (let attempt = 1; ; attempt++) {
    const segments = await listSegments(folder)
    const before = await sizeOfLast(folder, segments)
    const report = await verifyChain(segmentsOf(folder, segments), options.anchor)
    // A server whose disk is full takes back what it wrote by half; a reader may have seen that half.
    const atTheEnd = report.broken !== undefined && report.broken.segment === segments.at(-1)
    if (!atTheEnd || attempt === attemptsMax) return report
    if ((await sizeOfLast(folder, await listSegments(folder))) === before) return report
  }
}

async function sizeOfLast(folder: string, segments: readonly number[]): Promise<string> {
  const last = segments.at(-1)
  return last === undefined ? '' : `${last}:${(await stat(segmentFile(folder, last))).size}`
}

async function* segmentsOf(
  folder: string,
  segments: readonly number[],
): AsyncGenerator<SegmentBytes, void, undefined> {
  for (const segment of segments) {
    const pieces: AsyncIterable<Uint8Array> = createReadStream(segmentFile(folder, segment), {
      highWaterMark: 1024 * 1024,
    })
    yield { segment, pieces }
  }
}
