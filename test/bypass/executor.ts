// Carries a row of the corpus to a world and brings back every byte: with the dialect alone, or through the real gateway.

import { maskFrame } from './frames.ts'
import type { Sent, WireSession } from './wire.ts'
import type { World } from './world.ts'

/** What a client hears of one statement, time-dependent bytes taken out. */
export interface Heard {
  readonly refused: boolean
  /** Code of the last error of the target, if there was one. */
  readonly failed: string | undefined
  readonly bytes: Buffer
  /** Whether the target was sent what the person wrote, byte for byte; `undefined` where that cannot be seen. */
  readonly untouched: boolean | undefined
}

export interface Executor {
  readonly name: string
  /** Whether it can carry the row: the dialect alone knows no messages. */
  speaks(row: { readonly statements: readonly Sent[] }): boolean
  /** A session of a person from whom everything tagged is hidden. */
  open(world: World): Promise<ExecutorSession>
}

export interface ExecutorSession {
  ask(sent: Sent): Promise<Heard>
  close(): Promise<void>
}

/** Frames of a session as one buffer to compare. */
export function bytesOf(frames: Awaited<ReturnType<WireSession['ask']>>): Buffer {
  return Buffer.concat(frames.map(frame => Buffer.concat([Buffer.from(frame.type), maskFrame(frame)])))
}
