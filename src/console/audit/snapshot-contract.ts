// The part of the contract about rows that were kept before and after a change. Types only.

import type { TargetProtocol } from '../../core/target.ts'

/** A value as text; `hidden`: not for the one who asks. */
export type SnapshotCell = string | null | { readonly hidden: true }

export interface SnapshotColumn {
  readonly name: string
  /** Names a row. */
  readonly isKey: boolean
  readonly hidden: boolean
  /** Its values are bytes, in base64. */
  readonly binary: boolean
}

/** One row on either side of the change; `undefined`: it is not there, or was not kept. */
export interface SnapshotRow {
  readonly before: readonly SnapshotCell[] | undefined
  readonly after: readonly SnapshotCell[] | undefined
  /** Places of the columns that differ, as far as they may be seen. */
  readonly changed: readonly number[]
}

export interface SnapshotShown {
  readonly protocol: TargetProtocol
  readonly targetName: string
  readonly schema: string
  readonly table: string
  readonly columns: readonly SnapshotColumn[]
  /** Whether rows after the change were kept, too. */
  readonly hasAfter: boolean
  readonly rows: readonly SnapshotRow[]
}

export interface SnapshotRoutes {
  /** Rows kept of a statement. Opening them is put on record. */
  'GET /api/audit/:id/snapshot': { in: void; out: SnapshotShown }
}
