// How a target is, how it was, and a look at it now; for administrators.

import { Alert, Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs'
import type { TargetRow, TargetState } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, targetQuery, targetStateQuery } from '../../api/queries.ts'
import { versionWords } from '../../format/product.ts'
import { type Fact, Facts } from '../../parts/facts.tsx'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'

export function StateTab({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const state = useQuery(targetStateQuery(target.id))
  const check = useMutation({
    mutationFn: () => call('POST /api/targets/:id/check', { params: { id: target.id } }),
    onSuccess: async found => {
      queryClient.setQueryData(targetStateQuery(target.id).queryKey, found)
      await queryClient.invalidateQueries({ queryKey: targetQuery(target.id).queryKey, exact: true })
    },
  })
  return (
    <Stack gap="lg" maw={760}>
      <Problem error={state.error ?? check.error} onRetry={() => void state.refetch()} />
      {state.isPending && <Placeholder rows={3} />}
      {state.data !== undefined && (
        <>
          <div className="connect-lead">
            <div>
              <h2>
                <span className="state state--large" data-state={target.disabled ? 'off' : state.data.state}>
                  {target.disabled ? t('targets.disabled') : t(`targetList.${state.data.state}`)}
                </span>
              </h2>
              <p>{t('targetList.gently')}</p>
            </div>
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              loading={check.isPending}
              title={t('targetList.checkHint')}
              onClick={() => check.mutate()}
            >
              {t('targetList.checkNow')}
            </Button>
          </div>
          <StateFacts target={target} state={state.data} />
          <History state={state.data} />
        </>
      )}
    </Stack>
  )
}

function StateFacts({ target, state }: { readonly target: TargetRow; readonly state: TargetState }) {
  const { t, time, relative, duration, said } = useWords()
  const { message, sinceMs, checkedAtMs, latencyMs, serverVersion, tls, certificateEndsAtMs } = state
  const facts: readonly Fact[] = [
    [t('targetList.since'), sinceMs === undefined ? t('common.never') : time(sinceMs)],
    [t('targetList.lastCheck'), checkedAtMs === undefined ? t('common.never') : relative(checkedAtMs)],
    ...(latencyMs === undefined ? [] : [[t('targetList.latency'), duration(latencyMs)] as const]),
    ...(serverVersion === undefined
      ? []
      : [[t('targetList.version'), versionWords(target.protocol, serverVersion)] as const]),
    ...(tls === undefined ? [] : [[t('targetList.tls'), tls] as const]),
    ...(certificateEndsAtMs === undefined
      ? []
      : [[t('targetList.certificateEnds'), time(certificateEndsAtMs)] as const]),
  ]
  return (
    <>
      {message !== undefined && (
        <Alert color="red" variant="light" title={t('targetList.why')} role="alert">
          {said(message)}
        </Alert>
      )}
      <Facts facts={facts} isCard />
    </>
  )
}

function History({ state }: { readonly state: TargetState }) {
  const { t, time, said } = useWords()
  return (
    <section className="connect-way">
      <h3>{t('targetList.history')}</h3>
      {state.changes.length === 0 ? (
        <p className="dim">{t('targetList.noHistory')}</p>
      ) : (
        <ol className="state-history">
          {state.changes.map(change => (
            <li key={change.atMs}>
              <time className="dim number">{time(change.atMs)}</time>
              <span className="state" data-state={change.state}>
                {t(`targetList.${change.state}`)}
              </span>
              {change.message !== undefined && <span className="dim">{said(change.message)}</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
