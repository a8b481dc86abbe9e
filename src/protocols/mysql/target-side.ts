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

  /** Sends whole messages, or a piece of a file. */
  send(permit: Permit, bytes: Buffer): void {
    // Throws if it is not one that the gate issued.
    void permit.statements
    if (this.#stream.writable) this.#stream.write(bytes)
  }
}
