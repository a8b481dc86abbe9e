// Texts of statements between bytes and characters, by the character set of the client. Nothing is lost on the way there and
// back: bytes that stand for no character (raw values inside of literals) become lone surrogates, which no name contains.

import { isUtf8 } from 'node:buffer'
import { isSafeCharacterSet } from '../../sql/mysql/state.ts'

/** How the texts of a connection are written. */
export interface TextCode {
  decode(bytes: Buffer, start: number, end: number): string
  /** `undefined` if a character cannot be written. */
  encode(text: string): Buffer | undefined
}

const utf8: TextCode = {
  decode(bytes, start, end) {
    const text = bytes.toString('utf8', start, end)
    if (!text.includes('\ufffd')) return text
    const part = bytes.subarray(start, end)
    return isUtf8(part) ? text : decodeEscaping(part)
  },
  encode: text => (text.isWellFormed() ? Buffer.from(text) : encodeEscaped(text)),
}

const escapes = 0xdc00
const firstHigh = 0x80

/** As Python's `surrogateescape`: byte `n` that belongs to no character is U+DC00 + n. */
function decodeEscaping(bytes: Buffer): string {
  const pieces: string[] = []
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const size = sizeOfCharacter(bytes, at)
    if (size > 0) {
      at += size
      continue
    }
    pieces.push(bytes.toString('utf8', from, at), String.fromCharCode(escapes + Number(bytes[at])))
    at += 1
    from = at
  }
  pieces.push(bytes.toString('utf8', from))
  return pieces.join('')
}

/** @returns 0 if no character begins here */
function sizeOfCharacter(bytes: Buffer, at: number): number {
  const first = Number(bytes[at])
  if (first < firstHigh) return 1
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  return size > 0 && isUtf8(bytes.subarray(at, at + size)) && at + size <= bytes.length ? size : 0
}

function encodeEscaped(text: string): Buffer | undefined {
  const pieces: Buffer[] = []
  // In this mode halves of a pair are no matches.
  for (const piece of text.split(/([\ud800-\udfff])/u)) {
    const code = piece.length === 1 ? piece.charCodeAt(0) : 0
    if (code >= escapes + firstHigh && code <= escapes + 0xff) pieces.push(Buffer.of(code - escapes))
    else if (piece.isWellFormed()) pieces.push(Buffer.from(piece))
    else return undefined
  }
  return Buffer.concat(pieces)
}

/** What MySQL calls latin1 is Windows-1252, its five gaps filled with control characters: 0x80 to 0x9f. */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const latin1: TextCode = {
  decode: (bytes, start, end) =>
    bytes
      .toString('latin1', start, end)
      .replace(/[\x80-\x9f]/g, letter => windows.charAt(letter.charCodeAt(0) - firstHigh)),
  encode(text) {
    let fits = true
    const inBytes = text.replace(/[^\0-\x7f\xa0-\xff]/g, letter => {
      const at = windows.indexOf(letter)
      if (at < 0) fits = false
      return String.fromCharCode(firstHigh + at)
    })
    return fits ? Buffer.from(inBytes, 'latin1') : undefined
  },
}

const codes: Readonly<Record<string, TextCode>> = {
  utf8mb4: utf8,
  utf8mb3: utf8,
  utf8: utf8,
  // Identifiers are taken as UTF-8 then, and everything else as it comes.
  binary: utf8,
  ascii: utf8,
  latin1,
}

/** Of character sets that begin as ASCII does, what is beyond it stays bytes: names with it are not known, values pass. */
const plain: TextCode = {
  decode: (bytes, start, end) =>
    bytes
      .toString('latin1', start, end)
      .replace(/[\x80-\xff]/g, letter => String.fromCharCode(escapes + letter.charCodeAt(0))),
  encode: text => (/^[\0-\x7f\udc80-\udcff]*$/u.test(text) ? encodeEscaped(text) : undefined),
}

/** @returns `undefined` for character sets in which a text cannot be read with certainty */
export function textCode(characterSet: string): TextCode | undefined {
  if (Object.hasOwn(codes, characterSet)) return codes[characterSet]
  return isSafeCharacterSet(characterSet) ? plain : undefined
}
