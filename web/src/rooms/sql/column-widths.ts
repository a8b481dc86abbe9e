// How wide the columns of a result begin: as wide as the name and the first values need, within bounds.

import type { Row } from '../../format/csv.ts'

const charPx = 7.5
const paddingPx = 28
const widthPx = { min: 70, max: 340 }
const rowsLookedAt = 60
const typeCharsShown = 9
const lockChars = 4

/** Width of a text in characters of a fixed-width font; East Asian ones take two. */
function textWidth(text: string): number {
  let width = 0
  for (const char of text.slice(0, 60)) width += (char.codePointAt(0) ?? 0) > 0x2e7f ? 1.8 : 1
  return width
}

export function firstWidths(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly Row[],
): number[] {
  const sample = rows.slice(0, rowsLookedAt)
  return columns.map(({ name, type }, index) => {
    const head = textWidth(name) + Math.min(type.length, typeCharsShown) + lockChars
    const widest = sample.reduce((most, row) => Math.max(most, textWidth(row[index] ?? 'NULL')), head)
    return Math.round(Math.min(widthPx.max, Math.max(widthPx.min, widest * charPx + paddingPx)))
  })
}

const numberTypes =
  /^(smallint|integer|bigint|tinyint|mediumint|int[248]?|numeric|decimal|real|double|float[48]?|money|oid|year)\b/

/** Numbers stand on the right, so that their digits line up. */
export function isNumberType(type: string): boolean {
  return numberTypes.test(type)
}
