// Messages that leave for the target together, and the line in which they wait until their intents are on record.

import type { GatewayError } from '../../core/errors.ts'
import type { Judged } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { Conversation } from './conversation.ts'
import type { Answer } from './expected.ts'
import type { TargetSide } from './target-side.ts'

/** What one chunk of the client became. */
export class Batch {
  readonly pieces: Buffer[] = []
  bytes = 0
  /** What must be on record first, in order. */
  readonly judged: Judged[] = []
  /** The answer that each of them will have. */
  readonly answers: Answer[] = []
  permit: Permit | undefined = undefined

  add(piece: Buffer): void {
    if (piece.length === 0) return
    this.pieces.push(piece)
    this.bytes += piece.length
  }

  admit(judged: Judged, answer: Answer): void {
    this.judged.push(judged)
    this.answers.push(answer)
  }
}

export class Departures {
  readonly #conversation: Conversation
  readonly #target: TargetSide
  readonly #onUnrecorded: (error: GatewayError) => void
  /** Called when less waits than before. */
  onRelief: () => void = () => undefined
  #line: Batch[] = []
  #waitingBytes = 0
  #held = false

  constructor(conversation: Conversation, target: TargetSide, onUnrecorded: (error: GatewayError) => void) {
    this.#conversation = conversation
    this.#target = target
    this.#onUnrecorded = onUnrecorded
  }

  /** Whether something waits for its intents to be on record. */
  get isBusy(): boolean {
    return this.#line.length > 0
  }

  /** Bytes that wait here or at the target's connection. */
  get waitingBytes(): number {
    return this.#waitingBytes + this.#target.waitingBytes
  }

  /** Sends a batch once all of its intents are on record, and never before one that came earlier. */
  depart(batch: Batch): void {
    const { visit } = this.#conversation
    if (batch.judged.length === 0) {
      batch.permit = visit.passage
      if (this.#line.length === 0 && !this.#held) {
        this.#target.send(batch.permit, batch.pieces)
        return
      }
    }
    this.#line.push(batch)
    this.#waitingBytes += batch.bytes
    if (batch.judged.length > 0)
      visit.admit(batch.judged, admission => {
        if (admission.kind === 'unrecorded') this.#onUnrecorded(admission.error)
        else this.#admitted(batch, admission.permit)
      })
  }

  #admitted(batch: Batch, permit: Permit): void {
    batch.permit = permit
    const nowMs = this.#conversation.clock.monotonicMs()
    for (let i = 0; i < batch.answers.length; i++) {
      const answer = batch.answers[i]
      if (!answer) continue
      answer.statement = permit.statements[i]
      answer.startedMs = nowMs
      const { judged, statement } = answer
      if (judged?.kind === 'passed' && judged.image?.kind === 'none' && statement !== undefined)
        this.#conversation.visit.skipRows(statement, judged.image.table, judged.image.why)
    }
    this.#sendOn()
  }

  /** Sends a message of ours, whose intent is on record, behind all that waits. */
  sendOwn(permit: Permit, pieces: readonly Buffer[]): void {
    const batch = new Batch()
    for (const piece of pieces) batch.add(piece)
    batch.permit = permit
    this.#line.push(batch)
    this.#waitingBytes += batch.bytes
    this.#sendOn()
  }

  /** Nothing leaves until `release`: a cancel request is on its way, and must not hit what comes next. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#sendOn()
  }

  #sendOn(): void {
    if (this.#held) return
    for (let first = this.#line[0]; first?.permit; first = this.#line[0]) {
      this.#line.shift()
      this.#waitingBytes -= first.bytes
      this.#target.send(first.permit, first.pieces)
    }
    this.onRelief()
  }
}
