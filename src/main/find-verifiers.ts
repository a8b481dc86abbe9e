// How a protocol checks a connection token: the verifiers of a person, and that what was opened with a token ends with it.

import type { Access } from '../access/access.ts'
import type { TokenExpiry } from '../access/token-expiry.ts'
import type { TokenId } from '../core/ids.ts'
import type { User } from '../core/user.ts'
import type { FindVerifiers } from '../protocols/protocol.ts'

export function createFindVerifiers(
  { tokens }: Pick<Access, 'tokens'>,
  expiry: TokenExpiry,
  warn: (error: unknown) => void,
): FindVerifiers {
  /** What was opened with a token ends with it. */
  const watchExpiry = (user: User | undefined, id: TokenId): void => {
    if (user === undefined || expiry.isWatched(id)) return
    tokens.list(user.id).then(all => {
      const token = all.find(one => one.id === id)
      if (token !== undefined) expiry.watch(id, token.expiresAtMs)
    }, warn)
  }
  return async (userName, target) => {
    const { verifiers, ...candidates } = await tokens.scramCandidates(userName, target.id)
    return {
      ...candidates,
      verifiers: verifiers.map(({ tokenId, storedKey, serverKey, mysqlNative, mysqlSha2 }) => ({
        label: tokenId,
        storedKey,
        serverKey,
        ...(mysqlNative && { mysqlNative }),
        ...(mysqlSha2 && { mysqlSha2 }),
        used() {
          tokens.used(tokenId)
          watchExpiry(candidates.user, tokenId)
        },
      })),
    }
  }
}
