// Proofs of a password that do not show it: how they are made, and how they are checked by what a server keeps. Pure.
// native: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods_native_password_authentication.html
// sha2: https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html

import { createHash, timingSafeEqual } from 'node:crypto'

type Bytes = Uint8Array

function hash(name: 'sha1' | 'sha256', ...parts: readonly Bytes[]): Buffer {
  const hashing = createHash(name)
  for (const part of parts) hashing.update(part)
  return hashing.digest()
}

function xor(left: Bytes, right: Bytes): Buffer {
  const result = Buffer.allocUnsafe(left.length)
  for (let index = 0; index < left.length; index++) {
    result[index] = Number(left[index]) ^ Number(right[index % right.length])
  }
  return result
}

/** What a server keeps of a password for `mysql_native_password`. */
export const nativeHash = (password: string): Buffer => hash('sha1', hash('sha1', Buffer.from(password)))

/** What a server keeps in memory of a password for `caching_sha2_password`. */
export const sha2Hash = (password: string): Buffer => hash('sha256', hash('sha256', Buffer.from(password)))

/** An empty password has an empty proof. */
export function nativeProof(password: string, nonce: Bytes): Buffer {
  if (password === '') return Buffer.alloc(0)
  const stage = hash('sha1', Buffer.from(password))
  return xor(stage, hash('sha1', nonce, hash('sha1', stage)))
}

/** An empty password has an empty proof. */
export function sha2Proof(password: string, nonce: Bytes): Buffer {
  if (password === '') return Buffer.alloc(0)
  const stage = hash('sha256', Buffer.from(password))
  return xor(stage, hash('sha256', hash('sha256', stage), nonce))
}

/** The password as it is encrypted with a server's public key. */
export const veiled = (password: string, nonce: Bytes): Buffer => xor(Buffer.from(`${password}\0`), nonce)

/** Undoes `veiled`. @returns `undefined` if no zero byte ends it */
export function unveiled(bytes: Bytes, nonce: Bytes): string | undefined {
  const plain = xor(bytes, nonce)
  return plain.at(-1) === 0 ? plain.toString('utf8', 0, plain.length - 1) : undefined
}

/** Whether a proof was made with the password of which the server keeps this. Takes the same time whatever it is. */
export type CheckProof = (proof: Bytes, nonce: Bytes, stored: Bytes) => boolean

export const isNativeProof: CheckProof = (proof, nonce, stored) => {
  if (proof.length !== 20 || stored.length !== 20) return false
  return timingSafeEqual(hash('sha1', xor(proof, hash('sha1', nonce, stored))), stored)
}

export const isSha2Proof: CheckProof = (proof, nonce, stored) => {
  if (proof.length !== 32 || stored.length !== 32) return false
  return timingSafeEqual(hash('sha256', xor(proof, hash('sha256', stored, nonce))), stored)
}
