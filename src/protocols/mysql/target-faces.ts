// How targets greet, remembered: a client must be greeted like the target would before anybody knows who it is.

import { type Clock, systemClock } from '../../core/clock.ts'
import type { Limits } from '../../core/limits.ts'
import type { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import { closeStream } from '../closing.ts'
import type { ProtocolContext } from '../protocol.ts'
import { type Capabilities, capability, has, indispensable } from './capabilities.ts'
import { command, status } from './codec.ts'
import type { Greeting } from './handshake.ts'
import type { TargetFace } from './login.ts'
import { encodeShortPacket } from './packets.ts'
import { logInToTarget, type TargetWishes } from './target-login.ts'

/** For a first contact: asks for nothing beyond being let in. */
export const noWishes: TargetWishes = {
  capabilities: indispensable,
  database: '',
  // utf8mb4_general_ci, which every server knows since 2010.
  characterSet: 45,
  program: 'sekisho',
}

const common: Capabilities =
  indispensable |
  capability.longFlag |
  capability.foundRows |
  capability.transactions |
  capability.multiStatements |
  capability.multiResults |
  capability.psMultiResults

/** For a target that nobody could reach yet: whoever proves who they are is told so. */
const unknownFace: TargetFace = {
  version: '8.0.0-unknown',
  capabilities: common | capability.mysql,
  characterSet: 45,
  status: status.autocommit,
}

const faceOf = ({ version, capabilities, characterSet }: Greeting): TargetFace => ({
  version,
  capabilities,
  characterSet,
  // What its state is once the login is done.
  status: status.autocommit,
})

/** MariaDB says it in the bits of the greeting, and in the version. */
export const isMariadb = ({ capabilities, version }: Pick<Greeting, 'capabilities' | 'version'>): boolean =>
  !has(capabilities, 'mysql') || /mariadb/i.test(version)

/** The server's own version: before 11 MariaDB hid it behind that of an old MySQL. */
export const ownVersion = (version: string): string => version.replace(/^5\.5\.5-(?=1\d\.)/, '')

export class TargetFaces {
  readonly #known = new Map<string, TargetFace>()
  readonly #asked = new Map<string, Promise<TargetFace>>()
  /** When a target last could not be asked. */
  readonly #failedAtMs = new Map<string, number>()
  readonly #clock: Clock

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** What a session at the target was greeted with; to call after every login. */
  remember(target: Target, greeting: Greeting): void {
    const key = keyOf(target)
    this.#known.set(key, faceOf(greeting))
    this.#failedAtMs.delete(key)
  }

  /** Something about it did not fit: it is looked at again before the next client is greeted. */
  forget(target: Target): void {
    this.#known.delete(keyOf(target))
  }

  /**
   * As it is known; otherwise from a login of its own, since servers count connections that end before one. Never rejects,
   * and keeps nobody waiting for a target that is not there: such a client is told once it is known who it is.
   */
  async of(
    target: Target,
    password: () => Promise<Secret>,
    limits: Limits,
    dial?: ProtocolContext['dial'],
  ): Promise<TargetFace> {
    const key = keyOf(target)
    const known = this.#known.get(key)
    if (known) return known
    const failedAtMs = this.#failedAtMs.get(key) ?? -Infinity
    if (this.#clock.monotonicMs() - failedAtMs < limits.targetGreetingRetryMs) return unknownFace
    const asking = this.#asked.get(key) ?? this.#ask(key, target, meet(target, password, limits, dial))
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<TargetFace>(resolve => {
      timer = setTimeout(() => resolve(unknownFace), limits.targetGreetingWaitMs)
    })
    return await Promise.race([asking, enough]).finally(() => clearTimeout(timer))
  }

  #ask(key: string, target: Target, meeting: Promise<Greeting | undefined>): Promise<TargetFace> {
    const asking = meeting.then(greeting => {
      this.#asked.delete(key)
      if (greeting) {
        this.remember(target, greeting)
        return faceOf(greeting)
      }
      this.#failedAtMs.set(key, this.#clock.monotonicMs())
      return unknownFace
    })
    this.#asked.set(key, asking)
    return asking
  }
}

/** A target that moved is another one. */
const keyOf = ({ id, host, port, tls }: Target): string => `${id} ${host} ${port} ${tls}`

async function meet(
  target: Target,
  password: () => Promise<Secret>,
  limits: Limits,
  dial: ProtocolContext['dial'],
): Promise<Greeting | undefined> {
  try {
    const { stream, greeting } = await logInToTarget(target, await password(), noWishes, limits, dial)
    // Nothing of a client is in this connection: there is nothing to judge in a goodbye.
    stream.write(encodeShortPacket(Buffer.of(command.quit), 0))
    await closeStream(stream)
    return greeting
  } catch {
    return undefined
  }
}
