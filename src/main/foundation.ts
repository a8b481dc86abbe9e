// What nearly every room is made of.

import type { Recorder } from '../access/record.ts'
import type { RotatingVault } from '../access/vault.ts'
import type { Clock } from '../core/clock.ts'
import type { AuditEvent } from '../core/event.ts'
import type { NewId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { Database } from '../storage/database.ts'

export interface Foundation {
  readonly database: Database
  readonly vault: RotatingVault
  readonly record: (event: AuditEvent) => Promise<void>
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
  /** Tells the log of something that failed and that nobody waits for. */
  readonly warn: (error: unknown) => void
}
