// Spoils bytes by chance: turns, drops, repeats, inserts, cuts.

import type { Chance } from '../bypass/random-query.ts'

const insertedMax = 64
const wrongLengths = [0, 1, 3, 4, 5, 0x7f, 0xff, 0xffff, 0xff_ffff, 0x7fff_ffff, 0xffff_ffff] as const

/** @returns a copy with one to four things wrong */
export function spoil(chance: Chance, bytes: Buffer): Buffer {
  let spoilt: Buffer = Buffer.from(bytes)
  for (let times = 1 + chance.next(4); times > 0; times -= 1) spoilt = spoilOnce(chance, spoilt)
  return spoilt
}

export const randomBytes = (chance: Chance, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => chance.next(256)))

function spoilOnce(chance: Chance, bytes: Buffer): Buffer {
  const at = chance.next(bytes.length + 1)
  switch (chance.next(7)) {
    case 0: {
      const index = Math.min(at, bytes.length - 1)
      if (index >= 0) bytes[index] = (bytes[index] ?? 0) ^ (1 << chance.next(8))
      return bytes
    }
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        randomBytes(chance, 1 + chance.next(insertedMax)),
        bytes.subarray(at),
      ])
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.next(8))])
    case 4:
      return Buffer.concat([bytes, bytes.subarray(at)])
    case 5: {
      if (bytes.length < 4) return randomBytes(chance, 8)
      const where = chance.pick([0, 1, chance.next(bytes.length - 3)])
      bytes.writeUInt32BE(chance.pick(wrongLengths), Math.min(where, bytes.length - 4))
      return bytes
    }
    default: {
      if (bytes.length < 4) return randomBytes(chance, 8)
      bytes.writeUInt32LE(
        chance.pick(wrongLengths),
        Math.min(chance.next(bytes.length - 3), bytes.length - 4),
      )
      return bytes
    }
  }
}
