// Which of the loaded rows are shown, and in which order: sorted and filtered in the page, without asking the target again.

import type { Row } from '../../format/csv.ts'
import { isNumberType } from './column-widths.ts'

export interface RowSort {
  readonly column: number
  readonly down: boolean
}

/** NULL comes last, in either direction. */
export function compareValues(a: string | null, b: string | null, isNumber: boolean): number {
  if (a === null || b === null) return 0
  if (isNumber) {
    const difference = Number(a) - Number(b)
    if (!Number.isNaN(difference) && difference !== 0) return difference
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** Indexes of the rows in the order of showing; `undefined`: all, as they came. */
export function rowOrder(
  rows: readonly Row[],
  columns: readonly { readonly type: string }[],
  sort: RowSort | undefined,
  filter: string,
): readonly number[] | undefined {
  const wanted = filter.trim().toLowerCase()
  if (sort === undefined && wanted === '') return undefined
  const shown: number[] = []
  for (const [index, row] of rows.entries()) {
    if (wanted === '' || row.some(value => value?.toLowerCase().includes(wanted) === true)) shown.push(index)
  }
  if (sort === undefined) return shown
  const { column, down } = sort
  const isNumber = isNumberType(columns[column]?.type ?? '')
  const at = (index: number) => rows[index]?.[column] ?? null
  return shown.sort((a, b) => {
    const [x, y] = [at(a), at(b)]
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1
    const order = compareValues(x, y, isNumber)
    return order === 0 ? a - b : down ? -order : order
  })
}
