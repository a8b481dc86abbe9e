// What the target says: walked message by message without looking into rows, and handed on as it came, except for what
// must be replaced or swallowed.

import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import { ByteReader } from '../../wire/byte-reader.ts'
import { Gatherer } from '../../wire/gatherer.ts'
import { countInTag, decodeErrorFields, encodeNotification, fromTarget, headBytes } from './codec.ts'
import type { Conversation } from './conversation.ts'
import type { Answer, Held } from './expected.ts'
import { meansUtf8 } from './parameters.ts'
import { reduceError, withoutPosition, wordForgotten } from './refuse.ts'

/** Hand the message on as it is. */
const asIs = undefined
const swallowed = Buffer.alloc(0)

/** Longer messages are handed on in parts, so that a large value needs no memory here. */
const wholeMessageMax = 32 * 1024

export class FromTarget {
  readonly #conversation: Conversation
  readonly #limits: Limits
  readonly #handOn: (bytes: Buffer) => void
  /** The start of a message whose end has not come yet, and the bytes it takes. */
  readonly #rest = new Gatherer()
  #restNeeds = 0
  /** Bytes still to come of a message that is handed on in parts. */
  #passing = 0
  /** Of the answer that is coming in: rows and bytes so far, statements done, rows of those, and its error. */
  #rows = 0
  #bytes = 0
  #done = 0
  #doneRows = 0
  #sqlState: string | undefined

  constructor(conversation: Conversation, limits: Limits, handOn: (bytes: Buffer) => void) {
    this.#conversation = conversation
    this.#limits = limits
    this.#handOn = handOn
  }

  /** Whether the client has got whole messages only, so that one of ours may follow. */
  get atBoundary(): boolean {
    return this.#passing === 0
  }

  /**
   * @param chunk  used only during the call
   * @throws GatewayError if the target says what nobody asked for
   */
  feed(chunk: Buffer): void {
    if (this.#rest.length === 0) this.#walk(chunk)
    else this.#complete(chunk)
    const { onSettled, expected } = this.#conversation
    if (onSettled && expected.size === 0) {
      this.#conversation.onSettled = undefined
      onSettled()
    }
  }

  /** Joins only what belongs to the message that was cut; the rest of the chunk is walked in place. */
  #complete(chunk: Buffer): void {
    let missing = this.#restNeeds - this.#rest.length
    if (chunk.length >= missing && this.#rest.length < headBytes) {
      // Only now the length of the message is known.
      const head = Buffer.concat([this.#rest.peek(headBytes), chunk.subarray(0, missing)])
      this.#restNeeds = sizeOf(head, 0)
      if (!this.#conversation.asking && isLarge(Number(head[0]), this.#restNeeds)) {
        this.#walk(Buffer.concat([this.#rest.take(), chunk]))
        return
      }
      missing = this.#restNeeds - this.#rest.length
    }
    if (chunk.length < missing) {
      this.#rest.add(Buffer.from(chunk))
      return
    }
    this.#rest.add(chunk.subarray(0, missing))
    this.#walk(this.#rest.take())
    if (chunk.length > missing) this.#walk(chunk.subarray(missing))
  }

  #walk(chunk: Buffer): void {
    const end = chunk.length
    let from = 0
    let at = 0
    if (this.#passing > 0) {
      at = Math.min(this.#passing, end)
      this.#passing -= at
    }
    while (end - at >= headBytes) {
      const type = chunk[at]
      const size = sizeOf(chunk, at)
      const next = at + size
      if (next > end) {
        this.#restNeeds = size
        if (!this.#conversation.asking && isLarge(Number(type), size)) {
          this.#control(Number(type), chunk, at, end, size)
          this.#passing = next - end
          at = end
        } else if (size > this.#limits.messageBytesMax)
          throw new GatewayError('limit.exceeded', 'a message of the target is too long.')
        break
      }
      if (this.#conversation.asking?.takes(Number(type))) {
        if (at > from) this.#handOn(chunk.subarray(from, at))
        const isLast = this.#conversation.asking.message(Number(type), chunk, at + headBytes, next)
        if (isLast) this.#conversation.asking = undefined
        from = next
      } else if (type === fromTarget.dataRow) {
        if (!this.#mayRow()) throw outOfStep()
        this.#rows++
        this.#bytes += size
      } else {
        const instead = this.#control(Number(type), chunk, at, next, size)
        if (instead !== asIs) {
          if (at > from) this.#handOn(chunk.subarray(from, at))
          if (instead.length > 0) this.#handOn(instead)
          from = next
        }
      }
      at = next
    }
    if (at > from) this.#handOn(from === 0 && at === end ? chunk : chunk.subarray(from, at))
    if (at < end) {
      if (end - at < headBytes) this.#restNeeds = headBytes
      this.#rest.add(Buffer.from(chunk.subarray(at)))
    }
  }

  /** Whether rows can belong to a statement that was let through. */
  #mayRow(): boolean {
    return this.#conversation.expected.first?.judged !== undefined
  }

  /** @returns what to tell in place of the message, or `asIs` */
  #control(type: number, chunk: Buffer, at: number, next: number, size: number): Buffer | undefined {
    const { expected } = this.#conversation
    const first = expected.first
    switch (type) {
      case fromTarget.readyForQuery:
        return this.#ready(first, Number(chunk[at + headBytes]))
      case fromTarget.commandComplete:
        return this.#completed(chunk, at, next, size, first)
      case fromTarget.parseComplete:
        expect(first, 'parse')
        if (first.undo?.kind === 'statement' && first.undo.now) first.undo.now.known = true
        expected.shift()
        return first.swallowed ? swallowed : asIs
      case fromTarget.bindComplete:
        expect(first, 'bind')
        expected.shift()
        return asIs
      case fromTarget.closeComplete:
        expect(first, 'close')
        expected.shift()
        return first.swallowed ? swallowed : asIs
      case fromTarget.rowDescription:
        if (first?.kind === 'describe') expected.shift()
        else expect(first, 'query')
        return asIs
      case fromTarget.noData:
        expect(first, 'describe')
        expected.shift()
        return asIs
      case fromTarget.emptyQueryResponse:
      case fromTarget.portalSuspended:
        if (first?.kind === 'execute') {
          this.#end(first, 'ok')
          expected.shift()
          if (first.held) return holdBack(first.held, chunk, at, next)
        } else expect(first, 'query')
        return asIs
      case fromTarget.copyInResponse:
        this.#beginCopyIn()
        return asIs
      case fromTarget.dataRow:
      case fromTarget.copyData:
        if (!this.#mayRow()) throw outOfStep()
        this.#rows++
        this.#bytes += size
        return asIs
      case fromTarget.errorResponse:
        return this.#error(chunk, at, next, first)
      case fromTarget.noticeResponse:
        return this.#conversation.reducing ? reduceError(type, chunk, at + headBytes, next) : asIs
      case fromTarget.parameterStatus:
        checkSetting(chunk, at, next)
        return asIs
      case fromTarget.notificationResponse:
        return this.#notified(chunk, at, next)
      case fromTarget.copyDone:
      case fromTarget.copyOutResponse:
      case fromTarget.parameterDescription:
        return asIs
      default:
        throw outOfStep()
    }
  }

  #ready(first: Answer | undefined, status: number): Buffer | undefined {
    if (first?.kind === 'query') {
      // A statement that ended without an answer of its own ended with an error, or was empty.
      this.#end(first, this.#sqlState ?? 'ok')
    } else expect(first, 'sync')
    this.#conversation.expected.shift()
    this.#conversation.copyIn = false
    if (first.held) {
      first.held.status = status
      first.held.end()
      return swallowed
    }
    this.#conversation.ready(status)
    return asIs
  }

  #completed(
    chunk: Buffer,
    at: number,
    next: number,
    size: number,
    first: Answer | undefined,
  ): Buffer | undefined {
    if (first?.kind !== 'query' && first?.kind !== 'execute') throw outOfStep()
    const count = countInTag(chunk, at + headBytes, next)
    this.#doneRows += count < 0 ? this.#rows : count
    this.#rows = 0
    this.#bytes += size
    const { judged } = first
    if (judged?.kind === 'passed') {
      // `ROLLBACK` is the only tag that begins with these letters.
      const rolledBack = chunk[at + headBytes] === 0x52 && chunk[at + headBytes + 1] === 0x4f
      this.#conversation.succeeded(judged, this.#done, rolledBack)
    }
    this.#done++
    if (first.held) first.held.count = count
    if (first.kind === 'execute') {
      this.#end(first, 'ok')
      this.#conversation.expected.shift()
      return first.held ? holdBack(first.held, chunk, at, next) : asIs
    }
    if (!first.held) return asIs
    first.held.completion = Buffer.from(chunk.subarray(at, next))
    return swallowed
  }

  /** What others, or their triggers, put into a notification can be whole rows, and nobody rewrote it. */
  #notified(chunk: Buffer, at: number, next: number): Buffer | undefined {
    const { visit, processId } = this.#conversation
    if (!visit.hidesAnything) return asIs
    const reader = new ByteReader(chunk, at + headBytes, next)
    const sender = reader.int32()
    return sender === processId ? asIs : encodeNotification(sender, reader.zeroEnded())
  }

  #beginCopyIn(): void {
    const { expected } = this.#conversation
    const kind = expected.first?.kind
    if (kind !== 'query' && kind !== 'execute') throw outOfStep()
    const began = expected.beginCopyIn()
    if (began === 'violated')
      throw new GatewayError('protocol.violation', 'a statement in the middle of COPY data.')
    this.#conversation.copyIn = began === 'open'
  }

  #error(chunk: Buffer, at: number, next: number, first: Answer | undefined): Buffer | undefined {
    const fields = new Map(decodeErrorFields(chunk, at + headBytes, next))
    const sqlState = fields.get('C') ?? 'XX000'
    // The connection ends with it: it answers nothing that was asked.
    const isLast = (fields.get('V') ?? fields.get('S')) !== 'ERROR'
    if (!isLast && !first) throw outOfStep()
    this.#conversation.copyIn = false
    this.#conversation.failed()
    const interrupted = sqlState === queryCanceled ? first?.interrupted : undefined
    const own = isLast ? undefined : (first?.own ?? interrupted)
    this.#sqlState = own?.sqlState ?? sqlState
    if (!isLast && first && first.kind !== 'query' && first.kind !== 'sync') this.#skip(first, this.#sqlState)
    if (own) return own.bytes
    const start = at + headBytes
    const forgotten = first && wordForgotten(sqlState, first.judged)
    if (forgotten) return forgotten.bytes
    if (this.#conversation.reducing) return reduceError(fromTarget.errorResponse, chunk, start, next)
    const judged = first?.judged
    const isRewritten = judged?.kind === 'passed' && judged.text !== judged.original
    return isRewritten && fields.has('P')
      ? withoutPosition(fromTarget.errorResponse, chunk, start, next)
      : asIs
  }

  /** The target skips all that came behind the failed message, up to the next `Sync`. */
  #skip(failed: Answer, sqlState: string): void {
    const { expected } = this.#conversation
    const skipped = expected.skipToSync()
    if (expected.size === 0) this.#conversation.targetSkips = true
    this.#conversation.undo(skipped)
    for (const answer of skipped) this.#end(answer, answer === failed ? sqlState : notDone)
    failed.held?.end()
  }

  /** Puts the outcome of a statement on record, if its intent is. */
  #end(answer: Answer, result: string): void {
    const { clock, visit } = this.#conversation
    if (answer.held) answer.held.outcome = { rows: this.#doneRows + this.#rows, bytes: this.#bytes, result }
    else if (answer.statement !== undefined)
      visit.ended(answer.statement, {
        rows: this.#doneRows + this.#rows,
        bytes: this.#bytes,
        durationMs: clock.monotonicMs() - answer.startedMs,
        result,
      })
    this.#rows = 0
    this.#bytes = 0
    this.#done = 0
    this.#doneRows = 0
    this.#sqlState = undefined
  }

  /** The session ends: what was not answered may have happened or not. */
  endAll(): void {
    for (const answer of this.#conversation.expected.takeAll()) this.#end(answer, 'unknown')
  }
}

/** The end of an execution is not told yet. */
function holdBack(held: Held, chunk: Buffer, at: number, next: number): Buffer {
  held.completion = Buffer.from(chunk.subarray(at, next))
  held.end()
  return swallowed
}

/** Also of statements that somebody else cancelled, or that the target's own time limit ended. */
const queryCanceled = '57014'

/** Code for a statement that the target skipped because of an error before it: it was ignored. */
const notDone = '25P02'

const sizeOf = (chunk: Buffer, at: number): number => {
  const size =
    1 +
    ((Number(chunk[at + 1]) << 24) |
      (Number(chunk[at + 2]) << 16) |
      (Number(chunk[at + 3]) << 8) |
      Number(chunk[at + 4]))
  if (size < headBytes) throw outOfStep()
  return size
}

/** Whether a message may be handed on in parts: it is long, and nothing in it is looked at. */
const isLarge = (type: number, size: number): boolean =>
  size > wholeMessageMax &&
  (type === fromTarget.dataRow || type === fromTarget.copyData || type === fromTarget.rowDescription)

const outOfStep = () =>
  new GatewayError('session.ended', 'the target answered in a way that was not expected.')

function expect(first: Answer | undefined, kind: Answer['kind']): asserts first is Answer {
  if (first?.kind !== kind) throw outOfStep()
}

/** Two settings decide what the text of a statement means: while they differ, nothing can be judged. */
function checkSetting(chunk: Buffer, at: number, next: number): void {
  const reader = new ByteReader(chunk, at + headBytes, next)
  const name = reader.zeroEnded()
  const value = reader.zeroEnded()
  if (
    (name === 'client_encoding' && !meansUtf8(value)) ||
    (name === 'standard_conforming_strings' && value !== 'on')
  )
    throw new GatewayError(
      'session.ended',
      `the setting ${name} was changed to ${value}, which is not supported.`,
    )
}
