// The head of a column: its name and type, its lock, its order, and the grip for its width.

import { HoverCard } from '@mantine/core'
import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs'
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs'
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs'
import { type PointerEvent, useRef } from 'react'
import type { ResultColumn } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import type { RowSort } from './row-order.ts'

export function GridHead(props: {
  readonly column: ResultColumn
  readonly index: number
  readonly left: number
  readonly width: number
  readonly sort: RowSort | undefined
  readonly onSort: () => void
  readonly onResize: (width: number) => void
  readonly onFit: () => void
}) {
  const { t } = useWords()
  const from = useRef(0)
  const { column, index, sort } = props
  const sorted = sort?.column === index ? sort : undefined
  const move = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      props.onResize(Math.max(48, event.clientX - from.current))
    }
  }
  return (
    <div
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={sorted === undefined ? 'none' : sorted.down ? 'descending' : 'ascending'}
      className="grid__column"
      style={{ left: props.left, width: props.width }}
    >
      {column.masked !== undefined && <MaskedLock masked={column.masked} />}
      <button
        type="button"
        tabIndex={-1}
        className="grid__sort"
        title={`${column.name} · ${column.type} — ${t('sqlResults.sortHint')}`}
        onClick={props.onSort}
      >
        <span className="grid__name">{column.name}</span>
        <span className="grid__type">{column.type}</span>
        {sorted !== undefined && (sorted.down ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
      </button>
      <span
        className="grid__grip"
        aria-hidden="true"
        onPointerDown={event => {
          from.current = event.clientX - props.width
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={move}
        onDoubleClick={props.onFit}
      />
    </div>
  )
}

/** Why a column is hidden, and how to see it. */
function MaskedLock({ masked }: { readonly masked: NonNullable<ResultColumn['masked']> }) {
  const { t } = useWords()
  return (
    <HoverCard width={300} shadow="md" openDelay={150} position="bottom-start" withinPortal>
      <HoverCard.Target>
        <span role="img" aria-label={t('sql.masked')} className="grid__lock">
          <IconLock size={13} stroke={2} aria-hidden />
        </span>
      </HoverCard.Target>
      <HoverCard.Dropdown className="lock-card">
        <strong>{t('sqlResults.maskedTitle', { mask: t(`mask.${masked.as}`) })}</strong>
        <p>{t('sqlResults.maskedWhy')}</p>
        {masked.columns.length > 0 && <code>{masked.columns.join('\n')}</code>}
        <p className="dim">{t('sqlResults.maskedAsk')}</p>
      </HoverCard.Dropdown>
    </HoverCard>
  )
}
