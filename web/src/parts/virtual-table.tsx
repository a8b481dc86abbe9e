// A table of any length: only the rows in sight are drawn. Arrow keys move, Enter opens, Space selects.

import { useVirtualizer } from '@tanstack/react-virtual'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronUp from '@tabler/icons-react/dist/esm/icons/IconChevronUp.mjs'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import './virtual-table.css'

export interface VirtualColumn {
  readonly key: string
  readonly head: ReactNode
  /** For those who cannot see that a head is empty. */
  readonly label?: string
  /** As CSS knows it: `2fr`, `minmax(120px, 1fr)`. */
  readonly width: string
  readonly align?: 'end'
  /** How the rows are sorted by it now; `null`: they could be. */
  readonly sorted?: 'up' | 'down' | null
  readonly onSort?: () => void
}

export type VirtualRow =
  | {
      readonly kind: 'row'
      readonly key: string
      readonly cells: readonly ReactNode[]
      readonly selected?: boolean
      readonly dim?: boolean
    }
  | { readonly kind: 'head'; readonly key: string; readonly content: ReactNode; readonly open: boolean }
  | { readonly kind: 'loading'; readonly key: string }

export interface VirtualTableProps {
  readonly label: string
  readonly columns: readonly VirtualColumn[]
  readonly count: number
  readonly row: (index: number) => VirtualRow
  readonly rowHeightPx?: number
  /** Pages of rows that are asked for as they come into sight. */
  readonly onRange?: (first: number, last: number) => void
  readonly onOpen?: (index: number) => void
  readonly onToggle?: (index: number) => void
  /** Scrolls back up when it changes: another filter, another order. */
  readonly resetKey?: string
}

const defaultRowHeightPx = 52
const headHeightPx = 36
const overscan = 8
const pageRows = 10

export function VirtualTable(props: VirtualTableProps) {
  const { columns, count, rowHeightPx = defaultRowHeightPx, onRange, resetKey } = props
  const scroll = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const id = useId()
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: index => (props.row(index).kind === 'head' ? headHeightPx : rowHeightPx),
    overscan,
  })
  useEffect(() => {
    setActive(-1)
    scroll.current?.scrollTo({ top: 0 })
  }, [resetKey])
  // Which rows are heads may have changed with what was folded.
  useEffect(() => rows.measure(), [rows, count, resetKey])
  const items = rows.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => onRange?.(first, last), [onRange, first, last])
  const template = columns.map(column => column.width).join(' ')
  return (
    <div
      className="vtable"
      role="grid"
      aria-label={props.label}
      aria-rowcount={count + 1}
      tabIndex={0}
      ref={scroll}
      aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
      onKeyDown={event => {
        if (event.target !== event.currentTarget) return
        const next = keyMoves(event, active, count)
        if (next !== undefined) {
          event.preventDefault()
          setActive(next)
          rows.scrollToIndex(next)
        } else if (event.key === 'Enter' && active >= 0) {
          event.preventDefault()
          props.onOpen?.(active)
        } else if (event.key === ' ' && active >= 0) {
          event.preventDefault()
          props.onToggle?.(active)
        }
      }}
    >
      <div className="vtable__heads" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map(column => (
          <Head key={column.key} column={column} />
        ))}
      </div>
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map(item => (
          <Row
            key={item.key}
            id={`${id}-${item.index}`}
            row={props.row(item.index)}
            index={item.index}
            active={item.index === active}
            columns={columns}
            style={{ top: item.start, height: item.size, gridTemplateColumns: template }}
            onClick={() => setActive(item.index)}
            onOpen={props.onOpen}
          />
        ))}
      </div>
    </div>
  )
}

function keyMoves(event: KeyboardEvent, active: number, count: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + pageRows,
    PageUp: active - pageRows,
    Home: 0,
    End: count - 1,
  }
  const next = moves[event.key]
  if (next === undefined || event.ctrlKey || event.metaKey || event.altKey || count === 0) return undefined
  return Math.min(count - 1, Math.max(0, next))
}

function Head({ column }: { readonly column: VirtualColumn }) {
  const { sorted, onSort } = column
  const direction = sorted === 'up' ? 'ascending' : sorted === 'down' ? 'descending' : 'none'
  return (
    <div
      role="columnheader"
      className="vtable__head"
      data-align={column.align}
      aria-label={column.label}
      aria-sort={onSort === undefined ? undefined : direction}
    >
      {onSort === undefined ? (
        column.head
      ) : (
        <button type="button" className="vtable__sort" data-on={sorted ?? undefined} onClick={onSort}>
          {column.head}
          {sorted === 'down' ? <IconChevronDown size={13} /> : <IconChevronUp size={13} />}
        </button>
      )}
    </div>
  )
}

function Row(props: {
  readonly id: string
  readonly row: VirtualRow
  readonly index: number
  readonly active: boolean
  readonly columns: readonly VirtualColumn[]
  readonly style: { readonly top: number; readonly height: number; readonly gridTemplateColumns: string }
  readonly onClick: () => void
  readonly onOpen: ((index: number) => void) | undefined
}) {
  const { row, columns, index, style } = props
  const shared = {
    id: props.id,
    role: 'row',
    'aria-rowindex': index + 2,
    'data-active': props.active || undefined,
    onClick: props.onClick,
  } as const
  if (row.kind === 'head') {
    return (
      <div
        {...shared}
        className="vtable__group"
        style={{ top: style.top, height: style.height }}
        aria-expanded={row.open}
      >
        <div role="gridcell" aria-colspan={columns.length}>
          {row.content}
        </div>
      </div>
    )
  }
  if (row.kind === 'loading') {
    return (
      <div {...shared} className="vtable__row" style={style} aria-busy="true">
        <div role="gridcell" aria-colspan={columns.length} className="vtable__loading" />
      </div>
    )
  }
  return (
    <div
      {...shared}
      className="vtable__row"
      style={style}
      aria-selected={row.selected}
      data-dim={row.dim || undefined}
      onDoubleClick={() => props.onOpen?.(index)}
    >
      {columns.map((column, at) => (
        <div key={column.key} role="gridcell" className="vtable__cell" data-align={column.align}>
          {row.cells[at]}
        </div>
      ))}
    </div>
  )
}
