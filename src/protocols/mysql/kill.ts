// Stopping statements and sessions: people may stop their own, by the number that the gateway or the target gave them.

import { randomInt } from 'node:crypto'
import type { TargetId, UserId } from '../../core/ids.ts'

export type KillKind = 'query' | 'connection'

/** The sessions that one user may stop. */
export interface Kills {
  /** @returns what stops it, `undefined` if there is no such session of theirs */
  find(id: number): ((kind: KillKind) => void) | undefined
}

interface Killable {
  readonly userId: UserId
  readonly targetId: TargetId
  /** The target's number for it, which `CONNECTION_ID()` tells. */
  readonly threadId: number
  readonly stop: (kind: KillKind) => void
}

/** By our number; `undefined`: given, and the session has not begun. */
const sessions = new Map<number, Killable | undefined>()

/** A number for a connection, told before anything is known of the target's own. */
export function reserveNumber(): { readonly id: number; withdraw(): void } {
  let id = randomInt(1, 2 ** 31)
  while (sessions.has(id)) id = randomInt(1, 2 ** 31)
  sessions.set(id, undefined)
  return { id, withdraw: () => sessions.delete(id) }
}

/** The session of this number has begun. @returns what takes it back */
export function register(id: number, session: Killable): () => void {
  sessions.set(id, session)
  return () => sessions.set(id, undefined)
}

export const killsOf = (userId: UserId, targetId: TargetId): Kills => ({
  find(id) {
    const isOwn = (session: Killable | undefined): session is Killable =>
      session?.userId === userId && session.targetId === targetId
    const ours = sessions.get(id)
    if (isOwn(ours)) return ours.stop
    // Killing is rare: nothing is kept for finding by the target's number.
    for (const session of sessions.values())
      if (isOwn(session) && session.threadId === id) return session.stop
    return undefined
  },
})
