// The only way to the target: what is sent needs a permit.

import type { Duplex } from 'node:stream'
import type { Permit } from '../../gate/permit.ts'

export class TargetSide {
  readonly #stream: Duplex

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** Bytes that the target has not taken yet. */
  get waitingBytes(): number {
    return this.#stream.writableLength
  }

  /** Sends pieces of messages, in one write where it can be. */
  send(permit: Permit, pieces: readonly Buffer[]): void {
    // Throws if it is not one that the gate issued.
    void permit.statements
    const stream = this.#stream
    if (!stream.writable) return
    const [only] = pieces
    if (pieces.length === 1 && only) stream.write(only)
    else if (pieces.length > 1) {
      stream.cork()
      for (const piece of pieces) stream.write(piece)
      stream.uncork()
    }
  }
}
