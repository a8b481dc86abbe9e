// What stands in for a hidden value: an expression of about the column's own type, the same in every sql_mode and for every
// character set of a connection. Made of functions that both products have had since MySQL 5.6; it never raises a warning,
// for the number of warnings would tell about the value. No text in it is longer than ASCII, none has a backslash.

import type { MaskShape } from '../../core/verdict.ts'
import type { ColumnShape } from '../schema.ts'

type Family = 'text' | 'binary' | 'date' | 'datetime' | 'timestamp' | 'bigint' | 'int' | 'uuid' | 'other'

const families: readonly (readonly [RegExp, Family])[] = [
  [/^(?:char|varchar|nchar|nvarchar)\b/, 'text'],
  [/^(?:tiny|medium|long)?text\b/, 'text'],
  [/^(?:binary|varbinary)\b/, 'binary'],
  [/^(?:tiny|medium|long)?blob\b/, 'binary'],
  [/^date\b/, 'date'],
  [/^datetime\b/, 'datetime'],
  [/^timestamp\b/, 'timestamp'],
  [/^bigint\b/, 'bigint'],
  [/^int(?:eger)?\b/, 'int'],
  [/^uuid\b/, 'uuid'],
]

/**
 * @param value the column as the expression may write it: a quoted name
 * @param key   hexadecimal, for `hash`
 */
export function maskExpression(column: ColumnShape, shape: MaskShape, value: string, key: string): string {
  const family = familyOf(column.type)
  if (shape === 'hash') return hashExpression(column, family, value, key)
  if (shape === 'date' && isTime(family)) return yearExpression(family, value)
  if (family !== 'text' || shape === 'null' || shape === 'number') return nothing(value)
  switch (shape) {
    case 'email':
      return fit(column, 8, email(value))
    case 'name':
      return fit(column, 4, `CONCAT(LEFT(${value}, 1), '***')`)
    case 'phone':
      return fit(column, 5, lastDigits(value, 7, 2, '***'))
    case 'card':
      // The longer form would be cut by the length of the column, the digits with it.
      return fit(
        column,
        16,
        lastDigits(value, 12, 4, lengthOf(column) < 19 ? '************' : '**** **** **** '),
      )
    default:
      return fit(column, 3, text(value, "'***'"))
  }
}

function familyOf(type: string): Family {
  return families.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? 'other'
}

function isTime(family: Family): boolean {
  return family === 'date' || family === 'datetime' || family === 'timestamp'
}

/** Most characters (bytes, of a binary type) that the type holds. */
function lengthOf(column: ColumnShape): number {
  const length = /^\w+\((\d+)\)/.exec(column.type)?.[1]
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length)
}

/** NULL of the type of the column, whatever the value. */
function nothing(value: string): string {
  return `IF(0, ${value}, NULL)`
}

/** A constant of the column's character set and collation; NULL where the value is. */
function text(value: string, constant: string): string {
  return `CONCAT(LEFT(${value}, 0), ${constant})`
}

/** Cuts to the length of the type where the expression could be longer. */
function fit(column: ColumnShape, longest: number, expression: string): string {
  const length = lengthOf(column)
  return length < longest ? `LEFT(${expression}, ${length})` : expression
}

/** First character, and the last label of the domain if it is made of letters. */
function email(value: string): string {
  const label = `SUBSTRING_INDEX(${value}, '.', -1)`
  const domain = `SUBSTRING_INDEX(${value}, '@', -1)`
  const shown =
    `LOCATE('@', ${value}) > 0 AND LOCATE('.', ${domain}) > 0 AND CHAR_LENGTH(${label}) BETWEEN 2 AND 24 ` +
    `AND ${label} REGEXP '^[A-Za-z]+$'`
  return `CONCAT(LEFT(${value}, 1), '***@***', IF(${shown}, CONCAT('.', ${label}), ''))`
}

const separators = [' ', '-', '.', '/', '(', ')', '+']

/** Keeps the last digits of numbers long enough that they do not tell the rest. */
function lastDigits(value: string, least: number, kept: number, prefix: string): string {
  const digits = separators.reduce((inner, sign) => `REPLACE(${inner}, '${sign}', '')`, value)
  return (
    `IF(CHAR_LENGTH(${digits}) BETWEEN ${least} AND 40 AND ${digits} REGEXP '^[0-9]+$', ` +
    `CONCAT('${prefix}', RIGHT(${digits}, ${kept})), ${text(value, `'${prefix.trim()}'`)})`
  )
}

/** The year in UTC, for `time_zone` may be moved about; years before 100 mean others to MAKEDATE. */
function yearExpression(family: Family, value: string): string {
  const year =
    family === 'timestamp' ? `YEAR(FROM_DAYS(719528 + UNIX_TIMESTAMP(${value}) DIV 86400))` : `YEAR(${value})`
  const start = `IF(${year} >= 100, MAKEDATE(${year}, 1), NULL)`
  return family === 'date' ? start : `CAST(${start} AS DATETIME)`
}

/** Bytes are hashed, so that neither settings of the connection nor the column's character set make a difference. */
function hashExpression(column: ColumnShape, family: Family, value: string, key: string): string {
  const bytes = family === 'binary' ? value : `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`
  const hex = `SHA2(CONCAT(X'${key}', ${bytes}), 256)`
  switch (family) {
    case 'text':
      return fit(column, 64, text(value, `CONVERT(${hex} USING ascii)`))
    case 'binary':
      return fit(column, 32, `UNHEX(${hex})`)
    case 'bigint':
      return `CAST(CONV(LEFT(${hex}, 15), 16, 10) AS SIGNED)`
    case 'int':
      return `CAST(CONV(LEFT(${hex}, 7), 16, 10) AS SIGNED)`
    case 'uuid':
      return `CAST(LEFT(${hex}, 32) AS UUID)`
    default:
      return nothing(value)
  }
}
