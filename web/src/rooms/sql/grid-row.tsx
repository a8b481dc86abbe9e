// One row of the grid. Drawn again only when something of it changes: scrolling must cost no more than the new rows.

import { memo } from 'react'
import type { Row } from '../../format/csv.ts'

export interface ColumnPlace {
  readonly index: number
  readonly left: number
  readonly width: number
  readonly number: boolean
  readonly masked: boolean
}

const cellCharsMax = 300

/** Line ends are shown as a sign: a cell has one line. */
function inOneLine(value: string): string {
  const shown = value.length > cellCharsMax ? value.slice(0, cellCharsMax) : value
  return shown.includes('\n') ? shown.replace(/\r?\n/g, '↵') : shown
}

export const cellId = (row: number, column: number): string => `cell-${row}-${column}`

export const GridRow = memo(function GridRow(props: {
  readonly row: Row
  /** Place in the grid. */
  readonly at: number
  /** Number in the result. */
  readonly number: number
  readonly top: number
  readonly gutter: number
  readonly columns: readonly ColumnPlace[]
  /** First and last selected column; -1: none. */
  readonly from: number
  readonly to: number
  /** The column of the cell that has the focus; -1: none. */
  readonly focus: number
  readonly nullWord: string
}) {
  const { row, at, columns, from, to, focus } = props
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      className="grid__row"
      data-odd={at % 2 === 1 || undefined}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <span className="grid__number" style={{ width: props.gutter }} data-row={at} aria-hidden="true">
        {props.number}
      </span>
      {columns.map(({ index, left, width, number, masked }) => {
        const value = row[index] ?? null
        let names = 'grid__cell'
        if (number) names += ' grid__cell--number'
        if (masked) names += ' grid__cell--masked'
        if (value === null) names += ' grid__cell--null'
        return (
          <div
            key={index}
            id={cellId(at, index)}
            role="gridcell"
            aria-colindex={index + 1}
            aria-selected={index >= from && index <= to}
            data-focus={index === focus || undefined}
            data-row={at}
            data-column={index}
            className={names}
            style={{ left, width }}
          >
            {value === null ? props.nullWord : inOneLine(value)}
          </div>
        )
      })}
    </div>
  )
})
