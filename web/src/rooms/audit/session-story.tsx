// The whole story of a session as a timeline: what came before this entry and after it, with the pauses between.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuditEntry, AuditFilter } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Chip } from '../../parts/chips.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import { kindKey, kindTone, subjectOf, verbOf } from './kind-words.ts'

const besideEntries = 20
const moreEntries = 200
/** Pauses that are worth telling. */
const pauseMs = 1_000

interface Story {
  /** In order of time, this entry among them. */
  readonly entries: readonly AuditEntry[]
  readonly earlier: boolean
  readonly later: boolean
}

/** What happened in the session of an entry, so far around it. */
export function useStory(entry: AuditEntry, around: number) {
  const { sessionId } = entry
  return useQuery({
    queryKey: ['audit', 'story', sessionId, entry.id, around],
    enabled: sessionId !== undefined,
    placeholderData: previous => previous,
    queryFn: async (): Promise<Story> => {
      const page = async (where: AuditFilter) => {
        const asked = { sessionId: sessionId ?? '', limit: around, ...where }
        return call('GET /api/audit/page', { in: asked })
      }
      const [before, after] = await Promise.all([page({ before: entry.id }), page({ after: entry.id })])
      return {
        entries: [...before.entries.toReversed(), entry, ...after.entries],
        earlier: before.next !== undefined,
        later: after.next !== undefined,
      }
    },
  })
}

export const storyAtFirst = besideEntries

export function SessionStory(props: { readonly entry: AuditEntry; readonly onChoose: (id: string) => void }) {
  const { t, duration } = useWords()
  const [around, setAround] = useState(besideEntries)
  const story = useStory(props.entry, around)
  const { sessionId } = props.entry
  if (sessionId === undefined || story.data === undefined) return null
  const { entries, earlier, later } = story.data
  const more = (label: string) =>
    around < moreEntries && (
      <li className="story__more">
        <Button size="compact-xs" variant="subtle" onClick={() => setAround(moreEntries)}>
          {label}
        </Button>
      </li>
    )
  return (
    <section className="entry__part">
      <h3>
        {t('audit.neighbours')}
        <LinkButton to="/audit" search={{ session: sessionId }} size="compact-xs" variant="subtle">
          {t('audit.wholeSession')}
        </LinkButton>
      </h3>
      <ol className="story">
        {earlier && more(t('audit.storyEarlier'))}
        {entries.map((one, index) => {
          const before = entries[index - 1]
          const waited = before === undefined ? 0 : one.atMs - before.atMs - (before.durationMs ?? 0)
          return (
            <li
              key={one.id}
              aria-current={one.id === props.entry.id || undefined}
              data-tone={kindTone(one)}
              ref={one.id === props.entry.id ? intoSight : undefined}
            >
              {waited >= pauseMs && (
                <span className="story__pause">{t('audit.storyPause', { duration: duration(waited) })}</span>
              )}
              <StoryStep entry={one} onChoose={props.onChoose} />
            </li>
          )
        })}
        {later && more(t('audit.storyLater'))}
      </ol>
    </section>
  )
}

function intoSight(element: HTMLLIElement | null): void {
  const list = element?.parentElement
  if (element !== null && list !== null && list !== undefined)
    list.scrollTop = element.offsetTop - list.clientHeight / 2
}

function StoryStep({
  entry,
  onChoose,
}: {
  readonly entry: AuditEntry
  readonly onChoose: (id: string) => void
}) {
  const { t, shortTime, duration } = useWords()
  return (
    <button type="button" onClick={() => onChoose(entry.id)}>
      <span className="dim number">{shortTime(entry.atMs)}</span>
      <Chip tone={kindTone(entry)}>{verbOf(entry) ?? t(kindKey(entry.kind))}</Chip>
      <span className="entry__subject">{subjectOf(entry, t)}</span>
      {entry.durationMs !== undefined && (
        <span className="dim number story__took">{duration(entry.durationMs)}</span>
      )}
    </button>
  )
}
