// Which columns of a result make a chart, and its points. Only of the rows that are loaded.

import type { Row } from '../../../format/csv.ts'
import { isNumberType } from '../column-widths.ts'

export type ChartKind = 'bar' | 'line' | 'scatter'

export interface ChartChoice {
  readonly kind: ChartKind
  readonly x: number
  readonly y: readonly number[]
}

type Columns = readonly { readonly name: string; readonly type: string }[]

export const barsMax = 200
/** More bars side by side cannot be told apart. */
export const barSeriesMax = 2
const seriesAtFirst = 3

const isTimeType = (type: string): boolean => /^(timestamp|datetime|date)\b/.test(type)

/** A chart that is likely wanted; `undefined` where there is no number to draw. */
export function defaultChart(columns: Columns): ChartChoice | undefined {
  const numbers = columns.flatMap(({ type }, index) => (isNumberType(type) ? [index] : []))
  if (numbers.length === 0) return undefined
  const time = columns.findIndex(({ type }) => isTimeType(type))
  const label = columns.findIndex(({ type }) => !isNumberType(type) && !isTimeType(type))
  const x = time >= 0 ? time : label >= 0 ? label : (numbers[0] ?? 0)
  const rest = numbers.filter(index => index !== x)
  // Numbers of keys say nothing when drawn.
  const telling = rest.filter(index => !/(^|_)id$/i.test(columns[index]?.name ?? ''))
  const kind = time >= 0 ? 'line' : label >= 0 ? 'bar' : 'scatter'
  const y = telling.length > 0 ? telling : rest.length > 0 ? rest : numbers
  return { kind, x, y: y.slice(0, kind === 'bar' ? 1 : seriesAtFirst) }
}

export interface ChartPoints {
  /** What stands below: seconds for times, numbers, or places of labels. */
  readonly scale: 'time' | 'number' | 'label'
  readonly labels: readonly string[]
  readonly xs: readonly number[]
  readonly ys: readonly (readonly (number | null)[])[]
  /** Not all of the rows are drawn. */
  readonly cut: boolean
}

function numeral(value: string | null | undefined): number | null {
  if (value === null || value === undefined || value.trim() === '') return null
  const number = Number(value.replace(/^[^\d.+-]+|,(?=\d{3})/g, ''))
  return Number.isFinite(number) ? number : null
}

function seconds(value: string | null | undefined): number | null {
  if (value === null || value === undefined) return null
  const atMs = Date.parse(value.replace(' ', 'T').replace(/(:\d\d(?:\.\d+)?[+-]\d\d)$/, '$1:00'))
  return Number.isNaN(atMs) ? null : atMs / 1000
}

export function chartPoints(columns: Columns, rows: readonly Row[], choice: ChartChoice): ChartPoints {
  const type = columns[choice.x]?.type ?? ''
  const scale =
    choice.kind === 'bar' ? 'label' : isTimeType(type) ? 'time' : isNumberType(type) ? 'number' : 'label'
  const drawn = choice.kind === 'bar' ? rows.slice(0, barsMax) : rows
  const read = scale === 'time' ? seconds : numeral
  const points = drawn.flatMap((row, index) => {
    const x = scale === 'label' ? index : read(row[choice.x])
    return x === null ? [] : [{ x, row }]
  })
  if (scale !== 'label') points.sort((a, b) => a.x - b.x)
  return {
    scale,
    labels: scale === 'label' ? points.map(({ row }) => row[choice.x] ?? 'NULL') : [],
    xs: points.map(({ x }) => x),
    ys: choice.y.map(column => points.map(({ row }) => numeral(row[column]))),
    cut: drawn.length < rows.length,
  }
}
