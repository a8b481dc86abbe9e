// The bytes of a client, cut into commands: one at a time, the next one when the one before is done.

import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import { Gatherer } from '../../wire/gatherer.ts'
import type { Conversation } from './conversation.ts'
import { frameBytesMax, headBytes } from './packets.ts'
import type { TargetSide } from './target-side.ts'

/** One command, whole. */
export interface Command {
  /** With the heads of its frames. */
  readonly raw: Buffer
  /** Without them; its first byte says what it is. */
  readonly payload: Buffer
}

export const violation = (detail: string): GatewayError => new GatewayError('protocol.violation', detail)

export class CommandStream {
  readonly #conversation: Conversation
  readonly #target: TargetSide
  readonly #limits: Limits
  readonly #onCommand: (command: Command) => void
  /** What came and was not looked at yet, and how much of it makes a command. */
  readonly #rest = new Gatherer()
  #restNeeds = 0
  /** A command is on its way, or the session is not ready for one. */
  #busy = true
  /** Whether the client waits for an answer. */
  #owesAnswer = false
  /** Of a file that the client sends: bytes of the frame still to come. */
  #fileLeft = 0
  /** The client said goodbye. */
  #ended = false

  constructor(
    conversation: Conversation,
    target: TargetSide,
    limits: Limits,
    onCommand: (command: Command) => void,
  ) {
    this.#conversation = conversation
    this.#target = target
    this.#limits = limits
    this.#onCommand = onCommand
  }

  /** Bytes of the client that have not left for the target. */
  get waitingBytes(): number {
    // The start of a command is no reason to stop reading: its end is needed.
    return (this.#busy ? this.#rest.length : 0) + this.#target.waitingBytes
  }

  /** Whether an error may be told as the answer to something. */
  get isAnswerDue(): boolean {
    return this.#owesAnswer || this.#rest.length > 0
  }

  /** @throws GatewayError `protocol.violation | limit.exceeded` */
  feed(chunk: Buffer): void {
    if (this.#conversation.current?.phase === 'file') this.#file(chunk)
    else if (this.#rest.length > 0 || this.#busy) {
      this.#rest.add(chunk)
      if (!this.#busy && this.#rest.length >= this.#restNeeds) this.#walk(this.#rest.take())
    } else this.#walk(chunk)
  }

  /** The client has the answer to its command. */
  answered(): void {
    this.#owesAnswer = false
  }

  /** The command before is done, and the session ready for the next one. */
  proceed(): void {
    this.#busy = false
    this.#owesAnswer = false
    if (this.#rest.length > 0 && this.#rest.length >= this.#restNeeds) this.#walk(this.#rest.take())
  }

  /** The target asked for a file: what the client sends now is that. */
  beginFile(): void {
    if (this.#rest.length > 0) this.#file(this.#rest.take())
  }

  /** A command without an answer is done; the walk goes on by itself. */
  skip(): void {
    this.#busy = false
    this.#owesAnswer = false
  }

  /** Nothing more is looked at. */
  end(): void {
    this.#ended = true
    this.#busy = false
  }

  #walk(chunk: Buffer): void {
    let at = 0
    this.#restNeeds = 0
    while (!this.#busy && !this.#ended && at < chunk.length) {
      const next = this.#endOfCommand(chunk, at)
      if (next === undefined) break
      const raw = at === 0 && next === chunk.length ? chunk : chunk.subarray(at, next)
      at = next
      this.#take(raw)
    }
    if (at < chunk.length && !this.#ended) this.#rest.add(at === 0 ? chunk : chunk.subarray(at))
  }

  /** @returns `undefined` if it is not all there; `#restNeeds` says how much is needed at least then */
  #endOfCommand(chunk: Buffer, from: number): number | undefined {
    let at = from
    for (let frames = 0; ; frames++) {
      if (chunk.length - at < headBytes) {
        this.#restNeeds = at - from + headBytes
        return undefined
      }
      const size = chunk.readUIntLE(at, 3)
      if (chunk[at + 3] !== (frames & 0xff)) throw violation('packets out of order.')
      at += headBytes + size
      if (at - from > this.#limits.messageBytesMax)
        throw new GatewayError('limit.exceeded', 'a packet is too long.')
      if (at > chunk.length) {
        this.#restNeeds = at - from
        return undefined
      }
      if (size < frameBytesMax) return at
    }
  }

  #take(raw: Buffer): void {
    const size = raw.readUIntLE(0, 3)
    const isOne = size < frameBytesMax
    const payload = isOne ? raw.subarray(headBytes) : joinFrames(raw)
    if (payload.length === 0) throw violation('an empty command.')
    this.#busy = true
    this.#owesAnswer = true
    this.#conversation.sequence = isOne ? 1 : Math.floor(payload.length / frameBytesMax) + 1
    this.#onCommand({ raw, payload })
  }

  /** Passes on what the client sends of the file it was asked for, up to the empty packet that ends it. */
  #file(piece: Buffer): void {
    const { current, visit } = this.#conversation
    if (this.#rest.length > 0) this.#rest.add(piece)
    const chunk = this.#rest.length > 0 ? this.#rest.take() : piece
    let at = 0
    while (at < chunk.length) {
      if (this.#fileLeft === 0) {
        if (chunk.length - at < headBytes) break
        const size = chunk.readUIntLE(at, 3)
        this.#fileLeft = headBytes + size
        if (size === 0 && current) {
          current.phase = 'first'
          at += headBytes
          this.#fileLeft = 0
          break
        }
      }
      const part = Math.min(this.#fileLeft, chunk.length - at)
      this.#fileLeft -= part
      at += part
    }
    if (at > 0) this.#target.send(visit.passage, chunk.subarray(0, at))
    if (at < chunk.length) this.#rest.add(chunk.subarray(at))
  }
}

function joinFrames(raw: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < raw.length; ) {
    const size = raw.readUIntLE(at, 3)
    pieces.push(raw.subarray(at + headBytes, at + headBytes + size))
    at += headBytes + size
  }
  return Buffer.concat(pieces)
}
