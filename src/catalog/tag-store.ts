// What is kept of tags; implemented by `storage/`.

import type { TargetId } from '../core/ids.ts'
import type { TagDefinition } from '../policy/policy.ts'
import type { TaggedColumn } from './catalog.ts'

export interface StoredColumnTags extends TaggedColumn {
  /** The target's own numbers for the table and the column when the tags were given; `undefined` if it could not be asked. */
  readonly relationOid: number | undefined
  readonly columnNumber: number | undefined
}

export interface TagStore {
  /** Sorted by name. */
  definitions(): Promise<readonly TagDefinition[]>
  /** Adds or replaces. */
  define(tag: TagDefinition): Promise<void>
  /** Adds those whose names are not there yet. */
  addMissing(tags: readonly TagDefinition[]): Promise<void>
  columns(targetId: TargetId): Promise<readonly StoredColumnTags[]>
  /** Those with at least one tagged column. */
  tagged(): Promise<readonly TargetId[]>
  /** Replaces the tags of the column with these names; no tags: removes it. */
  set(targetId: TargetId, column: StoredColumnTags): Promise<void>
}
