// What stands in for a hidden value: an expression of the column's own type, made of immutable built-in functions alone.

import type { MaskShape } from '../../core/verdict.ts'
import type { ColumnShape } from '../schema.ts'
import { toBytes } from './parse.ts'
import { quoteText } from './quote.ts'

type Family = 'text' | 'uuid' | 'date' | 'timestamp' | 'bigint' | 'integer' | 'bytea' | 'other'

const families: readonly (readonly [RegExp, Family])[] = [
  [/^(?:text|name|"char")$/, 'text'],
  [/^(?:character varying|character|bpchar|char|varchar)(?:\(\d+\))?$/, 'text'],
  [/^(?:\w+\.|"[^"]+"\.)?citext$/, 'text'],
  [/^uuid$/, 'uuid'],
  [/^date$/, 'date'],
  [/^timestamp(?:\(\d\))? with(?:out)? time zone$/, 'timestamp'],
  [/^(?:timestamp|timestamptz)(?:\(\d\))?$/, 'timestamp'],
  [/^bigint$/, 'bigint'],
  [/^integer$/, 'integer'],
  [/^bytea$/, 'bytea'],
]

/**
 * @param value the column as the expression may write it: a quoted name, qualified or not
 * @param key   hexadecimal, for `hash`
 */
export function maskExpression(column: ColumnShape, shape: MaskShape, value: string, key: string): string {
  const type = toBytes(column.type)
  return `(${shapeExpression(column, shape, value, type, key)})::${type}`
}

function familyOf(type: string): Family {
  return families.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
}

function shapeExpression(
  column: ColumnShape,
  shape: MaskShape,
  value: string,
  type: string,
  key: string,
): string {
  const family = familyOf(column.type)
  if (shape === 'hash') return hashExpression(family, value, type, key)
  if (shape === 'date') {
    return family === 'date' || family === 'timestamp'
      ? yearExpression(family, value)
      : fallback(family, type)
  }
  if (family !== 'text' || shape === 'null' || shape === 'number') return `NULL::${type}`
  const text = `(${value})::pg_catalog.text`
  switch (shape) {
    case 'email':
      return emailExpression(text)
    case 'name':
      return join(`pg_catalog."left"(${text}, 1)`, quoteText('***'))
    case 'phone':
      return lastDigits(text, 7, 2, '***')
    case 'card':
      // The longer form would be cut by the type, the digits with it.
      return lastDigits(text, 12, 4, lengthOf(column) < 19 ? '************' : '**** **** **** ')
    default:
      return `CASE WHEN ${text} IS NULL THEN NULL ELSE '***' END`
  }
}

/** Most characters that the type holds. */
function lengthOf(column: ColumnShape): number {
  const length = /\((\d+)\)$/.exec(column.type)?.[1]
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length)
}

/** A shape that the type cannot take. */
function fallback(family: Family, type: string): string {
  return family === 'text' ? `'***'::pg_catalog.text` : `NULL::${type}`
}

/** First character and last label. The two commonest labels take one comparison and no further look at the value. */
function emailExpression(text: string): string {
  const first = `pg_catalog."left"(${text}, 1)`
  const common = ['.com', '.jp'].map(
    label =>
      `WHEN pg_catalog.textlike(${byBytes(text)}, ${quoteText(`%@%${label}`)}) ` +
      `THEN ${join(first, quoteText(`***@***${label}`))} `,
  )
  return `CASE ${common.join('')}ELSE ${join(first, quoteText('***@***'), lastLabel(text))} END`
}

/** Ends of most other addresses. */
const commonLabels = {
  4: '{.net,.org,.edu,.gov,.biz,.dev,.app,.xyz}',
  3: '{.de,.uk,.fr,.it,.es,.nl,.cn,.kr,.io,.eu,.us,.ca,.au,.ch,.at,.be,.br,.in,.tw,.sg,.ai,.co}',
} as const

/**
 * The last label of an address with its dot, if it is of 2 to 24 letters and behind an `@`; else nothing. A regular
 * expression costs ten times as much as the rest of the mask, so the common labels are looked for first.
 */
function lastLabel(text: string): string {
  const plain = byBytes(text)
  const ends = (length: 3 | 4): string => {
    const listed = `(${quoteText(commonLabels[length])}::pg_catalog.text[])`
    return (
      `WHEN pg_catalog."right"(${plain}, ${length}) OPERATOR(pg_catalog.=) ANY ${listed} ` +
      `THEN pg_catalog."right"(${text}, ${length})`
    )
  }
  const shaped = `pg_catalog.textregexeq(${plain}, ${quoteText('@.*[.][A-Za-z]{2,24}$')})`
  const fromDot = `pg_catalog.strpos(pg_catalog.reverse(${plain}), '.')`
  return (
    `CASE WHEN pg_catalog.textnlike(${plain}, ${quoteText('%@%.%')}) THEN '' ${ends(4)} ${ends(3)} ` +
    `WHEN ${shaped} THEN pg_catalog."right"(${text}, ${fromDot}) ELSE '' END`
  )
}

/** Keeps the last digits of numbers long enough that they do not tell the rest. */
function lastDigits(text: string, least: number, kept: number, prefix: string): string {
  const end = `pg_catalog."right"(${text}, ${kept})`
  const count = `pg_catalog.int4mi(pg_catalog.length(${text}), pg_catalog.length(${withoutDigits(text)}))`
  // All that is no digit, taken out of the text, leaves its digits; most numbers end in enough of them.
  const digits = `pg_catalog.translate(${text}, ${withoutDigits(text)}, '')`
  const last = `CASE WHEN pg_catalog.texteq(${withoutDigits(byBytes(end))}, '') THEN ${end} ELSE pg_catalog."right"(${digits}, ${kept}) END`
  return (
    `CASE WHEN pg_catalog.int4ge(${count}, ${least}) THEN ${join(quoteText(prefix), last)} ` +
    `WHEN ${text} IS NULL THEN NULL ELSE ${quoteText(prefix.trim())} END`
  )
}

/** Some collations compare letters that differ, or cannot be searched at all. Only for conditions: what is shown keeps its own. */
function byBytes(text: string): string {
  return `(${text} COLLATE pg_catalog."C")`
}

function withoutDigits(text: string): string {
  return `pg_catalog.translate(${text}, '0123456789', '')`
}

function yearExpression(family: Family, value: string): string {
  if (family === 'timestamp') return `pg_catalog.date_trunc('year', ${value})`
  return `pg_catalog.date_trunc('year', (${value})::pg_catalog.timestamp)`
}

function hashExpression(family: Family, value: string, type: string, key: string): string {
  if (family === 'other' || family === 'date' || family === 'timestamp') return `NULL::${type}`
  const text = family === 'bytea' ? `pg_catalog.encode(${value}, 'hex')` : `(${value})::pg_catalog.text`
  const digest = `pg_catalog.sha256(pg_catalog.convert_to(${join(quoteText(key), text)}, 'UTF8'))`
  const hex = `pg_catalog.encode(${digest}, 'hex')`
  switch (family) {
    case 'bytea':
      return digest
    case 'uuid':
      return `pg_catalog."left"(${hex}, 32)`
    case 'bigint':
      return `(${join("'x'", `pg_catalog."left"(${hex}, 15)`)})::pg_catalog.bit(60)::pg_catalog.int8`
    case 'integer':
      return `(${join("'x'", `pg_catalog."left"(${hex}, 7)`)})::pg_catalog.bit(28)::pg_catalog.int4`
    default:
      return hex
  }
}

/** `a || b || c` as functions, so that no operator of the search path can step in. */
function join(first: string, ...rest: readonly string[]): string {
  return rest.reduce((left, right) => `pg_catalog.textcat(${left}, ${right})`, first)
}
