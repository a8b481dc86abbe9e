// What the gate needs of the audit: a place where events go, and a word when they are there. `main` hands in the trail.

import type { AuditEvent } from '../core/event.ts'

export interface RecordTrail {
  append(event: AuditEvent): void
  record(events: readonly AuditEvent[], done: (error: Error | undefined) => void): void
}
