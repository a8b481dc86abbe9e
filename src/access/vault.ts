// Seals small secrets at rest: AES-256-GCM under a data key, which is kept sealed by the key-encryption key. Both rotate.

import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { Vault } from './access.ts'
import type { KeyStore, SealedKey } from './key-store.ts'
import type { RandomBytes } from './random-text.ts'

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
/** Names the form of what is sealed, so that it can change. */
const form = 's1'
/** The key that others are derived from; it never changes, only how it is sealed. */
const rootId = 'root'

export interface VaultParts {
  readonly keys: KeyStore
  /**
   * Key-encryption keys, 32 bytes each (see `parseKeyEncryptionKey`): the first seals, the others only open what was
   * sealed before. To rotate, put the new one first and start; then the old one may go.
   */
  readonly keyEncryptionKeys: readonly [Uint8Array, ...(readonly Uint8Array[])]
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

export interface RotatingVault extends Vault {
  /** 32 bytes for one purpose, the same for ever and on every server of this database. */
  derive(purpose: string): Uint8Array
  /** Makes a new data key that seals from now on; older ones still open. Whoever keeps sealed values reseals them. */
  rotate(): Promise<void>
  /** Whether a value is sealed by an older data key. */
  isOutdated(sealed: string): boolean
  /** Learns of keys that another server made. */
  reload(): Promise<void>
}

/** @throws Error  what to do, if the key-encryption key is not the one that the kept keys are sealed by */
export async function createVault(parts: VaultParts): Promise<RotatingVault> {
  if ((await parts.keys.list()).length === 0) {
    await addKey(parts, rootId)
    await addKey(parts, dataKeyId(1))
  }
  let opened = await openKeys(parts)
  const reload = async () => {
    opened = await openKeys(parts)
  }
  return {
    reload,
    seal(secret, purpose) {
      return encrypt(
        parts,
        opened.data.get(opened.current),
        opened.current,
        secret.reveal(),
        aadOf(opened.current, purpose),
      )
    },
    open(sealed, purpose) {
      const id = keyIdOf(sealed)
      return new Secret(decrypt(opened.data.get(id), sealed, aadOf(id, purpose)).toString('utf8'))
    },
    derive(purpose) {
      return new Uint8Array(hkdfSync('sha256', opened.root, '', `sekisho ${purpose}`, keyBytes))
    },
    async rotate() {
      // Another server may rotate at this moment; then its key is as good.
      await addKey(parts, dataKeyId(numberOf(opened.current) + 1))
      await reload()
    },
    isOutdated: sealed => keyIdOf(sealed) !== opened.current,
  }
}

/**
 * @param text  64 hexadecimal digits or 44 characters of base64: `openssl rand -hex 32`
 * @throws Error  what to do; the text is not part of it
 */
export function parseKeyEncryptionKey(text: Secret): Uint8Array {
  const plain = text.reveal().trim()
  const key = /^[0-9a-f]{64}$/i.test(plain)
    ? Buffer.from(plain, 'hex')
    : /^[A-Za-z0-9+/]{43}=$/.test(plain)
      ? Buffer.from(plain, 'base64')
      : undefined
  const advice = 'make one with: openssl rand -hex 32'
  if (key === undefined)
    throw new Error(`the key-encryption key has to be 32 bytes in hexadecimal or base64; ${advice}`)
  // 32 random bytes hold about 30 different ones and are never all printable; words and patterns are.
  if (new Set(key).size < 20 || /^[ -~]+$/.test(key.toString('latin1'))) {
    throw new Error(`the key-encryption key is not random; ${advice}`)
  }
  return key
}

interface OpenedKeys {
  readonly root: Uint8Array
  readonly data: ReadonlyMap<string, Uint8Array>
  readonly current: string
}

async function openKeys(parts: VaultParts): Promise<OpenedKeys> {
  const data = new Map<string, Uint8Array>()
  let root: Uint8Array | undefined
  let newest = 0
  for (const key of await parts.keys.list()) {
    const opened = await openKey(parts, key)
    if (key.id === rootId) root = opened
    else {
      data.set(key.id, opened)
      newest = Math.max(newest, numberOf(key.id))
    }
  }
  if (root === undefined || newest === 0)
    throw new Error('the keys of the vault are not complete: restore the database')
  return { root, data, current: dataKeyId(newest) }
}

async function openKey(parts: VaultParts, key: SealedKey): Promise<Uint8Array> {
  const [current, ...older] = parts.keyEncryptionKeys
  const sealedBy = keyIdOf(key.sealed)
  const by = [current, ...older].find(one => keyEncryptionKeyId(one) === sealedBy)
  if (by === undefined) {
    throw new Error(
      'the secrets of this database are sealed by another key-encryption key: start with that one, or with the new one first and that one after it',
    )
  }
  const opened = decrypt(by, key.sealed, aadOf(sealedBy, `key ${key.id}`))
  if (by !== current) await parts.keys.reseal(key.id, key.sealed, sealKey(parts, key.id, opened))
  return opened
}

async function addKey(parts: VaultParts, id: string): Promise<void> {
  const sealed = sealKey(parts, id, parts.randomBytes(keyBytes))
  await parts.keys.add({ id, sealed, createdAtMs: parts.clock.nowMs() })
}

function sealKey(parts: VaultParts, id: string, key: Uint8Array): string {
  const [current] = parts.keyEncryptionKeys
  const by = keyEncryptionKeyId(current)
  return encrypt(parts, current, by, key, aadOf(by, `key ${id}`))
}

/** Tells which key it was without telling anything about it. */
function keyEncryptionKeyId(key: Uint8Array): string {
  return createHash('sha256').update('sekisho key-encryption key').update(key).digest('hex').slice(0, 16)
}

function encrypt(
  parts: VaultParts,
  key: Uint8Array | undefined,
  keyId: string,
  plain: string | Uint8Array,
  aad: Uint8Array,
): string {
  if (key === undefined) throw new Error('the key to seal with is missing')
  const iv = parts.randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(aad)
  const body = Buffer.concat([cipher.update(Buffer.from(plain)), cipher.final(), cipher.getAuthTag()])
  return [form, keyId, Buffer.from(iv).toString('base64url'), body.toString('base64url')].join('.')
}

function decrypt(key: Uint8Array | undefined, sealed: string, aad: Uint8Array): Buffer {
  const [, , iv = '', body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  try {
    if (key === undefined) throw new Error('sealed by a key that is not here')
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(aad).setAuthTag(bytes.subarray(bytes.length - tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
  } catch (error) {
    throw new Error('a sealed value cannot be opened: it was changed, or belongs to something else', {
      cause: error,
    })
  }
}

function keyIdOf(sealed: string): string {
  const [named, id, iv, body, more] = sealed.split('.')
  if (named !== form || id === undefined || iv === undefined || body === undefined || more !== undefined) {
    throw new Error('this is not a sealed value')
  }
  return id
}

/** What the ciphertext is bound to, beside its key. */
function aadOf(keyId: string, purpose: string): Uint8Array {
  return Buffer.from(`${form}\0${keyId}\0${purpose}`)
}

function dataKeyId(number: number): string {
  return `data-${number}`
}

function numberOf(id: string): number {
  return Number(id.slice('data-'.length))
}
