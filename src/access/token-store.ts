// What is kept of connection tokens; implemented by `storage/`. The secret itself is not among it.

import type { TokenId, UserId } from '../core/ids.ts'
import type { Token } from './access.ts'

export interface StoredToken extends Token {
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
  /** Missing for tokens made before MySQL was spoken. */
  readonly mysqlNative: Uint8Array | undefined
  readonly mysqlSha2: Uint8Array | undefined
}

export interface TokenStore {
  /** Newest first. */
  ofUser(userId: UserId): Promise<readonly StoredToken[]>
  /** Of everybody: those that were used and end before then, first to end first; at most so many. */
  ending(beforeMs: number, count: number): Promise<readonly StoredToken[]>
  get(id: TokenId): Promise<StoredToken | undefined>
  add(token: StoredToken): Promise<void>
  touch(id: TokenId, usedAtMs: number): Promise<void>
  /** @throws GatewayError `not-found` */
  remove(id: TokenId): Promise<void>
}
