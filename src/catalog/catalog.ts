// What the catalog room offers: which targets there are, what is in them, and how sensitive it is.

import type { Actor } from '../core/event.ts'
import type { TargetId } from '../core/ids.ts'
import type { Secret } from '../core/secret.ts'
import type { JumpHost, Target, TargetProtocol, TlsMode } from '../core/target.ts'
import type { ColumnTags, TagDefinition } from '../policy/policy.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'

export interface NewTarget {
  readonly name: string
  readonly protocol: TargetProtocol
  readonly host: string
  readonly port: number
  readonly database: string
  readonly account: string
  readonly password: Secret
  readonly tls: TlsMode
  readonly tlsCa?: string
  readonly tags: Readonly<Record<string, string>>
  /** `null` takes it away. */
  readonly jump?: JumpHost | null
  /** Private key or password for the jump host. One that is not given stays, if the jump host does. */
  readonly jumpSecret?: Secret
  readonly sendProxy?: boolean
  /** Whether it has a port for native clients. Missing in a new one: if a port is free. */
  readonly exposed?: boolean
  /** 0: no snapshots are kept. */
  readonly snapshotRowsMax?: number
}

export interface Targets {
  /** All, sorted by name, as they are kept in memory: the same values until one of them changes. */
  list(): Promise<readonly Target[]>
  get(id: TargetId): Promise<Target | undefined>
  byName(name: string): Promise<Target | undefined>
  /**
   * Gives it the lowest free port of the range, which stays its own, unless it is not to be exposed; where no port is free
   * it is added without, unless it must be exposed. @throws GatewayError `conflict | request.invalid | limit.exceeded`
   */
  create(target: NewTarget, by: Actor): Promise<Target>
  /** A password that is not given stays. */
  update(
    id: TargetId,
    change: Partial<Omit<NewTarget, 'protocol'>> & { readonly disabled?: boolean },
    by: Actor,
  ): Promise<Target>
  remove(id: TargetId, by: Actor): Promise<void>
  /** The password of the account, opened; only for those who dial the target. */
  password(id: TargetId): Promise<Secret>
  /** The private key or password for its jump host, opened. @throws GatewayError `not-found` if it has none */
  jumpSecret(id: TargetId): Promise<Secret>
}

/** A column with the tags an administrator gave it. */
export interface TaggedColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly tags: readonly string[]
}

export interface Tags {
  definitions(): Promise<readonly TagDefinition[]>
  define(tag: TagDefinition, by: Actor): Promise<void>
  /** Tags given by hand in one target. */
  list(targetId: TargetId): Promise<readonly TaggedColumn[]>
  /** Replaces the tags of one column. Tags follow a renamed table or column by the server's own numbers for them. */
  set(targetId: TargetId, column: TaggedColumn, by: Actor): Promise<void>
  /** How many columns carry each tag by hand, over all targets. */
  usage(): ReadonlyMap<string, number>
  /** Given and inherited (partitions, inheritance children), for one picture of the target's tables. */
  effective(targetId: TargetId, snapshot: SchemaSnapshot): ColumnTags
}

/** Pictures of the targets' tables, kept fresh. */
export interface Schemas {
  /** The newest picture, if it is younger than `schemaAgeMaxMs` and not known to be outdated. */
  current(targetId: TargetId): SchemaSnapshot | undefined
  /** The newest picture; takes a new one where there is none or it is outdated. @throws GatewayError `target.schema-unavailable` */
  fresh(targetId: TargetId): Promise<SchemaSnapshot>
  /** Something changed at the target: the next `fresh` takes a new picture. */
  outdate(targetId: TargetId): void
}

export interface Catalog {
  readonly targets: Targets
  readonly tags: Tags
  readonly schemas: Schemas
}
