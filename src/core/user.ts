// Who: people, and the groups they are in.

import type { GroupId, UserId } from './ids.ts'

/** Administrators run the gateway; users pass through it. Neither sees data without a policy that says so. */
export type Role = 'administrator' | 'user'

export interface User {
  readonly id: UserId
  /** What they sign in with, also in native clients; unique, lower case, 1-64 of `a-z 0-9 . _ - @ +`. */
  readonly name: string
  readonly displayName: string
  readonly email: string | undefined
  readonly role: Role
  readonly disabled: boolean
  /** Names of the groups they are in, sorted. */
  readonly groups: readonly string[]
}

export interface Group {
  readonly id: GroupId
  /** Unique; 1-64 of `a-z 0-9 . _ -`. */
  readonly name: string
  readonly description: string
}
