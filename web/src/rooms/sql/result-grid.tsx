// Rows of a result: any number of them, only those in sight are drawn. Cells are chosen with mouse or keys, and copied.

import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { toTsv } from '../../format/csv.ts'
import { CopyText } from '../../parts/copy.tsx'
import { Lock } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { type Cell, type CellRange, cutRange, isInRange, stepCell } from './cell-range.ts'
import { firstWidths, isNumberType } from './column-widths.ts'
import type { QueryResult } from './query-run.ts'

const rowHeightPx = 27
const headHeightPx = 30
const pageRows = 20

function gutterWidth(rows: number): number {
  return 26 + String(Math.max(rows, 99)).length * 8
}

export function ResultGrid(props: {
  readonly result: QueryResult
  readonly masked: readonly boolean[]
  /** Changes whenever rows have arrived. */
  readonly version: number
}) {
  const { t } = useWords()
  const { result, masked } = props
  const { rows, columns } = result
  const scroll = useRef<HTMLDivElement>(null)
  const [widths, setWidths] = useState(() => firstWidths(columns, rows))
  const [range, setRange] = useState<CellRange>()
  const [shown, setShown] = useState<Cell>()
  const gutter = gutterWidth(rows.length)
  const rowsInSight = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    scrollPaddingStart: headHeightPx,
  })
  const columnsInSight = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroll.current,
    estimateSize: index => widths[index] ?? 120,
    overscan: 3,
    scrollPaddingStart: gutter,
  })
  useEffect(() => columnsInSight.measure(), [widths, columnsInSight])
  // The first rows may come after the columns: they say how wide the columns want to be.
  const hasRows = rows.length > 0
  useEffect(() => setWidths(firstWidths(columns, rows)), [hasRows, columns, rows])

  const focusCell = (cell: Cell, extend: boolean) => {
    setRange({ anchor: extend && range !== undefined ? range.anchor : cell, focus: cell })
    rowsInSight.scrollToIndex(cell.row)
    columnsInSight.scrollToIndex(cell.column)
  }
  const copy = async () => {
    if (range === undefined) return
    const cells = cutRange(rows, range)
    await navigator.clipboard.writeText(
      cells.length === 1 && cells[0]?.length === 1 ? (cells[0][0] ?? '') : toTsv(undefined, cells),
    )
    notifications.show({ message: t('sql.copiedCells', { count: cells.length * (cells[0]?.length ?? 0) }) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey
    if (command && event.key === 'c' && (getSelection()?.isCollapsed ?? true)) void copy()
    else if (command && event.key === 'a') {
      setRange({
        anchor: { row: 0, column: 0 },
        focus: { row: rows.length - 1, column: columns.length - 1 },
      })
    } else if (event.key === 'Escape') setRange(undefined)
    else if (event.key === 'Enter' && range !== undefined) setShown(range.focus)
    else {
      const size = { rows: rows.length, columns: columns.length }
      const from = range?.focus ?? { row: 0, column: 0 }
      const next = range === undefined ? from : stepCell(from, event.key, command, size, pageRows)
      if (next === undefined || !/^(Arrow|Page|Home|End)/.test(event.key)) return
      focusCell(next, event.shiftKey)
    }
    event.preventDefault()
  }

  return (
    <>
      <div
        ref={scroll}
        className="grid"
        role="grid"
        tabIndex={0}
        aria-label={t('sql.grid')}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={range === undefined ? undefined : cellId(range.focus)}
        onKeyDown={onKeyDown}
      >
        <div
          className="grid__sheet"
          style={{
            height: rowsInSight.getTotalSize() + headHeightPx,
            width: columnsInSight.getTotalSize() + gutter,
          }}
        >
          <div className="grid__head" role="row" aria-rowindex={1} style={{ height: headHeightPx }}>
            <span className="grid__corner" style={{ width: gutter }} />
            {columnsInSight.getVirtualItems().map(({ index, start, size }) => (
              <HeadCell
                key={index}
                name={columns[index]?.name ?? ''}
                type={columns[index]?.type ?? ''}
                index={index}
                masked={masked[index] === true}
                left={start + gutter}
                width={size}
                onResize={width => setWidths(widths.with(index, width))}
              />
            ))}
          </div>
          {rowsInSight.getVirtualItems().map(row => (
            <div
              key={row.index}
              role="row"
              aria-rowindex={row.index + 2}
              className="grid__row"
              style={{ top: row.start + headHeightPx, height: rowHeightPx }}
            >
              <span className="grid__number" style={{ width: gutter }} aria-hidden="true">
                {row.index + 1}
              </span>
              {columnsInSight.getVirtualItems().map(({ index, start, size }) => (
                <GridCell
                  key={index}
                  id={cellId({ row: row.index, column: index })}
                  value={rows[row.index]?.[index] ?? null}
                  column={index}
                  number={isNumberType(columns[index]?.type ?? '')}
                  masked={masked[index] === true}
                  selected={range !== undefined && isInRange(range, row.index, index)}
                  focused={range?.focus.row === row.index && range.focus.column === index}
                  left={start + gutter}
                  width={size}
                  onPick={extend => focusCell({ row: row.index, column: index }, extend)}
                  onOpen={() => setShown({ row: row.index, column: index })}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <CellView result={result} cell={shown} onClose={() => setShown(undefined)} />
    </>
  )
}

function cellId({ row, column }: Cell): string {
  return `cell-${row}-${column}`
}

function HeadCell(props: {
  readonly name: string
  readonly type: string
  readonly index: number
  readonly masked: boolean
  readonly left: number
  readonly width: number
  readonly onResize: (width: number) => void
}) {
  const { t } = useWords()
  const from = useRef(0)
  const move = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      props.onResize(Math.max(48, event.clientX - from.current))
    }
  }
  return (
    <div
      role="columnheader"
      aria-colindex={props.index + 1}
      className="grid__column"
      style={{ left: props.left, width: props.width }}
      title={`${props.name} · ${props.type}`}
    >
      {props.masked && <Lock label={t('sql.masked')} />}
      <span className="grid__name">{props.name}</span>
      <span className="grid__type">{props.type}</span>
      <span
        className="grid__grip"
        aria-hidden="true"
        onPointerDown={event => {
          from.current = event.clientX - props.width
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={move}
      />
    </div>
  )
}

function GridCell(props: {
  readonly id: string
  readonly value: string | null
  readonly column: number
  readonly number: boolean
  readonly masked: boolean
  readonly selected: boolean
  readonly focused: boolean
  readonly left: number
  readonly width: number
  readonly onPick: (extend: boolean) => void
  readonly onOpen: () => void
}) {
  const { t } = useWords()
  const names = ['grid__cell']
  if (props.number) names.push('grid__cell--number')
  if (props.masked) names.push('grid__cell--masked')
  if (props.value === null) names.push('grid__cell--null')
  return (
    <div
      id={props.id}
      role="gridcell"
      aria-colindex={props.column + 1}
      aria-selected={props.selected}
      data-focus={props.focused || undefined}
      className={names.join(' ')}
      style={{ left: props.left, width: props.width }}
      onPointerDown={event => event.button === 0 && props.onPick(event.shiftKey)}
      onDoubleClick={props.onOpen}
    >
      {props.value === null ? t('sql.nullWord') : inOneLine(props.value)}
    </div>
  )
}

/** A value in full, with its line ends. */
function CellView(props: {
  readonly result: QueryResult
  readonly cell: Cell | undefined
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const { cell, result } = props
  const column = cell === undefined ? undefined : result.columns[cell.column]
  const value = cell === undefined ? null : (result.rows[cell.row]?.[cell.column] ?? null)
  return (
    <Modal
      opened={cell !== undefined}
      onClose={props.onClose}
      size="lg"
      title={<strong>{t('sql.cell', { column: column?.name ?? '' })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <pre className="code-block" style={{ maxHeight: 420 }}>
        {value ?? t('sql.nullWord')}
      </pre>
      <div style={{ marginTop: 12, textAlign: 'right' }}>
        <CopyText value={value ?? ''}>{t('common.copy')}</CopyText>
      </div>
    </Modal>
  )
}

const cellCharsMax = 300

/** Line ends are shown as a sign: a cell has one line. */
function inOneLine(value: string): string {
  return value.slice(0, cellCharsMax).replace(/\r?\n/g, '↵')
}
