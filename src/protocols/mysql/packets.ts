// Packets: what frames with a length and a number make of a stream of bytes, read one by one, or walked in place.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html

import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import { Gatherer } from '../../wire/gatherer.ts'
import { readExactly } from '../read-exactly.ts'

/** Length and sequence number. */
export const headBytes = 4

/** A frame that is as long as this is followed by another one of the same packet, which may be empty. */
export const frameBytesMax = 0xffffff

/** What one side says at once: its frames joined, their heads taken off. */
export interface Packet {
  /** Of its last frame; an answer has the next one, modulo 256. */
  readonly sequence: number
  readonly payload: Buffer
}

const tooLong = () => new GatewayError('limit.exceeded', 'a packet is too long.')

/**
 * Reads one packet and leaves what follows in the stream.
 * @throws StreamEnded, GatewayError `limit.exceeded` if it is longer than allowed
 */
export async function readPacket(stream: Duplex, bytesMax: number): Promise<Packet> {
  const gathered = new Gatherer()
  for (;;) {
    const head = await readExactly(stream, headBytes)
    const length = head.readUIntLE(0, 3)
    if (gathered.length + length > bytesMax) throw tooLong()
    gathered.add(await readExactly(stream, length))
    if (length < frameBytesMax) return { sequence: Number(head[3]), payload: gathered.take() }
  }
}

function head(length: number, sequence: number): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes)
  bytes.writeUIntLE(length, 0, 3)
  bytes[3] = sequence & 0xff
  return bytes
}

/**
 * The pieces of a packet to send, in order, split where it is longer than a frame. Small ones are one piece; the payload of
 * large ones is not copied.
 * @param sequence  of the first frame
 */
export function encodePacket(payload: Buffer, sequence: number): Buffer[] {
  if (payload.length < 16 * 1024) return [Buffer.concat([head(payload.length, sequence), payload])]
  const pieces: Buffer[] = []
  for (let at = 0, number = sequence; ; at += frameBytesMax, number++) {
    const frame = payload.subarray(at, at + frameBytesMax)
    pieces.push(head(frame.length, number), frame)
    if (frame.length < frameBytesMax) return pieces
  }
}

/** As `encodePacket`, for those that are short for certain. */
export function encodeShortPacket(payload: Buffer, sequence: number): Buffer {
  return Buffer.concat([head(payload.length, sequence), payload])
}

/** Who is shown the packets of a target while they are walked. */
export interface PacketWatcher {
  /**
   * Called once for every packet.
   * @param bytes  the packet's head lies at `at`, its payload at `at + headBytes`; good only during the call
   * @param end    behind what is there of it: at least `leastBytes` of the payload, all of it unless it is `large`
   * @param large  longer than is waited for: the rest of it is handed on without being shown
   * @returns what to hand on in its place; `undefined`: the packet as it is; an empty buffer: nothing. Large packets are
   *   handed on or swallowed whole.
   */
  packet(bytes: Buffer, at: number, end: number, large: boolean): Buffer | undefined
  /**
   * Steps over whole packets that need not be shown one by one, none of them of several frames.
   * @returns where the first other one begins
   */
  stepOver?(bytes: Buffer, at: number): number
  /** Longer packets are handed on in parts; missing: `wholePacketBytesMax`. */
  wholeBytesMax?(): number
  /** Bytes to hand on, as many packets together as can be; good only during the call. */
  handOn(bytes: Buffer): void
}

/** Longer packets are handed on in parts, so that a large value needs no memory here. */
export const wholePacketBytesMax = 32 * 1024

/** What is shown at least of a packet that is handed on in parts. */
const leastBytes = 512

/** Walks the packets of a target in the chunks they come in, without copying or joining any but those that a chunk cuts. */
export class PacketWalker {
  readonly #watcher: PacketWatcher
  /** The start of a packet of which not enough is there yet, and the bytes it takes. */
  readonly #rest = new Gatherer()
  #restNeeds = 0
  /** Bytes still to come of a frame that is handed on or swallowed in parts. */
  #passing = 0
  #isSwallowing = false
  /** Whether the next frame belongs to the packet that is handed on. */
  #continues = false

  constructor(watcher: PacketWatcher) {
    this.#watcher = watcher
  }

  /** Whether whole packets only were handed on, so that one of ours may follow. */
  get atBoundary(): boolean {
    return this.#passing === 0 && !this.#continues
  }

  /** Whether nothing of a packet waits for its end. */
  get isEmpty(): boolean {
    return this.#rest.length === 0
  }

  /** @param chunk  used only during the call */
  feed(chunk: Buffer): void {
    let from = 0
    while (this.#rest.length > 0) {
      const missing = this.#restNeeds - this.#rest.length
      if (chunk.length - from < missing) {
        this.#rest.add(Buffer.from(chunk.subarray(from)))
        return
      }
      this.#rest.add(chunk.subarray(from, from + missing))
      from += missing
      this.#walk(this.#rest.take())
    }
    if (from < chunk.length) this.#walk(from === 0 ? chunk : chunk.subarray(from))
  }

  #walk(bytes: Buffer): void {
    const end = bytes.length
    /** From here on bytes wait to be handed on. */
    let from = 0
    let at = 0
    const flush = (): void => {
      if (at > from) this.#watcher.handOn(from === 0 && at === end ? bytes : bytes.subarray(from, at))
    }
    while (at < end) {
      if (this.#passing > 0) {
        const part = Math.min(this.#passing, end - at)
        this.#passing -= part
        at += part
        if (this.#isSwallowing) from = at
        continue
      }
      if (!this.#continues && this.#watcher.stepOver) at = this.#watcher.stepOver(bytes, at)
      if (end - at < headBytes) {
        this.#restNeeds = headBytes
        break
      }
      const length = bytes.readUIntLE(at, 3)
      if (this.#continues) {
        this.#continues = length === frameBytesMax
        this.#passing = headBytes + length
        continue
      }
      const large = length > (this.#watcher.wholeBytesMax?.() ?? wholePacketBytesMax)
      const needed = headBytes + (large ? leastBytes : length)
      if (end - at < needed) {
        this.#restNeeds = needed
        break
      }
      const next = Math.min(at + headBytes + length, end)
      const instead = this.#watcher.packet(bytes, at, next, large)
      this.#isSwallowing = instead !== undefined
      this.#continues = length === frameBytesMax
      if (instead !== undefined) {
        flush()
        if (instead.length > 0) this.#watcher.handOn(instead)
        from = next
      }
      this.#passing = at + headBytes + length - next
      at = next
    }
    flush()
    if (at < end) this.#rest.add(Buffer.from(bytes.subarray(at)))
  }
}
