// What every command needs: its text read, judged, put on record and sent, or an answer of ours in its place.

import type { Judged, Passed, Stopped } from '../../gate/gate.ts'
import { stopFor } from '../../gate/judge.ts'
import type { Permit } from '../../gate/permit.ts'
import type { SqlState } from '../../sql/dialect.ts'
import { textCode } from './client-text.ts'
import { encodeQuery, status as bits } from './codec.ts'
import type { Conversation } from './conversation.ts'
import type { Execution } from './execution.ts'
import type { Answer } from './expected.ts'
import type { Keeping } from './keeping.ts'
import { isWayBack, keepsReadOnly } from './own-texts.ts'
import { encodePacket } from './packets.ts'
import type { Refusal } from './refuse.ts'
import { encodeRefusal, forConsole, notReadable, wordStopped } from './refuse.ts'
import type { TargetSide } from './target-side.ts'

export interface DispatchParts {
  readonly conversation: Conversation
  readonly target: TargetSide
  readonly tell: (bytes: Buffer) => void
  readonly fail: (error: unknown) => void
  /** The command is done without the target: look what comes next. */
  readonly settle: () => void
  /** For statements of which rows are kept. */
  readonly keeping: () => Keeping
}

export class Dispatch {
  readonly #parts: DispatchParts
  readonly #conversation: Conversation

  constructor(parts: DispatchParts) {
    this.#parts = parts
    this.#conversation = parts.conversation
  }

  /** Refuses to let a session that only reads be turned into one that writes. */
  keepsReadOnly(judged: Passed): Refusal | undefined {
    return this.#conversation.visit.readOnly ? keepsReadOnly(judged) : undefined
  }

  /** Refuses what would tell hidden values within a transaction, where who changed a row sees more than who did not. */
  refuseWithin(judged: Passed, isBulk = false): boolean {
    const { status } = this.#conversation
    if (judged.countTells !== true) return false
    if (isBulk) {
      this.refuseStopped(stopFor(judged, 'statement.unsafe', notInBulk))
      return true
    }
    if (status !== undefined && (status & bits.autocommit) !== 0 && (status & bits.inTransaction) === 0)
      return false
    this.refuseStopped(stopFor(judged, 'statement.unsafe', notWithin))
    return true
  }

  /** The text of a statement: what is judged must be, character by character, what the target reads. */
  text(payload: Buffer, start: number): string {
    const code = textCode(this.#conversation.facts?.characterSet ?? '')
    // Nothing but plain letters is the same in all of them; `judge` looks again.
    return (code ?? latinOnly).decode(payload, start, payload.length)
  }

  /** What stands before a text of ours. */
  get queryHead(): Buffer {
    return encodeQuery('', this.#conversation.capabilities)
  }

  encode(text: string): Buffer | undefined {
    return textCode(this.#conversation.facts?.characterSet ?? '')?.encode(text)
  }

  /** Calls back at once, or once the target's tables were looked at. */
  judge(text: string, state: SqlState, then: (judged: Judged) => void): void {
    const { visit, facts } = this.#conversation
    const characterSet = facts?.characterSet ?? ''
    if (!textCode(characterSet) && !isWayBack(text)) return this.refuse(notReadable(characterSet))
    const judged = visit.judge(text, state)
    if (!(judged instanceof Promise)) return then(judged)
    void judged.then(outcome => this.#guarded(() => then(outcome)), this.#parts.fail)
    return undefined
  }

  #guarded(act: () => void): void {
    if (this.#conversation.over) return
    try {
      act()
    } catch (error) {
      this.#parts.fail(error)
    }
  }

  /** Puts an intent on record, and calls back once it is. */
  recorded(judged: Judged, then: (permit: Permit) => void): void {
    this.#conversation.visit.admit([judged], admission => {
      this.#guarded(() => {
        if (admission.kind === 'unrecorded') this.#parts.fail(admission.error)
        else then(admission.permit)
      })
    })
  }

  /** @param execution  the values of its parameters, if rows must be asked for by them */
  admit(judged: Passed, bytes: Buffer, answer: Answer, execution?: () => Execution): void {
    this.recorded(judged, permit => {
      const { image } = judged
      const [statement] = permit.statements
      if (image && answer.kind === 'results' && statement !== undefined) {
        if (image.kind === 'image')
          return this.#parts.keeping().run(judged, image, permit, answer, bytes, execution?.() ?? [])
        this.#conversation.visit.skipRows(statement, image.table, image.why)
      }
      answer.statement = permit.statements[0]
      answer.startedMs = this.#conversation.clock.monotonicMs()
      this.#conversation.current = answer
      return this.#parts.target.send(permit, bytes)
    })
  }

  /** Sends what carries no statement, or one that will be recorded when it is executed. */
  pass(bytes: Buffer, answer: Answer): void {
    this.#conversation.current = answer
    this.#parts.target.send(this.#conversation.visit.passage, bytes)
  }

  refuseStopped(stopped: Stopped): void {
    const refusal = wordStopped(stopped)
    this.recorded(stopped, permit => {
      for (const statement of permit.statements)
        this.#conversation.visit.ended(statement, {
          rows: 0,
          bytes: 0,
          durationMs: 0,
          result: refusal.result,
        })
      this.refuse(refusal)
    })
  }

  /** @param at  number of the packet, if the client has heard a part of the answer */
  refuse(refusal: Refusal, at?: number): void {
    const { sequence, visit, facts } = this.#conversation
    const told = visit.session.client.credential === 'console' ? forConsole(refusal) : refusal
    this.answer(encodeRefusal(told, at ?? sequence, facts?.characterSet))
  }

  answer(bytes: Buffer): void {
    this.#parts.tell(bytes)
    this.#parts.settle()
  }

  /** Sends what is not answered, or whose answer is waited for already. */
  send(bytes: Buffer): void {
    this.#parts.target.send(this.#conversation.visit.passage, bytes)
  }
}

const notWithin =
  'This changes columns that are hidden from you. Within a transaction it would show whether they were so already: send it ' +
  'outside of one, with autocommit.'

const notInBulk =
  'This changes columns that are hidden from you, for many sets of parameters at once: the target would tell how many rows changed. ' +
  'Execute it for one after the other.'

const latinOnly = textCode('latin1') ?? { decode: () => '', encode: () => undefined }

/** A command to send, in as many frames as it takes. */
export function encodeCommand(...payload: readonly Buffer[]): Buffer {
  const pieces = encodePacket(Buffer.concat(payload), 0)
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}
