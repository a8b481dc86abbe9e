// One side of a connection while it logs in: packet by packet, each with the number that it must have.

import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import { encodeShortPacket, readPacket } from './packets.ts'

export class Exchange {
  #stream: Duplex
  #next = 0

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** The stream that is spoken over: TLS once there is TLS. */
  get stream(): Duplex {
    return this.#stream
  }

  /** Number that the next packet has, whoever sends it. */
  get nextSequence(): number {
    return this.#next
  }

  /** Goes on over another stream, with the same numbers. */
  moveTo(stream: Duplex): void {
    this.#stream = stream
  }

  /** @throws StreamEnded, GatewayError `protocol.violation | limit.exceeded` */
  async read(bytesMax: number): Promise<Buffer> {
    const { sequence, payload } = await readPacket(this.#stream, bytesMax)
    if (sequence !== this.#next) throw new GatewayError('protocol.violation', 'packets out of order.')
    this.#next = (sequence + 1) & 0xff
    return payload
  }

  write(payload: Buffer): void {
    this.#stream.write(encodeShortPacket(payload, this.#next))
    this.#next = (this.#next + 1) & 0xff
  }
}
