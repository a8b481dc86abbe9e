// What would happen to one statement: verdict, what would be sent, what is hidden, who decides.

import type { Trial, TryResult } from '../../../../src/console/contract.ts'
import { diffLines } from '../../format/line-diff.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { useTermWords } from './term-words.ts'

export function TurnedAway({ result }: { readonly result: Extract<TryResult, { kind: 'turned-away' }> }) {
  const { t, said } = useWords()
  return (
    <div className="trial">
      <Chip tone="bad">{t('tester.turnedAway')}</Chip> {said(result.message)}
      {result.decidedBy.length > 0 && (
        <p className="dim">{t('tester.by', { names: result.decidedBy.join(', ') })}</p>
      )}
    </div>
  )
}

export function TrialView({ trial, statement }: { readonly trial: Trial; readonly statement: string }) {
  const { t, said } = useWords()
  const isPassed = trial.verdict === 'passed'
  return (
    <article className="trial">
      <header>
        <Chip tone={isPassed ? 'ok' : 'bad'}>{t(isPassed ? 'tester.passed' : 'tester.stopped')}</Chip>
        {trial.approvers.length > 0 && (
          <Chip tone="warn">{t('tester.approval', { names: trial.approvers.join(', ') })}</Chip>
        )}
        {trial.isCounted && <Chip tone="outline">{t('tester.counted')}</Chip>}
        {trial.strength === 'strict' && <Chip tone="outline">{t('policies.strict')}</Chip>}
      </header>
      <pre className="trial__text mono">{statement}</pre>
      {trial.message !== undefined && <p>{said(trial.message)}</p>}
      <dl className="trial__facts">
        {trial.text !== undefined && <Sent before={statement} after={trial.text} />}
        {trial.columns.length > 0 && (
          <>
            <dt>{t('tester.hidden')}</dt>
            <dd className="trial__columns">
              {trial.columns.map(({ name, mask, tag }) => (
                <Chip key={name} tone="hidden" mono title={tag}>
                  {name}
                  {mask !== undefined && ` · ${t(`mask.${mask}`)}`}
                </Chip>
              ))}
            </dd>
          </>
        )}
        <Guards trial={trial} />
        {trial.decidedBy.length > 0 && (
          <>
            <dt>{t('tester.decidedBy')}</dt>
            <dd>{trial.decidedBy.map(({ name }) => name).join(', ')}</dd>
          </>
        )}
        {trial.rule !== undefined && (
          <>
            <dt>{t('tester.rule')}</dt>
            <dd>
              {trial.rule.name} ({t(`rules.${trial.rule.verdict}`)})
            </dd>
          </>
        )}
        <dt>{t('tester.shape')}</dt>
        <dd>
          <code className="mono">{trial.shape}</code>
        </dd>
      </dl>
    </article>
  )
}

function Guards({ trial }: { readonly trial: Trial }) {
  const { t } = useWords()
  const words = useTermWords()
  const { guards, rowFilters, rowLimit } = trial
  const limits = words({
    ...(rowLimit !== undefined && { rowLimit }),
    ...(guards?.timeLimitMs !== undefined && { timeLimitMs: guards.timeLimitMs.value }),
    ...(guards?.byteLimit !== undefined && { byteLimit: guards.byteLimit.value }),
    ...(guards?.rowsPerDay !== undefined && { rowsPerDay: guards.rowsPerDay.value }),
    ...(guards?.bytesPerDay !== undefined && { bytesPerDay: guards.bytesPerDay.value }),
  })
  const filters = rowFilters.map(({ table, filter }) => `${table}: ${filter}`)
  if (limits.length + filters.length === 0) return null
  return (
    <>
      <dt>{t('tester.guards')}</dt>
      <dd>
        {filters.map(filter => (
          <code key={filter} className="mono trial__filter">
            {filter}
          </code>
        ))}
        {limits.join(' ')}
      </dd>
    </>
  )
}

/** What was rewritten stands out. */
function Sent({ before, after }: { readonly before: string; readonly after: string }) {
  const { t } = useWords()
  return (
    <>
      <dt>{t('tester.sent')}</dt>
      <dd>
        {before === after ? (
          <span className="dim">{t('tester.unchanged')}</span>
        ) : (
          <pre className="trial__sent mono" tabIndex={0}>
            {wordChanges(before, after).map(({ kind, text }, index) =>
              kind === 'same' ? <span key={index}>{text}</span> : <ins key={index}>{text}</ins>,
            )}
          </pre>
        )}
      </dd>
    </>
  )
}

interface Piece {
  readonly kind: 'same' | 'added'
  readonly text: string
}

/** The words of the second text, with those that the first has not marked. */
export function wordChanges(before: string, after: string): readonly Piece[] {
  const lines = (text: string) =>
    (text.match(/\w+|\s+|[^\w\s]/g) ?? []).map(word => JSON.stringify(word)).join('\n')
  const pieces: Piece[] = []
  for (const { kind, text } of diffLines(lines(before), lines(after))) {
    if (kind === 'removed' || text === '') continue
    const word = JSON.parse(text) as string
    const last = pieces.at(-1)
    if (last?.kind === kind) pieces[pieces.length - 1] = { kind, text: last.text + word }
    else pieces.push({ kind, text: word })
  }
  return pieces
}
