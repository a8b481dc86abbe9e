// What signing in needs to have kept: open console sessions, and failed attempts; implemented by `storage/`.

import type { UserId } from '../core/ids.ts'

export interface StoredSession {
  /** SHA-256 of the cookie, hexadecimal: who reads the database cannot sign in with it. */
  readonly hash: string
  readonly userId: UserId
  readonly createdAtMs: number
  readonly seenAtMs: number
}

export interface SessionStore {
  add(session: StoredSession): Promise<void>
  get(hash: string): Promise<StoredSession | undefined>
  touch(hash: string, seenAtMs: number): Promise<void>
  remove(hash: string): Promise<void>
  /** Of one user, except the one with this hash. */
  removeOf(userId: UserId, exceptHash?: string): Promise<void>
  /** Those made or last seen before. */
  removeOlder(than: { readonly createdMs: number; readonly seenMs: number }): Promise<void>
}

/** Attempts are kept by name, not by user, so that the work is the same whether or not there is such a user. */
export interface AttemptStore {
  /**
   * Counts one attempt as failed before it is looked at, in one step with the look at the lock, so that attempts at the
   * same moment cannot get past the limit. What is older than the lock lasts is forgotten.
   * @returns until when the name is locked; `undefined`: go on
   */
  admit(
    nameHash: string,
    at: { readonly nowMs: number; readonly failuresMax: number; readonly lockMs: number },
  ): Promise<number | undefined>
  /** After a right password, or by an administrator. */
  clear(nameHash: string): Promise<void>
  /** Those locked at the moment. */
  locked(nowMs: number): Promise<ReadonlySet<string>>
}
