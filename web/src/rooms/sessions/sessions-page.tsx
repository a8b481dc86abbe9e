// Who is at which target, what runs there, and statements as they pass.

import { Button, Switch, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconPlugConnected from '@tabler/icons-react/dist/esm/icons/IconPlugConnected.mjs'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { SessionRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, sessionsQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { type VirtualColumn, VirtualTable } from '../../parts/virtual-table.tsx'
import { ProductSelect } from '../../parts/product-select.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { findSessions, type SessionSearch } from './session-search.ts'
import { LiveList } from './live-list.tsx'
import './sessions.css'

interface Asked {
  readonly action: 'stop' | 'end'
  readonly session: SessionRow
}

const route = getRouteApi('/sessions')

export function SessionsPage() {
  const { t, count } = useWords()
  const isAdministrator = useIsAdministrator()
  const sessions = useQuery(sessionsQuery)
  const search = route.useSearch()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked>()
  const look = (change: Partial<Record<keyof SessionSearch, unknown>>) =>
    void navigate({ to: '/sessions', search: { ...search, ...change } as SessionSearch, replace: true })
  const shown = useMemo(() => findSessions(sessions.data ?? [], search), [sessions.data, search])
  const isFiltered = Object.keys(search).length > 0
  return (
    <div className="page sessions-page">
      <PageHead
        title={t('sessions.title')}
        lead={isAdministrator ? t('sessions.lead') : t('sessions.leadOwn')}
      >
        <SearchField
          label={t('sessions.search')}
          value={search.q ?? ''}
          onChange={q => look({ q: q === '' ? undefined : q })}
          width={340}
        />
      </PageHead>
      <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
      <div className="list-tools">
        <Switch
          size="xs"
          label={t('sessions.onlyRunning')}
          checked={search.running === true}
          onChange={event => look({ running: event.currentTarget.checked ? true : undefined })}
        />
        <ProductSelect value={search.protocol} onChange={protocol => look({ protocol })} />
        {sessions.data !== undefined && (
          <span className="list-tools__count">
            {t('sessions.count', { count: shown.length, replace: { count: count(shown.length) } })}
          </span>
        )}
      </div>
      <div className="card sessions__card">
        {sessions.isPending && <Placeholder rows={4} />}
        {sessions.data !== undefined && shown.length === 0 && (
          <Empty
            icon={<IconPlugConnected size={40} stroke={1.4} />}
            title={isFiltered ? t('common.noMatch') : t('sessions.empty')}
            text={isFiltered ? t('common.noMatchHint') : t('sessions.emptyHint')}
          />
        )}
        {shown.length > 0 && <SessionTable sessions={shown} search={search} onAsk={setAsked} />}
      </div>
      <LiveList search={search.q ?? ''} />
      {asked !== undefined && <ActDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </div>
  )
}

/** Asks once more, and why: the reason stands in the record. */
function ActDialog({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const { t } = useWords()
  const { action, session } = asked
  const [reason, setReason] = useState('')
  const act = useMutation({
    mutationFn: () => {
      const params = { id: session.id }
      const given = { reason: reason.trim() }
      return action === 'stop'
        ? call('POST /api/sessions/:id/stop', { params, in: given })
        : call('POST /api/sessions/:id/end', { params, in: given })
    },
    onSuccess: async () => {
      onClose()
      const message = action === 'stop' ? t('sessions.stopped') : t('sessions.ended')
      notifications.show({ message, color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
    },
  })
  const name = session.userName
  return (
    <Confirm
      opened
      title={action === 'stop' ? t('sessions.stopTitle') : t('sessions.endTitle')}
      text={
        <>
          {action === 'stop'
            ? t('sessions.stopSure', { name })
            : t('sessions.endSure', { name, target: session.targetName })}
          <TextInput
            mt="sm"
            label={t('sessions.reason')}
            description={t('sessions.reasonHint')}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
        </>
      }
      action={action === 'stop' ? t('sessions.stop') : t('sessions.end')}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    />
  )
}

function SessionTable(props: {
  readonly sessions: readonly SessionRow[]
  readonly search: SessionSearch
  readonly onAsk: (asked: Asked) => void
}) {
  const { t, time, relative, count, bytes } = useWords()
  const { sessions } = props
  const columns: readonly VirtualColumn[] = [
    { key: 'user', head: t('sessions.user'), width: 'minmax(130px, 1.2fr)' },
    { key: 'target', head: t('sessions.target'), width: 'minmax(110px, 1fr)' },
    { key: 'running', head: t('sessions.running'), width: 'minmax(180px, 2.4fr)' },
    { key: 'since', head: t('sessions.since'), width: '120px' },
    { key: 'statements', head: t('sessions.statements'), width: '100px', align: 'end' },
    { key: 'sent', head: t('sessions.sent'), width: '90px', align: 'end' },
    { key: 'actions', head: '', label: t('common.actions'), width: '130px', align: 'end' },
  ]
  const cells = (session: SessionRow) => [
    <div key="user">
      <strong>{session.userName}</strong>
      <span className="vtable__under">
        {[session.program, session.address === 'console' ? '' : session.address].filter(Boolean).join(' · ')}
      </span>
    </div>,
    <span key="target" className="vtable__chips">
      {session.targetName} {!session.here && <Chip tone="outline">{t('sessions.elsewhere')}</Chip>}
    </span>,
    <div key="running" className="sessions__running">
      <Running session={session} />
    </div>,
    <span key="since" className="dim" title={time(session.startedAtMs)}>
      {relative(session.startedAtMs)}
    </span>,
    <span key="statements" className="number">
      {count(session.statements)}
    </span>,
    <span key="sent" className="number">
      {bytes(session.bytesToClient)}
    </span>,
    <Actions key="actions" session={session} onAsk={props.onAsk} />,
  ]
  return (
    <VirtualTable
      label={t('sessions.title')}
      columns={columns}
      count={sessions.length}
      resetKey={JSON.stringify(props.search)}
      row={index => {
        const session = sessions[index]
        return session === undefined
          ? { kind: 'loading', key: String(index) }
          : { kind: 'row', key: session.id, cells: cells(session) }
      }}
    />
  )
}

function Actions({
  session,
  onAsk,
}: {
  readonly session: SessionRow
  readonly onAsk: (asked: Asked) => void
}) {
  const { t } = useWords()
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        disabled={session.running === undefined}
        aria-label={`${t('sessions.stop')}: ${session.userName}`}
        onClick={() => onAsk({ action: 'stop', session })}
      >
        {t('sessions.stop')}
      </Button>{' '}
      <Button
        size="compact-xs"
        variant="subtle"
        c="var(--s-bad-ink)"
        aria-label={`${t('sessions.end')}: ${session.userName}`}
        onClick={() => onAsk({ action: 'end', session })}
      >
        {t('sessions.end')}
      </Button>
    </>
  )
}

function Running({ session: { running } }: { readonly session: SessionRow }) {
  const { t, bytes } = useWords()
  if (running === undefined) return <span className="dim">{t('sessions.idle')}</span>
  const text = running.shape.replace(/\s+/g, ' ') || running.verb
  return (
    <>
      <code title={running.shape}>{text}</code>
      <span className="dim number">
        <Elapsed sinceMs={running.startedAtMs} />
        {running.bytes > 0 && ` · ${bytes(running.bytes)}`}
      </span>
    </>
  )
}

/** Ticks while it is shown. */
function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const { duration } = useWords()
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((nowMs - sinceMs) / 1000))
  return duration(seconds * 1000)
}
