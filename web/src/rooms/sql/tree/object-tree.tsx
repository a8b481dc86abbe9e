// The tree of objects beside the editor. Arrows move, right and left open and close, Enter inserts the name, F4 opens the rows.

import { ActionIcon } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import IconArrowBarToRight from '@tabler/icons-react/dist/esm/icons/IconArrowBarToRight.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import IconEye from '@tabler/icons-react/dist/esm/icons/IconEye.mjs'
import IconFunction from '@tabler/icons-react/dist/esm/icons/IconFunction.mjs'
import IconListNumbers from '@tabler/icons-react/dist/esm/icons/IconListNumbers.mjs'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { SqlObject, TargetRow } from '../../../../../src/console/contract.ts'
import { defaultSchema, sqlName } from '../../../format/product.ts'
import { Lock } from '../../../parts/chips.tsx'
import { Placeholder, Problem } from '../../../parts/page.tsx'
import { SearchField } from '../../../parts/search-field.tsx'
import { useWords } from '../../../parts/words.ts'
import type { TreeLine } from './tree-lines.ts'
import { hasColumns, type Tree, useTree } from './use-tree.ts'

const rowHeightPx = 25
const searchDelayMs = 200

interface TreeActions {
  readonly target: TargetRow
  readonly onInsert: (name: string) => void
  /** Opens the rows of a table. */
  readonly onOpen: (path: string) => void
}

function pathOf(target: TargetRow, { schema, name }: SqlObject): string {
  const quoted = (part: string) => sqlName(target.protocol, part)
  return schema === defaultSchema(target) ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
}

function nameOf(target: TargetRow, line: TreeLine): string {
  if (line.kind === 'object') return pathOf(target, line.object)
  if (line.kind === 'column') return sqlName(target.protocol, line.column.name)
  return sqlName(target.protocol, line.schema)
}

export function ObjectTree(props: TreeActions) {
  const { t, count } = useWords()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search, searchDelayMs)
  const tree = useTree(props.target, wanted)
  const failed = tree.error !== null && tree.error !== undefined
  return (
    <aside className="tree" aria-label={t('sql.objects')}>
      <div className="tree__search">
        <SearchField
          size="xs"
          width="100%"
          label={t('sqlPanels.searchObjects')}
          value={search}
          onChange={setSearch}
        />
      </div>
      {tree.pending && <Placeholder rows={8} />}
      {failed && (
        <div style={{ padding: 10 }}>
          <Problem error={tree.error} onRetry={tree.retry} />
        </div>
      )}
      {!tree.pending && !failed && tree.lines.length === 0 && (
        <p className="tree__none">{t('common.noMatch')}</p>
      )}
      {tree.lines.length > 0 && <Lines {...props} tree={tree} />}
      {tree.total !== undefined && (
        <p className="tree__count number" role="status">
          {t('sqlPanels.found', { count: tree.total, replace: { count: count(tree.total) } })}
        </p>
      )}
    </aside>
  )
}

function Lines(props: TreeActions & { readonly tree: Tree }) {
  const { t } = useWords()
  const { tree, target } = props
  const { lines, want } = tree
  const [active, setActive] = useState(0)
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    overscan: 14,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => want(lines.slice(first, last + 1)), [want, lines, first, last])
  const go = (index: number) => {
    const next = Math.min(lines.length - 1, Math.max(0, index))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const open = (line: TreeLine | undefined) => {
    if (line?.kind === 'object' && hasColumns(line.object)) props.onOpen(pathOf(target, line.object))
  }
  const insert = (line: TreeLine | undefined) => {
    if (line !== undefined && line.kind !== 'waiting') props.onInsert(nameOf(target, line))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[active]
    const canOpen = line?.kind === 'schema' || line?.kind === 'object'
    const isOpen = canOpen && line.open
    if (event.key === 'ArrowDown') go(active + 1)
    else if (event.key === 'ArrowUp') go(active - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(lines.length - 1)
    else if (event.key === 'PageDown') go(active + 20)
    else if (event.key === 'PageUp') go(active - 20)
    else if (event.key === 'ArrowRight' && canOpen && !isOpen) tree.toggle(line)
    else if (event.key === 'ArrowLeft' && canOpen && isOpen) tree.toggle(line)
    else if (event.key === 'ArrowLeft') {
      const parent = lines.findLastIndex(
        (one, index) => index < active && one.kind !== line?.kind && 'open' in one && one.open,
      )
      if (parent >= 0) go(parent)
    } else if (event.key === 'Enter') insert(line)
    else if (event.key === 'F4') open(line)
    else return
    event.preventDefault()
  }
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
        {items.map(({ index, start }) => {
          const line = lines[index]
          return (
            line !== undefined && (
              <div
                key={line.key}
                className="tree__place"
                style={{ top: start, height: rowHeightPx }}
                role="presentation"
              >
                <Branch
                  line={line}
                  index={index}
                  active={index === active}
                  onPick={() => {
                    setActive(index)
                    tree.toggle(line)
                  }}
                  onInsert={() => insert(line)}
                  onOpen={() => open(line)}
                />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

const levels = { schema: 1, object: 2, waiting: 2, column: 3 } as const

interface BranchProps {
  readonly line: TreeLine
  readonly index: number
  readonly active: boolean
  readonly onPick: () => void
  readonly onInsert: () => void
  readonly onOpen: () => void
}

function Branch(props: BranchProps) {
  const { line } = props
  const opens = line.kind === 'schema' || (line.kind === 'object' && hasColumns(line.object))
  return (
    <div
      id={`tree-${props.index}`}
      role="treeitem"
      aria-level={levels[line.kind]}
      aria-selected={props.active}
      aria-expanded={opens ? line.open : undefined}
      className={`tree__row tree__row--${line.kind}`}
      title={line.kind === 'object' ? line.object.comment : undefined}
      onClick={props.onPick}
      onDoubleClick={line.kind === 'object' ? props.onOpen : props.onInsert}
    >
      {opens && <IconChevronRight size={13} className={line.open ? 'tree__chevron open' : 'tree__chevron'} />}
      <Content {...props} />
    </div>
  )
}

function Content({ line, onInsert }: BranchProps) {
  const { t, count } = useWords()
  switch (line.kind) {
    case 'waiting':
      return <span className="tree__waiting" aria-label={t('app.loading')} />
    case 'schema':
      return (
        <>
          <span className="tree__name">{line.schema}</span>
          <span className="tree__type number">{count(line.objects)}</span>
        </>
      )
    case 'object': {
      const { object, apart } = line
      return (
        <>
          {!hasColumns(object) && <span className="tree__chevron-place" />}
          <ObjectIcon kind={object.kind} />
          <span className="tree__name">
            {apart && <span className="dim">{object.schema}.</span>}
            {object.name}
          </span>
          {object.hides && <Lock label={t('sqlPanels.hidesSome')} size={12} />}
          <InsertButton name={object.name} onInsert={onInsert} />
        </>
      )
    }
    default: {
      const { column } = line
      return (
        <>
          <span className="tree__name">{column.name}</span>
          {column.hiddenAs !== undefined && <Lock label={t('tables.hiddenTitle')} size={12} />}
          {column.tags.map(tag => (
            <span key={tag} className="tree__tag" data-hidden={column.hiddenAs !== undefined || undefined}>
              {tag}
            </span>
          ))}
          <span className="tree__type" title={column.type}>
            {column.type}
          </span>
          <InsertButton name={column.name} onInsert={onInsert} />
        </>
      )
    }
  }
}

function InsertButton({ name, onInsert }: { readonly name: string; readonly onInsert: () => void }) {
  const { t } = useWords()
  return (
    <ActionIcon
      className="tree__insert"
      size={18}
      variant="subtle"
      color="gray"
      tabIndex={-1}
      aria-label={t('sql.insertName', { name })}
      title={t('sql.insertName', { name })}
      onClick={event => {
        event.stopPropagation()
        onInsert()
      }}
      onDoubleClick={event => event.stopPropagation()}
    >
      <IconArrowBarToRight size={13} />
    </ActionIcon>
  )
}

function ObjectIcon({ kind }: { readonly kind: SqlObject['kind'] }) {
  const { t } = useWords()
  const label = t(`sqlPanels.kind_${kind}`)
  const common = { size: 13, stroke: 1.7, className: 'tree__icon', 'aria-label': label }
  if (kind === 'routine') return <IconFunction {...common} />
  if (kind === 'sequence') return <IconListNumbers {...common} />
  if (kind === 'view' || kind === 'materialized') return <IconEye {...common} />
  return <IconTable {...common} />
}
