// Whoever carries the journal to the server database: the carrier of this room, or one that works somewhere else.

import type { Synced } from './trail.ts'

export interface Carrying {
  /** Position of the last record that the database is known to have. */
  readonly carried: number
  /** There is more on disk. */
  wake(): void
  /** Carries what is on disk, once more and without waiting; a database that is down is left behind. Never rejects. */
  close(): Promise<void>
}

/** The chain and how much of it is on disk: only that is carried, so that the database never knows more than the journal. */
export interface CarrySource {
  readonly chain: string | undefined
  readonly synced: Synced
}
