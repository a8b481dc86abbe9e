// The tree of tables beside the editor. Arrows move, right and left open and close, Enter inserts the name.

import { ActionIcon } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import IconArrowBarToRight from '@tabler/icons-react/dist/esm/icons/IconArrowBarToRight.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { TableRow, TargetRow } from '../../../../src/console/contract.ts'
import { defaultSchema, sqlName } from '../../format/product.ts'
import { Lock } from '../../parts/chips.tsx'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'
import { type TreeRow, treeRows } from './tree-rows.ts'

const rowHeightPx = 25

function nameOf(target: TargetRow, row: TreeRow): string {
  const quoted = (name: string) => sqlName(target.protocol, name)
  if (row.kind === 'schema') return quoted(row.schema)
  if (row.kind === 'column') return quoted(row.column.name)
  const { schema, table } = row.table
  return schema === defaultSchema(target) ? quoted(table) : `${quoted(schema)}.${quoted(table)}`
}

export function ObjectTree(props: {
  readonly target: TargetRow
  readonly tables: UseQueryResult<readonly TableRow[]>
  readonly onInsert: (name: string) => void
}) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const { tables } = props
  return (
    <aside className="tree" aria-label={t('sql.objects')}>
      <div className="tree__search">
        <SearchField size="xs" width="100%" label={t('tables.search')} value={search} onChange={setSearch} />
      </div>
      {tables.isPending && <Placeholder rows={8} />}
      {tables.isError && (
        <div style={{ padding: 10 }}>
          <Problem error={tables.error} onRetry={() => void tables.refetch()} />
        </div>
      )}
      {tables.isSuccess && (
        <Tree target={props.target} tables={tables.data} search={search} onInsert={props.onInsert} />
      )}
    </aside>
  )
}

function Tree(props: {
  readonly target: TargetRow
  readonly tables: readonly TableRow[]
  readonly search: string
  readonly onInsert: (name: string) => void
}) {
  const { t } = useWords()
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useMemo(
    () => treeRows(props.tables, props.search, opened),
    [props.tables, props.search, opened],
  )
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 14,
  })
  const toggle = (key: string) => {
    const next = new Set(opened)
    if (!next.delete(key)) next.add(key)
    setOpened(next)
  }
  const go = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    const isOpen = row?.kind === 'table' && row.open
    if (event.key === 'ArrowDown') go(active + 1)
    else if (event.key === 'ArrowUp') go(active - 1)
    else if (event.key === 'ArrowRight' && row?.kind === 'table' && !isOpen) toggle(row.key)
    else if (event.key === 'ArrowLeft' && row?.kind === 'table' && isOpen) toggle(row.key)
    else if (event.key === 'Enter' && row !== undefined) props.onInsert(nameOf(props.target, row))
    else return
    event.preventDefault()
  }
  if (rows.length === 0) return <p className="tree__none">{t('common.noMatch')}</p>
  return (
    <div
      ref={scroll}
      className="tree__scroll"
      role="tree"
      tabIndex={0}
      aria-label={t('sql.objects')}
      aria-activedescendant={`tree-${active}`}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          return (
            row !== undefined && (
              <div
                key={row.key}
                className="tree__place"
                style={{ top: start, height: rowHeightPx }}
                role="presentation"
              >
                <Branch
                  row={row}
                  index={index}
                  active={index === active}
                  onPick={() => {
                    setActive(index)
                    if (row.kind === 'table') toggle(row.key)
                  }}
                  onInsert={() => props.onInsert(nameOf(props.target, row))}
                />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

const levels = { schema: 1, table: 2, column: 3 } as const

function Branch(props: {
  readonly row: TreeRow
  readonly index: number
  readonly active: boolean
  readonly onPick: () => void
  readonly onInsert: () => void
}) {
  const { t } = useWords()
  const { row } = props
  const label = row.kind === 'schema' ? row.schema : row.kind === 'table' ? row.table.table : row.column.name
  return (
    <div
      id={`tree-${props.index}`}
      role="treeitem"
      aria-level={levels[row.kind]}
      aria-selected={props.active}
      aria-expanded={row.kind === 'table' ? row.open : undefined}
      className={`tree__row tree__row--${row.kind}`}
      title={row.kind === 'table' ? (row.table.comment ?? t(`tables.kind_${row.table.kind}`)) : undefined}
      onClick={props.onPick}
      onDoubleClick={props.onInsert}
    >
      {row.kind === 'table' && (
        <IconChevronRight size={13} className={row.open ? 'tree__chevron open' : 'tree__chevron'} />
      )}
      <span className="tree__name">{label}</span>
      {row.kind === 'column' && row.column.hiddenAs !== undefined && (
        <Lock label={t('tables.hiddenTitle')} size={12} />
      )}
      {row.kind === 'column' && <span className="tree__type">{row.column.type}</span>}
      {row.kind !== 'schema' && (
        <ActionIcon
          className="tree__insert"
          size={18}
          variant="subtle"
          color="gray"
          tabIndex={-1}
          aria-label={t('sql.insertName', { name: label })}
          title={t('sql.insertName', { name: label })}
          onClick={event => {
            event.stopPropagation()
            props.onInsert()
          }}
        >
          <IconArrowBarToRight size={13} />
        </ActionIcon>
      )}
    </div>
  )
}
