// What a run gave: results as tabs, what the database said, and why something was refused.

import { Loader } from '@mantine/core'
import IconTableShortcut from '@tabler/icons-react/dist/esm/icons/IconTableShortcut.mjs'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { Empty } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { commandKey } from '../../shell/command-key.ts'
import { Messages, type MessagesProps } from './messages.tsx'
import type { QueryRun, RunState } from './query-run.ts'
import { ResultView } from './result-view.tsx'

export interface ResultsProps extends Omit<MessagesProps, 'run' | 'state'> {
  readonly run: QueryRun | undefined
  readonly target: TargetRow
  /** Runs the same again with room for more rows. */
  readonly onMore: ((statement: string) => void) | undefined
  readonly onExport: (statement: string) => void
}

export function ResultsPane(props: ResultsProps) {
  const { t } = useWords()
  if (props.run === undefined) {
    return (
      <Empty
        icon={<IconTableShortcut size={40} stroke={1.4} />}
        title={t('sql.emptyTitle')}
        text={t('sql.emptyHint', { keys: `${commandKey} + Enter` })}
      />
    )
  }
  return <RunView {...props} run={props.run} />
}

type TabName = number | 'messages'

function RunView(props: ResultsProps & { readonly run: QueryRun }) {
  const { t } = useWords()
  const { run } = props
  const state = useSyncExternalStore(run.subscribe, run.look)
  const [chosen, setChosen] = useState<TabName>()
  useEffect(() => setChosen(undefined), [run])
  const troubled = state.error !== undefined || state.problem !== undefined
  const tab: TabName =
    chosen ?? (state.results.length === 0 || troubled ? 'messages' : state.results.length - 1)
  const result = tab === 'messages' ? undefined : state.results[tab]
  const tabs = (
    <div role="tablist" className="results__tabs" aria-label={t('sql.results')}>
      {state.results.map((_, index) => (
        <Tab key={index} selected={tab === index} onPick={() => setChosen(index)}>
          {state.results.length === 1 ? t('sql.results') : t('sql.result', { number: index + 1 })}
        </Tab>
      ))}
      <Tab selected={tab === 'messages'} onPick={() => setChosen('messages')}>
        {t('sql.messages')}
        {state.notices.length > 0 && <Chip>{state.notices.length}</Chip>}
      </Tab>
    </div>
  )
  return (
    <section className="results" aria-label={t('sql.results')}>
      {result === undefined ? (
        <>
          <div className="results__bar">
            {tabs}
            <div className="results__facts number" role="status">
              <RunPhase state={state} />
            </div>
          </div>
          <div className="results__body" role="tabpanel" aria-label={t('sql.messages')}>
            <Messages {...props} run={run} state={state} />
          </div>
        </>
      ) : (
        <ResultView
          key={result.statement}
          tabs={tabs}
          phase={<RunPhase state={state} />}
          run={run}
          running={state.phase === 'running'}
          result={result}
          version={state.version}
          target={props.target}
          onMore={props.onMore}
          onExport={props.onExport}
        />
      )}
    </section>
  )
}

function Tab(props: {
  readonly selected: boolean
  readonly onPick: () => void
  readonly children: ReactNode
}) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={props.selected}
      className="results__tab"
      onClick={props.onPick}
    >
      {props.children}
    </button>
  )
}

function RunPhase({ state }: { readonly state: RunState }) {
  const { t } = useWords()
  if (state.phase === 'running') return <Loader size={14} aria-label={t('sql.running')} />
  if (state.phase === 'stopped') return <Chip tone="warn">{t('sql.stopped')}</Chip>
  if (state.phase === 'failed') {
    return <Chip tone="bad">{state.error?.refused === true ? t('sql.refused') : t('sql.failed')}</Chip>
  }
  return null
}
