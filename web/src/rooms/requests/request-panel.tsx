// One request: who asks for what and why, what the target would do, and the decision.

import { Alert, Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs'
import { lazy, Suspense } from 'react'
import type { RequestRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, requestQuery } from '../../api/queries.ts'
import { type Fact, Facts } from '../../parts/facts.tsx'
import { Chip } from '../../parts/chips.tsx'
import { CopyIcon } from '../../parts/copy.tsx'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { DecideForm } from './decide-form.tsx'
import { RequestState } from './requests-page.tsx'

const SqlView = lazy(() => import('../../editor/sql-view.tsx'))

export const refreshRequests = () => queryClient.invalidateQueries({ queryKey: ['requests'] })

export function RequestPanel({ number }: { readonly number: number }) {
  const request = useQuery(requestQuery(number))
  if (request.isError) return <Problem error={request.error} onRetry={() => void request.refetch()} />
  if (request.isPending) return <Placeholder rows={8} />
  const { data } = request
  return (
    <Stack gap="lg">
      <header className="request__head">
        <RequestState request={data} />
        <strong>
          {data.userName} → {data.targetName}
        </strong>
      </header>
      <Statement request={data} />
      <RequestFacts request={data} />
      {data.mayDecide && <Plan request={data} />}
      {data.mayDecide && data.state === 'pending' && <DecideForm request={data} />}
      <Withdraw request={data} />
    </Stack>
  )
}

function Statement({ request }: { readonly request: RequestRow }) {
  const { t } = useWords()
  const { statement } = request.subject
  return (
    <section className="request__part">
      <h3>
        {t('requests.statement')}
        <CopyIcon value={statement} label={t('requests.statement')} />
      </h3>
      <Suspense fallback={<pre className="code-block">{statement}</pre>}>
        <SqlView text={statement} />
      </Suspense>
      <p className="dim request__hint">{t('requests.exact')}</p>
    </section>
  )
}

function Chips({ names, hidden }: { readonly names: readonly string[]; readonly hidden?: boolean }) {
  return (
    <span className="request__chips">
      {names.map(name => (
        <Chip key={name} mono tone={hidden === true ? 'hidden' : 'plain'}>
          {name}
        </Chip>
      ))}
    </span>
  )
}

function RequestFacts({ request }: { readonly request: RequestRow }) {
  const { t, time } = useWords()
  const { subject, approvers, state, decidedBy, decidedAtMs, validUntilMs } = request
  const who =
    approvers === 'administrators' ? t('requests.administrators') : t('requests.group', { name: approvers })
  const none = <span className="dim">{t('common.none')}</span>
  const facts: readonly Fact[] = [
    [t('requests.reason'), subject.reason ?? <span className="dim">{t('requests.noReason')}</span>],
    [t('requests.tables'), subject.tables.length === 0 ? none : <Chips names={subject.tables} />],
    [t('requests.hidden'), subject.hidden.length === 0 ? none : <Chips names={subject.hidden} hidden />],
    [t('requests.policy'), <code key="policy">{subject.policy}</code>],
    [t('requests.approvers'), who],
    [
      t('requests.asked'),
      <>
        {time(request.createdAtMs)}
        {state === 'pending' && (
          <div className="dim">{t('requests.expires', { time: time(request.expiresAtMs) })}</div>
        )}
      </>,
    ],
    ...(decidedBy === undefined
      ? []
      : ([[t('requests.decidedBy'), `${decidedBy}, ${time(decidedAtMs ?? 0)}`]] as const)),
    ...(request.note === '' ? [] : ([[t('requests.note'), request.note]] as const)),
    ...(validUntilMs === undefined || state !== 'approved'
      ? []
      : ([
          [
            t('requests.validUntil'),
            request.once ? `${time(validUntilMs)}, ${t('requests.once')}` : time(validUntilMs),
          ],
        ] as const)),
  ]
  return <Facts facts={facts} />
}

function Plan({ request }: { readonly request: RequestRow }) {
  const { t, count, said } = useWords()
  const params = { number: String(request.number) }
  const ask = useMutation({ mutationFn: () => call('POST /api/requests/:number/plan', { params }) })
  const plan = ask.data
  return (
    <section className="request__part">
      <h3>
        {t('requests.plan')}
        {plan?.ok === true && plan.rows !== undefined && (
          <Chip tone="warn">
            {t('requests.planRows', { count: plan.rows, replace: { count: count(plan.rows) } })}
          </Chip>
        )}
      </h3>
      {plan === undefined && (
        <>
          <p className="dim request__hint">{t('requests.planHint', { name: request.userName })}</p>
          <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('requests.planAsk')}
          </Button>
        </>
      )}
      {plan?.ok === true && <pre className="code-block request__plan">{plan.lines.join('\n')}</pre>}
      {plan?.ok === false && (
        <Alert
          variant="light"
          color="yellow"
          icon={<IconInfoCircle size={18} />}
          title={t('requests.planRefused')}
        >
          {said(plan.message)}
        </Alert>
      )}
      <Problem error={ask.error} />
    </section>
  )
}

function Withdraw({ request }: { readonly request: RequestRow }) {
  const { t } = useWords()
  const { mine, mayDecide, state, approvers, number } = request
  const withdraw = useMutation({
    mutationFn: () => call('POST /api/requests/:number/withdraw', { params: { number: String(number) } }),
    onSuccess: async () => {
      await refreshRequests()
      notifications.show({ message: t('requests.withdrawn', { number }), color: 'teal' })
    },
  })
  const who =
    approvers === 'administrators' ? t('requests.administrators') : t('requests.group', { name: approvers })
  const may = (state === 'approved' && (mine || mayDecide)) || (state === 'pending' && mine)
  if (!may) return null
  return (
    <Stack gap="xs">
      {mine && state === 'pending' && <p className="dim request__hint">{t('requests.notOwn', { who })}</p>}
      <Problem error={withdraw.error} />
      <Group>
        <Button size="xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {state === 'approved' ? t('requests.withdrawApproval') : t('requests.withdraw')}
        </Button>
      </Group>
    </Stack>
  )
}
