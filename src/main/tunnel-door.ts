// The port of the tunnel: who comes with the certificate of a device is taken to a target, as their owner.

import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { Devices } from '../access/devices.ts'
import type { Device } from '../access/device-store.ts'
import { credentialOf } from '../access/devices.ts'
import type { TokenExpiry } from '../access/token-expiry.ts'
import { systemClock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { TokenId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { protocols } from '../protocols/index.ts'
import type { DialledTarget, ProtocolContext, ProtocolLog } from '../protocols/protocol.ts'
import type { Answer, Opening } from '../tunnel/framing.ts'
import { createTunnelServer, type Serve } from '../tunnel/tunnel-server.ts'
import { type Balancers, type Endpoints, endpointsOf, trustedBalancers } from './client-endpoints.ts'
import type { Config } from './config.ts'
import type { Rooms } from './rooms.ts'

interface TunnelDoorParts {
  readonly devices: Devices
  readonly expiry: TokenExpiry
  readonly targets: {
    list(): Promise<readonly Target[]>
    byName(name: string): Promise<Target | undefined>
    get(id: Target['id']): Promise<Target | undefined>
  }
  /** Whether somebody may connect to a target from an address. */
  readonly mayConnect: (user: User, target: Target, address: string) => boolean
  readonly messages: Messages
  readonly context: ProtocolContext
  /** As at the ports of the targets. */
  readonly dial: (target: DialledTarget, endpoints: Endpoints) => Promise<Duplex> | undefined
  readonly balancers: Balancers
  readonly version: string
  readonly log: ProtocolLog
  readonly nowMs: () => number
}

interface TunnelDoor {
  /** @throws Error  the port cannot be had */
  open(host: string, port: number): Promise<number>
  /** Lets nobody in any more; conversations go on. */
  close(): void
  /** Cuts what is left. */
  end(): void
}

/** Who a stream is for. */
interface Guest {
  readonly credential: string
  readonly user: User
  readonly device: Device
}

async function createTunnelDoor(parts: TunnelDoorParts): Promise<TunnelDoor> {
  const { devices, expiry, context, log } = parts
  const { limits } = context
  const shown = await devices.authority.issueTunnel()
  const server = createTunnelServer<Guest, Endpoints>({
    authority: devices.authority.certificate,
    certificate: shown.certificate,
    key: shown.key.reveal(),
    nowMs: parts.nowMs,
    limits,
    log,
    async find(deviceId, userId) {
      const found = await devices.find(deviceId, userId)
      if (found === undefined) return undefined
      const { device, user } = found
      const credential = credentialOf(device)
      // What was opened while it was signed in ends with the sign-in.
      expiry.watch(credential as TokenId, device.signedInUntilMs)
      return { credential, user, device }
    },
    originOf: socket => endpointsOf(socket, parts.balancers, limits),
    turnedAway({ code }, { client: { address } }) {
      log.info({ code, address }, 'a device was turned away')
      const who = { userName: '', address, program: 'user agent', targetName: '' }
      context.gate.turnedAway(who, new GatewayError('token.invalid'))
    },
    answer(opening, guest, endpoints) {
      devices.seen(guest.device, endpoints.client.address)
      return answer(parts, opening, guest, endpoints)
    },
  })
  const unsubscribe = parts.messages.subscribe('tokens', credential => server.cut(credential))
  return {
    open: (host, port) => server.listen(host, port),
    close: () => server.close(),
    end() {
      unsubscribe()
      server.end()
    },
  }
}

async function answer(
  parts: TunnelDoorParts,
  opening: Opening,
  guest: Guest,
  endpoints: Endpoints,
): Promise<Answer | Serve> {
  const { user, device } = guest
  const { address } = endpoints.client
  if (opening.kind === 'hello') {
    const { name, signedInUntilMs } = device
    return { ok: true, user: user.name, device: name, signedInUntilMs, server: parts.version }
  }
  const visible = (target: Target): boolean => !target.disabled && parts.mayConnect(user, target, address)
  if (opening.kind === 'list') {
    const targets = (await parts.targets.list()).filter(visible)
    return {
      ok: true,
      targets: targets.map(({ id, name, protocol, database, tags }) => ({
        id,
        name,
        protocol,
        database,
        tags,
      })),
    }
  }
  const named = opening.target
  const target = (await parts.targets.byName(named)) ?? (await parts.targets.get(named as Target['id']))
  if (target === undefined || !visible(target)) {
    const error = new GatewayError('not-found', `target ${named} that you may connect to`)
    const who = { userName: user.name, address, program: `sekisho ${opening.agent}` }
    parts.context.gate.turnedAway({ ...who, targetName: target?.name ?? named }, error)
    throw error
  }
  const context = { ...parts.context, dial: (where: DialledTarget) => parts.dial(where, endpoints) }
  const entry = { kind: 'tunnel', user, address, credential: guest.credential } as const
  return stream => protocols[target.protocol].serve(stream, entry, target, context)
}

/** Without it everything else works: a port that cannot be had is told, as those of targets are. */
export async function openTunnel(config: Config, version: string, log: Logger, rooms: Rooms) {
  const door = await createTunnelDoor({
    devices: rooms.devices,
    expiry: rooms.expiry,
    targets: rooms.catalog.targets,
    mayConnect: rooms.mayConnectFrom,
    messages: rooms.messages,
    context: rooms.protocolContext,
    dial: (target, endpoints) => rooms.openWay(target, endpoints),
    balancers: trustedBalancers(config.tunnel.proxyProtocolFrom),
    version,
    log,
    nowMs: () => systemClock.nowMs(),
  })
  const failures: string[] = []
  const { host, port } = config.tunnel
  if (port !== 0)
    await door.open(host, port).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ port, reason }, 'the port of the tunnel could not be opened')
      failures.push(
        `The port of the tunnel could not be opened: ${reason}. Choose another: SEKISHO_TUNNEL_PORT`,
      )
    })
  return { close: () => door.close(), end: () => door.end(), failures }
}
