// The frame of a page: its head, what it shows when it is empty, and what it says when something went wrong.

import { Alert, Button, Skeleton, Stack } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconShieldLock from '@tabler/icons-react/dist/esm/icons/IconShieldLock.mjs'
import type { ReactNode } from 'react'
import { wordError } from '../api/error-words.ts'
import { useWords } from './words.ts'

export function PageHead(props: {
  readonly title: ReactNode
  readonly lead?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <header className="page-head">
      <div className="page-head__words">
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p>{props.lead}</p>}
      </div>
      <div className="page-head__actions">{props.children}</div>
    </header>
  )
}

export function Empty(props: {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}) {
  return (
    <div className="empty" role="status">
      {props.icon}
      <strong>{props.title}</strong>
      <p>{props.text}</p>
      {props.children}
    </div>
  )
}

/** An error with its next step; nothing if there is none. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useWords()
  if (error === null || error === undefined) return null
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={t('problem.title')}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <span>{wordError(error, t)}</span>
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** Holds the place of a list that is being loaded, so that nothing jumps. */
export function Placeholder({ rows = 6 }: { readonly rows?: number }) {
  const { t } = useWords()
  return (
    <Stack gap={10} p="md" role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={18} width={`${88 - ((index * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}

export function AdministratorsOnly() {
  const { t } = useWords()
  return (
    <div className="page">
      <Empty
        icon={<IconShieldLock size={40} stroke={1.4} />}
        title={t('common.administratorsOnly')}
        text={t('common.administratorsOnlyHint')}
      />
    </div>
  )
}
