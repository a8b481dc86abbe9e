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
  return <T extends Id<string>>() => {
    const now = nowMs()
    if (now > lastMs) {
      lastMs = now
      counter = 0
    } else if (++counter > 0xfff) {
      lastMs += 1
      counter = 0
    }
    const tail = Buffer.from(randomBytes(8))
    tail[0] = (Number(tail[0]) & 0x3f) | 0x80
    const time = lastMs.toString(16).padStart(12, '0')
    const hex = tail.toString('hex')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}` as T
  }
}
