// Texts of random characters, each as likely as the other.

export type RandomBytes = (size: number) => Uint8Array

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Without those that look alike when read aloud or copied by hand. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789'

const tokenCharacters = 40
const passwordGroups = 4
const groupCharacters = 5

/** @returns `skk_` and 40 characters of base 62: 238 bits */
export function tokenText(randomBytes: RandomBytes): string {
  return `skk_${pick(base62, tokenCharacters, randomBytes)}`
}

/** @returns `ska_` and 40 characters of base 62: 238 bits */
export function apiTokenText(randomBytes: RandomBytes): string {
  return `ska_${pick(base62, tokenCharacters, randomBytes)}`
}

/** @returns four groups of five, 99 bits: `k7mfq-…` */
export function firstPasswordText(randomBytes: RandomBytes): string {
  const groups = Array.from({ length: passwordGroups }, () => pick(readable, groupCharacters, randomBytes))
  return groups.join('-')
}

/** Bytes above the last whole multiple of the alphabet are thrown away: the rest of a division would favour its start. */
export function pick(alphabet: string, length: number, randomBytes: RandomBytes): string {
  const bound = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < bound && text.length < length) text += alphabet.charAt(byte % alphabet.length)
    }
  }
  return text
}
