// Random bytes for identifiers: 8 of them each, many times a millisecond, so they are drawn in larger portions.

import { randomBytes } from 'node:crypto'

const poolBytes = 8_192
let pool = Buffer.alloc(0)

export function pooledRandomBytes(size: number): Uint8Array {
  if (pool.length < size) pool = randomBytes(Math.max(size, poolBytes))
  const taken = pool.subarray(0, size)
  pool = pool.subarray(size)
  return taken
}
