// How targets are reached that something stands in front of: by a jump host, or with a header that says whom it is for.

import type { Duplex } from 'node:stream'
import type { TargetId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { DialledTarget } from '../protocols/protocol.ts'
import { connectSocket } from '../protocols/target-connection.ts'
import type { JumpHosts } from '../tunnel/jump-hosts.ts'
import { encodeProxyHeader } from '../wire/proxy-header.ts'
import type { Endpoints } from './client-endpoints.ts'

export interface WaysParts {
  readonly jumpHosts: JumpHosts
  /** The key or password for the jump host of a stored target. */
  readonly jumpSecret: (id: TargetId) => Promise<Secret>
  readonly limits: Limits
}

/**
 * @param endpoints   the client for whom it is; without one the gateway speaks for itself
 * @param jumpSecret  of a target that is not stored yet
 * @returns `undefined`: it is reached directly
 */
export type OpenWay = (
  target: DialledTarget,
  endpoints?: Endpoints,
  jumpSecret?: Secret,
) => Promise<Duplex> | undefined

export function createWays(parts: WaysParts): OpenWay {
  return (target, endpoints, jumpSecret) => {
    if (target.jump === undefined && target.sendProxy !== true) return undefined
    return open(parts, target, endpoints, jumpSecret)
  }
}

async function open(
  parts: WaysParts,
  target: DialledTarget,
  endpoints: Endpoints | undefined,
  jumpSecret: Secret | undefined,
): Promise<Duplex> {
  const stream = await reach(parts, target, jumpSecret)
  if (target.sendProxy === true) {
    stream.write(
      encodeProxyHeader(endpoints === undefined ? { kind: 'local' } : { kind: 'client', ...endpoints }),
    )
  }
  return stream
}

async function reach(parts: WaysParts, target: DialledTarget, given: Secret | undefined): Promise<Duplex> {
  const { jump, id } = target
  if (jump === undefined) return connectSocket(target, parts.limits)
  if (given === undefined && id === undefined) throw new Error('a jump host without its secret')
  const secret = given ?? (await parts.jumpSecret(id as TargetId))
  return parts.jumpHosts.open(jump, secret, { host: target.host, port: target.port })
}
