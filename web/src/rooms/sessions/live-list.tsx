// Statements as they pass this server.

import { Button, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useState } from 'react'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { type PassedStatement, useLive } from './use-live.ts'

export function LiveList({ search }: { readonly search: string }) {
  const { t, count } = useWords()
  const [paused, setPaused] = useState(false)
  const live = useLive(paused)
  const shown = live.statements.filter(one => matches(one, search))
  return (
    <section className="live" aria-label={t('sessions.live')}>
      <div className="live__head">
        <h2>{t('sessions.live')}</h2>
        {live.dropped > 0 && (
          <Chip tone="warn">
            {t('sessions.dropped', { count: live.dropped, replace: { count: count(live.dropped) } })}
          </Chip>
        )}
        {live.broken && <Chip tone="bad">{t('sessions.reconnecting')}</Chip>}
        <span style={{ flex: 1 }} />
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={live.clear}>
            {t('sessions.clear')}
          </Button>
          <Button
            size="compact-sm"
            variant={paused ? 'filled' : 'default'}
            leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            onClick={() => setPaused(!paused)}
          >
            {paused ? t('sessions.resume') : t('sessions.pause')}
          </Button>
        </Group>
      </div>
      <div className="card live__list">
        {shown.length === 0 ? (
          <p className="live__empty dim">{t('sessions.waitingForStatements')}</p>
        ) : (
          shown.map(one => <Passed key={one.id} statement={one} />)
        )}
      </div>
    </section>
  )
}

function matches(one: PassedStatement, search: string): boolean {
  const { session, shape, tables } = one
  const text = [session.userName, session.targetName, session.program, shape, ...tables].join(' ')
  return text.toLowerCase().includes(search.trim().toLowerCase())
}

function Passed({ statement }: { readonly statement: PassedStatement }) {
  const { t, shortTime, duration, said, count } = useWords()
  const isAdministrator = useIsAdministrator()
  const { session, ended, shape, verb, verdict, reason, hidden } = statement
  const text = shape.replace(/\s+/g, ' ') || verb
  return (
    <div className="live__row">
      <span className="number dim">{shortTime(statement.atMs)}</span>
      <span>{session.userName}</span>
      <span>{session.targetName}</span>
      <span className="live__text" title={reason === undefined ? text : said(reason)}>
        {verdict === 'denied' && <Chip tone="bad">{t('sessions.denied')}</Chip>}
        {hidden.length > 0 && <Chip tone="hidden">{t('sql.maskedCount', { count: hidden.length })}</Chip>}
        {isAdministrator ? (
          <Link to="/audit" search={{ q: shape.slice(0, 60) }} title={t('sessions.open')}>
            <code>{text}</code>
          </Link>
        ) : (
          <code>{text}</code>
        )}
      </span>
      <span className="number live__figure">
        {ended !== undefined &&
          verdict === 'allowed' &&
          t('sql.rows', { count: ended.rows, replace: { count: count(ended.rows) } })}
      </span>
      <span className="number live__figure">
        {ended === undefined ? '…' : ended.result === 'ok' ? duration(ended.durationMs) : ended.result}
      </span>
    </div>
  )
}
