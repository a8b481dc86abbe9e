// What the access room offers: people, groups, sign-in at the console, connection tokens, sealed secrets.

import type { Secret } from '../core/secret.ts'
import type { GroupId, TargetId, TokenId, UserId } from '../core/ids.ts'
import type { Actor } from '../core/event.ts'
import type { Group, Role, User } from '../core/user.ts'

/** A signed-in browser. */
export interface ConsoleSession {
  readonly user: User
  readonly mustChangePassword: boolean
  /** Sent with every changing request in `x-sekisho-csrf`; bound to the session. */
  readonly csrfToken: string
  readonly expiresAtMs: number
}

export interface SignIn {
  /**
   * Checks name and password in constant time whether or not the user exists; counts failures; records the outcome.
   * @returns the secret for the cookie, shown to nobody else and stored only as a hash
   * @throws GatewayError `sign-in.failed | sign-in.locked | sign-in.rate-limited | sign-in.disabled`
   */
  signIn(
    name: string,
    password: Secret,
    address: string,
  ): Promise<{ readonly cookie: Secret; readonly session: ConsoleSession }>
  /** The session of a cookie, if it is alive; extends its idle time. */
  find(cookie: Secret): Promise<ConsoleSession | undefined>
  signOut(cookie: Secret, address: string): Promise<void>
  /** Ends all other sessions of the user. @throws GatewayError `password.weak | sign-in.failed` */
  changePassword(cookie: Secret, current: Secret, next: Secret, address: string): Promise<void>
}

export interface NewUser {
  readonly name: string
  readonly displayName: string
  readonly email?: string
  readonly role: Role
  readonly groups: readonly string[]
}

export interface Users {
  list(): Promise<
    readonly (User & { readonly locked: boolean; readonly lastSignInAtMs: number | undefined })[]
  >
  get(id: UserId): Promise<User | undefined>
  byName(name: string): Promise<User | undefined>
  /** @returns a first password, generated, to be changed at first sign-in */
  create(user: NewUser, by: Actor): Promise<{ readonly user: User; readonly firstPassword: Secret }>
  update(
    id: UserId,
    change: Partial<Omit<NewUser, 'name'>> & { readonly disabled?: boolean },
    by: Actor,
  ): Promise<User>
  /** @returns a new first password; ends all sessions of the user and unlocks the account */
  resetPassword(id: UserId, by: Actor): Promise<Secret>
  unlock(id: UserId, by: Actor): Promise<void>
  /** The last administrator cannot be removed, disabled or made a user. @throws GatewayError `conflict` */
  remove(id: UserId, by: Actor): Promise<void>
}

export interface Groups {
  list(): Promise<readonly (Group & { readonly members: readonly string[] })[]>
  create(group: { readonly name: string; readonly description: string }, by: Actor): Promise<Group>
  update(
    id: GroupId,
    change: { readonly description?: string; readonly members?: readonly string[] },
    by: Actor,
  ): Promise<Group>
  remove(id: GroupId, by: Actor): Promise<void>
}

/** A personal secret for native clients. The secret itself is shown once. */
export interface Token {
  readonly id: TokenId
  readonly userId: UserId
  readonly label: string
  /** Targets it may be used for; empty: all that the user may reach. */
  readonly targets: readonly TargetId[]
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly lastUsedAtMs: number | undefined
}

/**
 * What is needed to check a SCRAM-SHA-256 proof (RFC 5802) without knowing the secret. All tokens of a user share salt and
 * iteration count, which are told to the client before it says which token it has; each has its own keys.
 */
export interface ScramVerifier {
  readonly tokenId: TokenId
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
  /** SHA-1 of the SHA-1 of the secret (`mysql_native_password`); missing for tokens made before MySQL was spoken. */
  readonly mysqlNative: Uint8Array | undefined
  /** SHA-256 of the SHA-256 of the secret (`caching_sha2_password`); missing likewise. */
  readonly mysqlSha2: Uint8Array | undefined
}

export interface ScramCandidates {
  /** The user, if there is one that may sign in; with `undefined` the exchange runs to its end and fails. */
  readonly user: User | undefined
  readonly salt: Uint8Array
  readonly iterations: number
  /** Tokens of the user that are alive and good for the target. */
  readonly verifiers: readonly ScramVerifier[]
}

export interface Tokens {
  list(userId: UserId): Promise<readonly Token[]>
  /** Of everybody: those that somebody uses and that end before then, the first to end first. */
  ending(beforeMs: number): Promise<readonly Token[]>
  /** @returns the token and its secret, shown once: `skk_` and 40 characters of base 62 */
  create(
    token: {
      readonly userId: UserId
      readonly label: string
      readonly targets: readonly TargetId[]
      readonly lifeMs: number
    },
    by: Actor,
  ): Promise<{ readonly token: Token; readonly secret: Secret }>
  revoke(id: TokenId, by: Actor): Promise<void>
  /** For an unknown name the salt is a stable function of the name, so that names cannot be probed. */
  scramCandidates(userName: string, targetId: TargetId): Promise<ScramCandidates>
  /** Notes the use of a token, at most once a minute. */
  used(id: TokenId): void
}

/** Seals small secrets at rest: a data key, itself sealed by the key-encryption key. Bound to what they are for. */
export interface Vault {
  /** @param purpose  what the secret belongs to (`target:<id>`); opening with another purpose fails */
  seal(secret: Secret, purpose: string): string
  open(sealed: string, purpose: string): Secret
}

export interface Access {
  readonly signIn: SignIn
  readonly users: Users
  readonly groups: Groups
  readonly tokens: Tokens
}
