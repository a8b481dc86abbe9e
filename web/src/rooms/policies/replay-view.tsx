// Runs the draft over what really ran, and shows what it would do otherwise than the policies in force.

import { Button, NumberInput, Progress, SegmentedControl, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Fragment, useMemo, useState } from 'react'
import type { ReplayChange, ReplayFinding } from '../../../../src/console/contract.ts'
import { Chip, type ChipTone } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useReplay } from './use-replay.ts'

const tones: Readonly<Record<ReplayChange, ChipTone>> = {
  refused: 'bad',
  allowed: 'ok',
  hidden: 'hidden',
  revealed: 'warn',
  approval: 'warn',
  rewritten: 'outline',
}
const changes = Object.keys(tones) as readonly ReplayChange[]
const rowsShown = 500
const percent = 100

type GroupBy = 'shape' | 'userName' | 'targetName'

export function ReplayView(props: {
  readonly text: string
  readonly isWrong: boolean
  readonly isChanged: boolean
}) {
  const { t, count, duration } = useWords()
  const [days, setDays] = useState(7)
  const [userName, setUserName] = useState('')
  const [targetName, setTargetName] = useState('')
  const [only, setOnly] = useState<ReplayChange | 'all'>('all')
  const [groupBy, setGroupBy] = useState<GroupBy>('shape')
  const replay = useReplay()
  const { findings, progress, done, running } = replay
  const counts = useMemo(() => countByChange(findings), [findings])
  const shown = findings.filter(({ change }) => only === 'all' || change === only)
  const start = () => {
    setOnly('all')
    void replay.start({
      text: props.text,
      days,
      ...(userName.trim() !== '' && { userName: userName.trim() }),
      ...(targetName.trim() !== '' && { targetName: targetName.trim() }),
    })
  }
  return (
    <section className="card replay" aria-label={t('replay.title')}>
      <h2>{t('replay.title')}</h2>
      <p className="dim">{t('replay.lead')}</p>
      {!props.isChanged && <p className="dim">{t('replay.unchanged')}</p>}
      <form
        className="replay__form"
        onSubmit={event => {
          event.preventDefault()
          if (!running) start()
        }}
      >
        <NumberInput
          label={t('replay.days')}
          w={110}
          min={1}
          max={366}
          value={days}
          onChange={value => typeof value === 'number' && setDays(value)}
        />
        <TextInput
          label={t('replay.user')}
          placeholder={t('replay.anybody')}
          value={userName}
          onChange={event => setUserName(event.currentTarget.value)}
        />
        <TextInput
          label={t('replay.target')}
          placeholder={t('replay.anywhere')}
          value={targetName}
          onChange={event => setTargetName(event.currentTarget.value)}
        />
        {running ? (
          <Button variant="default" onClick={replay.stop}>
            {t('replay.stop')}
          </Button>
        ) : (
          <Button type="submit" disabled={props.isWrong}>
            {t('replay.run')}
          </Button>
        )}
      </form>
      <Problem error={replay.error} />
      {running && (
        <div className="replay__progress" role="status">
          <Progress
            animated
            aria-label={t('replay.title')}
            value={progress === undefined ? percent : progress.share * percent}
          />
          <span className="dim number">
            {t('replay.progress', { statements: count(progress?.statements ?? 0) })}
          </span>
        </div>
      )}
      {done !== undefined && (
        <p role="status" className="replay__done">
          {t(findings.length === 0 ? 'replay.nothing' : 'replay.done', {
            statements: count(done.statements),
            shapes: count(done.shapes),
            changed: count(done.changed),
            time: duration(done.durationMs),
          })}{' '}
          {done.truncated && t('replay.truncated')}
          {done.skipped.map(({ why, count: skipped }) => (
            <span key={why} className="dim">
              {' '}
              {t(`replay.skipped_${underscored(why)}`, {
                count: skipped,
                replace: { count: count(skipped) },
              })}
            </span>
          ))}
        </p>
      )}
      {findings.length > 0 && (
        <>
          <div className="replay__filters">
            <SegmentedControl
              size="xs"
              aria-label={t('replay.only')}
              value={only}
              onChange={value => setOnly(changes.find(change => change === value) ?? 'all')}
              data={[
                { value: 'all', label: t('common.all') },
                ...changes
                  .filter(change => counts.has(change))
                  .map(change => ({
                    value: change,
                    label: `${t(`replay.${change}`)} · ${count(counts.get(change) ?? 0)}`,
                  })),
              ]}
            />
            <SegmentedControl
              size="xs"
              aria-label={t('replay.groupBy')}
              value={groupBy}
              onChange={value =>
                setGroupBy(
                  value === 'userName' ? 'userName' : value === 'targetName' ? 'targetName' : 'shape',
                )
              }
              data={[
                { value: 'shape', label: t('replay.byShape') },
                { value: 'userName', label: t('replay.byUser') },
                { value: 'targetName', label: t('replay.byTarget') },
              ]}
            />
          </div>
          <Findings findings={shown} groupBy={groupBy} />
        </>
      )}
    </section>
  )
}

function Findings(props: { readonly findings: readonly ReplayFinding[]; readonly groupBy: GroupBy }) {
  const { t, count } = useWords()
  const { groupBy } = props
  const groups = Map.groupBy(props.findings.slice(0, rowsShown), finding => finding[groupBy])
  const sorted = [...groups].toSorted(([, a], [, b]) => total(b) - total(a))
  const left = props.findings.length - rowsShown
  return (
    <>
      <table className="list-table replay__table">
        <thead>
          <tr>
            <th>{t('replay.change')}</th>
            <th>{t('replay.user')}</th>
            <th>{t('replay.target')}</th>
            <th>{t('replay.statement')}</th>
            <th className="number">{t('replay.count')}</th>
            <th>{t('replay.last')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(([key, findings]) => (
            <Fragment key={key}>
              {(groupBy !== 'shape' || findings.length > 1) && (
                <tr className="replay__group">
                  <th colSpan={4} scope="rowgroup" className={groupBy === 'shape' ? 'mono' : undefined}>
                    {key}
                  </th>
                  <th className="number">{count(total(findings))}</th>
                  <th />
                </tr>
              )}
              {findings.map(finding => (
                <FindingRow key={finding.exampleId} finding={finding} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <p className="dim">{t('replay.more', { count: left, replace: { count: count(left) } })}</p>
      )}
    </>
  )
}

function FindingRow({ finding }: { readonly finding: ReplayFinding }) {
  const { t, count, shortTime, said } = useWords()
  const { change, columns, message, decidedBy } = finding
  return (
    <tr>
      <td>
        <Chip tone={tones[change]}>{t(`replay.${change}`)}</Chip>
      </td>
      <td>{finding.userName}</td>
      <td>{finding.targetName}</td>
      <td>
        <details>
          <summary className="mono replay__shape">{finding.shape}</summary>
          <p className="dim">{t('replay.example')}</p>
          <pre className="trial__text mono">{finding.example}</pre>
          {message !== undefined && <p>{said(message)}</p>}
          {decidedBy.length > 0 && <p className="dim">{t('tester.by', { names: decidedBy.join(', ') })}</p>}
          <Link to="/audit" search={{ entry: finding.exampleId }}>
            {t('replay.entry')}
          </Link>
        </details>
        {columns.length > 0 && <span className="dim mono">{columns.join(', ')}</span>}
      </td>
      <td className="number">{count(finding.count)}</td>
      <td className="dim">{shortTime(finding.lastAtMs)}</td>
    </tr>
  )
}

const total = (findings: readonly ReplayFinding[]): number =>
  findings.reduce((sum, { count }) => sum + count, 0)

function countByChange(findings: readonly ReplayFinding[]): ReadonlyMap<ReplayChange, number> {
  const counts = new Map<ReplayChange, number>()
  for (const { change, count } of findings) counts.set(change, (counts.get(change) ?? 0) + count)
  return counts
}

const words = {
  'user-gone': 'user_gone',
  'target-gone': 'target_gone',
  'target-unreachable': 'target_unreachable',
  'no-text': 'no_text',
  'too-many-kinds': 'too_many_kinds',
} as const

const underscored = <W extends keyof typeof words>(why: W): (typeof words)[W] => words[why]
