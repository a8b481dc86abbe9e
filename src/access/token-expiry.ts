// Ends what was opened with a token when the token's time is over.

import type { Clock } from '../core/clock.ts'
import type { TokenId } from '../core/ids.ts'

export interface TokenExpiry {
  /** Somebody came in with this token. */
  watch(id: TokenId, expiresAtMs: number): void
  isWatched(id: TokenId): boolean
}

/** Timers of the system count to 24 days only. */
const waitMaxMs = 24 * 60 * 60 * 1000

/**
 * @param expired  called once when the time of a watched token is over
 * @param after    calls back once after a time
 */
export function createTokenExpiry(
  clock: Clock,
  after: (ms: number, call: () => void) => void,
  expired: (id: TokenId) => void,
): TokenExpiry {
  const watched = new Set<TokenId>()
  const wait = (id: TokenId, expiresAtMs: number): void => {
    const leftMs = expiresAtMs - clock.nowMs()
    if (leftMs > 0) {
      after(Math.min(leftMs, waitMaxMs), () => wait(id, expiresAtMs))
      return
    }
    watched.delete(id)
    expired(id)
  }
  return {
    isWatched: id => watched.has(id),
    watch(id, expiresAtMs) {
      if (watched.has(id)) return
      watched.add(id)
      wait(id, expiresAtMs)
    },
  }
}
