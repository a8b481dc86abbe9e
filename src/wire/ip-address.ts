// Addresses of IPv4 and IPv6 between their text and their bytes. RFC 4291, RFC 5952.

import { isIP } from 'node:net'

/** @returns 4 or 16 bytes; `undefined` if it is no address. A zone (`%eth0`) is left out. */
export function parseIp(text: string): Buffer | undefined {
  const [bare = ''] = text.split('%', 1)
  const family = isIP(bare)
  if (family === 4) return Buffer.from(bare.split('.').map(Number))
  if (family === 6) return parseSix(bare)
  return undefined
}

function parseSix(text: string): Buffer {
  // The last two groups may be written as IPv4.
  const hexadecimal = text.replace(/\d+\.\d+\.\d+\.\d+$/, four => {
    const bytes = Buffer.from(four.split('.').map(Number))
    return `${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}`
  })
  const [before = '', after] = hexadecimal.split('::')
  const groupsOf = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  const [head, tail] = [groupsOf(before), groupsOf(after ?? '')]
  const bytes = Buffer.alloc(16)
  for (const [at, group] of head.entries()) bytes.writeUInt16BE(group, at * 2)
  for (const [at, group] of tail.entries()) bytes.writeUInt16BE(group, (8 - tail.length + at) * 2)
  return bytes
}

/** IPv4 within IPv6 is written as IPv4. */
export function writeIp(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.subarray(0, 12).equals(mappedPrefix)) return bytes.subarray(12).join('.')
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  const longest = longestZeros(groups)
  if (longest.length < 2) return groups.join(':')
  const end = longest.start + longest.length
  return `${groups.slice(0, longest.start).join(':')}::${groups.slice(end).join(':')}`
}

/** The same address with 16 bytes. */
export function toSix(bytes: Buffer): Buffer {
  return bytes.length === 16 ? bytes : Buffer.concat([mappedPrefix, bytes])
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === '0') continue
    if (at - start > best.length) best = { start, length: at - start }
    start = at + 1
  }
  return best
}
