// Cancel requests: a client gets a key of ours, and only who shows it again cancels, and only that session's statement.

import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Limits } from '../../core/limits.ts'
import type { TargetId } from '../../core/ids.ts'
import { within } from '../read-exactly.ts'
import { encodeCancel } from './codec.ts'
import type { TargetWelcome } from './target-login.ts'

interface Cancellable {
  readonly targetId: TargetId
  readonly secret: Buffer
  /** Opens another connection to the same target. */
  readonly reach: () => Promise<Duplex>
  readonly key: NonNullable<TargetWelcome['key']>
}

export interface ClientKey {
  readonly processId: number
  readonly secret: Buffer
  /** The session ended: the key is worth nothing any more. */
  withdraw(): void
}

const sessions = new Map<number, Cancellable>()

/** Makes the key that a client may cancel with, of random numbers that say nothing about the target's own. */
export function issueKey(
  targetId: TargetId,
  reach: Cancellable['reach'],
  key: NonNullable<TargetWelcome['key']>,
): ClientKey {
  let processId = randomInt(1, 2 ** 31)
  while (sessions.has(processId)) processId = randomInt(1, 2 ** 31)
  const secret = randomBytes(4)
  sessions.set(processId, { targetId, secret, reach, key })
  return { processId, secret, withdraw: () => sessions.delete(processId) }
}

/**
 * Passes a cancel request on, if its key is one of ours and came in by the port of the same target. Nothing is told to the
 * client either way, as the protocol wants it.
 */
export async function cancel(
  targetId: TargetId,
  processId: number,
  secret: Buffer,
  limits: Limits,
): Promise<boolean> {
  const session = sessions.get(processId)
  if (!session || session.targetId !== targetId) return false
  if (secret.length !== session.secret.length || !timingSafeEqual(secret, session.secret)) return false
  await cancelAtTarget(session, limits)
  return true
}

/** Asks a target to cancel what one of its sessions does. */
export async function cancelAtTarget(
  { reach, key }: Pick<Cancellable, 'reach' | 'key'>,
  limits: Limits,
): Promise<void> {
  const stream = await reach()
  const closed = new Promise<void>(resolve => stream.once('close', () => resolve()))
  stream.resume().end(encodeCancel(key.processId, key.secret))
  await within(closed, limits.targetConnectTimeoutMs, stream, () => new Error('the target does not answer'))
}
