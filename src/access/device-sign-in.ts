// How a device is let in, step by step: it says what it is, somebody allows it, it comes back with its key.

import { createHash, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../core/errors.ts'
import type { UserId } from '../core/ids.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import type { Device, DeviceGrant, DeviceId } from './device-store.ts'
import type { DeviceFacts, DevicesParts } from './devices.ts'
import { pick } from './random-text.ts'
import { isLine, refuse } from './user-facts.ts'

const nameCharactersMax = 64
const systemCharactersMax = 100
/** Without vowels, so that no words come out, and without what looks alike. */
const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ'
const userCodeCharacters = 8
const codeBytes = 32

export async function beginSignIn(parts: DevicesParts, facts: DeviceFacts, address: string) {
  checkFacts(facts)
  await makeRoom(parts)
  const code = newCode(parts)
  const userCode = pick(userCodeLetters, userCodeCharacters, parts.randomBytes)
  const expiresAtMs = parts.clock.nowMs() + parts.limits.deviceCodeMs
  await parts.grants.add({
    ...facts,
    hash: hashOf(code),
    userCode,
    address,
    state: 'pending',
    userId: undefined,
    expiresAtMs,
  })
  return { code, userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}`, expiresAtMs }
}

export async function addDevice(
  parts: DevicesParts,
  grant: DeviceGrant,
  userId: UserId,
  publicKey: string,
  address: string,
): Promise<{ readonly device: Device; readonly user: User }> {
  const { devices, limits, recorder } = parts
  const nowMs = parts.clock.nowMs()
  const user = await parts.people.find(userId)
  if (user === undefined || user.disabled) throw new GatewayError('sign-in.disabled')
  await devices.removeOlder(nowMs)
  if ((await devices.ofUser(userId)).length >= limits.devicesPerUserMax)
    throw new GatewayError('limit.exceeded', `${limits.devicesPerUserMax} devices. Revoke one first.`)
  const device: Device = {
    id: parts.newId<DeviceId>(),
    userId,
    name: grant.name,
    system: grant.system,
    publicKey,
    createdAtMs: nowMs,
    signedInUntilMs: nowMs + limits.deviceSignInMs,
    lastSeenAtMs: nowMs,
    lastAddress: address,
  }
  await recorder.changed({ userId, userName: user.name, address }, 'device.added', device.name, {
    system: [null, device.system],
    device: [null, device.id],
    signedInUntilMs: [null, device.signedInUntilMs],
  })
  await devices.add(device)
  return { device, user }
}

/** Anybody may begin a sign-in: what is never finished must not fill the database. */
async function makeRoom({ grants, clock, limits }: DevicesParts): Promise<void> {
  await grants.removeOlder(clock.nowMs())
  if ((await grants.count()) < limits.deviceGrantsMax) return
  throw new GatewayError('limit.exceeded', 'too many devices wait to be let in; try again in some minutes')
}

/** People decide by it: without what cannot be seen, or changes the order of what can. */
const isShownAsWritten = (text: string, charactersMax: number): boolean =>
  isLine(text, 1, charactersMax) && !/[\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

export function checkFacts({ name, system, challenge }: DeviceFacts): void {
  const problems: string[] = []
  if (!isShownAsWritten(name, nameCharactersMax))
    problems.push(`name: one line of 1 to ${nameCharactersMax} characters`)
  if (!isShownAsWritten(system, systemCharactersMax))
    problems.push(`system: one line of 1 to ${systemCharactersMax} characters`)
  if (!/^[\w-]{43}$/.test(challenge)) problems.push('challenge: 43 characters, made by the method S256')
  refuse(problems)
}

export const newCode = ({ randomBytes }: DevicesParts): Secret =>
  new Secret(Buffer.from(randomBytes(codeBytes)).toString('base64url'))

/** As people type it: in either case, with or without the dash. */
export const canonicalCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z]/g, '')

/** The codes have 256 random bits: nothing slower than this would protect more. */
export const hashOf = (code: Secret): string => createHash('sha256').update(code.reveal()).digest('hex')

export function isVerified({ challenge }: DeviceGrant, verifier: Secret): boolean {
  const made = createHash('sha256').update(verifier.reveal()).digest()
  const expected = Buffer.from(challenge, 'base64url')
  return expected.length === made.length && timingSafeEqual(expected, made)
}
