// Who can reach a place and why, and what somebody can reach: now, or at a time in the past.

import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import type { ReachNote, WhatIsReached, WhoReaches } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { ReachControls } from './reach-controls.tsx'
import type { ReachSearch } from './reach-search.ts'
import { ReachTable } from './reach-table.tsx'
import './reach.css'

const route = getRouteApi('/reach')

export function ReachPage() {
  return useIsAdministrator() ? <Reach /> : <AdministratorsOnly />
}

function Reach() {
  const { t, time } = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onSearch = (next: ReachSearch) => {
    const filled = Object.entries(next).filter(([, value]) => value !== undefined && value !== '')
    void navigate({ search: Object.fromEntries(filled), replace: true })
  }
  const { ask, target, user, schema, table, column, at } = search
  const isWhat = ask === 'what'
  const isAsked = isWhat ? user !== undefined : target !== undefined
  const answer = useQuery({
    queryKey: ['reach', isWhat, target, user, schema, table, column, at],
    enabled: isAsked,
    staleTime: 5_000,
    placeholderData: keepPreviousData,
    queryFn: (): Promise<WhoReaches | WhatIsReached> => {
      const place = {
        ...(schema !== undefined && { schema }),
        ...(table !== undefined && { table }),
        ...(at !== undefined && { atMs: at }),
      }
      return isWhat
        ? call('POST /api/reach/what', {
            in: { userName: user ?? '', ...(target !== undefined && { targetId: target }), ...place },
          })
        : call('POST /api/reach/who', {
            in: { targetId: target ?? '', ...place, ...(column !== undefined && { column }) },
          })
    },
  })
  return (
    <div className="page page--full reach">
      <PageHead title={t('reach.title')} lead={t('reach.lead')}>
        <SegmentedControl
          aria-label={t('reach.mode')}
          value={isWhat ? 'what' : 'who'}
          onChange={value =>
            onSearch({
              ...(value === 'what' ? { ask: 'what' } : {}),
              ...(value === 'who' && target !== undefined && { target }),
              ...(user !== undefined && { user }),
              ...(at !== undefined && { at }),
            })
          }
          data={[
            { value: 'who', label: t('reach.who') },
            { value: 'what', label: t('reach.what') },
          ]}
        />
      </PageHead>
      <ReachControls search={search} onSearch={onSearch} />
      <Problem error={answer.error} onRetry={() => void answer.refetch()} />
      {isAsked && answer.isPending && <Placeholder rows={10} />}
      {!isAsked && (
        <Empty
          icon={<IconRoute size={40} stroke={1.4} />}
          title={t(isWhat ? 'reach.what' : 'reach.who')}
          text={t(isWhat ? 'reach.chooseUser' : 'reach.chooseTarget')}
        />
      )}
      {isAsked && answer.data !== undefined && answer.error === null && (
        <>
          <Notes notes={answer.data.notes} />
          <ReachTable
            answer={answer.data}
            search={search}
            onSearch={onSearch}
            lead={[
              t('reach.policyVersion', { version: answer.data.policyVersion }),
              ...(answer.data.atMs === undefined ? [] : [time(answer.data.atMs)]),
            ].join(' · ')}
          />
        </>
      )}
    </div>
  )
}

function Notes({ notes }: { readonly notes: readonly ReachNote[] }) {
  const { t, time, count } = useWords()
  const say = (note: ReachNote): string => {
    switch (note.kind) {
      case 'tables-of-today':
        return t('reach.note_tables_of_today')
      case 'history-cut':
        return t('reach.note_history_cut', { time: time(note.fromMs) })
      case 'no-policies-then':
        return t('reach.note_no_policies_then')
      case 'not-there-then':
        return t('reach.note_not_there_then')
      case 'people-left-out':
        return t('reach.note_people_left_out', { names: note.names.join(', ') })
      case 'targets-left-out':
        return t('reach.note_targets_left_out', { names: note.names.join(', ') })
      case 'tables-unknown':
        return t('reach.note_tables_unknown', { target: note.target })
      default:
        return t('reach.note_rows_left_out', { count: note.count, replace: { count: count(note.count) } })
    }
  }
  if (notes.length === 0) return null
  return (
    <ul className="reach__notes dim">
      {notes.map(note => (
        <li key={note.kind}>{say(note)}</li>
      ))}
    </ul>
  )
}
