// Rows of a result: any number of them, only those in sight are drawn. Cells are chosen with mouse or keys, and copied.

import { notifications } from '@mantine/notifications'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { toTsv } from '../../format/csv.ts'
import { useWords } from '../../parts/words.ts'
import { type Cell, type CellRange, cutRange, stepCell } from './cell-range.ts'
import { firstWidths, isNumberType } from './column-widths.ts'
import { GridHead } from './grid-head.tsx'
import { type ColumnPlace, cellId, GridRow } from './grid-row.tsx'
import { keepPlace, keptPlace } from './kept-view.ts'
import type { QueryResult } from './query-run.ts'
import type { RowSort } from './row-order.ts'

const rowHeightPx = 27
const headHeightPx = 30
const pageRows = 20
const poolStep = 16

function gutterWidth(rows: number): number {
  return 26 + String(Math.max(rows, 99)).length * 8
}

export interface GridProps {
  readonly result: QueryResult
  /** Indexes of the rows that are shown; `undefined`: all, as they came. */
  readonly order: readonly number[] | undefined
  readonly sort: RowSort | undefined
  readonly onSort: (sort: RowSort | undefined) => void
  readonly range: CellRange | undefined
  readonly onRange: (range: CellRange | undefined) => void
  /** Opens the cell that has the focus beside the grid, or closes it. */
  readonly onCell: () => void
  /** Changes whenever rows have arrived. */
  readonly version: number
}

/** Up, down, as it came. */
function nextSort(sort: RowSort | undefined, column: number): RowSort | undefined {
  if (sort?.column !== column) return { column, down: false }
  return sort.down ? undefined : { column, down: true }
}

function cellOf(
  target: EventTarget,
): { readonly row: number; readonly column: number | undefined } | undefined {
  if (!(target instanceof HTMLElement)) return undefined
  const { row, column } = target.dataset
  if (row === undefined) return undefined
  return { row: Number(row), column: column === undefined ? undefined : Number(column) }
}

export function ResultGrid(props: GridProps) {
  const { t } = useWords()
  const { result, order, range, onRange } = props
  const { rows, columns } = result
  const count = order?.length ?? rows.length
  const scroll = useRef<HTMLDivElement>(null)
  const [widths, setWidths] = useState(() => firstWidths(columns, rows))
  const gutter = gutterWidth(rows.length)
  const rowsInSight = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    initialOffset: () => keptPlace(result).top,
    overscan: 5,
    scrollPaddingStart: headHeightPx,
  })
  const columnsInSight = useVirtualizer({
    horizontal: true,
    initialOffset: () => keptPlace(result).left,
    count: columns.length,
    getScrollElement: () => scroll.current,
    estimateSize: index => widths[index] ?? 120,
    overscan: 2,
    scrollPaddingStart: gutter,
  })
  useEffect(() => columnsInSight.measure(), [widths, columnsInSight])
  // The first rows may come after the columns: they say how wide the columns want to be.
  const hasRows = rows.length > 0
  useEffect(() => setWidths(firstWidths(columns, rows)), [hasRows, columns, rows])

  const rowItems = rowsInSight.getVirtualItems()
  const pool = Math.ceil(rowItems.length / poolStep + 1) * poolStep
  const inSight = columnsInSight.getVirtualItems()
  const places = usePlaces(inSight, gutter, result)

  const focusCell = useCallback(
    (cell: Cell, extend: boolean) => {
      onRange({ anchor: extend && range !== undefined ? range.anchor : cell, focus: cell })
    },
    [onRange, range],
  )
  const goTo = (cell: Cell, extend: boolean) => {
    focusCell(cell, extend)
    rowsInSight.scrollToIndex(cell.row)
    columnsInSight.scrollToIndex(cell.column)
  }
  const copy = async () => {
    if (range === undefined) return
    const cells = cutRange(order === undefined ? rows : order.map(index => rows[index] ?? []), range)
    await navigator.clipboard.writeText(
      cells.length === 1 && cells[0]?.length === 1 ? (cells[0][0] ?? '') : toTsv(undefined, cells),
    )
    notifications.show({ message: t('sql.copiedCells', { count: cells.length * (cells[0]?.length ?? 0) }) })
  }
  const lastColumn = columns.length - 1
  const onKeyDown = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey
    if (event.altKey) return
    if (command && event.key === 'c' && (getSelection()?.isCollapsed ?? true)) void copy()
    else if (command && event.key === 'a') {
      onRange({ anchor: { row: 0, column: 0 }, focus: { row: count - 1, column: lastColumn } })
    } else if (event.key === 'Escape') onRange(undefined)
    else if (event.key === 'Enter' && !command && range !== undefined) props.onCell()
    else if (event.key === ' ' && command && range !== undefined) {
      const { column } = range.focus
      onRange({ anchor: { row: 0, column }, focus: { row: count - 1, column } })
    } else if (event.key === ' ' && event.shiftKey && range !== undefined) {
      const { row } = range.focus
      onRange({ anchor: { row, column: 0 }, focus: { row, column: lastColumn } })
    } else {
      if (!/^(Arrow|Page|Home|End)/.test(event.key)) return
      const from = range?.focus ?? { row: 0, column: 0 }
      const size = { rows: count, columns: columns.length }
      const next = range === undefined && !command ? from : stepCell(from, event.key, command, size, pageRows)
      if (next === undefined) return
      goTo(next, event.shiftKey)
    }
    event.preventDefault()
  }
  const pick = (event: PointerEvent, extend: boolean) => {
    const cell = cellOf(event.target)
    if (cell === undefined) return
    if (cell.column !== undefined) focusCell({ row: cell.row, column: cell.column }, extend)
    else {
      const anchor =
        extend && range !== undefined ? { row: range.anchor.row, column: 0 } : { row: cell.row, column: 0 }
      onRange({ anchor, focus: { row: cell.row, column: lastColumn } })
    }
  }
  const top = range === undefined ? -1 : Math.min(range.anchor.row, range.focus.row)
  const bottom = range === undefined ? -1 : Math.max(range.anchor.row, range.focus.row)
  const left = range === undefined ? -1 : Math.min(range.anchor.column, range.focus.column)
  const right = range === undefined ? -1 : Math.max(range.anchor.column, range.focus.column)
  const nullWord = t('sql.nullWord')
  // Drawn again only when other columns come in sight, not with every step downwards.
  const { sort, onSort } = props
  const heads = useMemo(
    () =>
      places.map(({ index, left: start, width }) => {
        const column = columns[index]
        return (
          column !== undefined && (
            <GridHead
              key={index}
              column={column}
              index={index}
              left={start}
              width={width}
              sort={sort}
              onSort={() => onSort(nextSort(sort, index))}
              onResize={next => setWidths(before => before.with(index, next))}
              onFit={() => setWidths(before => before.with(index, firstWidths(columns, rows)[index] ?? 120))}
            />
          )
        )
      }),
    [places, columns, rows, sort, onSort],
  )

  return (
    <div
      ref={scroll}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={t('sql.grid')}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-activedescendant={range === undefined ? undefined : cellId(range.focus.row, range.focus.column)}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget: { scrollTop: down, scrollLeft: across } }) =>
        keepPlace(result, { top: down, left: across })
      }
      onPointerDown={event => event.button === 0 && pick(event, event.shiftKey)}
      onPointerOver={event => event.buttons === 1 && range !== undefined && pick(event, true)}
      onDoubleClick={event => cellOf(event.target)?.column !== undefined && props.onCell()}
    >
      <div
        className="grid__sheet"
        style={{
          height: rowsInSight.getTotalSize() + headHeightPx,
          width: columnsInSight.getTotalSize() + gutter,
        }}
      >
        <div className="grid__head" role="row" aria-rowindex={1} style={{ height: headHeightPx }}>
          <button
            type="button"
            tabIndex={-1}
            className="grid__corner"
            style={{ width: gutter }}
            aria-label={t('sqlResults.selectAll')}
            title={t('sqlResults.selectAll')}
            onClick={() =>
              onRange({ anchor: { row: 0, column: 0 }, focus: { row: count - 1, column: lastColumn } })
            }
          />
          {heads}
        </div>
        {rowItems.map(({ index, start }) => {
          const number = order === undefined ? index : (order[index] ?? 0)
          const row = rows[number]
          const selected = index >= top && index <= bottom
          return (
            row !== undefined && (
              <GridRow
                // Rows that leave are used again for those that come.
                key={index % pool}
                row={row}
                at={index}
                number={number + 1}
                top={start + headHeightPx}
                gutter={gutter}
                columns={places}
                from={selected ? left : -1}
                to={selected ? right : -1}
                focus={range?.focus.row === index ? range.focus.column : -1}
                nullWord={nullWord}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

/** The same list as long as the same columns are in sight: rows are drawn again only when they must be. */
function usePlaces(
  inSight: readonly { readonly index: number; readonly start: number; readonly size: number }[],
  gutter: number,
  { columns }: QueryResult,
): readonly ColumnPlace[] {
  const key = inSight.map(({ index, start, size }) => `${index}:${start}:${size}`).join(' ')
  return useMemo(
    () =>
      inSight.map(({ index, start, size }) => ({
        index,
        left: start + gutter,
        width: size,
        number: isNumberType(columns[index]?.type ?? ''),
        masked: columns[index]?.masked !== undefined,
      })),
    // The key says all that is in the list.
    [key, gutter, columns],
  )
}
