// Checks a chain from its first byte to its last, without the server and without any key: whether every record is the one that was written.

import { checkLine, formatVersion, genesis } from './chain.ts'
import { cutLines, type RawLine } from './lines.ts'
import { type JournalRecord, parseRecord } from './record.ts'

/** A segment as it lies on disk. */
export interface SegmentBytes {
  readonly segment: number
  readonly pieces: AsyncIterable<Uint8Array>
}

/** A place of the chain that is known from elsewhere: without one, records missing at the very end are not noticed. */
export interface Anchor {
  readonly sequence: number
  readonly hash: string
}

export interface Broken {
  readonly segment: number
  /** 1-based. */
  readonly line: number
  readonly byte: number
  /** The position that the record should have. */
  readonly sequence: number
  readonly what: string
}

export interface VerifyReport {
  readonly verdict: 'whole' | 'broken' | 'unreadable'
  /** For a command: 0 whole, 1 broken, 2 nothing could be checked. */
  readonly exitCode: 0 | 1 | 2
  readonly server: string | undefined
  readonly chain: string | undefined
  readonly segments: number
  /** Checked and right, before the first that is not. */
  readonly records: number
  readonly firstAtMs: number | undefined
  readonly lastAtMs: number | undefined
  readonly lastHash: string
  readonly broken: Broken | undefined
  /** Statements without outcome: running, or cut off by a crash. */
  readonly open: number
  readonly notes: readonly string[]
}

/** @param segments  in ascending order */
export async function verifyChain(
  segments: AsyncIterable<SegmentBytes>,
  anchor?: Anchor,
): Promise<VerifyReport> {
  const check = new Check(anchor)
  for await (const { segment, pieces } of segments) {
    if (!(await check.segment(segment, pieces))) break
  }
  return check.report()
}

class Check {
  readonly #anchor: Anchor | undefined
  readonly #notes: string[] = []
  readonly #open = new Set<number>()
  readonly #refusing = new Set<number>()
  #broken: Broken | undefined
  #server: string | undefined
  #chain: string | undefined
  #segments = 0
  #segment = 0
  #line = 0
  #records = 0
  #hash = genesis
  #firstAtMs: number | undefined
  #lastAtMs: number | undefined
  #anchored = false
  /** Bytes behind the last line of the last segment: of a record that was being written. */
  #torn: { readonly bytes: number; readonly from: number } | undefined

  constructor(anchor: Anchor | undefined) {
    this.#anchor = anchor
  }

  /** @returns whether to go on */
  async segment(segment: number, pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
    if (this.#torn !== undefined) {
      return this.#breaks(
        this.#torn.from,
        'the segment ends in the middle of a record, and another one follows',
      )
    }
    const expected = this.#segment + 1
    this.#line = 0
    if (segment !== expected) {
      this.#segment = expected
      return this.#breaks(0, `segment ${expected} is missing`)
    }
    this.#segment = segment
    this.#segments += 1
    const lines = cutLines(pieces)
    for (let step = await lines.next(); ; step = await lines.next()) {
      if (step.done === true) {
        const { bytes, from } = step.value
        if (bytes.length > 0 || this.#line === 0) this.#torn = { bytes: bytes.length, from }
        return true
      }
      for (const line of step.value) if (!this.#follow(line)) return false
    }
  }

  report(): VerifyReport {
    if (this.#torn !== undefined && this.#broken === undefined) {
      this.#notes.push(
        `The last segment ends in ${this.#torn.bytes} bytes that are no whole record: it is being written, or the server was ended while it wrote. It sets them aside at its next start.`,
      )
    }
    this.#checkAnchor()
    const { verdict, exitCode } = this.#verdict()
    return {
      verdict,
      exitCode,
      server: this.#server,
      chain: this.#chain,
      segments: this.#segments,
      records: this.#records,
      firstAtMs: this.#firstAtMs,
      lastAtMs: this.#lastAtMs,
      lastHash: this.#hash,
      broken: this.#broken,
      open: this.#open.size,
      notes: this.#notes,
    }
  }

  #verdict(): Pick<VerifyReport, 'verdict' | 'exitCode'> {
    if (this.#broken !== undefined) return { verdict: 'broken', exitCode: 1 }
    if (this.#records > 0) return { verdict: 'whole', exitCode: 0 }
    this.#notes.push('There is no record at all.')
    return { verdict: 'unreadable', exitCode: 2 }
  }

  #checkAnchor(): void {
    const anchor = this.#anchor
    if (anchor === undefined || this.#anchored || this.#broken !== undefined || anchor.sequence === 0) return
    this.#breaks(0, `the chain ends before record ${anchor.sequence}, which is known to have been written`)
  }

  #follow(line: RawLine): boolean {
    this.#line += 1
    const length = line.bytes.length
    const checked = checkLine(line.bytes, this.#hash)
    if (checked === undefined) {
      return this.#breaks(line.from, 'the record was changed, or one before it was removed, added or moved')
    }
    const record = parseRecord(checked.body)
    if (record === undefined || length === 0) return this.#breaks(line.from, 'the line holds no record')
    const wrong = this.#wrong(record)
    if (wrong !== undefined) return this.#breaks(line.from, wrong)
    this.#hash = checked.hash
    this.#records += 1
    this.#firstAtMs ??= record.at
    this.#lastAtMs = record.at
    this.#learn(record)
    return this.#meetsAnchor(record.n, line.from)
  }

  /** Whoever can make hashes could also write records that make no sense together. */
  #wrong(record: JournalRecord): string | undefined {
    if (record.n !== this.#records + 1) return `the record says it is number ${record.n}`
    if ((record.k === 'segment') !== (this.#line === 1)) {
      return record.k === 'segment' ? 'a header in the middle of a segment' : 'the segment has no header'
    }
    if (record.k !== 'segment') return undefined
    if (record.format !== formatVersion)
      return `the format is ${record.format}: use the version that wrote it`
    if (record.segment !== this.#segment) return `the header is that of segment ${record.segment}`
    if (record.previous !== this.#hash) return 'the header does not follow the segment before'
    if (record.chain !== (this.#chain ?? null)) return 'the header is that of another chain'
    return undefined
  }

  #learn(record: JournalRecord): void {
    if (record.k === 'segment') {
      this.#server = record.server
      this.#chain ??= this.#hash.slice(0, 32)
      this.#refusing.clear()
    }
    if (record.k === 'plan' && record.verdict === 'denied') this.#refusing.add(record.p)
    if (record.k === 'statement' && !this.#refusing.has(record.p)) this.#open.add(record.n)
    if (record.k === 'statement.ended') this.#open.delete(record.of)
    if (record.k === 'note' && record.what === 'cut') {
      this.#notes.push(
        `Record ${record.n}: ${record.count} bytes of an unfinished write were set aside at a start.`,
      )
    }
    if (record.k === 'note' && record.what === 'lost') {
      this.#notes.push(
        `Record ${record.n}: ${record.count} ends of sessions and the like were lost while the journal could not be written.`,
      )
    }
  }

  #meetsAnchor(sequence: number, byte: number): boolean {
    if (sequence !== this.#anchor?.sequence) return true
    this.#anchored = true
    return this.#hash === this.#anchor.hash
      ? true
      : this.#breaks(byte, 'the record is not the one that is known to have been written here')
  }

  #breaks(byte: number, what: string): false {
    this.#broken ??= { segment: this.#segment, line: this.#line, byte, sequence: this.#records + 1, what }
    return false
  }
}

/** The report in words, for a terminal. */
export function formatVerifyReport(report: VerifyReport): string {
  const time = (ms: number | undefined) => (ms === undefined ? 'never' : new Date(ms).toISOString())
  const lines = [
    `${report.records} records in ${report.segments} segments are as they were written`,
    `server ${report.server ?? 'unknown'}, chain ${report.chain ?? 'unknown'}`,
    `from ${time(report.firstAtMs)} to ${time(report.lastAtMs)}`,
    `last hash ${report.lastHash}`,
    `statements without outcome: ${report.open}`,
    ...report.notes,
  ]
  const { broken } = report
  if (broken !== undefined) {
    lines.push(
      `BROKEN at record ${broken.sequence}: segment ${broken.segment}, line ${broken.line}, byte ${broken.byte}: ${broken.what}`,
    )
  } else lines.push(report.verdict === 'whole' ? 'The chain is whole.' : 'Nothing could be checked.')
  return `${lines.join('\n')}\n`
}
