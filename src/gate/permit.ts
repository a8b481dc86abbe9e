// The paper that a message needs to reach a target. Only the gate can make one, after the intent is on record.

import type { EventId } from '../core/ids.ts'

/** The private field makes the type nominal: no object literal is a permit (the architecture test looks for casts). */
export class Permit {
  readonly #statements: readonly EventId[]

  private constructor(statements: readonly EventId[]) {
    this.#statements = statements
  }

  /** The recorded intents this permit stands for, in order; empty for messages that carry no statement. */
  get statements(): readonly EventId[] {
    return this.#statements
  }

  /** @internal for the gate alone */
  static issue(statements: readonly EventId[]): Permit {
    return new Permit(statements)
  }
}
