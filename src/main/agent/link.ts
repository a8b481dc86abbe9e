// The way from this device to its server: streams of the tunnel, with papers that are renewed before they run out.

import { createPrivateKey } from 'node:crypto'
import { limits } from '../../core/limits.ts'
import { tunnelName } from '../../access/tunnel-name.ts'
import type { Opening } from '../../tunnel/framing.ts'
import { createTunnelClient, type OpenedStream } from '../../tunnel/tunnel-client.ts'
import { dialThroughProxy } from '../../tunnel/http-proxy.ts'
import { type ConsoleClient, ConsoleProblem, createConsoleClient } from './console-client.ts'
import { checkPass } from './pinned.ts'
import { type Environment, NotSignedIn, type Profile, type Profiles } from './profile.ts'
import { proxyFor } from './proxy-for.ts'
import { proofOf } from './sign-in.ts'

export interface Target {
  readonly id: string
  readonly name: string
  readonly protocol: 'postgres' | 'mysql'
  readonly database: string
  readonly tags: Readonly<Record<string, string>>
}

export interface Hello {
  readonly user: string
  readonly device: string
  readonly signedInUntilMs: number
  readonly server: string
}

export interface Link {
  readonly profile: () => Profile
  readonly console: ConsoleClient
  hello(): Promise<Hello>
  list(): Promise<readonly Target[]>
  /** @throws Error  in the server's words, if it does not let us */
  connect(target: string): Promise<OpenedStream['stream']>
  /** Signs this device out at the server. */
  leave(): Promise<void>
}

/** A refusal of the server, in its words. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'Refused'
    this.code = code
  }
}

/** Renewed when less than this part of its life is left, so that a server that is away for a while does no harm. */
const renewAtPart = 0.5

export function createLink(
  profiles: Profiles,
  first: Profile,
  environment: Environment,
  version: string,
): Link {
  let profile = first
  const console = createConsoleClient(profile.console, profile.consoleCa, environment)
  const proxy = proxyFor(profile.tunnel.host, environment)
  const tunnel = createTunnelClient({
    ...profile.tunnel,
    authority: profile.authority,
    serverName: tunnelName,
    papers: () => profile.device,
    timeoutMs: limits.tunnelHandshakeTimeoutMs,
    answerBytesMax: limits.tunnelAnswerBytesMax,
    ...(proxy === undefined ? {} : { dial: () => dialThroughProxy(proxy, profile.tunnel) }),
  })
  let renewing: Promise<void> | undefined
  const renew = async (): Promise<void> => {
    const { id, key } = profile.device
    const atMs = Date.now()
    const proof = proofOf(createPrivateKey(key), 'renew', id, atMs)
    const pass = await console.call('POST /api/device/renew', { deviceId: id, atMs, proof })
    checkPass(pass, key, profile.authority)
    const { certificate, expiresAtMs, signedInUntilMs } = pass
    // Another command may have written meanwhile: its ports stay, and so does a new sign-in or that there is none.
    const kept = profiles.find(profile.name)
    if (kept?.device.id !== id) {
      profile = { ...profile, device: { ...profile.device, certificate, expiresAtMs, signedInUntilMs } }
      return
    }
    profile = { ...kept, device: { ...profile.device, certificate, expiresAtMs, signedInUntilMs } }
    profiles.write(profile)
  }
  const isOver = (error: unknown): boolean =>
    error instanceof ConsoleProblem && error.code === 'sign-in.required'
  const fresh = async (must: boolean): Promise<void> => {
    const { expiresAtMs } = profile.device
    const leftMs = expiresAtMs - Date.now()
    if (!must && leftMs > limits.deviceCertificateMs * renewAtPart) return
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    await renewing.catch((error: unknown) => {
      if (isOver(error))
        throw new NotSignedIn(
          `You are not signed in any more. Sign in again: sekisho login ${profile.console}`,
        )
      if (must || leftMs <= 0) throw error
    })
  }
  const openAsNow = async (opening: Opening): Promise<OpenedStream> => {
    await fresh(false)
    let opened = await tunnel.open(opening)
    if (!opened.answer.ok && opened.answer.code === 'device.expired') {
      // Our clock and the server's do not agree.
      await fresh(true)
      opened = await tunnel.open(opening)
    }
    const { answer } = opened
    if (answer.ok) return opened
    opened.stream.destroy()
    if (answer.code === 'device.unknown') throw new NotSignedIn(answer.message)
    throw new Refused(answer.code, answer.message)
  }
  /** Whether somebody signed in again meanwhile, at the same server. */
  const adopt = (): boolean => {
    const kept = profiles.find(profile.name)
    const placeOf = ({ console: url, fingerprint, tunnel: { host, port } }: Profile): string =>
      [url, fingerprint, host, port].join(' ')
    if (kept === undefined || kept.device.id === profile.device.id || placeOf(kept) !== placeOf(profile))
      return false
    profile = kept
    return true
  }
  const open = async (opening: Opening): Promise<OpenedStream> => {
    try {
      return await openAsNow(opening)
    } catch (error) {
      if (!(error instanceof NotSignedIn) || !adopt()) throw error
      return openAsNow(opening)
    }
  }
  const asked = async <T>(opening: Opening): Promise<T> => {
    const { stream, answer } = await open(opening)
    stream.destroy()
    return answer as unknown as T
  }
  return {
    profile: () => profile,
    console,
    hello: () => asked<Hello>({ kind: 'hello', agent: version }),
    async list() {
      const { targets } = await asked<{ readonly targets: readonly Target[] }>({
        kind: 'list',
        agent: version,
      })
      return targets
    },
    async connect(target) {
      return (await open({ kind: 'connect', agent: version, target })).stream
    },
    async leave() {
      const { id, key } = profile.device
      const atMs = Date.now()
      const proof = proofOf(createPrivateKey(key), 'leave', id, atMs)
      await console.call('POST /api/device/leave', { deviceId: id, atMs, proof })
    },
  }
}
