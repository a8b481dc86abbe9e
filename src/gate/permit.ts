// The paper that a message needs to reach a target. Only the gate can make one, after the intent is on record.

import type { EventId } from '../core/ids.ts'

/** Cannot be made, copied from an object literal or cast to outside of this room (the architecture test looks for it). */
export class Permit {
  /** The recorded intents this permit stands for, in order; empty for messages that carry no statement. */
  readonly statements: readonly EventId[]
  readonly #issued = true

  private constructor(statements: readonly EventId[]) {
    this.statements = statements
  }

  /** @internal for the gate alone */
  static issue(statements: readonly EventId[]): Permit {
    return new Permit(statements)
  }

  /** Whether a value is a permit that the gate made. */
  static isGenuine(value: unknown): value is Permit {
    return typeof value === 'object' && value !== null && #issued in value
  }
}
