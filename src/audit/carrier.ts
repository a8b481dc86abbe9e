// Carries what is on disk to the server database, in the background, reading the journal again: nothing is held in memory.

import type { Clock } from '../core/clock.ts'
import type { Limits } from '../core/limits.ts'
import type { AuditStore, Position } from './audit-store.ts'
import { Bundle } from './bundle.ts'
import type { Carrying, CarrySource } from './carrying.ts'
import { parseLine } from './chain.ts'
import type { JournalFile } from './journal-file.ts'
import { cutLines, readPieces } from './lines.ts'
import { type JournalRecord, parseRecord } from './record.ts'
import type { AuditLog, Synced } from './trail.ts'

export interface CarrierParts {
  readonly file: Pick<JournalFile, 'read' | 'segments'>
  readonly store: AuditStore
  readonly clock: Clock
  readonly limits: Pick<
    Limits,
    'carryBatchMax' | 'carryDelayMs' | 'carryRetryMaxMs' | 'carryPauseFactor' | 'carryBusyPerSecond'
  >
  readonly after: (ms: number, run: () => void) => () => void
  readonly log: AuditLog
  readonly source: () => CarrySource
}

const pauseMaxMs = 1_000

/** How much the server has to do is seen over at least this time. */
const lookMs = 50

/** Where reading stands. */
interface Reading {
  readonly chain: string
  position: Position | undefined
  segment: number
  offset: number
  bundle: Bundle
}

export class Carrier implements Carrying {
  readonly #parts: CarrierParts
  #reading: Reading | undefined
  #running: Promise<void> | undefined
  #callOff: (() => void) | undefined
  #failures = 0
  #carried = 0
  #closing = false
  #pauseMs = 0
  /** What was on disk at the last batch, and when: shows how much the server has to do. */
  #lastLook = { sequence: 0, atMs: Number.NEGATIVE_INFINITY }
  #busy = false

  constructor(parts: CarrierParts) {
    this.#parts = parts
  }

  get carried(): number {
    return this.#carried
  }

  wake(): void {
    this.#later(this.#parts.limits.carryDelayMs)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#callOff?.()
    await this.#running
    for (let more = true; more; ) {
      try {
        more = await this.#carryOne()
      } catch (error) {
        this.#parts.log.error(
          'not all of the audit is in the server database; the rest follows at the next start',
          error,
        )
        return
      }
    }
  }

  #later(ms: number): void {
    if (this.#closing || this.#running !== undefined) return
    this.#callOff ??= this.#parts.after(ms, () => {
      this.#callOff = undefined
      this.#running = this.#run().finally(() => {
        this.#running = undefined
        const { synced } = this.#parts.source()
        if (this.#failures > 0 || this.#carried < synced.sequence) this.#later(this.#waitMs())
      })
    })
  }

  /** After a failure longer and longer; while there is more, long enough to leave the processor to others. */
  #waitMs(): number {
    const { carryDelayMs, carryRetryMaxMs } = this.#parts.limits
    if (this.#failures > 0) return Math.min(carryRetryMaxMs, carryDelayMs * 2 ** Math.min(this.#failures, 16))
    return this.#pauseMs
  }

  /** One batch. Never rejects. */
  async #run(): Promise<void> {
    const { clock, limits, log } = this.#parts
    const start = clock.monotonicMs()
    try {
      await this.#carryOne()
      if (this.#failures > 0) log.info('the audit is carried to the server database again')
      this.#failures = 0
      const tookMs = clock.monotonicMs() - start
      this.#pauseMs = Math.min(pauseMaxMs, tookMs * (this.#isBusy() ? limits.carryPauseFactor : 1))
    } catch (error) {
      this.#reading = undefined
      this.#failures += 1
      if (this.#failures === 1)
        log.error('the audit cannot be carried to the server database; it waits in the journal', error)
    }
  }

  /** Statements that wait go first; the journal keeps the rest for when fewer do. */
  #isBusy(): boolean {
    const { clock, limits, source } = this.#parts
    const before = this.#lastLook
    const now = { sequence: source().synced.sequence, atMs: clock.monotonicMs() }
    const passedMs = now.atMs - before.atMs
    if (passedMs < lookMs) return this.#busy
    this.#lastLook = now
    this.#busy = ((now.sequence - before.sequence) * 1000) / passedMs > limits.carryBusyPerSecond
    return this.#busy
  }

  /** @returns whether there may be more */
  async #carryOne(): Promise<boolean> {
    const { chain, synced } = this.#parts.source()
    if (chain === undefined || this.#carried >= synced.sequence) return false
    this.#reading ??= await this.#begin(chain)
    const reading = this.#reading
    try {
      const last = await this.#read(reading, synced)
      if (last === undefined) {
        if (reading.segment >= synced.segment) return false
        await this.#nextSegment(reading)
        return true
      }
      const batch = reading.bundle.take(chain, reading.position, last)
      await this.#parts.store.carry(batch)
      reading.position = last
      this.#carried = last.sequence
      return true
    } catch (error) {
      this.#reading = undefined
      throw error
    }
  }

  async #begin(chain: string): Promise<Reading> {
    const position = await this.#parts.store.position(chain)
    const [first] = await this.#parts.file.segments()
    this.#carried = position?.sequence ?? 0
    return { chain, position, segment: position?.segment ?? first ?? 1, offset: 0, bundle: new Bundle() }
  }

  async #nextSegment(reading: Reading): Promise<void> {
    const next = (await this.#parts.file.segments()).find(segment => segment > reading.segment)
    if (next === undefined) throw new Error('a segment of the journal is missing')
    reading.segment = next
    reading.offset = 0
    // Numbers of plans and sessions hold for one segment.
    reading.bundle = new Bundle()
  }

  /** Reads the next batch. @returns the position behind it, or `undefined` if the segment has no more */
  async #read(reading: Reading, synced: Synced): Promise<Position | undefined> {
    const end = reading.segment === synced.segment ? synced.bytes : Number.MAX_SAFE_INTEGER
    const base = reading.offset
    let last: Position | undefined
    for await (const lines of cutLines(readPieces(this.#parts.file, reading.segment, base, end))) {
      for (const line of lines) {
        const read = readLine(line.bytes, reading.segment)
        reading.offset = base + line.from + line.bytes.length + 1
        const { n } = read.record
        const known = reading.position
        if (known !== undefined && n <= known.sequence) {
          if (n === known.sequence && read.hash !== known.hash) {
            throw new Error(`record ${n} of the journal is not the one that was carried`)
          }
          reading.bundle.learn(read.record)
          continue
        }
        reading.bundle.add(read.record, read.hash)
        last = { segment: reading.segment, sequence: n, hash: read.hash }
        if (reading.bundle.size >= this.#parts.limits.carryBatchMax) return last
      }
    }
    return last
  }
}

function readLine(bytes: Buffer, segment: number): { readonly record: JournalRecord; readonly hash: string } {
  const line = parseLine(bytes.toString('utf8'))
  const record = line === undefined ? undefined : parseRecord(line.body)
  if (line === undefined || record === undefined) {
    throw new Error(`segment ${segment} of the journal cannot be read: run the verification`)
  }
  return { record, hash: line.hash }
}
