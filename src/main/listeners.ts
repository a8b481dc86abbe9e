// The ports of the targets: one listener for each, opened and closed as targets come and go.

import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { Target } from '../core/target.ts'
import { protocols } from '../protocols/index.ts'
import type { DialledTarget, ProtocolContext, ProtocolLog } from '../protocols/protocol.ts'
import { type Balancers, type Endpoints, endpointsOf } from './client-endpoints.ts'

export interface ListenersParts {
  readonly bind: string
  readonly list: () => Promise<readonly Target[]>
  readonly find: (id: Target['id']) => Promise<Target | undefined>
  readonly messages: Messages
  readonly context: ProtocolContext
  /** Opens the way to a target for a client, if something stands in front of it or wants to know whom it is for. */
  readonly dial: (target: DialledTarget, endpoints: Endpoints) => Promise<Duplex> | undefined
  /** Load balancers that speak for others. */
  readonly balancers: Balancers
  readonly limits: Limits
  readonly log: ProtocolLog
}

export interface Listeners {
  /** Opens and closes ports until they are those of the targets. */
  reconcile(): Promise<void>
  /** How many ports are open now. */
  readonly openPorts: number
  /** Targets whose port could not be opened, with the reason. */
  readonly failures: ReadonlyMap<string, string>
  /** Accepts nobody any more; conversations go on. */
  close(): Promise<void>
}

/** Ports opened at a time. */
const batch = 100

export function createListeners(parts: ListenersParts): Listeners {
  const open = new Map<number, { readonly server: Server; readonly targetId: Target['id'] }>()
  const failures = new Map<string, string>()
  /** Clients that have not proved who they are, oldest first. */
  const pending = new Set<Socket>()
  let closed = false
  let turn = Promise.resolve()

  const listen = async (target: Target, port: number): Promise<void> => {
    const server = createServer(
      { noDelay: true, keepAlive: true },
      socket => void greet(parts, pending, socket, target.id),
    )
    server.maxConnections = parts.limits.connectionsPerTargetMax
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, parts.bind, resolve)
      })
      server.on('error', error => parts.log.error({ target: target.name, err: error }, 'listener failed'))
      open.set(port, { server, targetId: target.id })
      failures.delete(target.name)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      failures.set(target.name, reason)
      parts.log.error({ target: target.name, port, reason }, 'the port of a target could not be opened')
    }
  }

  const settle = async (): Promise<void> => {
    if (closed) return
    const wanted = new Map<number, Target>()
    for (const target of await parts.list()) {
      if (!target.disabled && target.listenPort !== undefined) wanted.set(target.listenPort, target)
    }
    for (const [port, { server, targetId }] of open) {
      if (wanted.get(port)?.id === targetId) continue
      open.delete(port)
      server.close()
    }
    const missing = [...wanted].filter(([port]) => !open.has(port))
    while (missing.length > 0 && !closed) {
      await Promise.all(missing.splice(0, batch).map(([port, target]) => listen(target, port)))
    }
  }

  /** Many changes at once are settled together: what waits for its turn will see them all. */
  let waiting: Promise<void> | undefined
  const reconcile = (): Promise<void> => {
    waiting ??= turn = turn
      .then(() => {
        waiting = undefined
        return settle()
      })
      .catch((error: unknown) => parts.log.error({ err: error }, 'listeners could not be settled'))
    return waiting
  }
  const unsubscribe = parts.messages.subscribe('targets', () => void reconcile())

  return {
    reconcile,
    get openPorts() {
      return open.size
    },
    failures,
    async close() {
      closed = true
      unsubscribe()
      await turn
      for (const { server } of open.values()) server.close()
      open.clear()
    },
  }
}

/** Who comes in while too many have not said who they are takes the place of the one that has waited longest. */
function makeRoom(pending: Set<Socket>, pendingMax: number): void {
  const [oldest] = pending
  if (oldest === undefined || pending.size < pendingMax) return
  pending.delete(oldest)
  oldest.destroy()
}

/** Serves one client with the target as it is now, not as it was when the port was opened. */
async function greet(
  parts: ListenersParts,
  pending: Set<Socket>,
  socket: Socket,
  id: Target['id'],
): Promise<void> {
  makeRoom(pending, parts.limits.pendingLoginsMax)
  pending.add(socket)
  // Until the protocol listens: a client that is gone already is no news.
  const ignore = (): void => {}
  socket.on('error', ignore)
  let address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
  let targetName = ''
  try {
    const target = await parts.find(id)
    if (target === undefined || target.disabled) {
      socket.destroy()
      return
    }
    targetName = target.name
    const endpoints = await endpointsOf(socket, parts.balancers, parts.limits)
    if (endpoints === undefined) {
      socket.destroy()
      return
    }
    address = endpoints.client.address
    const context: ProtocolContext = {
      ...parts.context,
      dial: where => parts.dial(where, endpoints),
      identified: () => pending.delete(socket),
    }
    await protocols[target.protocol].serve(socket, { kind: 'network', address }, target, context)
  } catch (error) {
    if (error instanceof GatewayError) {
      parts.context.gate.turnedAway({ userName: '', address, program: '', targetName }, error)
    }
    parts.log.error({ err: error, address }, 'a conversation failed')
    socket.destroy()
  } finally {
    pending.delete(socket)
  }
}
