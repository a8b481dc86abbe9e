// Tries a target as it would be used: dial, log in, say goodbye.

import { performance } from 'node:perf_hooks'
import { TLSSocket } from 'node:tls'
import { GatewayError } from '../../core/errors.ts'
import { closeStream } from '../closing.ts'
import type { Protocol, TargetTrial } from '../protocol.ts'
import { certificateEnd } from '../target-connection.ts'
import { encodeTerminate } from './codec.ts'
import { dial, logInToTarget } from './target-login.ts'

export const tryTarget: Protocol['tryTarget'] = async (
  target,
  password,
  limits,
  open,
): Promise<TargetTrial> => {
  const startedMs = performance.now()
  try {
    const stream = await dial(target, limits, open)
    const { settings } = await logInToTarget(stream, target, password, [], limits)
    const durationMs = performance.now() - startedMs
    const tls =
      stream instanceof TLSSocket ? `${stream.getProtocol()}, ${stream.getCipher().name}` : undefined
    const ends = certificateEnd(stream)
    // Nothing of a client is in this connection: there is nothing to judge in a goodbye.
    stream.write(encodeTerminate())
    await closeStream(stream)
    const serverVersion = settings.get('server_version') ?? 'unknown'
    return { kind: 'reached', serverVersion, tls, durationMs, ...ends }
  } catch (error) {
    return {
      kind: 'failed',
      message: error instanceof GatewayError ? error.message : 'The target could not be tried.',
    }
  }
}
