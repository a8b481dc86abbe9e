// What kind of thing a value is, so that it can be shown as such.

import { isBinaryType } from './copy-formats.ts'

export type CellKind =
  | { readonly kind: 'null' }
  | { readonly kind: 'text' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'time'; readonly atMs: number | undefined }

const jsonCharsMax = 2_000_000

function bytesOf(value: string): Uint8Array | undefined {
  const [, digits] = /^(?:\\x|0x)((?:[0-9a-f]{2})*)$/i.exec(value) ?? []
  if (digits === undefined) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

function parsed(value: string): unknown {
  if (value.length > jsonCharsMax) return undefined
  try {
    return JSON.parse(value) as unknown
  } catch {
    return undefined
  }
}

/** `undefined` where no zone is told, or the date is none that a browser knows. */
function momentOf(value: string): number | undefined {
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d(?::?\d\d)?|Z)$/.exec(value) ?? []
  if (date === undefined || time === undefined || zone === undefined) return undefined
  const wholeZone = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone
  const atMs = Date.parse(`${date}T${time.slice(0, 12)}${wholeZone}`)
  return Number.isNaN(atMs) ? undefined : atMs
}

export function cellKind(value: string | null, type: string): CellKind {
  if (value === null) return { kind: 'null' }
  if (isBinaryType(type)) {
    const bytes = bytesOf(value)
    if (bytes !== undefined) return { kind: 'bytes', bytes }
  }
  if (/^(timestamp|datetime|date|time)\b/.test(type)) return { kind: 'time', atMs: momentOf(value) }
  if (/^jsonb?$/.test(type) || /^\s*[[{]/.test(value)) {
    const json = parsed(value)
    if (json !== undefined) return { kind: 'json', value: json }
  }
  return { kind: 'text' }
}

const bytesPerLine = 16

/** Lines as `00000010  48 65 6c 6c 6f …  Hello…`. */
export function hexLines(bytes: Uint8Array, linesMax: number): readonly string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length && lines.length < linesMax; at += bytesPerLine) {
    const part = [...bytes.subarray(at, at + bytesPerLine)]
    const hex = part.map(byte => byte.toString(16).padStart(2, '0'))
    const halves = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')].join('  ')
    const text = part.map(byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${halves.padEnd(48)}  ${text}`)
  }
  return lines
}
