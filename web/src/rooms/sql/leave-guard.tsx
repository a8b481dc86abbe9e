// Asks before the page is left while a transaction is open.

import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../../parts/confirm.tsx'
import { useWords } from '../../parts/words.ts'
import { useTabName } from './tab-name.ts'
import type { Workspace } from './workspace.ts'

export function LeaveGuard({ workspace }: { readonly workspace: Workspace }) {
  const { t } = useWords()
  const nameOf = useTabName()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname && workspace.unfinished.length > 0,
    enableBeforeUnload: () => workspace.unfinished.length > 0,
    withResolver: true,
  })
  return (
    <Confirm
      opened={blocker.status === 'blocked'}
      title={t('sqlRun.leaveTitle')}
      text={t('sqlRun.leaveText', { names: workspace.unfinished.map(nameOf).join(', ') })}
      action={t('sqlRun.leaveAction')}
      busy={false}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  )
}
