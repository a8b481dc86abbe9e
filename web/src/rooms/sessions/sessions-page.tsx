// Who is at which target, what runs there, and statements as they pass.

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconPlugConnected from '@tabler/icons-react/dist/esm/icons/IconPlugConnected.mjs'
import { useEffect, useState } from 'react'
import type { SessionRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, sessionsQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { LiveList } from './live-list.tsx'
import './sessions.css'

interface Asked {
  readonly action: 'stop' | 'end'
  readonly session: SessionRow
}

export function SessionsPage() {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  const sessions = useQuery(sessionsQuery)
  const [search, setSearch] = useState('')
  const [asked, setAsked] = useState<Asked>()
  const shown = sessions.data?.filter(one => matches(one, search))
  const act = useMutation({
    mutationFn: async ({ action, session }: Asked) => {
      const params = { id: session.id }
      if (action === 'stop') await call('POST /api/sessions/:id/stop', { params })
      else await call('DELETE /api/sessions/:id', { params })
      return action
    },
    onSuccess: async action => {
      setAsked(undefined)
      notifications.show({
        message: action === 'stop' ? t('sessions.stopped') : t('sessions.ended'),
        color: 'teal',
      })
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
    },
  })
  const name = asked?.session.userName ?? ''
  return (
    <div className="page sessions-page">
      <PageHead
        title={t('sessions.title')}
        lead={isAdministrator ? t('sessions.lead') : t('sessions.leadOwn')}
      >
        <SearchField label={t('sessions.search')} value={search} onChange={setSearch} width={340} />
      </PageHead>
      <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
      <div className="card">
        {sessions.isPending && <Placeholder rows={4} />}
        {shown !== undefined && shown.length === 0 && (
          <Empty
            icon={<IconPlugConnected size={40} stroke={1.4} />}
            title={search === '' ? t('sessions.empty') : t('common.noMatch')}
            text={search === '' ? t('sessions.emptyHint') : t('common.noMatchHint')}
          />
        )}
        {shown !== undefined && shown.length > 0 && <SessionList sessions={shown} onAsk={setAsked} />}
      </div>
      <LiveList search={search} />
      {sessions.data?.some(one => !one.here) === true && (
        <p className="dim live__note">{t('sessions.onlyHere')}</p>
      )}
      <Confirm
        opened={asked !== undefined}
        title={asked?.action === 'stop' ? t('sessions.stopTitle') : t('sessions.endTitle')}
        text={
          asked?.action === 'stop'
            ? t('sessions.stopSure', { name })
            : t('sessions.endSure', { name, target: asked?.session.targetName ?? '' })
        }
        action={asked?.action === 'stop' ? t('sessions.stop') : t('sessions.end')}
        busy={act.isPending}
        error={act.error}
        onConfirm={() => asked !== undefined && act.mutate(asked)}
        onClose={() => {
          act.reset()
          setAsked(undefined)
        }}
      />
    </div>
  )
}

function matches(one: SessionRow, search: string): boolean {
  const { userName, targetName, program, address, running } = one
  const text = [userName, targetName, program, address, running?.shape ?? ''].join(' ')
  return text.toLowerCase().includes(search.trim().toLowerCase())
}

function SessionList(props: {
  readonly sessions: readonly SessionRow[]
  readonly onAsk: (asked: Asked) => void
}) {
  const { t, time, relative, count, bytes } = useWords()
  return (
    <table className="list-table sessions">
      <thead>
        <tr>
          <th>{t('sessions.user')}</th>
          <th>{t('sessions.target')}</th>
          <th>{t('sessions.running')}</th>
          <th>{t('sessions.since')}</th>
          <th className="sessions__figure">{t('sessions.statements')}</th>
          <th className="sessions__figure">{t('sessions.sent')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.sessions.map(session => (
          <tr key={session.id}>
            <td>
              <strong>{session.userName}</strong>
              <div className="dim sessions__from">
                {[session.program, session.address === 'console' ? '' : session.address]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </td>
            <td>
              {session.targetName} {!session.here && <Chip tone="outline">{t('sessions.elsewhere')}</Chip>}
            </td>
            <td className="sessions__running">
              <Running session={session} />
            </td>
            <td className="dim" title={time(session.startedAtMs)}>
              {relative(session.startedAtMs)}
            </td>
            <td className="number sessions__figure">{count(session.statements)}</td>
            <td className="number sessions__figure">{bytes(session.bytesToClient)}</td>
            <td className="sessions__actions">
              <Button
                size="compact-xs"
                variant="default"
                disabled={session.running === undefined}
                aria-label={`${t('sessions.stop')}: ${session.userName}`}
                onClick={() => props.onAsk({ action: 'stop', session })}
              >
                {t('sessions.stop')}
              </Button>
              <Button
                size="compact-xs"
                variant="subtle"
                color="red"
                aria-label={`${t('sessions.end')}: ${session.userName}`}
                onClick={() => props.onAsk({ action: 'end', session })}
              >
                {t('sessions.end')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
