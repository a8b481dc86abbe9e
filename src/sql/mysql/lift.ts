// Lifts the literals out of a text without parsing it, in one pass: numbers and plain strings, and nothing that needs thought.

import type { Lifted } from '../dialect.ts'
import { numberMark, stringMark } from '../literal-marks.ts'
import type { SqlMode } from './syntax.ts'

// Kinds of characters outside of literals and quoted names.
const refused = 0
const other = 1
const word = 2
const digit = 3

const kinds = new Uint8Array(128).fill(refused)
for (const space of '\t\n\v\f\r') kinds[space.charCodeAt(0)] = other
for (let code = 0x20; code < 0x7f; code += 1) kinds[code] = other
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$')
  kinds[letter.charCodeAt(0)] = word
for (const figure of '0123456789') kinds[figure.charCodeAt(0)] = digit
// Texts or names in double quotes, comments, variables, and characters that mean nothing here.
for (const sign of '"#@\\:') kinds[sign.charCodeAt(0)] = refused

const limitWord = /^(?:LIMIT|FIRST)$/i
const nextWord = /^NEXT$/i

const quote = 0x27
const backtick = 0x60
const backslash = 0x5c
const star = 0x2a
const dash = 0x2d
const dot = 0x2e
const slash = 0x2f

/**
 * `undefined` where there is any doubt: comments, backslashes, double quotes, variables, introducers, numbers other than `12`
 * and `1.5`. The numbers behind LIMIT stay: they decide how the number of rows is limited.
 */
export function liftLiterals(text: string, mode: SqlMode): Lifted | undefined {
  if (mode.oracle || !text.isWellFormed()) return undefined
  const literals: number[] = []
  let form = ''
  let from = 0
  let limited = false
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? (kinds[code] ?? refused) : word
    if (kind === word) {
      const end = wordEnd(text, at + 1)
      if (text.charCodeAt(end) === quote) return undefined
      limited = isLimit(text, at, end, limited)
      at = end
    } else if (kind === digit || code === quote) {
      const end = kind === digit ? numberEnd(text, at) : stringEnd(text, at)
      if (end < 0) return undefined
      if (!limited) {
        literals.push(at, end)
        form += text.slice(from, at) + (kind === digit ? numberMark(text, at, end) : stringMark)
        from = end
      }
      at = end
    } else {
      at = otherEnd(text, at, code)
      if (at < 0) return undefined
    }
  }
  return { form: from === 0 ? text : form + text.slice(from), literals }
}

/** From LIMIT or FETCH FIRST to the next word that is not OFFSET. */
function isLimit(text: string, from: number, end: number, limited: boolean): boolean {
  const length = end - from
  if (length === 5 && limitWord.test(text.slice(from, end))) return true
  if (length === 4 && nextWord.test(text.slice(from, end))) return true
  return limited && length === 6 && text.slice(from, end).toUpperCase() === 'OFFSET'
}

function wordEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? kinds[code] : word
    if (kind !== word && kind !== digit) return at
  }
  return text.length
}

/** -1: not lifted, for it may be part of a name. */
function numberEnd(text: string, from: number): number {
  if (text.charCodeAt(from - 1) === dot) return -1
  let at = digitsEnd(text, from)
  if (text.charCodeAt(at) === dot) {
    const end = digitsEnd(text, at + 1)
    if (end === at + 1) return -1
    at = end
  }
  if (at >= text.length) return at
  const next = text.charCodeAt(at)
  const kind = next < 128 ? kinds[next] : word
  return kind === word || next === dot ? -1 : at
}

function digitsEnd(text: string, from: number): number {
  let at = from
  while (kinds[text.charCodeAt(at)] === digit) at += 1
  return at
}

/** -1: it does not end, or has a backslash, of which the meaning depends. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === backslash || code === 0) return -1
    if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1
      at += 1
    }
  }
  return -1
}

/** Quoted names and signs; -1: not lifted. */
function otherEnd(text: string, at: number, code: number): number {
  if (code === backtick) {
    const end = text.indexOf('`', at + 1)
    if (end < 0 || text.charCodeAt(end + 1) === backtick) return -1
    return end + 1
  }
  if (kinds[code] === refused) return -1
  const next = text.charCodeAt(at + 1)
  if (
    (code === slash && next === star) ||
    (code === star && next === slash) ||
    (code === dash && next === dash)
  )
    return -1
  return at + 1
}
