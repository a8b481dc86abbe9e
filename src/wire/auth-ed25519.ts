// The signature of MariaDB's `client_ed25519`: Ed25519 (RFC 8032) whose secret is the SHA-512 of a password of any length,
// where the standard has that of 32 random bytes. https://mariadb.com/kb/en/authentication-plugin-ed25519/
// Once for a login to a target: clear rather than fast. The nonce is the target's and may be known; the time that the
// arithmetic takes is seen by the target at most, which knows the public key and could have been given any password.

import { createHash } from 'node:crypto'

const p = 2n ** 255n - 19n
/** Order of the group. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n
/** Of the curve: -x² + y² = 1 + d x² y². */
const d = mod(-121665n * inverse(121666n))

/** A point in extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. */
interface Point {
  readonly X: bigint
  readonly Y: bigint
  readonly Z: bigint
  readonly T: bigint
}

const baseX = 15112221349535400772501151409588531511454012693041857206046113283949847762202n
const baseY = 46316835694926478169428394003475163141307993866256225615783033603165251855960n
const base: Point = { X: baseX, Y: baseY, Z: 1n, T: mod(baseX * baseY) }
const neutral: Point = { X: 0n, Y: 1n, Z: 1n, T: 0n }

function mod(value: bigint, by = p): bigint {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}

function power(value: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = mod(value)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}

/** By Fermat's little theorem. */
function inverse(value: bigint): bigint {
  return power(value, p - 2n)
}

/** RFC 8032 section 5.1.4; doubles as well. */
function add(left: Point, right: Point): Point {
  const a = mod((left.Y - left.X) * (right.Y - right.X))
  const b = mod((left.Y + left.X) * (right.Y + right.X))
  const c = mod(2n * left.T * right.T * d)
  const z = mod(2n * left.Z * right.Z)
  const e = b - a
  const f = z - c
  const g = z + c
  const h = b + a
  return { X: mod(e * f), Y: mod(g * h), Z: mod(f * g), T: mod(e * h) }
}

/** Does the same steps whatever the number is. */
function multiply(scalar: bigint): Point {
  let result = neutral
  let other = base
  for (let bit = 255n; bit >= 0n; bit--) {
    const isSet = ((scalar >> bit) & 1n) === 1n
    // Montgomery's ladder: other is always result + base.
    const sum = add(result, other)
    result = isSet ? sum : add(result, result)
    other = isSet ? add(other, other) : sum
  }
  return result
}

function encodePoint({ X, Y, Z }: Point): Buffer {
  const z = inverse(Z)
  const bytes = encodeNumber(mod(Y * z))
  if (mod(X * z) & 1n) bytes[31] = Number(bytes[31]) | 0x80
  return bytes
}

function encodeNumber(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

const decodeNumber = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

const sha512 = (...parts: readonly Uint8Array[]): Buffer => {
  const hashing = createHash('sha512')
  for (const part of parts) hashing.update(part)
  return hashing.digest()
}

interface Keys {
  readonly scalar: bigint
  readonly prefix: Buffer
  readonly publicKey: Buffer
}

function keysOf(password: Uint8Array): Keys {
  const secret = sha512(password)
  const low = secret.subarray(0, 32)
  low[0] = Number(low[0]) & 0xf8
  low[31] = (Number(low[31]) & 0x7f) | 0x40
  const scalar = decodeNumber(low)
  return { scalar, prefix: secret.subarray(32), publicKey: encodePoint(multiply(scalar)) }
}

/** What MariaDB keeps of a password, before it writes it as base 64. */
export const ed25519PublicKey = (password: Uint8Array): Buffer => keysOf(password).publicKey

/** RFC 8032 section 5.1.6. @returns 64 bytes */
export function ed25519Sign(password: Uint8Array, message: Uint8Array): Buffer {
  const { scalar, prefix, publicKey } = keysOf(password)
  const r = mod(decodeNumber(sha512(prefix, message)), order)
  const point = encodePoint(multiply(r))
  const k = mod(decodeNumber(sha512(point, publicKey, message)), order)
  return Buffer.concat([point, encodeNumber(mod(r + k * scalar, order))])
}
