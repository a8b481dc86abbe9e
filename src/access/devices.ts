// Devices of people: let in by their owner, given certificates that last hours, renewed while the sign-in lasts, revoked.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { NewId, UserId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import type { DeviceAuthority } from './device-authority.ts'
import { isDeviceKey, isSigned, signedText } from './device-proof.ts'
import {
  addDevice,
  beginSignIn,
  canonicalCode,
  checkFacts,
  hashOf,
  isVerified,
  newCode,
} from './device-sign-in.ts'
import type { Device, DeviceGrant, DeviceGrantStore, DeviceId, DeviceStore } from './device-store.ts'
import type { RandomBytes } from './random-text.ts'
import { RateLimit } from './rate-limit.ts'
import type { Recorder } from './record.ts'

/** What a device says of itself before anybody knows it. */
export interface DeviceFacts {
  readonly name: string
  readonly system: string
  /** RFC 7636, method S256. */
  readonly challenge: string
}

/** What a device shows to get its certificate. */
export interface DeviceClaim {
  readonly code: Secret
  readonly verifier: Secret
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly publicKey: string
  /** Signature with that key over `signedText('sign-in', code)`, base64. */
  readonly proof: string
}

/** A device that proves by its key who it is, without a certificate that is still good. */
export interface DeviceProof {
  readonly deviceId: string
  readonly atMs: number
  /** Signature over `signedText(what, deviceId, atMs)`, base64. */
  readonly proof: string
}

export interface IssuedCertificate {
  readonly device: Device
  /** PEM. */
  readonly certificate: string
  readonly expiresAtMs: number
}

export type ClaimAnswer =
  | { readonly state: 'pending' | 'refused' }
  | ({ readonly state: 'allowed'; readonly user: User } & IssuedCertificate)

export interface Devices {
  readonly authority: DeviceAuthority
  list(): Promise<readonly Device[]>
  ofUser(userId: UserId): Promise<readonly Device[]>
  /** @throws GatewayError `not-found`, also for somebody else's unless `any` */
  revoke(id: DeviceId, by: Actor, owner: UserId | 'any'): Promise<void>
  /** Begins a sign-in without a browser on the device (RFC 8628). @throws GatewayError `limit.exceeded | request.invalid` */
  begin(
    facts: DeviceFacts,
    address: string,
  ): Promise<{ readonly code: Secret; readonly userCode: string; readonly expiresAtMs: number }>
  /** What waits under a code that somebody typed. @throws GatewayError `not-found | limit.exceeded` */
  look(userCode: string, address: string): Promise<DeviceGrant>
  /** @throws GatewayError `not-found | limit.exceeded` */
  decide(userCode: string, allow: boolean, by: Actor & { readonly userId: UserId }): Promise<void>
  /** Lets the device in whose browser asks. @returns the code for its redirect */
  authorize(facts: DeviceFacts, by: Actor & { readonly userId: UserId }): Promise<Secret>
  /** @throws GatewayError `not-found | request.invalid | limit.exceeded` */
  claim(claim: DeviceClaim, address: string): Promise<ClaimAnswer>
  /** @throws GatewayError `sign-in.required` if it is not signed in any more */
  renew(proof: DeviceProof, address: string): Promise<IssuedCertificate>
  /** Signs a device out by its own wish. @throws GatewayError `sign-in.required` */
  leave(proof: DeviceProof, address: string): Promise<void>
  /** Whose device this is, if it may come in. */
  find(id: string, userId: string): Promise<{ readonly device: Device; readonly user: User } | undefined>
  /** Notes that it was here, at most once a minute. */
  seen(device: Device, address: string): void
}

export interface DevicesParts {
  readonly authority: DeviceAuthority
  readonly devices: DeviceStore
  readonly grants: DeviceGrantStore
  readonly people: { find(id: UserId): Promise<User | undefined> }
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  readonly limits: Limits
  readonly warn: (error: unknown) => void
}

/** What the record calls a device, and what cuts its sessions when it is revoked. */
export const credentialOf = (device: Pick<Device, 'id' | 'name'>): string =>
  `device ${device.name} (${device.id})`

/** How far the clock of a device may be off. */
const clockOffMaxMs = 10 * 60 * 1000
const seenEveryMs = 60_000

export function createDevices(parts: DevicesParts): Devices {
  const { authority, devices, grants, recorder, clock, limits } = parts
  const begins = new RateLimit(limits.deviceSignInsPerMinuteMax)
  const guesses = new RateLimit(limits.deviceSignInsPerMinuteMax)
  const count = (rate: RateLimit, party: string): void => {
    if (rate.count(party, clock.nowMs()) === 'free') return
    throw new GatewayError('limit.exceeded', 'too many attempts by you or from your address; wait a minute')
  }
  const look = async (userCode: string, address: string): Promise<DeviceGrant> => {
    count(guesses, address)
    const grant = await grants.byUserCode(canonicalCode(userCode))
    if (grant === undefined || grant.state !== 'pending' || grant.expiresAtMs <= clock.nowMs())
      throw new GatewayError('not-found', 'device that waits under this code')
    return grant
  }
  const proven = async (what: 'renew' | 'leave', proof: DeviceProof) => {
    const device = await devices.get(proof.deviceId as DeviceId)
    const off = Math.abs(proof.atMs - clock.nowMs())
    const text = signedText(what, proof.deviceId, proof.atMs)
    if (device === undefined || !isSigned(device.publicKey, text, proof.proof))
      throw new GatewayError('sign-in.required')
    if (off > clockOffMaxMs)
      throw new GatewayError('request.invalid', 'the clock of the device is wrong by more than ten minutes')
    return device
  }
  const issue = async (device: Device): Promise<IssuedCertificate> => {
    const expiresAtMs = Math.min(clock.nowMs() + limits.deviceCertificateMs, device.signedInUntilMs)
    return { device, certificate: await authority.issue(device, expiresAtMs), expiresAtMs }
  }
  const find = async (id: string, userId: string) => {
    const device = await devices.get(id as DeviceId)
    if (device === undefined || device.userId !== userId || device.signedInUntilMs <= clock.nowMs())
      return undefined
    const user = await parts.people.find(device.userId)
    return user === undefined || user.disabled ? undefined : { device, user }
  }
  const seenAtMs = new Map<DeviceId, number>()
  return {
    authority,
    list: () => devices.list(),
    ofUser: userId => devices.ofUser(userId),
    async revoke(id, by, owner) {
      const device = await devices.get(id)
      if (device === undefined || (owner !== 'any' && device.userId !== owner))
        throw new GatewayError('not-found', 'device')
      await end(parts, device, by, 'device.revoked')
    },
    begin: async (facts, address) => {
      count(begins, address)
      return beginSignIn(parts, facts, address)
    },
    look,
    async decide(userCode, allow, by) {
      const grant = await look(userCode, by.address)
      const what = allow ? 'device.allowed' : 'device.refused'
      await recorder.changed(by, what, grant.name, {
        system: [null, grant.system],
        address: [null, grant.address],
      })
      if (!(await grants.decide(grant.hash, allow ? 'allowed' : 'refused', by.userId)))
        throw new GatewayError('not-found', 'device that waits under this code')
    },
    async authorize(facts, by) {
      checkFacts(facts)
      // Only theirs: what strangers began keeps nobody out who is signed in.
      count(begins, by.userId)
      await grants.removeOlder(clock.nowMs())
      await recorder.changed(by, 'device.allowed', facts.name, { system: [null, facts.system] })
      const code = newCode(parts)
      await grants.add({
        ...facts,
        hash: hashOf(code),
        userCode: undefined,
        address: by.address,
        state: 'allowed',
        userId: by.userId,
        expiresAtMs: clock.nowMs() + limits.deviceRedirectMs,
      })
      return code
    },
    async claim(claim, address) {
      const grant = await grants.byHash(hashOf(claim.code))
      if (grant === undefined || grant.expiresAtMs <= clock.nowMs() || !isVerified(grant, claim.verifier))
        throw new GatewayError('not-found', 'sign-in of this device: begin again')
      if (grant.state !== 'allowed' || grant.userId === undefined)
        return { state: grant.state === 'refused' ? 'refused' : 'pending' }
      const text = signedText('sign-in', claim.code.reveal())
      if (!isDeviceKey(claim.publicKey) || !isSigned(claim.publicKey, text, claim.proof))
        throw new GatewayError(
          'request.invalid',
          'the key of the device must be ECDSA P-256, and prove itself',
        )
      // From here on nobody else can use the code.
      if (!(await grants.take(grant.hash)))
        throw new GatewayError('not-found', 'sign-in of this device: begin again')
      const { device, user } = await addDevice(parts, grant, grant.userId, claim.publicKey, address)
      return { state: 'allowed', user, ...(await issue(device)) }
    },
    async renew(proof, address) {
      const device = await proven('renew', proof)
      const found = await find(device.id, device.userId)
      if (found === undefined) throw new GatewayError('sign-in.required')
      const by = { userId: found.user.id, userName: found.user.name, address }
      await recorder.changed(by, 'device.renewed', device.name, {})
      return issue(device)
    },
    async leave(proof, address) {
      const device = await proven('leave', proof)
      const owner = await parts.people.find(device.userId)
      await end(parts, device, { userId: owner?.id, userName: owner?.name ?? '', address }, 'device.left')
    },
    find,
    seen(device, address) {
      const nowMs = clock.nowMs()
      const before = seenAtMs.get(device.id) ?? device.lastSeenAtMs
      if (nowMs - before < seenEveryMs) return
      seenAtMs.set(device.id, nowMs)
      devices.seen(device.id, nowMs, address).catch(parts.warn)
    },
  }
}

async function end(parts: DevicesParts, device: Device, by: Actor, what: string): Promise<void> {
  const owner = await parts.people.find(device.userId)
  await parts.recorder.changed(by, what, device.name, {
    user: [owner?.name ?? null, null],
    device: [device.id, null],
  })
  await parts.devices.remove(device.id)
  parts.messages.publish('tokens', credentialOf(device))
}
