// The way to the client: one write for each chunk of the target, also where something in it was replaced.

import type { Duplex } from 'node:stream'

export class ClientSide {
  readonly #stream: Duplex
  #first: Buffer | undefined
  #chunkBytes = 0
  /** Bytes sent so far. */
  bytes = 0

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** Takes a piece of the chunk that is walked. */
  handOn(bytes: Buffer): void {
    this.#chunkBytes += bytes.length
    if (this.#first) {
      if (this.#stream.writableCorked === 0) this.#stream.cork()
      this.#stream.write(this.#first)
    }
    this.#first = bytes
  }

  /** Sends what was taken. @returns its bytes */
  flush(): number {
    if (this.#first) this.#stream.write(this.#first)
    this.#first = undefined
    if (this.#stream.writableCorked > 0) this.#stream.uncork()
    const sent = this.#chunkBytes
    this.bytes += sent
    this.#chunkBytes = 0
    return sent
  }

  /** Sends a message of ours. */
  tell(bytes: Buffer): void {
    this.bytes += bytes.length
    this.#stream.write(bytes)
  }
}
