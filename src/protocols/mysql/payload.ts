// Reads and writes the data types of MySQL's protocol: little-endian numbers, numbers and texts with a length of their own.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html

import { GatewayError } from '../../core/errors.ts'

const malformed = (what: string) => new GatewayError('protocol.violation', `${what}.`)

/** Reads never past the end. Everything throws GatewayError `protocol.violation` if the bytes are not what they should be. */
export class PayloadReader {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  /** Where the next byte is read. */
  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#end - this.#at
  }

  int8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  int16(): number {
    return this.#bytes.readUInt16LE(this.#take(2))
  }

  int24(): number {
    return this.#bytes.readUIntLE(this.#take(3), 3)
  }

  int32(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  /** A number with its length before it. Above 2^53 it is only near: such ones are ids, never lengths. */
  lenenc(): number {
    const first = this.int8()
    if (first < 0xfb) return first
    switch (first) {
      case 0xfc:
        return this.int16()
      case 0xfd:
        return this.int24()
      case 0xfe:
        return Number(this.#bytes.readBigUInt64LE(this.#take(8)))
      default:
        throw malformed('a number that is none')
    }
  }

  /** A view, not a copy. */
  bytes(size: number): Buffer {
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size)
  }

  /** Bytes with their length before them. A view, not a copy. */
  lenencBytes(): Buffer {
    return this.bytes(this.lenenc())
  }

  lenencText(): string {
    return this.lenencBytes().toString('utf8')
  }

  zeroEndedBytes(): Buffer {
    const zero = this.#bytes.indexOf(0, this.#at)
    if (zero < 0 || zero >= this.#end) throw malformed('a text without an end')
    const bytes = this.#bytes.subarray(this.#at, zero)
    this.#at = zero + 1
    return bytes
  }

  zeroEnded(): string {
    return this.zeroEndedBytes().toString('utf8')
  }

  /** Text up to the next zero byte, or to the end: some clients leave the last zero out. */
  zeroEndedOrRest(): string {
    const zero = this.#bytes.indexOf(0, this.#at)
    return zero < 0 || zero >= this.#end ? this.rest().toString('utf8') : this.zeroEnded()
  }

  rest(): Buffer {
    return this.bytes(this.left)
  }

  skip(size: number): this {
    this.#take(size)
    return this
  }

  #take(size: number): number {
    if (size < 0 || size > this.left) throw malformed('bytes that end too early')
    const at = this.#at
    this.#at += size
    return at
  }
}

/** Writes into a buffer that grows and is used again. */
export class PayloadWriter {
  #buffer: Buffer
  #length = 0

  constructor(size = 1024) {
    this.#buffer = Buffer.allocUnsafe(size)
  }

  int8(value: number): this {
    const at = this.#reserve(1)
    this.#buffer[at] = value
    return this
  }

  int16(value: number): this {
    const at = this.#reserve(2)
    this.#buffer.writeUInt16LE(value & 0xffff, at)
    return this
  }

  int24(value: number): this {
    const at = this.#reserve(3)
    this.#buffer.writeUIntLE(value & 0xffffff, at, 3)
    return this
  }

  int32(value: number): this {
    const at = this.#reserve(4)
    this.#buffer.writeUInt32LE(value >>> 0, at)
    return this
  }

  lenenc(value: number): this {
    if (value < 0xfb) return this.int8(value)
    if (value <= 0xffff) return this.int8(0xfc).int16(value)
    if (value <= 0xffffff) return this.int8(0xfd).int24(value)
    const at = this.int8(0xfe).#reserve(8)
    this.#buffer.writeBigUInt64LE(BigInt(value), at)
    return this
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length)
    this.#buffer.set(value, at)
    return this
  }

  zeros(count: number): this {
    const at = this.#reserve(count)
    this.#buffer.fill(0, at, at + count)
    return this
  }

  text(value: string): this {
    const size = Buffer.byteLength(value)
    const at = this.#reserve(size)
    this.#buffer.write(value, at, size, 'utf8')
    return this
  }

  lenencBytes(value: Uint8Array): this {
    return this.lenenc(value.length).bytes(value)
  }

  lenencText(value: string): this {
    return this.lenenc(Buffer.byteLength(value)).text(value)
  }

  zeroEnded(value: string): this {
    return this.text(value).int8(0)
  }

  /** @returns a copy of all that was written since the last `take` */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  #reserve(size: number): number {
    const at = this.#length
    this.#length += size
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length))
      this.#buffer.copy(larger, 0, 0, at)
      this.#buffer = larger
    }
    return at
  }
}
