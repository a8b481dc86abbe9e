// What the journal writes: events, and the few things that it has to say about itself.

import type { AuditEvent } from '../core/event.ts'

/** An outcome that nobody can tell any more, by position of the intent. */
export interface UnknownOutcome {
  readonly kind: 'unknown'
  readonly of: number
}

export interface Note {
  readonly kind: 'note'
  readonly what: 'probe' | 'cut' | 'lost'
  readonly count: number
}

export type Entry = AuditEvent | UnknownOutcome | Note
