// Ways to targets by jump hosts: one SSH connection for each jump host and target in use, kept while somebody needs it.

import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import { GatewayError } from '../core/errors.ts'
import { splitKey } from '../core/jump-secret.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { JumpHost } from '../core/target.ts'
import { ChannelStream } from './channel-stream.ts'
import { algorithmsFor, fingerprintOf, isConfirmedKey } from './host-key.ts'
import { whyNoJump } from './problems.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

export interface JumpLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface JumpHostsParts {
  readonly limits: Pick<
    Limits,
    'jumpConnectTimeoutMs' | 'jumpIdleMs' | 'jumpKeepAliveMs' | 'jumpChannelsMax' | 'targetConnectTimeoutMs'
  >
  readonly log: JumpLog
  /** Calls back after a time; what it returns takes that back. */
  readonly after: (ms: number, call: () => void) => () => void
}

export interface JumpHosts {
  /**
   * A stream to a place as seen from the jump host.
   * @param secret  the private key in PEM or OpenSSH form (`joinKey` if it has a passphrase), or the password
   * @throws GatewayError `target.unreachable | limit.exceeded`
   */
  open(jump: JumpHost, secret: Secret, to: Place): Promise<Duplex>
  /** Ends every connection. */
  close(): void
}

interface Kept {
  readonly client: Promise<Client>
  channels: number
  /** Takes back that it will be closed for want of use. */
  stay: () => void
}

export function createJumpHosts(parts: JumpHostsParts): JumpHosts {
  const kept = new Map<string, Kept>()

  const drop = (key: string, one: Kept): void => {
    one.stay()
    if (kept.get(key) === one) kept.delete(key)
    one.client.then(
      client => client.end(),
      () => undefined,
    )
  }

  const connectionTo = (key: string, jump: JumpHost, secret: Secret): Kept => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const one: Kept = {
      client: connect(parts, jump, secret, () => drop(key, one)),
      channels: 0,
      stay: () => undefined,
    }
    kept.set(key, one)
    one.client.catch(() => drop(key, one))
    return one
  }

  return {
    async open(jump, secret, to) {
      const key = keyOf(jump, secret, to)
      const one = connectionTo(key, jump, secret)
      if (one.channels >= parts.limits.jumpChannelsMax) {
        throw new GatewayError('limit.exceeded', `${one.channels} connections by way of one jump host`)
      }
      one.stay()
      one.channels += 1
      const release = (): void => {
        one.channels -= 1
        if (one.channels === 0 && kept.get(key) === one)
          one.stay = parts.after(parts.limits.jumpIdleMs, () => drop(key, one))
      }
      try {
        const channel = await forward(parts, await one.client, to, () => drop(key, one))
        channel.once('close', release)
        return channel
      } catch (error) {
        release()
        throw error
      }
    },
    close() {
      for (const [key, one] of kept) drop(key, one)
    },
  }
}

/** Whoever gives another secret gets a connection of their own. */
function keyOf(jump: JumpHost, secret: Secret, to: Place): string {
  const { host, port, user, hostKey, auth } = jump
  const facts = JSON.stringify([host, port, user, hostKey, auth, secret.reveal(), to.host, to.port])
  return createHash('sha256').update(facts).digest('hex')
}

function connect(
  { limits, log }: JumpHostsParts,
  jump: JumpHost,
  secret: Secret,
  gone: () => void,
): Promise<Client> {
  const { promise, resolve, reject } = Promise.withResolvers<Client>()
  const client = new Client()
  let shown: string | undefined
  // Stays for the whole life of the connection: an error of it must never be without a listener.
  client.on('error', (error: Error) => {
    reject(new GatewayError('target.unreachable', whyNoJump(error, shown !== undefined), { cause: error }))
  })
  client.once('ready', () => {
    log.info({ jumpHost: jump.host, user: jump.user }, 'connected to a jump host')
    resolve(client)
  })
  client.on('close', () => {
    gone()
    const words = 'the SSH jump host closed the connection.'
    reject(new GatewayError('target.unreachable', words))
  })
  try {
    client.connect({
      host: jump.host,
      port: jump.port,
      username: jump.user,
      ...proofOf(jump, secret),
      readyTimeout: limits.jumpConnectTimeoutMs,
      keepaliveInterval: limits.jumpKeepAliveMs,
      keepaliveCountMax: 3,
      algorithms: algorithmsFor(jump.hostKey),
      hostVerifier: (key: Buffer) => {
        if (isConfirmedKey(jump.hostKey, key)) return true
        shown = fingerprintOf(key)
        const facts = { jumpHost: jump.host, port: jump.port, shown, confirmed: jump.hostKey }
        log.error(facts, 'A JUMP HOST SHOWED ANOTHER HOST KEY THAN THE CONFIRMED ONE: nothing was sent to it')
        return false
      },
    })
  } catch (error) {
    // The key cannot be read.
    reject(new GatewayError('target.unreachable', whyNoJump(error as Error, false), { cause: error }))
  }
  return promise
}

function proofOf(
  { auth }: JumpHost,
  secret: Secret,
): Pick<ConnectConfig, 'privateKey' | 'passphrase' | 'password'> {
  if (auth === 'password') return { password: secret.reveal() }
  const { key, passphrase } = splitKey(secret.reveal())
  return { privateKey: key, ...(passphrase !== undefined && { passphrase }) }
}

function forward(parts: JumpHostsParts, client: Client, to: Place, broken: () => void): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let late = false
    const done = parts.after(parts.limits.targetConnectTimeoutMs, () => {
      late = true
      // It may be the jump host itself that does not answer: the next one gets a new connection.
      broken()
      reject(new GatewayError('target.unreachable', 'no answer in time by way of the SSH jump host.'))
    })
    const answered = (error: Error | undefined, channel: ClientChannel): void => {
      done()
      if (error) {
        reject(new GatewayError('target.unreachable', whyNoJump(error, false), { cause: error }))
        return
      }
      const stream = new ChannelStream(channel)
      // It must never be without a listener.
      stream.on('error', () => undefined)
      if (late) stream.destroy()
      else resolve(stream)
    }
    try {
      client.forwardOut('127.0.0.1', 0, to.host, to.port, answered)
    } catch (error) {
      done()
      broken()
      reject(new GatewayError('target.unreachable', whyNoJump(error as Error, false), { cause: error }))
    }
  })
}
