// What the target says: walked packet by packet without looking into rows, and handed on as it came, except for what must be
// replaced or swallowed.

import { GatewayError } from '../../core/errors.ts'
import type { Passed } from '../../gate/gate.ts'
import { has } from './capabilities.ts'
import {
  answer as says,
  decodeError,
  decodeLocalInfile,
  decodeOk,
  decodePrepared,
  decodeResultHead,
  encodeError,
  encodeOk,
  isProgress,
  status,
} from './codec.ts'
import type { Conversation } from './conversation.ts'
import type { Answer, Result } from './expected.ts'
import { outOfStep, unasked } from './out-of-step.ts'
import { namesFile } from './own-texts.ts'
import { encodeShortPacket, frameBytesMax, headBytes, PacketWalker, wholePacketBytesMax } from './packets.ts'
import { PayloadReader } from './payload.ts'
import { lastPlainRow } from './plain-rows.ts'
import { encodeRefusal, reduceError, wordError } from './refuse.ts'
import { rowsMet } from './rows-met.ts'
import { isFact } from './session-facts.ts'

/** Hand the packet on as it is. */
const asIs = undefined
const swallowed = Buffer.alloc(0)

/** Rows kept of an answer to a question of ours: more than any has. */
const keptRowsMax = 4

export class FromTarget {
  readonly #conversation: Conversation
  readonly #walker: PacketWalker
  readonly #deprecatesEof: boolean
  /** The answer that became complete, and how it ended. */
  #finished: { readonly answer: Answer; readonly result: Result } | undefined
  /** What is wrong with what the target says. */
  #problem: unknown
  /** Number of the last packet that was walked. */
  #sequence = 0

  constructor(conversation: Conversation, handOn: (bytes: Buffer) => void) {
    this.#conversation = conversation
    this.#deprecatesEof = has(conversation.capabilities, 'deprecateEof')
    this.#walker = new PacketWalker({
      packet: (bytes, at, end, large) => this.#guarded(bytes, at, end, large),
      stepOver: (bytes, at) => this.#rows(bytes, at),
      // Of several frames a row is too long in any case.
      wholeBytesMax: () =>
        Math.min(Math.max(wholePacketBytesMax, conversation.current?.keepBytesMax ?? 0), frameBytesMax - 1),
      handOn,
    })
  }

  /** Whether the client has got whole messages only, so that one of ours may follow. */
  get atBoundary(): boolean {
    return this.#walker.atBoundary
  }

  /** Number that the next packet of the answer would have. */
  get nextSequence(): number {
    return this.#sequence + 1
  }

  /**
   * @param chunk  used only during the call
   * @throws GatewayError if the target says what nobody asked for
   */
  feed(chunk: Buffer): void {
    this.#walker.feed(chunk)
    if (this.#problem !== undefined) throw this.#problem
  }

  /** The answer that is complete and not settled yet. */
  get finished(): Answer | undefined {
    return this.#finished?.answer
  }

  /** Calls back for the answer that is complete, now that all of it was handed on. @returns whether one was */
  settle(): boolean {
    const finished = this.#finished
    if (!finished) return false
    this.#finished = undefined
    if (!finished.answer.held) this.#conversation.record(finished.answer, finished.result)
    if (!this.#conversation.over) finished.answer.onEnd?.(finished.result)
    finished.answer.whenDone?.(finished.result)
    return true
  }

  /** What came before a packet that is not understood is handed on; nothing behind it is. */
  #guarded(bytes: Buffer, at: number, end: number, large: boolean): Buffer | undefined {
    if (this.#problem !== undefined) return swallowed
    try {
      return this.#packet(bytes, at, end, large)
    } catch (error) {
      this.#problem = error instanceof GatewayError ? outOfStep(error) : error
      this.#sequence -= 1
      return swallowed
    }
  }

  #packet(bytes: Buffer, at: number, end: number, large: boolean): Buffer | undefined {
    const answer = this.#conversation.current
    const start = at + headBytes
    const first = end > start ? Number(bytes[start]) : -1
    this.#sequence = Number(bytes[at + 3])
    if (!answer) return unasked(first)
    const length = bytes.readUIntLE(at, 3)
    answer.bytes += headBytes + length
    if (answer.phase === 'rows' && first !== says.err && (first !== says.eof || length === frameBytesMax))
      return this.#row(answer, bytes, start, end, large)
    const isDefinition = (answer.phase === 'columns' || answer.phase === 'definitions') && first !== says.err
    if (large && !isDefinition) throw outOfStep()
    const instead = isDefinition ? this.#definition(answer) : this.#control(answer, first, bytes, start, end)
    if (answer.held && this.#finished?.answer === answer && first !== says.err) {
      answer.completion = instead ?? Buffer.from(bytes.subarray(at, end))
      answer.heldSequence = this.#sequence
      return swallowed
    }
    return answer.swallowed || (answer.cutShort && instead === asIs) ? swallowed : instead
  }

  #rows(bytes: Buffer, from: number): number {
    const last = this.#problem === undefined ? lastPlainRow(this.#conversation.current, bytes, from) : -1
    if (last < 0) return from
    this.#sequence = Number(bytes[last + 3])
    return last + headBytes + bytes.readUIntLE(last, 3)
  }

  #row(answer: Answer, bytes: Buffer, start: number, end: number, large: boolean): Buffer | undefined {
    if (answer.kind !== 'fields') answer.rows += 1
    if (answer.keepBytesMax > 0) {
      if (large || answer.bytes > answer.keepBytesMax) answer.tooMuch = true
      if (answer.tooMuch) answer.kept.length = 0
      else answer.kept.push(Buffer.from(bytes.subarray(start, end)))
      return swallowed
    }
    if (answer.swallowed) {
      if (answer.kept.length >= keptRowsMax) throw outOfStep()
      answer.kept.push(Buffer.from(bytes.subarray(start, end)))
      return swallowed
    }
    if (!answer.interrupted) return asIs
    if (answer.cutShort) return swallowed
    answer.cutShort = true
    return this.#told(answer.interrupted)
  }

  #definition(answer: Answer): undefined {
    answer.columnsLeft -= 1
    if (answer.columnsLeft > 0) return asIs
    if (!this.#deprecatesEof) answer.phase = answer.phase === 'columns' ? 'columns end' : 'definitions end'
    else if (answer.phase === 'columns') answer.phase = 'rows'
    else this.#definitionsEnd(answer)
    return asIs
  }

  /** @returns what to tell in place of the packet, or `asIs` */
  #control(answer: Answer, first: number, bytes: Buffer, start: number, end: number): Buffer | undefined {
    if (first === says.err) return this.#error(answer, bytes, start, end)
    switch (answer.phase) {
      case 'first':
        return this.#first(answer, first, bytes, start, end)
      case 'columns end': {
        if (first !== says.eof) throw outOfStep()
        const flags = this.#eof(answer, bytes, start, end)
        // Rows wait behind a cursor until they are fetched.
        if ((flags & status.cursorExists) !== 0) this.#resultEnd(answer, flags, true)
        else answer.phase = 'rows'
        return asIs
      }
      case 'definitions end':
        if (first !== says.eof) throw outOfStep()
        this.#eof(answer, bytes, start, end)
        this.#definitionsEnd(answer)
        return asIs
      case 'rows': {
        const flags = this.#deprecatesEof
          ? this.#ok(answer, bytes, start, end, false)
          : this.#eof(answer, bytes, start, end)
        this.#resultEnd(answer, flags, true)
        return asIs
      }
      default:
        throw outOfStep()
    }
  }

  #first(answer: Answer, first: number, bytes: Buffer, start: number, end: number): Buffer | undefined {
    if (answer.kind === 'prepared') {
      if (first !== says.ok) throw outOfStep()
      const { statementId, parameters, columns } = decodePrepared(
        bytes,
        this.#conversation.capabilities,
        start,
        end,
      )
      answer.targetId = statementId
      answer.shownId = statementId - this.#conversation.ownPrepared
      if (answer.shownId !== statementId) bytes.writeUInt32LE(answer.shownId, start + 1)
      answer.parameters = parameters
      answer.columnsLeft = parameters
      answer.columnsNext = columns
      if (parameters === 0) this.#definitionsEnd(answer)
      else answer.phase = 'definitions'
    } else if (first === says.ok && answer.judged?.countTells) {
      return this.#changed(answer, answer.judged, bytes, start, end)
    } else if (first === says.ok) {
      this.#resultEnd(answer, this.#ok(answer, bytes, start, end, true), false)
    } else if (answer.kind === 'short') {
      if (first !== says.eof) throw outOfStep()
      this.#finish(answer, 'ok')
    } else if (first === says.localInfile) this.#file(answer, decodeLocalInfile(bytes, start, end))
    else {
      if (first === says.eof || first < 0) throw outOfStep()
      answer.columnsLeft = decodeResultHead(bytes, this.#conversation.capabilities, start, end).columns
      if (answer.columnsLeft === 0) throw outOfStep()
      answer.phase = 'columns'
    }
    return asIs
  }

  /** Descriptions of parameters, or of columns behind them, are complete. */
  #definitionsEnd(answer: Answer): void {
    answer.columnsLeft = answer.columnsNext
    answer.columnsNext = 0
    if (answer.columnsLeft === 0) this.#finish(answer, 'ok')
    else answer.phase = 'definitions'
  }

  /** In place of an OK whose numbers would tell. */
  #changed(answer: Answer, judged: Passed, bytes: Buffer, start: number, end: number): Buffer {
    const { capabilities, ownTransaction } = this.#conversation
    const ok = decodeOk(bytes, capabilities, start, end)
    const met = rowsMet(judged, ok, capabilities)
    answer.rows += met
    answer.changed += ok.affectedRows
    this.#conversation.status = ok.status
    this.#resultEnd(answer, ok.status, false)
    const shown = ownTransaction ? ok.status & ~status.inTransaction : ok.status
    const told = { affectedRows: met, lastInsertId: ok.lastInsertId, status: shown }
    return encodeShortPacket(encodeOk(told, capabilities), this.#sequence)
  }

  /** @returns the flags of the session */
  #ok(answer: Answer, bytes: Buffer, start: number, end: number, countsRows: boolean): number {
    const reader = new PayloadReader(bytes, start, end).skip(1)
    const affected = reader.lenenc()
    reader.lenenc()
    const flags = this.#flags(bytes, reader)
    if (countsRows) answer.rows += affected
    answer.changed += affected
    if (reader.left >= 2) answer.warnings += bytes.readUInt16LE(reader.at)
    if (answer.judged?.reduceErrors && reader.left >= 2) bytes.writeUInt16LE(0, reader.at)
    if ((flags & status.sessionStateChanged) !== 0) this.#track(bytes, start, end)
    return flags
  }

  /** @returns the flags of the session */
  #eof(answer: Answer, bytes: Buffer, start: number, end: number): number {
    const reader = new PayloadReader(bytes, start, end).skip(1)
    // How many warnings there were may depend on hidden values.
    if (answer.judged?.reduceErrors && reader.left >= 2) bytes.writeUInt16LE(0, reader.at)
    return this.#flags(bytes, reader.skip(2))
  }

  /** The bits of the session. Of a transaction that is ours, the client is not told. */
  #flags(bytes: Buffer, reader: PayloadReader): number {
    const { at } = reader
    const flags = reader.int16()
    this.#conversation.status = flags
    if (this.#conversation.ownTransaction) bytes.writeUInt16LE(flags & ~status.inTransaction, at)
    return flags
  }

  #track(bytes: Buffer, start: number, end: number): void {
    const { changes } = decodeOk(bytes, this.#conversation.capabilities, start, end)
    if (
      changes.some(change => change.kind === 'schema' || (change.kind === 'variable' && isFact(change.name)))
    )
      this.#conversation.outdateFacts()
  }

  /** One statement of the text is done. */
  #resultEnd(answer: Answer, flags: number, hadRows: boolean): void {
    // A call may answer with several results; an OK is its last one.
    const isCall = answer.judged?.reading.action.statements[answer.done]?.verb.startsWith('CALL')
    if (isCall !== true || !hadRows) this.#conversation.succeeded(answer)
    if ((flags & status.moreResults) !== 0 && answer.kind === 'results') answer.phase = 'first'
    else this.#finish(answer, 'ok')
  }

  /** The target asks the client for a file: only for the one that a statement let through names. */
  #file(answer: Answer, name: string): void {
    const { judged } = answer
    const verb = judged?.reading.action.statements[answer.done]?.verb ?? ''
    if (!judged || answer.swallowed || !verb.startsWith('LOAD') || !namesFile(judged.original, name))
      throw outOfStep()
    answer.phase = 'file'
  }

  #error(answer: Answer, bytes: Buffer, start: number, end: number): Buffer | undefined {
    if (isProgress(bytes, start)) {
      if (!has(this.#conversation.capabilities, 'mariadbProgress')) throw outOfStep()
      return asIs
    }
    const error = decodeError(bytes, start, end)
    const { judged, interrupted } = answer
    this.#conversation.status = undefined
    if (this.#conversation.visit.hidesAnything) this.#conversation.outdateFacts()
    this.#finish(answer, String(error.code))
    if (answer.cutShort) return swallowed
    if (interrupted) return this.#told(interrupted)
    // The text of a syntax error repeats what was sent, which the user never saw.
    const isOfRewritten =
      judged !== undefined && judged.text !== judged.original && error.code === syntaxError
    if (judged?.reduceErrors || isOfRewritten)
      return encodeShortPacket(encodeError(reduceError(error)), this.#sequence)
    return asIs
  }

  /** An error of ours in place of the packet that is walked. */
  #told(error: GatewayError): Buffer {
    return encodeRefusal(wordError(error), this.#sequence, this.#conversation.facts?.characterSet)
  }

  #finish(answer: Answer, result: Result): void {
    this.#conversation.finished(answer)
    this.#finished = { answer, result }
  }

  /** The session ends: what was not answered may have happened or not. */
  endAll(): void {
    const { current } = this.#conversation
    if (this.#finished) this.#conversation.record(this.#finished.answer, this.#finished.result)
    else if (current) this.#conversation.record(current, 'unknown')
    this.#finished = undefined
  }
}

const syntaxError = 1064
