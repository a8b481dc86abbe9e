// Passwords as they are kept: argon2id (RFC 9106) in PHC strings, which carry their parameters so that these can change.

import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Secret } from '../core/secret.ts'
import type { RandomBytes } from './random-text.ts'

/** What a hash costs. The names are those of the PHC string. */
export interface PasswordCost {
  /** KiB of memory. */
  readonly m: number
  /** Passes. */
  readonly t: number
  /** Lanes. */
  readonly p: number
}

/** OWASP, Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
export const passwordCost: PasswordCost = { m: 19_456, t: 2, p: 1 }

const saltBytes = 16
const hashBytes = 32

const derive = promisify(
  (parameters: Argon2Parameters, done: (error: Error | null, key: Uint8Array) => void) => {
    argon2('argon2id', parameters, done)
  },
)

export async function hashPassword(
  password: Secret,
  randomBytes: RandomBytes,
  cost: PasswordCost = passwordCost,
): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await compute(password, salt, cost, hashBytes)
  return `$argon2id$v=19$m=${cost.m},t=${cost.t},p=${cost.p}$${encode(salt)}$${encode(hash)}`
}

export interface PasswordCheck {
  readonly right: boolean
  /** Whether it was kept at another cost than is asked for now: hash it anew while it is known. */
  readonly outdated: boolean
}

/** @throws Error if what is kept is no PHC string of argon2id */
export async function checkPassword(
  password: Secret,
  kept: string,
  cost: PasswordCost = passwordCost,
): Promise<PasswordCheck> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(kept)
  if (parts === null) throw new Error('a kept password hash cannot be read')
  const was = { m: Number(parts[1]), t: Number(parts[2]), p: Number(parts[3]) }
  const hash = Buffer.from(parts[5] ?? '', 'base64')
  const computed = await compute(password, Buffer.from(parts[4] ?? '', 'base64'), was, hash.length)
  return {
    right: timingSafeEqual(computed, hash),
    outdated: was.m !== cost.m || was.t !== cost.t || was.p !== cost.p,
  }
}

function compute(password: Secret, salt: Uint8Array, cost: PasswordCost, size: number): Promise<Uint8Array> {
  return derive({
    // Equal letters are equal whichever way the keyboard composes them.
    message: password.reveal().normalize('NFC'),
    nonce: salt,
    memory: cost.m,
    passes: cost.t,
    parallelism: cost.p,
    tagLength: size,
  })
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
