// The SQL page: tabs, each of them a text and a connection to a target. Which tab is in front stands in the address.

import { VisuallyHidden } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { SavedQuery, TargetRow } from '../../../../src/console/contract.ts'
import { targetSearchQuery } from '../../api/queries.ts'
import { savedQueriesQuery, targetsOfQuery } from '../../api/sql-queries.ts'
import { sqlName } from '../../format/product.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty, Placeholder, Problem } from '../../parts/page.tsx'
import { TargetPicker } from '../../parts/target-picker.tsx'
import { useWords } from '../../parts/words.ts'
import type { SqlTab } from './kept-tabs.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { previewOf } from './preview.ts'
import { useTabName } from './tab-name.ts'
import { TabStrip } from './tab-strip.tsx'
import { useTabKeys } from './tab-keys.ts'
import { useWorkspace } from './use-workspace.ts'
import { Workbench } from './workbench.tsx'
import type { Workspace } from './workspace.ts'
import './sql.css'

const route = getRouteApi('/sql')
const lastTabKey = 'sekisho.sql-tab'
const lastTargetKey = 'sekisho.sql-target'

interface Asked {
  readonly target?: string
  readonly table?: string
  readonly tab?: string
  readonly saved?: string
}

/** The tab of a saved query: one that has its text already, or a new one. */
function savedTab(
  workspace: Workspace,
  query: SavedQuery,
  targets: readonly TargetRow[],
): SqlTab | undefined {
  // Where it is meant for, if that is in reach.
  const last = localStorage.getItem(lastTargetKey)
  const target =
    targets.find(({ id }) => id === query.targetId) ?? targets.find(({ id }) => id === last) ?? targets[0]
  if (target === undefined) return undefined
  const { id, name, text, mine } = query
  const open = workspace.look().find(tab => tab.targetId === target.id && tab.text === text)
  return open ?? workspace.open(target.id, { name, text, ...(mine ? { saved: { id, text } } : {}) })
}

/** The tab that the address means; one is opened where there is none. */
function findTab(
  workspace: Workspace,
  tabs: readonly SqlTab[],
  asked: Asked,
  targets: readonly TargetRow[],
): SqlTab | undefined {
  const last = localStorage.getItem(lastTabKey)
  const target = targets.find(({ id }) => id === asked.target)
  if (asked.tab === undefined && target !== undefined) {
    const mine = tabs.filter(tab => tab.targetId === target.id)
    const tab = mine.find(({ id }) => id === last) ?? mine.at(-1)
    if (asked.table === undefined) return tab ?? workspace.open(target.id)
    const names = asked.table.split('.').map(name => sqlName(target.protocol, name))
    const text = previewOf(names.join('.'))
    const same = mine.find(one => one.text.trim() === text || one.text.trim() === '')
    if (same === undefined) return workspace.open(target.id, { text })
    workspace.change(same.id, { text })
    return same
  }
  const known = tabs.find(({ id }) => id === asked.tab)
  if (known !== undefined) return known
  // An address of another device, or of a tab that was closed.
  if (target !== undefined) return findTab(workspace, tabs, { target: target.id }, targets)
  const recent = tabs.find(({ id }) => id === last) ?? tabs.at(-1)
  if (recent !== undefined) return recent
  const lastTarget = localStorage.getItem(lastTargetKey)
  const next = targets.find(({ id }) => id === lastTarget) ?? (targets.length === 1 ? targets[0] : undefined)
  return next === undefined ? undefined : workspace.open(next.id)
}

export function SqlPage() {
  const { t } = useWords()
  const { tabs } = useWorkspace()
  const { target: askedTarget } = route.useSearch()
  const some = useQuery(targetSearchQuery(''))
  const wished = [askedTarget, localStorage.getItem(lastTargetKey)].filter(id => typeof id === 'string')
  const ids = [...tabs.map(({ targetId }) => targetId), ...wished]
  const needed = useQuery({ ...targetsOfQuery(ids), placeholderData: keepPreviousData })
  const usable = useMemo(() => {
    if (some.data === undefined || needed.data === undefined) return undefined
    const all = new Map([...some.data, ...needed.data].map(target => [target.id, target]))
    return [...all.values()].filter(target => !target.disabled)
  }, [some.data, needed.data])
  if (usable === undefined) {
    return (
      <div className="page">
        <VisuallyHidden component="h1">{t('sql.title')}</VisuallyHidden>
        <Problem error={some.error ?? needed.error} onRetry={() => void some.refetch()} />
        {(some.isPending || needed.isPending) && <Placeholder />}
      </div>
    )
  }
  return <Desk targets={usable} waiting={needed.isPlaceholderData} />
}

/** @param props.waiting  a target that was asked for is not there yet */
function Desk(props: { readonly targets: readonly TargetRow[]; readonly waiting: boolean }) {
  const { targets, waiting } = props
  const { t } = useWords()
  const { workspace, tabs } = useWorkspace()
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const nameOf = useTabName()
  const [closing, setClosing] = useState<SqlTab>()
  const saved = useQuery({ ...savedQueriesQuery, enabled: asked.saved !== undefined })
  const active = tabs.find(({ id }) => id === asked.tab)
  const target = targets.find(({ id }) => id === active?.targetId)

  const pick = useCallback(
    (tab: SqlTab | undefined, replace = false) =>
      void navigate({
        search: tab === undefined ? {} : { target: tab.targetId, tab: tab.id },
        replace,
      }),
    [navigate],
  )
  useEffect(() => {
    if (active !== undefined && asked.table === undefined && asked.saved === undefined) {
      localStorage.setItem(lastTabKey, active.id)
      localStorage.setItem(lastTargetKey, active.targetId)
      return
    }
    if (waiting || saved.isFetching) return
    const query = saved.data?.find(({ id }) => id === asked.saved)
    const tab =
      (query === undefined ? undefined : savedTab(workspace, query, targets)) ??
      findTab(workspace, workspace.look(), asked, targets)
    if (tab !== undefined) pick(tab, true)
  }, [active, asked, workspace, targets, waiting, saved.isFetching, saved.data, pick])

  const close = useCallback(
    (tab: SqlTab) => {
      const next = workspace.close(tab.id)
      if (tab.id === asked.tab) pick(next)
    },
    [workspace, asked.tab, pick],
  )
  const askClose = useCallback(
    (tab: SqlTab) => {
      if (workspace.liveOf(tab).look().transaction === 'none') close(tab)
      else setClosing(tab)
    },
    [workspace, close],
  )
  const openNew = useCallback(() => {
    const id = active?.targetId ?? targets[0]?.id
    if (id !== undefined) pick(workspace.open(id))
  }, [active, targets, workspace, pick])
  useTabKeys({ tabs, active, onPick: pick, onClose: askClose, onNew: openNew })
  const targetNames = useMemo(() => new Map(targets.map(({ id, name }) => [id, name])), [targets])

  const picker = (
    <TargetPicker
      w={190}
      size="xs"
      aria-label={t('sql.target')}
      placeholder={t('sql.noTarget')}
      value={active?.targetId ?? null}
      allowDeselect={false}
      onChange={next => {
        if (next === null || next.id === active?.targetId) return
        if (active === undefined) pick(workspace.open(next.id))
        else if (workspace.liveOf(active).look().transaction !== 'none' || active.text.trim() !== '') {
          // A text belongs to the target that it was written for.
          pick(workspace.open(next.id))
        } else {
          workspace.moveTo(active.id, next.id)
          pick({ ...active, targetId: next.id }, true)
        }
      }}
    />
  )
  return (
    <div className="desk">
      <VisuallyHidden component="h1">{t('sql.title')}</VisuallyHidden>
      {tabs.length > 0 && (
        <TabStrip
          workspace={workspace}
          tabs={tabs}
          active={active?.id}
          targetNames={targetNames}
          onPick={id => pick(tabs.find(tab => tab.id === id))}
          onClose={askClose}
          onNew={openNew}
        />
      )}
      {active !== undefined && target !== undefined ? (
        <Workbench workspace={workspace} tab={active} target={target} picker={picker} onOpenTab={pick} />
      ) : (
        <Empty
          icon={<IconTerminal2 size={40} stroke={1.4} />}
          title={t(active === undefined ? 'sql.noTarget' : 'sqlRun.targetGone')}
          text={targets.length === 0 ? t('targets.emptyUser') : t('sql.noTargetHint')}
        >
          {targets.length !== 0 && picker}
        </Empty>
      )}
      <Confirm
        opened={closing !== undefined}
        title={t('sqlRun.closeTitle', { name: closing === undefined ? '' : nameOf(closing) })}
        text={t('sqlRun.closeText')}
        action={t('sqlRun.closeAction')}
        busy={false}
        onConfirm={() => {
          if (closing !== undefined) close(closing)
          setClosing(undefined)
        }}
        onClose={() => setClosing(undefined)}
      />
      <LeaveGuard workspace={workspace} />
    </div>
  )
}
