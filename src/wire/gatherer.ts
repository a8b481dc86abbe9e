// Gathers pieces of a byte stream until enough of them are there, and joins them once.

export class Gatherer {
  #pieces: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** The first bytes, at most `size`, without taking them. */
  peek(size: number): Buffer {
    const first = this.#pieces[0]
    if (first && first.length >= size) return first.subarray(0, size)
    const joined = this.take()
    this.add(joined)
    return joined.subarray(0, size)
  }

  /** Everything, joined. */
  take(): Buffer {
    const only = this.#pieces.length === 1 ? this.#pieces[0] : undefined
    const joined = only ?? Buffer.concat(this.#pieces, this.#length)
    this.#pieces = []
    this.#length = 0
    return joined
  }
}
