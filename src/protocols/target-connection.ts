// The way to a target below its protocol: TCP, and TLS once the target agreed to it.

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import type { Target } from '../core/target.ts'
import { connectReading } from './target-reading.ts'

/** What it takes to reach a target. */
export type Address = Pick<Target, 'host' | 'port' | 'tls' | 'tlsCa'>
/** What it takes to log in. */
export type Account = Address & Pick<Target, 'database' | 'account'>

export const unreachable = (detail: string, cause?: unknown): GatewayError =>
  new GatewayError('target.unreachable', detail, { cause })

export const loginFailed = (detail: string, cause?: unknown): GatewayError =>
  new GatewayError('target.login-failed', detail, { cause })

/** @throws GatewayError `target.unreachable` */
export function connectSocket(
  address: Pick<Address, 'host' | 'port'>,
  { targetConnectTimeoutMs }: Limits,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectReading(onread =>
      connectTcp({
        host: address.host,
        port: address.port,
        onread,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 60_000,
      }),
    )
    const timer = setTimeout(() => {
      socket.destroy()
      reject(unreachable('no answer in time. Check host, port and firewall.'))
    }, targetConnectTimeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    // Stays for the whole life of the socket: an error of it must never be without a listener.
    socket.on('error', error => {
      clearTimeout(timer)
      reject(unreachable(whyNoConnection(error), error))
    })
  })
}

function whyNoConnection(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known. Check the host.'
    case 'ECONNREFUSED':
      return 'nothing listens on this port. Check port and whether the server runs.'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to this host from here.'
    default:
      return `the connection failed (${error.code ?? 'unknown reason'}).`
  }
}

/**
 * Begins TLS over a connection whose other side expects it now.
 * @param protocolName  for ALPN, if the protocol has a name there
 * @throws GatewayError `target.unreachable`
 */
export function startTls(socket: Duplex, address: Address, protocolName?: string): Promise<TLSSocket> {
  const verifies = address.tls === 'verify-full'
  return new Promise((resolve, reject) => {
    const stream = connectTls({
      socket,
      host: address.host,
      ...(isIP(address.host) ? {} : { servername: address.host }),
      ...(address.tlsCa === undefined ? {} : { ca: address.tlsCa }),
      // As libpq: `require` with certificates of one's own checks the chain, only `verify-full` also the name.
      rejectUnauthorized: verifies || (address.tls === 'require' && address.tlsCa !== undefined),
      checkServerIdentity: verifies
        ? (_, certificate) => checkServerIdentity(address.host, certificate)
        : () => undefined,
      minVersion: 'TLSv1.2',
      ...(protocolName === undefined ? {} : { ALPNProtocols: [protocolName] }),
    })
    stream.once('secureConnect', () => resolve(stream))
    stream.on('error', error => reject(unreachable(whyNoTls(error), error)))
    stream.on('close', () => reject(unreachable('it closed the connection while TLS began.')))
  })
}

function whyNoTls(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another host name.'
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired.'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'its certificate is not signed by an authority that is trusted here. Give its CA certificate.'
    default:
      return `TLS failed (${error.code ?? 'unknown reason'}).`
  }
}

/** When the certificate that the target showed ends; nothing without TLS. */
export function certificateEnd(stream: Duplex): { readonly certificateEndsAtMs?: number } {
  if (!(stream instanceof TLSSocket)) return {}
  const ends = Date.parse(stream.getPeerCertificate().valid_to)
  return Number.isNaN(ends) ? {} : { certificateEndsAtMs: ends }
}
