// Whether the gateway reached a target that an administrator tried out, and what such a trial is asked with.

import { Tooltip } from '@mantine/core'
import type { TargetInput, TargetProtocol, TargetRow, TargetTest } from '../../../../src/console/contract.ts'
import { wordError } from '../../api/error-words.ts'
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
