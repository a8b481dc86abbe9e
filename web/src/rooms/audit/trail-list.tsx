// The entries, newest first: only those in sight are drawn. Arrow keys move, Enter opens.

import { Loader } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { AuditEntry } from '../../../../src/console/contract.ts'
import { Chip, Lock } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { kindKey, kindTone, subjectOf, verbOf } from './kind-words.ts'
import type { Trail } from './use-trail.ts'

const rowHeightPx = 34

export function TrailList(props: {
  readonly trail: Trail
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
}) {
  const { t } = useWords()
  const { trail } = props
  const entries = trail.entries ?? []
  const scroll = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  /** By a key: the focus goes along. */
  const moved = useRef(false)
  useEffect(() => {
    if (moved.current) document.getElementById(`entry-${active}`)?.focus()
    moved.current = false
  }, [active])
  const rows = useVirtualizer({
    count: entries.length + 1,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPx,
    getItemKey: index => entries[index]?.id ?? 'end',
    overscan: 12,
  })
  const items = rows.getVirtualItems()
  const endInSight = items.at(-1)?.index === entries.length
  const { loadOlder, complete } = trail
  useEffect(() => {
    if (endInSight && !complete) loadOlder()
  }, [endInSight, complete, loadOlder])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const entry = entries[active]
    if (event.key === 'Enter' && entry !== undefined) props.onChoose(entry.id)
    else if (step !== 0) {
      const next = Math.min(entries.length - 1, Math.max(0, active + step))
      setActive(next)
      moved.current = true
      rows.scrollToIndex(next)
    } else return
    event.preventDefault()
  }
  const heads = ['time', 'kind', 'user', 'target', 'subject', 'rows', 'duration', 'result'] as const
  return (
    <div className="trail" role="grid" aria-label={t('audit.title')} aria-rowcount={entries.length}>
      <div className="trail__row trail__row--head" role="row">
        {heads.map(head => (
          <span key={head} role="columnheader">
            {t(`audit.${head}`)}
          </span>
        ))}
      </div>
      <div ref={scroll} className="trail__scroll" role="rowgroup" onKeyDown={onKeyDown}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map(({ index, start, key }) => {
            const entry = entries[index]
            return (
              <div
                key={key}
                className="trail__place"
                style={{ top: start, height: rowHeightPx }}
                role="presentation"
              >
                {entry === undefined ? (
                  <div className="trail__end">
                    {complete ? t('audit.end') : <Loader size="xs" aria-label={t('audit.loadingOlder')} />}
                  </div>
                ) : (
                  <TrailRow
                    entry={entry}
                    id={`entry-${index}`}
                    active={index === active}
                    chosen={entry.id === props.chosen}
                    onChoose={() => {
                      setActive(index)
                      props.onChoose(entry.id)
                    }}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function TrailRow(props: {
  readonly entry: AuditEntry
  readonly id: string
  readonly active: boolean
  readonly chosen: boolean
  readonly onChoose: () => void
}) {
  const { t, shortTime, time, count, duration } = useWords()
  const { entry } = props
  return (
    <div
      id={props.id}
      role="row"
      className="trail__row"
      tabIndex={props.active ? 0 : -1}
      aria-selected={props.chosen}
      onClick={props.onChoose}
    >
      <span role="gridcell" className="number dim" title={time(entry.atMs)}>
        {shortTime(entry.atMs)}
      </span>
      <span role="gridcell">
        <Chip tone={kindTone(entry)}>{verbOf(entry) ?? t(kindKey(entry.kind))}</Chip>
      </span>
      <span role="gridcell">{entry.userName}</span>
      <span role="gridcell" className="dim">
        {entry.targetName}
      </span>
      <span role="gridcell" className="trail__subject">
        {entry.hidden.length > 0 && (
          <Lock label={`${t('audit.hidden')}: ${entry.hidden.join(', ')}`} size={12} />
        )}
        <span className={entry.shape === undefined ? 'trail__text' : 'trail__text mono'}>
          {subjectOf(entry, t)}
        </span>
      </span>
      <span role="gridcell" className="number trail__figure">
        {entry.rows === undefined ? '' : count(entry.rows)}
      </span>
      <span role="gridcell" className="number trail__figure dim">
        {entry.durationMs === undefined ? '' : duration(entry.durationMs)}
      </span>
      <span role="gridcell">
        <EntryResult entry={entry} />
      </span>
    </div>
  )
}

/** How an entry ended, in one small label. */
export function EntryResult({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useWords()
  if (entry.verdict === 'denied') return <Chip tone="bad">{t('audit.denied')}</Chip>
  if (entry.code !== undefined) {
    return (
      <Chip tone="bad" mono>
        {entry.code}
      </Chip>
    )
  }
  if (entry.kind !== 'statement') return null
  if (entry.result === undefined) return <Chip tone="outline">{t('audit.running')}</Chip>
  if (entry.result === 'ok') return <Chip tone="ok">{t('audit.ok')}</Chip>
  if (entry.result === 'unknown') {
    return (
      <Chip tone="warn" title={t('audit.unknownHint')}>
        {t('audit.unknown')}
      </Chip>
    )
  }
  return (
    <Chip tone="warn" mono>
      {entry.result}
    </Chip>
  )
}
