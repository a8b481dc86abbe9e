// What is kept of targets; implemented by `storage/`.

import type { TargetId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'

export interface StoredTarget {
  readonly target: Target
  /** Sealed for `target:<id>`. */
  readonly sealedPassword: string
  /** Sealed for `target:<id>:jump`; of a target with a jump host. */
  readonly sealedJumpSecret?: string
}

export interface TargetStore {
  /** Sorted by name. */
  list(): Promise<readonly StoredTarget[]>
  /** As `list`, without what is sealed, and from after this name on. */
  page(after: string, count: number): Promise<readonly Target[]>
  get(id: TargetId): Promise<StoredTarget | undefined>
  byName(name: string): Promise<StoredTarget | undefined>
  add(stored: StoredTarget): Promise<'added' | 'name taken' | 'port taken'>
  /** Everything but the port. @throws GatewayError `not-found`; `conflict` if the name is taken */
  replace(stored: StoredTarget): Promise<void>
  setPort(id: TargetId, port: number | undefined): Promise<'set' | 'port taken'>
  /** With its tags. @throws GatewayError `not-found` */
  remove(id: TargetId): Promise<void>
}
