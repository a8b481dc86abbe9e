// Whether the gateway reaches a target, asked by an administrator.

import { Button, Tooltip } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import IconPlugConnected from '@tabler/icons-react/dist/esm/icons/IconPlugConnected.mjs'
import type { TargetInput, TargetProtocol, TargetRow, TargetTest } from '../../../../src/console/contract.ts'
import { wordError } from '../../api/error-words.ts'
import { call } from '../../api/http.ts'
import { versionWords } from '../../format/product.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'

/** What a stored target is, as the routes take it; the password stays the stored one. */
export function inputOf(target: TargetRow): TargetInput {
  const { admin } = target
  return {
    name: target.name,
    protocol: target.protocol,
    host: admin?.host ?? '',
    port: admin?.port ?? 0,
    database: target.database,
    account: admin?.account ?? '',
    tls: admin?.tls ?? 'require',
    ...(admin?.tlsCa === undefined ? {} : { tlsCa: admin.tlsCa }),
    ...(admin?.jump === undefined ? {} : { jump: admin.jump }),
    ...(admin?.sendProxy === true ? { sendProxy: true } : {}),
    ...(admin === undefined ? {} : { snapshotRowsMax: admin.snapshotRowsMax }),
    exposed: target.listenPort !== undefined,
    tags: target.tags,
    disabled: target.disabled,
  }
}

/** The last test of a target; made only when somebody asks for it. */
const healthQuery = (target: TargetRow) =>
  queryOptions({
    queryKey: ['health', target.id],
    enabled: false,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call('POST /api/targets/test', { in: { ...inputOf(target), id: target.id } }),
  })

export function TargetHealth({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const health = useQuery(healthQuery(target))
  return (
    <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconPlugConnected size={13} />}
        loading={health.isFetching}
        aria-label={`${t('targets.test')}: ${target.name}`}
        onClick={() => void health.refetch()}
      >
        {t('targets.test')}
      </Button>
      <TestResult protocol={target.protocol} test={health.data} error={health.error} />
    </span>
  )
}

export function TestResult({
  protocol,
  test,
  error,
}: {
  readonly protocol: TargetProtocol
  readonly test: TargetTest | undefined
  readonly error?: unknown
}) {
  const { t, duration, said } = useWords()
  if (error !== null && error !== undefined) {
    return (
      <Chip tone="bad" title={wordError(error, t)}>
        {t('targets.testFailed')}
      </Chip>
    )
  }
  if (test === undefined) return null
  if (!test.ok) {
    return (
      <Tooltip label={said(test.message)} multiline maw={360}>
        <span role="status">
          <Chip tone="bad">{t('targets.testFailed')}</Chip>
        </span>
      </Tooltip>
    )
  }
  const detail = t('targets.testOkDetail', {
    version: versionWords(protocol, test.serverVersion),
    tls: test.tls ?? t('targets.testNoTls'),
  })
  return (
    <Tooltip label={detail}>
      <span role="status">
        <Chip tone="ok">{t('targets.testOk', { duration: duration(test.durationMs) })}</Chip>
      </span>
    </Tooltip>
  )
}
