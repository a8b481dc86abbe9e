// A tunnel between two ends in one process, with real TLS and real certificates: what its tests begin with.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { type DeviceAuthority, openDeviceAuthority } from '../access/device-authority.ts'
import type { DeviceId, StoredAuthority } from '../access/device-store.ts'
import { tunnelName } from '../access/tunnel-name.ts'
import type { UserId } from '../core/ids.ts'
import { type Limits, limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import { type Answer, decodeAnswer, type Opening } from './framing.ts'
import { readFrame } from './read-frame.ts'
import { createTunnelServer, type Serve, type TunnelServer } from './tunnel-server.ts'

export interface Papers {
  readonly certificate: string
  readonly key: string
}

export interface OpenedTunnel {
  readonly port: number
  readonly server: TunnelServer
  readonly authority: DeviceAuthority
  /** What the server's clock is ahead. */
  aheadMs: number
  /** Devices that the server knows no more. */
  readonly revoked: Set<string>
  /** What the server says to an opening; echoes every byte if nothing is set. */
  answer: (opening: Opening, device: string) => Promise<Answer | Serve>
  /** Runs when the server has looked a device up, before it hears what was found. */
  looked: () => Promise<void>
  readonly logged: string[]
  /** Where those came from who were answered. */
  readonly origins: string[]
  /** Codes of who was turned away. */
  readonly away: string[]
  papers(deviceId: string, untilMs?: number): Promise<Papers>
  dial(papers: Papers | undefined, more?: ConnectionOptions): Promise<TLSSocket>
  close(): void
}

export async function openTunnel(change: Partial<Limits> = {}, host = '127.0.0.1'): Promise<OpenedTunnel> {
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  let stored: StoredAuthority | undefined
  const authority = await openDeviceAuthority({
    store: {
      get: () => Promise.resolve(stored),
      add: added => Promise.resolve(void (stored = added)),
    },
    // The sealing has tests of its own.
    vault: { seal: secret => secret.reveal(), open: sealed => new Secret(sealed) },
    clock,
    randomBytes,
  })
  const shown = await authority.issueTunnel()
  const logged: string[] = []
  const origins: string[] = []
  const opened: Pick<OpenedTunnel, 'aheadMs' | 'answer' | 'away' | 'looked'> = {
    looked: () => Promise.resolve(),
    away: [],
    aheadMs: 0,
    answer: () =>
      Promise.resolve(stream => {
        stream.pipe(stream)
        return new Promise<void>(resolve => stream.once('close', resolve))
      }),
  }
  const revoked = new Set<string>()
  const server = createTunnelServer({
    authority: authority.certificate,
    certificate: shown.certificate,
    key: shown.key.reveal(),
    async find(id) {
      const found = revoked.has(id) ? undefined : { credential: id }
      await opened.looked()
      return found
    },
    // What makes a difference is which of our addresses was called.
    originOf: socket => Promise.resolve(socket.localAddress),
    answer(opening, device, origin) {
      origins.push(origin)
      return opened.answer(opening, device.credential)
    },
    turnedAway: refusal => void opened.away.push(refusal.code),
    log: { info: () => undefined, error: (_facts, message) => void logged.push(message) },
    limits: { ...limits, ...change },
    nowMs: () => Date.now() + opened.aheadMs,
  })
  const port = await server.listen(host, 0)
  return Object.assign(opened, {
    port,
    server,
    authority,
    revoked,
    logged,
    origins,
    async papers(deviceId: string, untilMs = Date.now() + 3_600_000) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const device = {
        id: deviceId as DeviceId,
        userId: 'hana' as UserId,
        publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      }
      return {
        certificate: await authority.issue(device, untilMs),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    },
    dial(papers: Papers | undefined, more: ConnectionOptions = {}) {
      return new Promise<TLSSocket>((resolve, reject) => {
        const stream = connect({
          host: '127.0.0.1',
          port,
          ca: [authority.certificate],
          servername: tunnelName,
          ...(papers && { cert: papers.certificate, key: papers.key }),
          ...more,
        })
        stream.once('error', reject)
        stream.once('secureConnect', () => {
          stream.off('error', reject)
          stream.on('error', () => undefined)
          resolve(stream)
        })
      })
    },
    close() {
      server.close()
      server.end()
    },
  })
}

/** Says the bytes and reads the answer. */
export async function asked(stream: TLSSocket, bytes: Buffer): Promise<Answer> {
  stream.write(bytes)
  const { body } = await readFrame(stream, 1024 * 1024)
  return decodeAnswer(body)
}

export const codeOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.code)
