// The policies in force and their versions. A saved version is in force at the next statement of every open session.

import type { Actor } from '../core/event.ts'
import type { PolicySet } from '../policy/policy.ts'

export interface SavedPolicies {
  readonly version: number
  readonly text: string
  readonly note: string
  readonly savedBy: string
  readonly savedAtMs: number
}

/** Where versions are kept; implemented by `storage/`. */
export interface PolicyStore {
  current(): Promise<SavedPolicies | undefined>
  get(version: number): Promise<SavedPolicies | undefined>
  list(): Promise<readonly Omit<SavedPolicies, 'text'>[]>
  /** @throws GatewayError `conflict` if `saved.version` exists already */
  add(saved: SavedPolicies): Promise<void>
}

export interface PolicyBook {
  /** What is in force now, compiled. */
  readonly inForce: PolicySet
  current(): Promise<SavedPolicies>
  /** Puts in force what another server saved. */
  refresh(): Promise<void>
  get(version: number): Promise<SavedPolicies | undefined>
  list(): Promise<readonly Omit<SavedPolicies, 'text'>[]>
  /** Checks, records the change, saves, and puts in force. @throws GatewayError `request.invalid | conflict | audit.unavailable` */
  save(text: string, note: string, basedOn: number, by: Actor): Promise<SavedPolicies>
}
