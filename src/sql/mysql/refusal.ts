// How a reading or a rewriting stops inside of this room; becomes a problem value at its border.

import type { SqlProblem } from '../dialect.ts'

export class Refusal extends Error {
  readonly code: SqlProblem['code']
  /** UTF-16 offset in the text; `undefined`: nowhere in particular. */
  readonly at: number | undefined
  readonly unknownName: boolean

  constructor(code: SqlProblem['code'], message: string, at?: number, unknownName = false) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.at = at
    this.unknownName = unknownName
  }
}

/** Understood, and cannot be made safe. */
export function unsafe(message: string, at?: number): Refusal {
  return new Refusal('statement.unsafe', message, at)
}

/** Not understood. */
export function unreadable(message: string, at?: number): Refusal {
  return new Refusal('statement.unreadable', message, at)
}

/** A name that the picture of the target does not hold: a newer picture may. */
export function unknown(message: string, at?: number): Refusal {
  return new Refusal('statement.unreadable', message, at, true)
}

export function uncertain(at?: number): Refusal {
  return unsafe('The statement could not be rewritten with certainty. Write it in a simpler form.', at)
}
