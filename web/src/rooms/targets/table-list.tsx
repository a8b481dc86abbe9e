// The scrolling list of tables: as many as there are, only those in sight are drawn. Arrow keys move, Enter chooses.

import IconColumns3 from '@tabler/icons-react/dist/esm/icons/IconColumns3.mjs'
import IconEye from '@tabler/icons-react/dist/esm/icons/IconEye.mjs'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { TableRow } from '../../../../src/console/contract.ts'
import { Lock } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { listTables, type TableListItem } from './list-tables.ts'

const rowHeightPx = 30

export function TableList(props: {
  readonly tables: readonly TableRow[]
  readonly search: string
  readonly chosen: string | undefined
  readonly onChoose: (key: string) => void
}) {
  const { t } = useWords()
  const items = useMemo(() => listTables(props.tables, props.search), [props.tables, props.search])
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
  })
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    let index = items.findIndex(item => item.key === props.chosen) + step
    while (items[index]?.kind === 'schema') index += step
    const item = items[index]
    if (item === undefined) return
    rows.scrollToIndex(index)
    props.onChoose(item.key)
  }
  if (items.length === 0) return <p className="tables__none">{t('common.noMatch')}</p>
  return (
    <div
      ref={scroll}
      className="tables__scroll"
      role="listbox"
      tabIndex={0}
      aria-label={t('tables.list')}
      aria-activedescendant={props.chosen === undefined ? undefined : rowId(props.chosen)}
      onKeyDown={move}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(row => {
          const item = items[row.index]
          if (item === undefined) return null
          return (
            <div
              key={item.key}
              className="tables__row"
              style={{ top: row.start, height: row.size }}
              role="presentation"
            >
              <ListRow item={item} chosen={item.key === props.chosen} onChoose={props.onChoose} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function rowId(key: string): string {
  return `table-${key.replace(/[^\w-]/g, '_')}`
}

function ListRow(props: {
  readonly item: TableListItem
  readonly chosen: boolean
  readonly onChoose: (key: string) => void
}) {
  const { t } = useWords()
  const { item } = props
  if (item.kind === 'schema') {
    return (
      <div className="tables__schema" role="presentation">
        {item.schema}
        <span>{item.tables}</span>
      </div>
    )
  }
  const { table } = item
  const isView = table.kind === 'view' || table.kind === 'materialized'
  return (
    <div
      id={rowId(item.key)}
      role="option"
      aria-selected={props.chosen}
      className="tables__option"
      title={t(`tables.kind_${table.kind}`)}
      onClick={() => props.onChoose(item.key)}
      onKeyDown={undefined}
    >
      {isView ? <IconEye size={15} stroke={1.6} /> : <IconTable size={15} stroke={1.6} />}
      <span className="tables__name">{table.table}</span>
      {item.matching.length > 0 && (
        <span className="tables__match" title={item.matching.join(', ')}>
          <IconColumns3 size={12} /> {item.matching[0]}
        </span>
      )}
      {table.columns.some(column => column.hiddenAs !== undefined) && (
        <Lock label={t('tables.hiddenTitle')} />
      )}
    </div>
  )
}
