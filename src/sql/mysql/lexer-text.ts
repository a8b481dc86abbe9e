// Signs and quoted texts: what every reader of MySQL's SQL must know about them.

export const DOUBLE = 34
export const HASH = 35
export const SINGLE = 39
export const STAR = 42
export const MINUS = 45
export const DOT = 46
export const SLASH = 47
export const BACKSLASH = 92
export const BACKTICK = 96

/** By code: 1 part of a name, 2 digit (also part of a name), 4 white space. */
export const classes = new Uint8Array(128)
for (let c = 0; c < 128; c += 1) {
  const sign = String.fromCharCode(c)
  if (/[A-Za-z_$]/.test(sign)) classes[c] = 1
  if (/[0-9]/.test(sign)) classes[c] = 3
  if (/[ \t\n\v\f\r]/.test(sign)) classes[c] = 4
}

export const signs: (string | undefined)[] = []
for (const sign of '()[]{},;.+-*/%^~|&<>=!:?@') signs[sign.charCodeAt(0)] = sign

export const longSigns = [
  '<=>',
  '->>',
  '<=',
  '>=',
  '<>',
  '!=',
  '<<',
  '>>',
  '&&',
  '||',
  ':=',
  '->',
  '@@',
  '..',
]
export const comparing = '<>=!'

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/** `--` begins a comment only if white space, a control sign or nothing follows. */
export function isDashComment(text: string, at: number): boolean {
  if (text.charCodeAt(at + 1) !== MINUS) return false
  const next = text.charCodeAt(at + 2)
  return !(next > 32 && next !== 127)
}

/** The place behind a quoted text that begins at `at`; -1 if it does not end. */
export function skipQuoted(text: string, at: number, escapes: boolean): number {
  const quote = text.charCodeAt(at)
  const withEscapes = escapes && quote !== BACKTICK
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH && withEscapes) i += 1
    else if (c === quote) {
      if (text.charCodeAt(i + 1) !== quote) return i + 1
      i += 1
    }
  }
  return -1
}

const escapeSigns: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // For patterns the backslash stays.
  '%': '\\%',
  _: '\\_',
}

/** What a quoted text means. */
export function decodeQuoted(text: string, start: number, end: number, escapes: boolean): string {
  const quote = text.charCodeAt(start)
  const raw = text.slice(start + 1, end - 1)
  const withEscapes = escapes && quote !== BACKTICK && raw.includes('\\')
  if (!withEscapes && !raw.includes(String.fromCharCode(quote))) return raw
  let decoded = ''
  for (let i = 0; i < raw.length; i += 1) {
    const c = raw.charCodeAt(i)
    if (c === BACKSLASH && withEscapes && i + 1 < raw.length) {
      i += 1
      const sign = raw.charAt(i)
      decoded += escapeSigns[sign] ?? sign
    } else {
      if (c === quote) i += 1
      decoded += raw.charAt(i)
    }
  }
  return decoded
}
