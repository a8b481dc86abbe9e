// Carries a row of the corpus to a world and brings back every byte: with the dialect alone, or through the real gateway.

import type { World } from '../world.ts'
import type { Sent } from './wire.ts'

/** What a client hears of one statement. */
export interface Heard {
  readonly refused: boolean
  /** Number of the last error of the target, if there was one. */
  readonly failed: number | undefined
  readonly bytes: Buffer
  /** Whether the target was sent what the person wrote, byte for byte; `undefined` where that cannot be seen. */
  readonly untouched: boolean | undefined
}

export interface Executor {
  readonly name: string
  /** Whether it can carry the row: the dialect alone knows no commands of the protocol. */
  speaks(row: { readonly statements: readonly Sent[]; readonly onlyGateway?: boolean }): boolean
  /** A session of a person from whom everything tagged is hidden. */
  open(world: World): Promise<ExecutorSession>
}

export interface ExecutorSession {
  ask(sent: Sent): Promise<Heard>
  close(): Promise<void>
}
