// Turns the entries of one turn of the event loop into lines of the chain, and remembers what lines have said already.

import type { StatementIntent, StatementOutcome, StatementPlan } from '../core/event.ts'
import type { EventId, SessionId } from '../core/ids.ts'
import * as body from './body.ts'
import { formatLine, linkHash } from './chain.ts'
import type { Entry } from './entry.ts'
import type { Sealing } from './sealing.ts'

/** Where the chain stands. */
export interface ChainEnd {
  /** Position of the last record; 0 if there is none. */
  readonly sequence: number
  readonly hash: string
  /** `undefined` until the first record is written. */
  readonly chain: string | undefined
  readonly segment: number
}

/** Texts are sealed together up to this many characters: opening one opens its neighbours too. */
const sealedCharsMax = 64 * 1024

const chainDigits = 32

/** A session or a statement as this segment knows it. */
interface KnownSession {
  readonly facts: body.SessionFacts
  number: number
  /** The segment life in which `number` holds. */
  life: number
}

export class Encoder {
  readonly #server: string
  readonly #sealing: Sealing
  readonly #nowMs: () => number
  #sequence: number
  #hash: string
  #chain: string | undefined
  #segment: number
  #text = ''
  /** Grows whenever numbers given out so far stop to hold. */
  #life = 0
  #plans = new WeakMap<StatementPlan, number>()
  #planCount = 0
  #sessionCount = 0
  readonly #sessions = new Map<SessionId, KnownSession>()
  /** Position of the intent of every statement without outcome. */
  readonly #open = new Map<EventId, number>()
  #begun: EventId[] = []
  #ended: EventId[] = []
  #openedSessions: SessionId[] = []
  #closedSessions: SessionId[] = []
  /** Where the chain stood before the lines that are neither written nor rolled back. */
  #before: ChainEnd | undefined

  constructor(server: string, sealing: Sealing, nowMs: () => number, end: ChainEnd) {
    this.#server = server
    this.#sealing = sealing
    this.#nowMs = nowMs
    this.#sequence = end.sequence
    this.#hash = end.hash
    this.#chain = end.chain
    this.#segment = end.segment
  }

  get end(): ChainEnd {
    return { sequence: this.#sequence, hash: this.#hash, chain: this.#chain, segment: this.#segment }
  }

  get openStatements(): number {
    return this.#open.size
  }

  /** @returns its position, if its outcome is not on record yet */
  positionOf(statement: EventId): number | undefined {
    return this.#open.get(statement)
  }

  /**
   * Lines for these entries. Exactly one of `commit` and `rollBack` must follow.
   * @param segment  number of the segment if these are its first lines
   */
  encode(entries: readonly Entry[], segment: number | undefined): string {
    this.#before = this.end
    this.#text = ''
    if (segment !== undefined) this.#startSegment(segment, entries)
    const texts = this.#sealTexts(entries)
    let next = 0
    for (const entry of entries) {
      if (entry.kind === 'statement') this.#statement(entry, texts, next++)
      else if (entry.kind === 'statement.ended') this.#outcome(entry)
      else this.#other(entry)
    }
    const text = this.#text
    this.#text = ''
    return text
  }

  /** The lines are written. */
  commit(): void {
    this.#before = undefined
    for (const id of this.#ended) this.#open.delete(id)
    for (const id of this.#closedSessions) this.#sessions.delete(id)
    this.#forgetTurn()
  }

  /** The lines are not written, or cut off again: the chain stands where it stood. Numbers are never given twice. */
  rollBack(): void {
    if (this.#before === undefined) return
    for (const id of this.#begun) this.#open.delete(id)
    for (const id of this.#openedSessions) this.#sessions.delete(id)
    this.#forgetTurn()
    this.#sequence = this.#before.sequence
    this.#hash = this.#before.hash
    this.#chain = this.#before.chain
    this.#segment = this.#before.segment
    this.#before = undefined
    this.#forgetNumbers()
  }

  #forgetTurn(): void {
    if (this.#begun.length > 0) this.#begun = []
    if (this.#ended.length > 0) this.#ended = []
    if (this.#openedSessions.length > 0) this.#openedSessions = []
    if (this.#closedSessions.length > 0) this.#closedSessions = []
  }

  #forgetNumbers(): void {
    this.#life += 1
    this.#plans = new WeakMap()
  }

  /** A header names what is still open, what former lives left open included, in case the lines after it are torn off. */
  #startSegment(segment: number, entries: readonly Entry[]): void {
    const inherited = entries.flatMap(entry => (entry.kind === 'unknown' ? [entry.of] : []))
    this.#forgetNumbers()
    this.#planCount = 0
    this.#sessionCount = 0
    this.#segment = segment
    const header = {
      server: this.#server,
      chain: this.#chain,
      segment,
      previous: this.#hash,
      open: [...inherited, ...this.#open.values()],
    }
    this.#add(body.segmentBody(this.#place(this.#nowMs()), header))
    this.#chain ??= this.#hash.slice(0, chainDigits)
  }

  #place(at: number): body.Place {
    return { n: this.#sequence + 1, at }
  }

  #add(line: string): void {
    const hash = linkHash(this.#hash, line)
    this.#hash = hash
    this.#sequence += 1
    this.#text += formatLine({ hash, body: line })
  }

  /**
   * Seals the texts of a turn together: making a cipher costs more than a short text does. A text that is nothing but
   * its shape (a prepared statement) is not kept a second time.
   * @returns position and place of each statement's text, flat, in order
   */
  #sealTexts(entries: readonly Entry[]): readonly number[] {
    const found: number[] = []
    let pending: string[] = []
    let characters = 0
    const seal = () => {
      if (pending.length === 0) return
      const sealed = this.#sealing.seal(Buffer.from(JSON.stringify(pending)))
      const base64 = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).toString('base64')
      this.#add(body.textsBody(this.#place(this.#nowMs()), base64))
      pending = []
      characters = 0
    }
    for (const entry of entries) {
      if (entry.kind !== 'statement') continue
      if (entry.text === entry.plan.shape) {
        found.push(0, 0)
        continue
      }
      if (characters > 0 && characters + entry.text.length > sealedCharsMax) seal()
      // The record that will hold it is the next one, since nothing else is written before all texts are.
      found.push(this.#sequence + 1, pending.length)
      pending.push(entry.text)
      characters += entry.text.length
    }
    seal()
    return found
  }

  #statement(event: StatementIntent, texts: readonly number[], index: number): void {
    const s = this.#sessionNumber(event.sessionId, event.atMs)
    const p = this.#planNumber(event.plan, event.atMs)
    const t = texts[index * 2] ?? 0
    const i = texts[index * 2 + 1] ?? 0
    this.#add(body.statementBody(this.#place(event.atMs), event.id, { s, p, t, i }, event.strength))
    // What was refused has ended already.
    if (event.plan.verdict === 'denied') return
    this.#open.set(event.id, this.#sequence)
    this.#begun.push(event.id)
  }

  #outcome(event: StatementOutcome): void {
    const of = this.#open.get(event.statementId) ?? event.statementId
    this.#add(body.endedBody(this.#place(event.atMs), of, event))
    this.#ended.push(event.statementId)
  }

  #other(entry: Exclude<Entry, StatementIntent | StatementOutcome>): void {
    if (entry.kind === 'note') {
      this.#add(body.noteBody(this.#place(this.#nowMs()), entry.what, entry.count))
      return
    }
    if (entry.kind === 'unknown') {
      const nothing = { rows: 0, bytes: 0, durationMs: 0, result: 'unknown' }
      this.#add(body.endedBody(this.#place(this.#nowMs()), entry.of, nothing))
      return
    }
    if (entry.kind === 'session.opened') {
      this.#sessions.set(entry.sessionId, { facts: entry, number: 0, life: -1 })
      this.#openedSessions.push(entry.sessionId)
    }
    const s = 'sessionId' in entry ? this.#sessionNumber(entry.sessionId, entry.atMs) : 0
    this.#add(body.eventBody(this.#place(entry.atMs), entry, s))
    if (entry.kind === 'session.closed') this.#closedSessions.push(entry.sessionId)
  }

  #sessionNumber(id: SessionId, atMs: number): number {
    let known = this.#sessions.get(id)
    if (known !== undefined && known.life === this.#life) return known.number
    // A session nobody told us of: its id is all we have, and it is not kept, so that nothing piles up.
    known ??= { facts: { sessionId: id }, number: 0, life: -1 }
    known.number = ++this.#sessionCount
    known.life = this.#life
    this.#add(body.sessionBody(this.#place(atMs), known.number, known.facts))
    return known.number
  }

  #planNumber(plan: StatementPlan, atMs: number): number {
    const known = this.#plans.get(plan)
    if (known !== undefined) return known
    const number = ++this.#planCount
    this.#plans.set(plan, number)
    this.#add(body.planBody(this.#place(atMs), number, plan))
    return number
  }
}
