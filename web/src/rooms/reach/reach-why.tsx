// Why somebody can or cannot do one thing: the policies that decide, and the groups through which they do.

import { Link } from '@tanstack/react-router'
import type { ReachAction, ReachCell } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import { useTermWords } from '../policies/term-words.ts'

export function ReachWhy(props: {
  readonly action: ReachAction
  readonly cell: ReachCell
  readonly name: string
}) {
  const { t } = useWords()
  const termWords = useTermWords()
  const { action, cell, name } = props
  const terms = termWords(cell.terms)
  const isNever = cell.state === 'never'
  return (
    <div className="reach-why">
      <p>
        <strong>{name}</strong> · <code className="mono">{action}</code> · {t(`reach.${cell.state}`)}
        {cell.some !== undefined && ` (${t('reach.some', { ...cell.some })})`}
      </p>
      {cell.withoutConnect && <p>{t('reach.withoutConnect')}</p>}
      {cell.state === 'sometimes' && <p className="dim">{t('reach.depends')}</p>}
      {cell.decidedBy.length === 0 ? (
        <p>{t('reach.nothingPermits')}</p>
      ) : (
        <>
          <p className="dim">
            {t(isNever && !cell.withoutConnect ? 'reach.forbiddenBy' : 'reach.permittedBy')}
          </p>
          <ul>
            {cell.decidedBy.map(policy => (
              <li key={policy.name}>
                <Link to="/policies" search={{ policy: policy.name }}>
                  {policy.name}
                </Link>{' '}
                {policy.groups.length > 0 && (
                  <span className="dim">{t('reach.through', { groups: policy.groups.join(', ') })}</span>
                )}
                {policy.named && <span className="dim">{t('reach.byName')}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      {!isNever && terms.length > 0 && <p className="dim">{terms.join(' ')}</p>}
    </div>
  )
}
