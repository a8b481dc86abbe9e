// What the gate needs to know of targets: their tables and the tags of their columns. `main` hands in the catalog.

import type { TargetId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { ColumnTags } from '../policy/policy.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'

export interface TargetsInView {
  find(id: TargetId): Promise<Target | undefined>
  /** The picture of the tables, if it is there and may still be used. */
  currentSchema(id: TargetId): SchemaSnapshot | undefined
  /** @throws GatewayError `target.schema-unavailable` */
  freshSchema(id: TargetId): Promise<SchemaSnapshot>
  outdateSchema(id: TargetId): void
  tags(id: TargetId, snapshot: SchemaSnapshot): ColumnTags
  /** Key for the hash masks of this target, hexadecimal. */
  maskKey(id: TargetId): string
}

/** What the gate needs to know of people. */
export interface PeopleInView {
  /** As they are now; `undefined` if they are gone. */
  find(id: User['id']): Promise<User | undefined>
}
