// Requests: those that wait for whoever looks, their own, and what was decided.

import { Drawer, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import IconChecklist from '@tabler/icons-react/dist/esm/icons/IconChecklist.mjs'
import { useState } from 'react'
import type { RequestRow } from '../../../../src/console/contract.ts'
import { requestsQuery } from '../../api/queries.ts'
import { Chip, type ChipTone } from '../../parts/chips.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { RequestPanel } from './request-panel.tsx'
import './requests.css'

const route = getRouteApi('/requests')
const lists = ['waiting', 'own', 'decided'] as const
type List = (typeof lists)[number]
const isList = (name: string | null): name is List => lists.some(list => list === name)

export function RequestsPage() {
  const { t, count } = useWords()
  const { request: opened } = route.useSearch()
  const navigate = route.useNavigate()
  const requests = useQuery(requestsQuery)
  const [chosen, setChosen] = useState<List>()
  const open = (number: number | undefined) =>
    void navigate({ search: number === undefined ? {} : { request: number } })
  // Whoever has nothing to decide comes for their own.
  const list: List =
    chosen ?? (requests.data?.waiting.length === 0 && requests.data.own.length > 0 ? 'own' : 'waiting')
  return (
    <div className="page">
      <PageHead title={t('requests.title')} lead={t('requests.lead')} />
      <Problem error={requests.error} onRetry={() => void requests.refetch()} />
      <Tabs value={list} onChange={name => isList(name) && setChosen(name)} mb="md">
        <Tabs.List>
          {lists.map(name => (
            <Tabs.Tab key={name} value={name}>
              {t(`requests.${name}`)}{' '}
              {requests.data !== undefined && requests.data[name].length > 0 && (
                <Chip tone={name === 'waiting' ? 'warn' : 'plain'}>{count(requests.data[name].length)}</Chip>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className="card">
        {requests.isPending && <Placeholder rows={4} />}
        {requests.data !== undefined && (
          <RequestList list={list} requests={requests.data[list]} onOpen={open} />
        )}
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={() => open(undefined)}
        position="right"
        size={640}
        title={<strong>{t('requests.detail', { number: opened ?? 0 })}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
        transitionProps={{ duration: 120 }}
      >
        {opened !== undefined && <RequestPanel key={opened} number={opened} />}
      </Drawer>
    </div>
  )
}

const empty = {
  waiting: ['requests.emptyWaiting', 'requests.emptyWaitingHint'],
  own: ['requests.emptyOwn', 'requests.emptyOwnHint'],
  decided: ['requests.emptyDecided', 'requests.emptyDecidedHint'],
} as const

function RequestList(props: {
  readonly list: List
  readonly requests: readonly RequestRow[]
  readonly onOpen: (number: number) => void
}) {
  const { t, time, relative } = useWords()
  const [title, hint] = empty[props.list]
  if (props.requests.length === 0) {
    return <Empty icon={<IconChecklist size={40} stroke={1.4} />} title={t(title)} text={t(hint)} />
  }
  return (
    <table className="list-table requests">
      <thead>
        <tr>
          <th>{t('requests.number')}</th>
          <th>{t('requests.statement')}</th>
          <th>{t('requests.user')}</th>
          <th>{t('requests.target')}</th>
          <th>{t('requests.asked')}</th>
          <th>{t('requests.state')}</th>
        </tr>
      </thead>
      <tbody>
        {props.requests.map(request => (
          <tr key={request.number} onClick={() => props.onOpen(request.number)}>
            <td className="number">
              <button
                type="button"
                className="requests__open"
                aria-label={t('requests.detail', { number: request.number })}
              >
                {request.number}
              </button>
            </td>
            <td className="requests__text">
              <code>{request.subject.statement.replace(/\s+/g, ' ')}</code>
              {request.subject.reason !== undefined && <span className="dim">{request.subject.reason}</span>}
            </td>
            <td>{request.userName}</td>
            <td>{request.targetName}</td>
            <td className="dim" title={time(request.createdAtMs)}>
              {relative(request.createdAtMs)}
            </td>
            <td>
              <RequestState request={request} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const tones: Readonly<Record<RequestRow['state'], ChipTone>> = {
  pending: 'warn',
  approved: 'ok',
  refused: 'bad',
  withdrawn: 'outline',
  expired: 'outline',
  used: 'plain',
}

export function RequestState({ request }: { readonly request: RequestRow }) {
  const { t } = useWords()
  return <Chip tone={tones[request.state]}>{t(`requests.state_${request.state}`)}</Chip>
}
