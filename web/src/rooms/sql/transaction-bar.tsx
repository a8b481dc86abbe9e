// A transaction is open: said so that nobody overlooks it, with the two ways to end it.

import { Button } from '@mantine/core'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import type { SqlSession } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'

export function TransactionBar(props: {
  readonly state: SqlSession['transaction']
  readonly busy: boolean
  readonly onEnd: (sql: 'commit' | 'rollback') => void
}) {
  const { t } = useWords()
  const { state, busy, onEnd } = props
  if (state === 'none') return null
  const failed = state === 'failed'
  return (
    <div className="transaction" data-failed={failed || undefined} role="status">
      <IconAlertTriangle size={16} aria-hidden />
      <strong>{t(failed ? 'sqlRun.transactionFailed' : 'sqlRun.transactionOpen')}</strong>
      <span>{t(failed ? 'sqlRun.transactionFailedHint' : 'sqlRun.transactionOpenHint')}</span>
      <span style={{ flex: 1 }} />
      <Button
        size="compact-sm"
        variant="default"
        disabled={busy}
        leftSection={<IconArrowBackUp size={14} />}
        title="Alt + Shift + R"
        onClick={() => onEnd('rollback')}
      >
        {t('sqlRun.rollback')}
      </Button>
      {!failed && (
        <Button
          size="compact-sm"
          disabled={busy}
          leftSection={<IconCheck size={14} />}
          title="Alt + Shift + C"
          onClick={() => onEnd('commit')}
        >
          {t('sqlRun.commit')}
        </Button>
      )}
    </div>
  )
}
