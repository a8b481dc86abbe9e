// Of changes of how many rows what they were before and after is kept.

import { NumberInput } from '@mantine/core'
import type { TargetInput } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'

/** The most that the server takes (`limits.snapshotRowsCeiling`). */
const ceiling = 1_000

export function SnapshotField(props: {
  readonly input: TargetInput
  readonly set: (change: Partial<TargetInput>) => void
}) {
  const { t } = useWords()
  return (
    <NumberInput
      label={t('snapshot.rowsMax')}
      description={t('snapshot.rowsMaxHint')}
      value={props.input.snapshotRowsMax ?? 0}
      min={0}
      max={ceiling}
      clampBehavior="strict"
      allowDecimal={false}
      onChange={value => props.set({ snapshotRowsMax: Number(value) })}
    />
  )
}
