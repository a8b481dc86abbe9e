// Stops what runs for a session at the target, over a short connection of its own.

import type { Target } from '../../core/target.ts'
import type { Permit } from '../../gate/permit.ts'
import { closeStream } from '../closing.ts'
import type { ProtocolContext } from '../protocol.ts'
import { command, encodeQuery } from './codec.ts'
import type { KillKind } from './kill.ts'
import { encodeShortPacket, readPacket } from './packets.ts'
import { noWishes } from './target-faces.ts'
import { logInToTarget } from './target-login.ts'
import { TargetSide } from './target-side.ts'

/** More than OK or an error. */
const answerBytesMax = 64 * 1024

/** Resolves when the target has done it, or could not be asked. Never rejects. */
export async function stopAtTarget(
  target: Target,
  { targetPassword, limits, dial, log }: Pick<ProtocolContext, 'targetPassword' | 'limits' | 'dial' | 'log'>,
  permit: Permit,
  threadId: number,
  kind: KillKind,
): Promise<void> {
  try {
    const password = await targetPassword(target)
    const { stream, capabilities } = await logInToTarget(target, password, noWishes, limits, dial)
    const side = new TargetSide(stream)
    const text = `KILL ${kind === 'query' ? 'QUERY ' : ''}${threadId}`
    side.send(permit, encodeShortPacket(encodeQuery(text, capabilities), 0))
    await readPacket(stream, answerBytesMax)
    side.send(permit, encodeShortPacket(Buffer.of(command.quit), 0))
    await closeStream(stream)
  } catch (error) {
    log.warn({ target: target.name, err: error }, 'a statement could not be stopped at the target')
  }
}
