// Lifts the literals out of a text without parsing it, in one pass: numbers and plain strings, and nothing that needs thought.

import type { Lifted } from '../dialect.ts'
import { numberMark, stringMark } from '../literal-marks.ts'

// Kinds of characters outside of literals and quoted names.
const refused = 0
const other = 1
const word = 2
const digit = 3

const kinds = new Uint8Array(128).fill(refused)
for (const space of '\t\n\f\r') kinds[space.charCodeAt(0)] = other
for (let code = 0x20; code < 0x7f; code += 1) kinds[code] = other
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_')
  kinds[letter.charCodeAt(0)] = word
for (const figure of '0123456789') kinds[figure.charCodeAt(0)] = digit

const quote = 0x27
const doubleQuote = 0x22
const dollar = 0x24
const ampersand = 0x26
const star = 0x2a
const dash = 0x2d
const dot = 0x2e
const slash = 0x2f

/**
 * `undefined` where there is any doubt: comments, `E''`, `B''`, `U&''`, dollar quotes, numbers other than `12` and `1.5`,
 * control characters, half characters. Rests on `standard_conforming_strings`, which every session keeps on.
 */
export function liftLiterals(text: string): Lifted | undefined {
  if (!text.isWellFormed()) return undefined
  const literals: number[] = []
  let form = ''
  let from = 0
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const kind = kindOf(code)
    if (kind === word) {
      at = wordEnd(text, at + 1)
      // A letter before it may change what a string means.
      if (text.charCodeAt(at) === quote) return undefined
    } else if (kind === digit || code === quote) {
      const end = kind === digit ? numberEnd(text, at) : stringEnd(text, at)
      if (end < 0) return undefined
      literals.push(at, end)
      form += text.slice(from, at) + (kind === digit ? numberMark(text, at, end) : stringMark)
      from = at = end
    } else {
      at = otherEnd(text, at, code)
      if (at < 0) return undefined
    }
  }
  return { form: from === 0 ? text : form + text.slice(from), literals }
}

/** Characters beyond ASCII are letters to the server, spaces among them included. */
function kindOf(code: number): number | undefined {
  return code < 128 ? kinds[code] : word
}

function wordEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const kind = kindOf(code)
    if (kind !== word && kind !== digit && code !== dollar) return at
  }
  return text.length
}

function digitsEnd(text: string, from: number): number {
  let at = from
  while (kindOf(text.charCodeAt(at)) === digit) at += 1
  return at
}

/** -1: not lifted. */
function numberEnd(text: string, from: number): number {
  let at = digitsEnd(text, from)
  if (text.charCodeAt(at) === dot) at = digitsEnd(text, at + 1)
  const next = text.charCodeAt(at)
  return kindOf(next) === word && at < text.length ? -1 : next === dot || next === dollar ? -1 : at
}

/** -1: it does not end, or holds what the shape of a text takes for a parameter. */
function stringEnd(text: string, from: number): number {
  if (text.charCodeAt(from - 1) === ampersand) return -1
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1
      at += 1
    } else if (code === 0 || (code === dollar && kindOf(text.charCodeAt(at + 1)) === digit)) return -1
  }
  return -1
}

/** Quoted names, parameters, operators, spaces. -1: not lifted. */
function otherEnd(text: string, from: number, code: number): number {
  const next = text.charCodeAt(from + 1)
  switch (code) {
    case doubleQuote:
      return nameEnd(text, from)
    case dollar: {
      const end = digitsEnd(text, from + 1)
      return end === from + 1 || end < wordEnd(text, end) ? -1 : end
    }
    case dash:
      return next === dash ? -1 : from + 1
    case slash:
      return next === star ? -1 : from + 1
    case dot:
      return kindOf(next) === digit ? -1 : from + 1
    default:
      return kinds[code] === refused ? -1 : from + 1
  }
}

function nameEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20) return -1
    if (code === doubleQuote) {
      if (text.charCodeAt(at + 1) !== doubleQuote) return at + 1
      at += 1
    }
  }
  return -1
}
