// Looks at targets: as far as their port, or a login and out again. What comes of it is nobody's act and stays off the record.

import type { Look } from '../../catalog/reach.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import { protocols } from '../../protocols/index.ts'
import { connectSocket } from '../../protocols/target-connection.ts'
import type { OpenWay } from '../ways-to-targets.ts'

export interface LooksParts {
  readonly password: (target: Target) => Promise<Secret>
  readonly openWay: OpenWay
  readonly limits: Limits
}

export function createTargetLooks(
  parts: LooksParts,
): (target: Target, depth: 'port' | 'login') => Promise<Look> {
  return async (target, depth) => {
    if (depth === 'port') return lookAtPort(parts, target)
    const found = await logIn(parts, target)
    if (found.kind === 'reached') return found
    // What answers at its port, but lets nobody in, is not asked again by its port alone.
    const { kind } = await lookAtPort(parts, target)
    return { ...found, heard: kind === 'reached' }
  }
}

async function logIn({ password, openWay, limits }: LooksParts, target: Target): Promise<Look> {
  try {
    const secret = await password(target)
    const trial = await protocols[target.protocol].tryTarget(target, secret, limits, where =>
      openWay({ ...where, id: target.id }),
    )
    if (trial.kind === 'failed') return { ...trial, heard: true }
    const { durationMs, serverVersion, tls, certificateEndsAtMs } = trial
    return {
      kind: 'reached',
      latencyMs: durationMs,
      serverVersion,
      ...(tls !== undefined && { tls }),
      ...(certificateEndsAtMs !== undefined && { certificateEndsAtMs }),
    }
  } catch (error) {
    return failed(error)
  }
}

async function lookAtPort({ openWay, limits }: LooksParts, target: Target): Promise<Look> {
  const startedMs = performance.now()
  try {
    // A header of the PROXY protocol would be one more thing to be cut off from.
    const { sendProxy: _none, ...plain } = target
    const stream = await (openWay(plain) ?? connectSocket(target, limits))
    const latencyMs = performance.now() - startedMs
    stream.on('error', () => undefined)
    stream.destroy()
    return { kind: 'reached', latencyMs }
  } catch (error) {
    return failed(error)
  }
}

const failed = (error: unknown): Look => ({
  kind: 'failed',
  message: error instanceof GatewayError ? error.message : 'The target could not be tried.',
  heard: false,
})
