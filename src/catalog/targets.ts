// Targets: registered, changed and removed, each change on record before it is done; passwords sealed.

import { differences } from '../core/differences.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { NewId, TargetId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { Secret } from '../core/secret.ts'
import type { JumpHost, Target } from '../core/target.ts'
import type { NewTarget, Targets } from './catalog.ts'
import type { Recorder } from './record.ts'
import type { TargetDirectory } from './target-directory.ts'
import { checkTargetFacts } from './target-facts.ts'
import type { StoredTarget, TargetStore } from './target-store.ts'

/** What seals the passwords of the accounts; `access/` has one. */
export interface Sealer {
  seal(secret: Secret, purpose: string): string
  open(sealed: string, purpose: string): Secret
  isOutdated(sealed: string): boolean
}

/** Ports that targets are given, both included. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

export const targetPorts: PortRange = { from: 40_000, to: 45_000 }

export interface TargetsParts {
  readonly targetStore: TargetStore
  readonly directory: TargetDirectory
  readonly sealer: Sealer
  readonly recorder: Recorder
  readonly messages: Messages
  readonly newId: NewId
  readonly portRange: PortRange
}

export interface SealedTargets extends Targets {
  /** After the data key was rotated: seals every password anew. @returns how many */
  reseal(): Promise<number>
}

type Change = Partial<Omit<NewTarget, 'protocol'>> & { readonly disabled?: boolean }

export function createTargets(parts: TargetsParts): SealedTargets {
  const { targetStore, directory } = parts
  let last: Promise<unknown> = Promise.resolve()
  /** Changes look at what there is before they write, so one comes after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
  return {
    async list() {
      await directory.settled()
      return directory.all
    },
    async get(id) {
      return (await targetStore.get(id))?.target
    },
    async byName(name) {
      return (await targetStore.byName(name))?.target
    },
    async password(id) {
      const { sealedPassword } = await existing(targetStore, id)
      return parts.sealer.open(sealedPassword, purposeOf(id))
    },
    async jumpSecret(id) {
      const { sealedJumpSecret } = await existing(targetStore, id)
      if (sealedJumpSecret === undefined) throw new GatewayError('not-found', 'jump host')
      return parts.sealer.open(sealedJumpSecret, jumpPurposeOf(id))
    },
    create: (target, by) => inTurn(() => create(parts, target, by)),
    update: (id, change, by) => inTurn(() => update(parts, id, change, by)),
    remove: (id, by) =>
      inTurn(async () => {
        const { target } = await existing(targetStore, id)
        const fields = { listenPort: [target.listenPort ?? null, null] } as const
        await parts.recorder(by, 'target.removed', target.name, fields)
        await targetStore.remove(id)
        directory.forget(id)
        parts.messages.publish('targets', id)
      }),
    reseal: () => inTurn(() => reseal(parts)),
  }
}

async function create(parts: TargetsParts, given: NewTarget, by: Actor): Promise<Target> {
  checkTargetFacts(given)
  if ((await parts.targetStore.byName(given.name)) !== undefined) {
    throw new GatewayError('conflict', given.name)
  }
  const taken = parts.directory.takenPorts()
  const id = parts.newId<TargetId>()
  const { password, tlsCa, jump, jumpSecret, sendProxy, exposed, snapshotRowsMax = 0, ...plain } = given
  if (jump && jumpSecret === undefined) throw noJumpSecret()
  const sealedPassword = parts.sealer.seal(password, purposeOf(id))
  const facts = {
    ...plain,
    ...(jump && { jump }),
    ...(sendProxy === true && { sendProxy }),
    ...(snapshotRowsMax > 0 && { snapshotRowsMax }),
  }
  const target = { ...facts, id, tlsCa: tlsCa || undefined, disabled: false }
  const sealed = {
    sealedPassword,
    ...(jump && jumpSecret && { sealedJumpSecret: parts.sealer.seal(jumpSecret, jumpPurposeOf(id)) }),
  }
  await parts.recorder(by, 'target.created', given.name, {
    ...differences({}, { ...facts, tlsCa: target.tlsCa }),
    password: [null, '***'],
    ...(jump && { jumpSecret: [null, '***'] as const }),
  })
  // Another server may take the same port at this moment; then the next one is tried.
  for (;;) {
    const listenPort = exposed === false ? undefined : lowestFree(parts.portRange, taken)
    if (exposed === true && listenPort === undefined) throw noFreePort(parts.portRange)
    const stored: StoredTarget = { target: { ...target, listenPort }, ...sealed }
    const outcome = await parts.targetStore.add(stored)
    if (outcome === 'name taken') throw new GatewayError('conflict', given.name)
    if (outcome === 'added') {
      parts.directory.put(stored.target)
      parts.messages.publish('targets', id)
      return stored.target
    }
    if (listenPort !== undefined) taken.add(listenPort)
  }
}

async function update(parts: TargetsParts, id: TargetId, change: Change, by: Actor): Promise<Target> {
  checkTargetFacts(change)
  const before = await existing(parts.targetStore, id)
  const { password, tlsCa, jump: _jump, jumpSecret, sendProxy, exposed, snapshotRowsMax, ...facts } = change
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
  const { jump: jumpBefore, sendProxy: proxyBefore, snapshotRowsMax: rowsBefore = 0, ...rest } = before.target
  const rowsMax = snapshotRowsMax ?? rowsBefore
  const jump = change.jump === undefined ? jumpBefore : (change.jump ?? undefined)
  const listenPort = portAfter(parts, before.target, exposed)
  const target: Target = {
    ...rest,
    ...given,
    listenPort,
    ...(jump !== undefined && { jump }),
    ...((sendProxy ?? proxyBefore) === true && { sendProxy: true }),
    ...(rowsMax > 0 && { snapshotRowsMax: rowsMax }),
    // Empty text takes the certificates away.
    tlsCa: tlsCa === undefined ? before.target.tlsCa : tlsCa || undefined,
  }
  if (target.name !== before.target.name) {
    const other = await parts.targetStore.byName(target.name)
    if (other !== undefined) throw new GatewayError('conflict', target.name)
  }
  const fields = {
    ...differences(withWay(before.target), withWay(target)),
    ...(password === undefined ? {} : { password: ['***', '***'] as const }),
    ...(jumpSecret === undefined ? {} : { jumpSecret: ['***', '***'] as const }),
  }
  if (Object.keys(fields).length === 0) return before.target
  const sealedPassword =
    password === undefined ? before.sealedPassword : parts.sealer.seal(password, purposeOf(id))
  const sealedJumpSecret = sealJump(parts, before, jump, jumpSecret)
  await parts.recorder(by, 'target.updated', before.target.name, fields)
  await parts.targetStore.replace({
    target,
    sealedPassword,
    ...(sealedJumpSecret !== undefined && { sealedJumpSecret }),
  })
  if (listenPort !== before.target.listenPort) {
    const outcome = await parts.targetStore.setPort(id, listenPort)
    // Another server gave it away at this moment; asked again, the next one is found.
    if (outcome === 'port taken') throw new GatewayError('conflict', `port ${listenPort ?? ''}`)
  }
  parts.directory.put(target)
  parts.messages.publish('targets', id)
  return target
}

/** Its own for life, as long as it is exposed. */
function portAfter(parts: TargetsParts, before: Target, exposed: boolean | undefined): number | undefined {
  if (exposed === undefined || exposed === (before.listenPort !== undefined)) return before.listenPort
  if (!exposed) return undefined
  const free = lowestFree(parts.portRange, parts.directory.takenPorts())
  if (free === undefined) throw noFreePort(parts.portRange)
  return free
}

/** With what may be missing, so that the record shows when it is taken away. */
const withWay = (target: Target): object => ({
  ...target,
  listenPort: target.listenPort ?? null,
  jump: target.jump ?? null,
  sendProxy: target.sendProxy ?? false,
  snapshotRowsMax: target.snapshotRowsMax ?? 0,
})

/** What is kept for the jump host is good for that host and user only: it must not be sent to another. */
function sealJump(
  parts: TargetsParts,
  before: StoredTarget,
  jump: JumpHost | undefined,
  secret: Secret | undefined,
): string | undefined {
  if (jump === undefined) return undefined
  if (secret !== undefined) return parts.sealer.seal(secret, jumpPurposeOf(before.target.id))
  const same = (['host', 'port', 'user', 'auth'] as const).every(
    field => before.target.jump?.[field] === jump[field],
  )
  if (!same) throw noJumpSecret()
  return before.sealedJumpSecret
}

const noJumpSecret = (): GatewayError =>
  new GatewayError('request.invalid', 'jump: give the private key or the password for the jump host')

async function reseal(parts: TargetsParts): Promise<number> {
  let count = 0
  for (const { target, sealedPassword, sealedJumpSecret } of await parts.targetStore.list()) {
    const all = [sealedPassword, sealedJumpSecret].filter(sealed => sealed !== undefined)
    if (!all.some(sealed => parts.sealer.isOutdated(sealed))) continue
    const anew = (sealed: string, purpose: string): string =>
      parts.sealer.seal(parts.sealer.open(sealed, purpose), purpose)
    await parts.targetStore.replace({
      target,
      sealedPassword: anew(sealedPassword, purposeOf(target.id)),
      ...(sealedJumpSecret !== undefined && {
        sealedJumpSecret: anew(sealedJumpSecret, jumpPurposeOf(target.id)),
      }),
    })
    count += 1
  }
  return count
}

async function existing(store: TargetStore, id: TargetId): Promise<StoredTarget> {
  const stored = await store.get(id)
  if (stored === undefined) throw new GatewayError('not-found', 'target')
  return stored
}

function lowestFree(range: PortRange, taken: ReadonlySet<number>): number | undefined {
  for (let port = range.from; port <= range.to; port++) if (!taken.has(port)) return port
  return undefined
}

const noFreePort = ({ from, to }: PortRange): GatewayError =>
  new GatewayError('limit.exceeded', `all ports from ${from} to ${to} belong to targets`)

function purposeOf(id: TargetId): string {
  return `target:${id}`
}

function jumpPurposeOf(id: TargetId): string {
  return `target:${id}:jump`
}
