// Writes big-endian numbers, bytes and text into a buffer that grows and is used again.

export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(size = 1024) {
    this.#buffer = Buffer.allocUnsafe(size)
  }

  get length(): number {
    return this.#length
  }

  int8(value: number): this {
    const at = this.#reserve(1)
    this.#buffer[at] = value
    return this
  }

  int16(value: number): this {
    const at = this.#reserve(2)
    this.#buffer.writeUInt16BE(value & 0xffff, at)
    return this
  }

  int32(value: number): this {
    const at = this.#reserve(4)
    this.#buffer.writeInt32BE(value | 0, at)
    return this
  }

  /** Puts a number where it was not yet known: the length of what has been written since. */
  int32At(value: number, at: number): this {
    this.#buffer.writeInt32BE(value | 0, at)
    return this
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length)
    this.#buffer.set(value, at)
    return this
  }

  text(value: string): this {
    const size = Buffer.byteLength(value)
    const at = this.#reserve(size)
    this.#buffer.write(value, at, size, 'utf8')
    return this
  }

  /** Text with a zero byte behind it. */
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
