// Reads big-endian numbers, bytes and text out of a buffer, and never past its end.

/** The bytes end before what was expected, or are not what they should be. */
export class MalformedBytes extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'MalformedBytes'
  }
}

export class ByteReader {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#at
  }

  int8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  /** A view, not a copy. */
  bytes(size: number): Buffer {
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size)
  }

  /** Text up to the next zero byte. */
  zeroEnded(): string {
    const zero = this.#bytes.indexOf(0, this.#at)
    if (zero < 0 || zero >= this.#end) throw new MalformedBytes('a text without an end')
    const text = this.#bytes.toString('utf8', this.#at, zero)
    this.#at = zero + 1
    return text
  }

  rest(): Buffer {
    return this.bytes(this.left)
  }

  #take(size: number): number {
    if (size < 0 || size > this.left) throw new MalformedBytes('bytes that end too early')
    const at = this.#at
    this.#at += size
    return at
  }
}
