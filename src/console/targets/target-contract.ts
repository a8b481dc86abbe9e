// The part of the contract about targets: each by itself, their lists, changes of many at once, and how each is. Types only.

import type { TargetState } from '../../catalog/reach.ts'
import type { JumpHost, TargetProtocol, TlsMode } from '../../core/target.ts'
import type { MaskShape } from '../../core/verdict.ts'

export type { StateChange, TargetState } from '../../catalog/reach.ts'

export interface TargetInput {
  readonly name: string
  readonly protocol: TargetProtocol
  readonly host: string
  readonly port: number
  readonly database: string
  readonly account: string
  /** Missing in an update: stays as it is. */
  readonly password?: string
  readonly tls: TlsMode
  readonly tlsCa?: string
  readonly tags: Readonly<Record<string, string>>
  readonly disabled?: boolean
  /** Missing in an update: stays as it is, and so does its secret; `null`: reached directly. */
  readonly jump?: (JumpHost & { readonly secret?: string; readonly passphrase?: string }) | null
  readonly sendProxy?: boolean
  /** Whether it has a port for native clients. Missing in a new one: if a port is free; in an update: stays. */
  readonly exposed?: boolean
  /** Of changes of at most so many rows, what they were before and after is kept; 0: none. Missing in an update: stays. */
  readonly snapshotRowsMax?: number
}

/** As it is confirmed and kept, and as people compare it. */
export interface HostKeyShown {
  readonly key: string
  readonly fingerprint: string
}

/** A target as its users see it. Administrators also get where it is. */
export interface TargetRow {
  readonly id: string
  readonly name: string
  readonly protocol: TargetProtocol
  readonly database: string
  readonly tags: Readonly<Record<string, string>>
  /** Where native clients connect: the gateway's host as configured, and the port of this target. */
  readonly gatewayHost: string
  readonly listenPort: number | undefined
  readonly disabled: boolean
  readonly state: TargetState['state']
  /** Only for administrators; without its changes. */
  readonly health?: TargetState
  /** Only for administrators. */
  readonly admin:
    | {
        readonly host: string
        readonly port: number
        readonly account: string
        readonly tls: TlsMode
        readonly tlsCa: string | undefined
        readonly jump: JumpHost | undefined
        readonly sendProxy: boolean
        readonly snapshotRowsMax: number
      }
    | undefined
}

export type TargetTest =
  | {
      readonly ok: true
      readonly serverVersion: string
      readonly tls: string | undefined
      readonly durationMs: number
    }
  | { readonly ok: false; readonly message: string }

/** One table or view in a target, for the object tree and for tagging. */
export interface TableRow {
  readonly schema: string
  readonly table: string
  readonly kind: 'table' | 'partitioned' | 'foreign' | 'view' | 'materialized'
  readonly comment: string | undefined
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly notNull: boolean
    /** All tags in force, and those of them that were inherited from a parent table. */
    readonly tags: readonly string[]
    readonly inherited: readonly string[]
    /** Hidden from me, and as what. */
    readonly hiddenAs: MaskShape | undefined
  }[]
}

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

/** One by one. */
export interface TargetRoutes {
  'POST /api/targets': { in: TargetInput; out: TargetRow }
  'POST /api/targets/test': { in: TargetInput & { readonly id?: string }; out: TargetTest }
  /** Which key a jump host shows, to be confirmed before it is trusted. */
  'POST /api/targets/host-key': { in: { host: string; port: number }; out: HostKeyShown }
  'GET /api/targets/:id': { in: void; out: TargetRow }
  'PUT /api/targets/:id': { in: TargetInput; out: TargetRow }
  'DELETE /api/targets/:id': { in: void; out: void }
  'GET /api/targets/:id/tables': { in: void; out: readonly TableRow[] }
  'PUT /api/targets/:id/tags': {
    in: { schema: string; table: string; column: string; tags: readonly string[] }
    out: void
  }
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
