// Whom a connection comes from: the socket says it, or the load balancer in front, if it is one that is trusted.

import { BlockList, isIPv6, type Socket } from 'node:net'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import { parseIp, writeIp } from '../wire/ip-address.ts'
import { type Endpoint, readProxyHeader } from '../wire/proxy-header.ts'

/** Both ends of a connection as the client sees them. */
export interface Endpoints {
  readonly client: Endpoint
  readonly server: Endpoint
}

/** Load balancers that must say whom they speak for. */
export type Balancers = (address: string) => boolean

/** @param networks  addresses and networks, checked already */
export function trustedBalancers(networks: readonly string[]): Balancers {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return address => networks.length > 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/**
 * A header is required of a trusted balancer. From anybody else one is left in the stream, where it is no message of any
 * protocol.
 * @returns `undefined` if the balancer only looked whether anybody is there
 * @throws GatewayError `protocol.violation`
 */
export async function endpointsOf(
  socket: Socket,
  balancers: Balancers,
  limits: Pick<Limits, 'loginTimeoutMs' | 'proxyHeaderBytesMax'>,
): Promise<Endpoints | undefined> {
  const own = {
    client: endpoint(socket.remoteAddress, socket.remotePort),
    server: endpoint(socket.localAddress, socket.localPort),
  }
  if (!balancers(own.client.address)) return own
  const header = await readHeader(socket, limits)
  return header === 'local' ? own : header
}

const endpoint = (address: string | undefined, port: number | undefined): Endpoint => {
  const bytes = parseIp(address ?? '')
  return { address: bytes === undefined ? 'unknown' : writeIp(bytes), port: port ?? 0 }
}

function readHeader(
  socket: Socket,
  limits: Pick<Limits, 'loginTimeoutMs' | 'proxyHeaderBytesMax'>,
): Promise<Endpoints | 'local' | undefined> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0)
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      socket.off('readable', look).off('close', gone).off('end', gone)
      act()
    }
    const fail = (why: string): void =>
      settle(() => reject(new GatewayError('protocol.violation', `the load balancer: ${why}`)))
    const timer = setTimeout(() => fail('its header did not come in time'), limits.loginTimeoutMs)
    const gone = (): void => {
      if (bytes.length === 0) settle(() => resolve(undefined))
      else fail('it went away before its header was there')
    }
    const look = (): void => {
      for (let piece = read(socket); piece !== null; piece = read(socket)) {
        bytes = Buffer.concat([bytes, piece])
        const reading = readProxyHeader(bytes, limits.proxyHeaderBytesMax)
        if (reading.kind === 'wrong') return fail(reading.why)
        if (reading.kind === 'header') {
          const rest = bytes.subarray(reading.length)
          settle(() => {
            if (rest.length > 0) socket.unshift(rest)
            const { header } = reading
            resolve(header.kind === 'client' ? header : 'local')
          })
          return
        }
      }
    }
    socket.on('readable', look).once('close', gone).once('end', gone)
    look()
  })
}

const read = (socket: Socket): Buffer | null => socket.read() as Buffer | null
