// The tabs of the editor: in front, running, with an open transaction, changed. Named with a double click, moved by dragging or keys.

import { ActionIcon, Loader, Tooltip } from '@mantine/core'
import IconDatabase from '@tabler/icons-react/dist/esm/icons/IconDatabase.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useWords } from '../../parts/words.ts'
import type { SqlTab } from './kept-tabs.ts'
import { isUnsaved, useTabName } from './tab-name.ts'
import type { Workspace } from './workspace.ts'

export interface TabStripProps {
  readonly workspace: Workspace
  readonly tabs: readonly SqlTab[]
  readonly active: string | undefined
  readonly targetNames: ReadonlyMap<string, string>
  readonly onPick: (id: string) => void
  readonly onClose: (tab: SqlTab) => void
  readonly onNew: () => void
}

export function TabStrip(props: TabStripProps) {
  const { t } = useWords()
  const [renamed, setRenamed] = useState<string>()
  const { tabs, active, workspace } = props
  const strip = useRef<HTMLDivElement>(null)
  useEffect(() => {
    strip.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [active])
  const onKeyDown = (event: KeyboardEvent, tab: SqlTab) => {
    const at = tabs.indexOf(tab)
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step !== 0 && event.shiftKey) workspace.move(tab.id, at + step)
    else if (step !== 0) {
      const next = tabs[(at + step + tabs.length) % tabs.length]
      if (next !== undefined) {
        props.onPick(next.id)
        document.getElementById(`sql-tab-${next.id}`)?.focus()
      }
    } else if (event.key === 'F2') setRenamed(tab.id)
    else if (event.key === 'Delete') props.onClose(tab)
    else return
    event.preventDefault()
  }
  const onDrop = (event: DragEvent, at: number) => {
    const id = event.dataTransfer.getData('application/x-sekisho-tab')
    if (id !== '') workspace.move(id, at)
  }
  return (
    <div className="strip">
      <div ref={strip} className="strip__tabs">
        {/* Only the tabs are its children, not what closes them. */}
        <span
          role="tablist"
          aria-label={t('sqlRun.tabs')}
          aria-owns={tabs
            .filter(tab => tab.id !== renamed)
            .map(tab => `sql-tab-${tab.id}`)
            .join(' ')}
        />
        {tabs.map((tab, at) => (
          <Tab
            key={tab.id}
            {...props}
            tab={tab}
            renamed={renamed === tab.id}
            onRename={open => setRenamed(open ? tab.id : undefined)}
            onKeyDown={event => onKeyDown(event, tab)}
            onDrop={event => onDrop(event, at)}
          />
        ))}
      </div>
      <Tooltip label={`${t('sqlRun.newTab')} (Alt + N)`}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('sqlRun.newTab')} onClick={props.onNew}>
          <IconPlus size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

function Tab(
  props: TabStripProps & {
    readonly tab: SqlTab
    readonly renamed: boolean
    readonly onRename: (open: boolean) => void
    readonly onKeyDown: (event: KeyboardEvent) => void
    readonly onDrop: (event: DragEvent) => void
  },
) {
  const { t } = useWords()
  const nameOf = useTabName()
  const { tab, workspace, active } = props
  const { running, transaction } = workspace.liveOf(tab).look()
  const name = nameOf(tab)
  const target = props.targetNames.get(tab.targetId)
  const unsaved = isUnsaved(tab)
  return (
    <div
      className="strip__tab"
      data-active={tab.id === active || undefined}
      data-transaction={transaction === 'none' ? undefined : transaction}
      draggable={!props.renamed}
      onDragStart={event => event.dataTransfer.setData('application/x-sekisho-tab', tab.id)}
      onDragOver={event => event.preventDefault()}
      onDrop={props.onDrop}
      onAuxClick={event => event.button === 1 && props.onClose(tab)}
    >
      {props.renamed ? (
        <Rename tab={tab} workspace={workspace} name={name} onDone={() => props.onRename(false)} />
      ) : (
        <button
          id={`sql-tab-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === active}
          tabIndex={tab.id === active ? 0 : -1}
          title={`${name}${target === undefined ? '' : ` — ${target}`}\n${t('sqlRun.renameHint')}`}
          onClick={() => props.onPick(tab.id)}
          onDoubleClick={() => props.onRename(true)}
          onKeyDown={props.onKeyDown}
        >
          {running ? (
            <Loader size={11} aria-label={t('sql.running')} />
          ) : transaction !== 'none' ? (
            <span className="strip__open" role="img" aria-label={t('sqlRun.transactionOpen')} />
          ) : (
            <IconDatabase size={12} aria-hidden />
          )}
          <span className="strip__name">{name}</span>
          {target !== undefined && <span className="strip__target">{target}</span>}
          {unsaved && (
            <span
              className="strip__unsaved"
              role="img"
              aria-label={t('sqlRun.unsaved')}
              title={t('sqlRun.unsaved')}
            />
          )}
        </button>
      )}
      <button
        type="button"
        className="strip__close"
        tabIndex={-1}
        aria-label={t('sqlRun.closeTab', { name })}
        title={`${t('sqlRun.closeTab', { name })} (Alt + W)`}
        onClick={() => props.onClose(tab)}
      >
        <IconX size={13} />
      </button>
    </div>
  )
}

function Rename(props: {
  readonly tab: SqlTab
  readonly workspace: Workspace
  readonly name: string
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const { tab, workspace } = props
  const close = (value: string) => {
    workspace.change(tab.id, { name: value.trim() })
    props.onDone()
  }
  return (
    <input
      className="strip__rename"
      aria-label={t('sqlRun.rename')}
      defaultValue={props.name}
      maxLength={60}
      // The name is what whoever opened this wants to write.
      autoFocus
      onFocus={event => event.currentTarget.select()}
      onBlur={event => close(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') close(event.currentTarget.value)
        if (event.key === 'Escape') props.onDone()
      }}
    />
  )
}
