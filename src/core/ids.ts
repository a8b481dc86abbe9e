// Identifiers: sortable UUIDs (version 7, RFC 9562 section 5.7) with a brand each, so that they cannot be mixed up.

declare const brand: unique symbol

/** A string that carries the name of what it identifies in its type only. */
export type Id<Name extends string> = string & { readonly [brand]: Name }

export type UserId = Id<'user'>
export type GroupId = Id<'group'>
export type TokenId = Id<'token'>
export type TargetId = Id<'target'>
export type SessionId = Id<'session'>
export type PolicyId = Id<'policy'>
export type EventId = Id<'event'>

/** Makes a new identifier of the kind the caller asks for: `newId<UserId>()`. */
export type NewId = <T extends Id<string>>() => T

/**
 * Makes UUIDs that sort by time of making, also within one millisecond (a 12-bit counter in `rand_a`).
 * @param nowMs     the clock, milliseconds since 1970 in UTC
 * @param randomBytes  a source of random bytes, `crypto.randomBytes` outside of tests
 */
export function createIds(nowMs: () => number, randomBytes: (size: number) => Uint8Array): NewId {
  let lastMs = 0
  let counter = 0
  // Written digit by digit into one place: an identifier is made for every statement.
  const text = Buffer.from('00000000-0000-7000-0000-000000000000')
  const begin = (ms: number) => {
    lastMs = ms
    counter = 0
    const high = Math.floor(ms / 0x10000)
    writeHex(text, high, 8, 0)
    writeHex(text, ms - high * 0x10000, 4, 9)
  }
  return <T extends Id<string>>() => {
    const now = nowMs()
    if (now > lastMs) begin(now)
    else if (++counter > 0xfff) begin(lastMs + 1)
    writeHex(text, counter, 3, 15)
    const tail = randomBytes(8)
    for (let i = 0; i < 8; i++) {
      const byte = i === 0 ? (Number(tail[0]) & 0x3f) | 0x80 : Number(tail[i])
      writeHex(text, byte, 2, i < 2 ? 19 + i * 2 : 20 + i * 2)
    }
    return text.toString('latin1') as T
  }
}

const digits = Buffer.from('0123456789abcdef')

function writeHex(text: Buffer, value: number, count: number, at: number): void {
  let rest = value
  for (let i = at + count - 1; i >= at; i--) {
    text[i] = Number(digits[rest & 0xf])
    rest >>>= 4
  }
}
