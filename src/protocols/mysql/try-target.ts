// Tries a target as it would be used: dial, log in, say goodbye.

import { performance } from 'node:perf_hooks'
import { TLSSocket } from 'node:tls'
import { GatewayError } from '../../core/errors.ts'
import { closeStream } from '../closing.ts'
import type { Protocol, TargetTrial } from '../protocol.ts'
import { certificateEnd } from '../target-connection.ts'
import { command } from './codec.ts'
import { encodeShortPacket } from './packets.ts'
import { noWishes, ownVersion } from './target-faces.ts'
import { logInToTarget } from './target-login.ts'

export const tryTarget: Protocol['tryTarget'] = async (
  target,
  password,
  limits,
  dial,
): Promise<TargetTrial> => {
  const startedMs = performance.now()
  try {
    const { stream, greeting } = await logInToTarget(target, password, noWishes, limits, dial)
    const durationMs = performance.now() - startedMs
    const tls =
      stream instanceof TLSSocket ? `${stream.getProtocol()}, ${stream.getCipher().name}` : undefined
    const ends = certificateEnd(stream)
    // Nothing of a client is in this connection: there is nothing to judge in a goodbye.
    stream.write(encodeShortPacket(Buffer.of(command.quit), 0))
    await closeStream(stream)
    return { kind: 'reached', serverVersion: ownVersion(greeting.version), tls, durationMs, ...ends }
  } catch (error) {
    return {
      kind: 'failed',
      message: error instanceof GatewayError ? error.message : 'The target could not be tried.',
    }
  }
}
