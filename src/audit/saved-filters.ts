// Filters of the audit that are kept: everybody's own, and those that administrators share with each other.

import type { UserId } from '../core/ids.ts'

export interface SavedFilter {
  readonly id: string
  readonly ownerId: UserId
  readonly name: string
  /** As it stands in the address of the page. */
  readonly search: string
  readonly shared: boolean
  readonly changedAtMs: number
}

export interface SavedFilters {
  /** Theirs and the shared ones, by name. */
  list(ownerId: UserId): Promise<readonly SavedFilter[]>
  get(id: string): Promise<SavedFilter | undefined>
  add(filter: SavedFilter): Promise<void>
  remove(id: string): Promise<void>
}
