// What is kept of devices, of sign-ins of devices that are not finished, and of their authority; implemented by `storage/`.

import type { Id, UserId } from '../core/ids.ts'

export type DeviceId = Id<'device'>

/** A computer on which somebody signed in with the user agent. Its private key never leaves it. */
export interface Device {
  readonly id: DeviceId
  readonly userId: UserId
  /** What it calls itself. */
  readonly name: string
  /** Its operating system, as it says. */
  readonly system: string
  /** Its public key: SubjectPublicKeyInfo, DER in base64. */
  readonly publicKey: string
  readonly createdAtMs: number
  /** Until then its certificate is renewed without asking. */
  readonly signedInUntilMs: number
  readonly lastSeenAtMs: number
  readonly lastAddress: string
}

export interface DeviceStore {
  /** Newest first. */
  list(): Promise<readonly Device[]>
  /** Newest first. */
  ofUser(userId: UserId): Promise<readonly Device[]>
  get(id: DeviceId): Promise<Device | undefined>
  add(device: Device): Promise<void>
  seen(id: DeviceId, atMs: number, address: string): Promise<void>
  /** @throws GatewayError `not-found` */
  remove(id: DeviceId): Promise<void>
  /** Forgets those whose sign-in ended before. */
  removeOlder(signedInUntilMs: number): Promise<void>
}

/** A device that wants to be let in, before and after somebody decided. */
export interface DeviceGrant {
  /** SHA-256 of the code that the device holds, hexadecimal. */
  readonly hash: string
  /** What somebody types in the console to find it; missing where the browser of the device itself asks. */
  readonly userCode: string | undefined
  /** SHA-256 of the verifier that only the device knows (RFC 7636), base64url. */
  readonly challenge: string
  readonly name: string
  readonly system: string
  readonly address: string
  readonly state: 'pending' | 'allowed' | 'refused'
  readonly userId: UserId | undefined
  readonly expiresAtMs: number
}

export interface DeviceGrantStore {
  /** @throws GatewayError `conflict` if the user code is taken */
  add(grant: DeviceGrant): Promise<void>
  byHash(hash: string): Promise<DeviceGrant | undefined>
  byUserCode(userCode: string): Promise<DeviceGrant | undefined>
  /** @returns whether it was still pending */
  decide(hash: string, state: 'allowed' | 'refused', userId: UserId): Promise<boolean>
  /** @returns whether it was there: of several who take it at once, one does */
  take(hash: string): Promise<boolean>
  count(): Promise<number>
  removeOlder(expiresAtMs: number): Promise<void>
}

/** The key and certificate by which all servers of one database know their devices, and are known by them. */
export interface StoredAuthority {
  readonly sealedKey: string
  /** PEM. */
  readonly certificate: string
}

export interface AuthorityStore {
  get(): Promise<StoredAuthority | undefined>
  /** Does nothing if there is one already: another server was faster. */
  add(authority: StoredAuthority): Promise<void>
}
