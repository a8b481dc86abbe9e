// What the access room needs to have kept about people; implemented by `storage/`.

import type { GroupId, UserId } from '../core/ids.ts'
import type { Group, User } from '../core/user.ts'

export interface StoredUser extends User {
  /** PHC string of argon2id. */
  readonly passwordHash: string
  readonly mustChangePassword: boolean
  /** Base64; shared by all tokens of the user. */
  readonly tokenSalt: string
  readonly lastSignInAtMs: number | undefined
  readonly createdAtMs: number
}

export type UserChange = Partial<
  Omit<StoredUser, 'id' | 'name' | 'createdAtMs' | 'email'> & { readonly email: string | undefined }
>

export interface UserStore {
  /** Sorted by name. */
  list(): Promise<readonly StoredUser[]>
  get(id: UserId): Promise<StoredUser | undefined>
  byName(name: string): Promise<StoredUser | undefined>
  /** @throws GatewayError `conflict` if the name is taken; `not-found` if a group is */
  add(user: StoredUser): Promise<void>
  /**
   * Fields that are missing stay. In one step with the check that an enabled administrator remains.
   * @throws GatewayError `not-found | conflict`
   */
  update(id: UserId, change: UserChange): Promise<void>
  /** With tokens and console sessions; with the same check. @throws GatewayError `not-found | conflict` */
  remove(id: UserId): Promise<void>
}

export interface GroupStore {
  /** Sorted by name; members are names of users, sorted. */
  list(): Promise<readonly (Group & { readonly members: readonly string[] })[]>
  /** @throws GatewayError `conflict` */
  add(group: Group): Promise<void>
  /** @throws GatewayError `not-found`, also for a member that there is not */
  update(
    id: GroupId,
    change: { readonly description?: string; readonly members?: readonly string[] },
  ): Promise<void>
  /** @throws GatewayError `not-found` */
  remove(id: GroupId): Promise<void>
}
