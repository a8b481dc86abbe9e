// Host keys of SSH: how they are written, compared, and asked for so that an administrator can confirm one.

import { createHash, timingSafeEqual } from 'node:crypto'
import { type Algorithms, Client, type ServerHostKeyAlgorithm } from 'ssh2'
import { GatewayError } from '../core/errors.ts'
import { whyNoJump } from './problems.ts'

export interface ShownHostKey {
  /** `ssh-ed25519 AAAA…`, as in OpenSSH's `known_hosts`. */
  readonly key: string
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
}

/** Without SHA-1, which the library still has among its defaults. */
const keyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const satisfies readonly ServerHostKeyAlgorithm[]

const hmacs: NonNullable<Algorithms['hmac']> = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
]

/** A server has keys of several kinds: it must show the one that was confirmed. */
export function algorithmsFor(hostKey: string): Algorithms {
  const [type = ''] = hostKey.split(' ', 1)
  const wanted = keyAlgorithms.filter(
    algorithm => algorithm === type || (type === 'ssh-rsa' && algorithm.startsWith('rsa-')),
  )
  return { serverHostKey: wanted.length === 0 ? [...keyAlgorithms] : wanted, hmac: hmacs }
}

export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** @param hostKey  as it was confirmed: a whole key, or its fingerprint */
export function isConfirmedKey(hostKey: string, shown: Buffer): boolean {
  if (hostKey.startsWith('SHA256:')) return isEqual(hostKey.replace(/=+$/, ''), fingerprintOf(shown))
  const [type = '', base64 = ''] = hostKey.split(' ')
  return isEqual(`${type} ${base64}`, writeHostKey(shown))
}

const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** As OpenSSH writes it: the type stands first within the key itself. */
function writeHostKey(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0)
  return `${key.toString('latin1', 4, 4 + length)} ${key.toString('base64')}`
}

/**
 * Asks a host which key it shows, and goes away again without saying who we are.
 * @throws GatewayError `target.unreachable`
 */
export function askHostKey(
  place: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<ShownHostKey> {
  return new Promise((resolve, reject) => {
    const client = new Client()
    client.on('error', (error: Error) => {
      reject(new GatewayError('target.unreachable', whyNoJump(error, false), { cause: error }))
    })
    client.on('close', () =>
      reject(new GatewayError('target.unreachable', 'the SSH jump host closed the connection.')),
    )
    client.connect({
      host: place.host,
      port: place.port,
      username: 'sekisho',
      readyTimeout: timeoutMs,
      algorithms: algorithmsFor(''),
      hostVerifier: (key: Buffer) => {
        resolve({ key: writeHostKey(key), fingerprint: fingerprintOf(key) })
        // Not confirmed yet: the connection ends here.
        return false
      },
    })
  })
}
