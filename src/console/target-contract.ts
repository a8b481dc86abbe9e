// The part of the contract about lists of targets: paging, searching, changing many at once, and how each is. Types only.

import type { TargetState } from '../catalog/reach.ts'
import type { TargetProtocol } from '../core/target.ts'
import type { TargetRow } from './contract.ts'

export type { StateChange, TargetState } from '../catalog/reach.ts'

export type TargetSort = 'name' | 'database' | 'protocol' | 'port' | 'host' | 'state'

/** In the address. `host` counts for administrators only. */
export interface TargetFilter {
  /** Words that all stand in name, database, port, tags `env=prod` and, for administrators, host and account. */
  readonly search?: string
  /** `env=prod,team=shop`: all of them; `env` alone: whatever its value. */
  readonly tag?: string
  readonly state?: TargetState['state']
  readonly protocol?: TargetProtocol
  readonly disabled?: boolean
  /** From large to small with a `-` before it; by name if not given. */
  readonly sort?: TargetSort | `-${TargetSort}`
  /** Key of a tag: those of one value stand together, those without come last; `groups` says how many of each. */
  readonly group?: string
  /** Identifiers, joined by commas: these alone. */
  readonly ids?: string
  readonly offset?: number
  readonly limit?: number
}

export interface TargetPage {
  readonly targets: readonly TargetRow[]
  /** How many match. */
  readonly total: number
  /** How many there are for the one who asks. */
  readonly all: number
  /** In the order of the list; `''`: without that tag. Only if asked for with `group`. */
  readonly groups?: readonly { readonly value: string; readonly count: number }[]
}

/** Tags that targets carry, with how many do. */
export interface TargetTagKey {
  readonly key: string
  readonly count: number
  /** The most frequent ones. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

export type BulkChange =
  | { readonly kind: 'enable' | 'disable' | 'delete' | 'expose' | 'hide' }
  | {
      readonly kind: 'tag'
      readonly set: Readonly<Record<string, string>>
      readonly remove: readonly string[]
    }

export interface BulkResult {
  readonly done: number
  readonly problems: readonly { readonly id: string; readonly name: string; readonly message: string }[]
}

export interface TargetListRoutes {
  /** Those that the one who asks may connect to; administrators: all. */
  'GET /api/targets': { in: TargetFilter; out: TargetPage }
  'GET /api/targets/tag-keys': { in: void; out: readonly TargetTagKey[] }
  'POST /api/targets/bulk': { in: { ids: readonly string[]; change: BulkChange }; out: BulkResult }
  /** Logs in once, now. */
  'POST /api/targets/:id/check': { in: void; out: TargetState }
  'GET /api/targets/:id/state': { in: void; out: TargetState }
}
