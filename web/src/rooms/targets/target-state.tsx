// How a target is, in one mark: reachable, not reachable, not known.

import { Tooltip } from '@mantine/core'
import type { TargetRow, TargetState } from '../../../../src/console/contract.ts'
import { versionWords } from '../../format/product.ts'
import { useWords } from '../../parts/words.ts'

export function TargetStateMark({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  if (target.disabled) {
    return (
      <span className="state keep" data-state="off">
        {t('targets.disabled')}
      </span>
    )
  }
  if (target.health === undefined) {
    return (
      <span className="state" data-state={target.state}>
        {t(`targetList.${target.state}`)}
      </span>
    )
  }
  return <KnownState target={target} health={target.health} />
}

function KnownState({ target, health }: { readonly target: TargetRow; readonly health: TargetState }) {
  const { t, duration, relative, said } = useWords()
  const { state, latencyMs, checkedAtMs, serverVersion, message } = health
  const lines = [
    message !== undefined && said(message),
    serverVersion !== undefined && versionWords(target.protocol, serverVersion),
    checkedAtMs !== undefined && t('targetList.checked', { when: relative(checkedAtMs) }),
  ].filter(line => line !== false)
  const mark = (
    <span className="state" data-state={state}>
      {t(`targetList.${state}`)}
      {state === 'reachable' && latencyMs !== undefined && (
        <span className="dim number"> {duration(latencyMs)}</span>
      )}
    </span>
  )
  if (lines.length === 0) return mark
  return (
    <Tooltip label={lines.join(' · ')} multiline maw={380}>
      {mark}
    </Tooltip>
  )
}
