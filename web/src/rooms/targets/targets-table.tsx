// The list of targets, however long: sorted by its heads, folded by groups, selected for changes of many.

import { Checkbox } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { useCallback, useMemo, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { productOf } from '../../format/product.ts'
import { TargetTags } from '../../parts/chips.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { type VirtualColumn, type VirtualRow, VirtualTable } from '../../parts/virtual-table.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { layOut, type TargetSearch } from './target-search.ts'
import { TargetStateMark } from './target-state.tsx'
import type { TargetPages } from './use-target-pages.ts'
import './targets.css'

export interface TargetsTableProps {
  readonly pages: TargetPages
  readonly search: TargetSearch
  readonly onSort: (sort: string | undefined) => void
  readonly selected: ReadonlyMap<string, TargetRow>
  readonly onSelect: (targets: readonly TargetRow[], on: boolean) => void
  readonly onSelectAll: (on: boolean) => void
}

export function TargetsTable(props: TargetsTableProps) {
  const { t } = useWords()
  const { pages, search, selected, onSelect } = props
  const isAdministrator = useIsAdministrator()
  const navigate = useNavigate()
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const { total = 0, groups } = pages.head ?? {}
  const layout = useMemo(() => layOut(total, groups, folded), [total, groups, folded])
  const { need } = pages
  const onRange = useCallback(
    (first: number, last: number) => {
      const indices = [first, first + 1, last, last - 1].flatMap(index => {
        const place = index >= 0 && index < layout.count ? layout.at(index) : undefined
        return place?.kind === 'target' ? [place.index] : []
      })
      if (indices.length > 0) need(Math.min(...indices), Math.max(...indices))
    },
    [layout, need],
  )
  const fold = (value: string) => {
    const next = new Set(folded)
    if (!next.delete(value)) next.add(value)
    setFolded(next)
  }
  const targetAt = (index: number): TargetRow | undefined => {
    const place = layout.at(index)
    return place.kind === 'target' ? pages.at(place.index) : undefined
  }
  const rowOf = (index: number): VirtualRow => {
    const place = layout.at(index)
    if (place.kind === 'group') {
      const { value, count, open } = place
      const name =
        value === ''
          ? t('targetList.ungrouped', { key: search.group ?? '' })
          : `${search.group ?? ''}=${value}`
      return {
        kind: 'head',
        key: `group ${value}`,
        open,
        content: <Fold name={name} count={count} open={open} onFold={() => fold(value)} />,
      }
    }
    const target = pages.at(place.index)
    if (target === undefined) return { kind: 'loading', key: `loading ${place.index}` }
    const cells = cellsOf(target, search, t)
    const isSelected = selected.has(target.id)
    return {
      kind: 'row',
      key: target.id,
      selected: isSelected,
      dim: target.disabled,
      cells: isAdministrator
        ? [
            <Checkbox
              key="select"
              size="xs"
              className="keep"
              tabIndex={-1}
              aria-label={t('targetList.select', { name: target.name })}
              checked={isSelected}
              onChange={event => onSelect([target], event.currentTarget.checked)}
            />,
            ...cells,
          ]
        : cells,
    }
  }
  return (
    <VirtualTable
      label={t('targets.title')}
      columns={useColumns(props, total)}
      count={layout.count}
      row={rowOf}
      onRange={onRange}
      resetKey={JSON.stringify(search)}
      onOpen={index => {
        const place = layout.at(index)
        if (place.kind === 'group') fold(place.value)
        const target = targetAt(index)
        if (target !== undefined) void navigate({ to: '/targets/$id', params: { id: target.id } })
      }}
      onToggle={index => {
        const target = targetAt(index)
        if (target !== undefined && isAdministrator) onSelect([target], !selected.has(target.id))
      }}
    />
  )
}

function useColumns(props: TargetsTableProps, total: number): readonly VirtualColumn[] {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  const { search, selected, onSort, onSelectAll } = props
  const sortable = (by: string) => {
    const sorted = search.sort ?? 'name'
    const direction = sorted === by ? 'up' : sorted === `-${by}` ? 'down' : null
    const next = direction === 'up' ? `-${by}` : by === 'name' || direction === 'down' ? undefined : by
    return { sorted: direction, onSort: () => onSort(next) } as const
  }
  const all = (
    <Checkbox
      size="xs"
      aria-label={t('targetList.selectAll')}
      checked={selected.size > 0 && selected.size >= total}
      indeterminate={selected.size > 0 && selected.size < total}
      onChange={event => onSelectAll(event.currentTarget.checked)}
    />
  )
  const columns: readonly VirtualColumn[] = [
    { key: 'name', head: t('common.name'), width: 'minmax(180px, 1.6fr)', ...sortable('name') },
    { key: 'database', head: t('connect.database'), width: 'minmax(90px, 1fr)', ...sortable('database') },
    { key: 'tags', head: t('targetForm.tags'), width: 'minmax(120px, 1.6fr)' },
    { key: 'port', head: t('connect.port'), width: '96px', ...sortable('port') },
    { key: 'state', head: t('targetList.state'), width: 'minmax(168px, 1fr)', ...sortable('state') },
    { key: 'actions', head: '', label: t('common.actions'), width: '150px', align: 'end' },
  ]
  if (!isAdministrator) return columns
  return [{ key: 'select', head: all, label: t('targetList.selectAll'), width: '40px' }, ...columns]
}

function cellsOf(target: TargetRow, search: TargetSearch, t: ReturnType<typeof useWords>['t']) {
  const { [search.group ?? '']: _shown, ...tags } = target.tags
  const where = target.admin === undefined ? '' : ` · ${target.admin.host}:${target.admin.port}`
  return [
    <div key="name" style={{ minWidth: 0 }}>
      <Link className="strong" to="/targets/$id" params={{ id: target.id }} tabIndex={-1}>
        {target.name}
      </Link>
      <span className="vtable__under" title={where.slice(3)}>
        {productOf[target.protocol]}
        {where}
      </span>
    </div>,
    target.database,
    <span
      key="tags"
      className="vtable__chips"
      title={Object.entries(tags)
        .map(tag => tag.join('='))
        .join(', ')}
    >
      <TargetTags tags={tags} />
    </span>,
    target.listenPort === undefined ? (
      <span key="port" className="dim" title={t('targetList.hiddenWhy')}>
        {t('targetList.hidden')}
      </span>
    ) : (
      <span key="port" className="number">
        {target.listenPort}
      </span>
    ),
    <TargetStateMark key="state" target={target} />,
    <LinkButton
      key="sql"
      to="/sql"
      search={{ target: target.id }}
      size="compact-sm"
      variant="light"
      tabIndex={-1}
      leftSection={<IconTerminal2 size={15} />}
      disabled={target.disabled}
      style={{ fontWeight: 550 }}
    >
      {t('targets.openSql')}
    </LinkButton>,
  ]
}

function Fold(props: {
  readonly name: string
  readonly count: number
  readonly open: boolean
  readonly onFold: () => void
}) {
  const { count } = useWords()
  const Icon = props.open ? IconChevronDown : IconChevronRight
  return (
    <button
      type="button"
      className="vtable__fold"
      aria-expanded={props.open}
      tabIndex={-1}
      onClick={props.onFold}
    >
      <Icon size={14} />
      {props.name}
      <span className="dim number">{count(props.count)}</span>
    </button>
  )
}
