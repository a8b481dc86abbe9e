// What a run gave: results as tabs, what the database said, and why something was refused.

import { Button, Loader, Menu } from '@mantine/core'
import type { EditorView } from '@codemirror/view'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import IconDatabaseX from '@tabler/icons-react/dist/esm/icons/IconDatabaseX.mjs'
import IconShieldX from '@tabler/icons-react/dist/esm/icons/IconShieldX.mjs'
import IconTableShortcut from '@tabler/icons-react/dist/esm/icons/IconTableShortcut.mjs'
import type { TFunction } from 'i18next'
import { type ReactNode, type RefObject, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { TableRow } from '../../../../src/console/contract.ts'
import { toCsv, toTsv } from '../../format/csv.ts'
import { lineAndColumn, offsetOfPosition } from '../../format/position.ts'
import { Chip } from '../../parts/chips.tsx'
import { Empty, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { refusalInJapanese } from '../../locales/server-words.ts'
import { commandKey } from '../../shell/keys-help.tsx'
import { maskedColumns } from './masked-columns.ts'
import type { QueryError, QueryResult, QueryRun, RunState } from './query-run.ts'
import { RefusalSteps, type Rerun } from './refusal-steps.tsx'
import { ResultGrid } from './result-grid.tsx'

type EditorRef = RefObject<EditorView | undefined>

export function ResultsPane(props: {
  readonly run: QueryRun | undefined
  readonly tables: readonly TableRow[]
  readonly editor: EditorRef
  readonly onRun: Rerun
}) {
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

function RunView(props: {
  readonly run: QueryRun
  readonly tables: readonly TableRow[]
  readonly editor: EditorRef
  readonly onRun: Rerun
}) {
  const { t } = useWords()
  const { run, tables } = props
  const state = useSyncExternalStore(run.subscribe, run.look)
  const [chosen, setChosen] = useState<TabName>()
  useEffect(() => setChosen(undefined), [run])
  const troubled = state.error !== undefined || state.problem !== undefined
  const tab: TabName =
    chosen ?? (state.results.length === 0 || troubled ? 'messages' : state.results.length - 1)
  const result = tab === 'messages' ? undefined : state.results[tab]
  const masked = useMemo(
    () => (result === undefined ? [] : maskedColumns(result.columns, run.text, tables)),
    [result, run, tables],
  )
  return (
    <section className="results" aria-label={t('sql.results')}>
      <div className="results__bar">
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
        <RunFacts state={state} result={result} masked={masked} />
        {result !== undefined && <CopyMenu result={result} />}
      </div>
      {result?.done?.truncated === true && <div className="results__note">{t('sql.truncated')}</div>}
      <div className="results__body" role="tabpanel">
        {result === undefined ? (
          <Messages run={run} state={state} editor={props.editor} onRun={props.onRun} />
        ) : (
          <ResultGrid key={`${tab}`} result={result} masked={masked} version={state.version} />
        )}
      </div>
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

function RunFacts(props: {
  readonly state: RunState
  readonly result: QueryResult | undefined
  readonly masked: readonly boolean[]
}) {
  const { t, count, duration } = useWords()
  const { state, result } = props
  const maskedCount = props.masked.filter(Boolean).length
  const rows = result?.done?.rows ?? result?.rows.length ?? 0
  const running = state.phase === 'running'
  return (
    <div className="results__facts number" role="status">
      {running && <Loader size={14} aria-label={t('sql.running')} />}
      {state.phase === 'stopped' && <Chip tone="warn">{t('sql.stopped')}</Chip>}
      {state.phase === 'failed' && (
        <Chip tone="bad">{state.error?.refused === true ? t('sql.refused') : t('sql.failed')}</Chip>
      )}
      {maskedCount > 0 && <Chip tone="hidden">{t('sql.maskedCount', { count: maskedCount })}</Chip>}
      {result !== undefined && (
        <span>
          {result.done === undefined && running
            ? t('sql.rowsSoFar', { count: rows, replace: { count: count(rows) } })
            : t('sql.rows', { count: rows, replace: { count: count(rows) } })}
        </span>
      )}
      {result?.done !== undefined && <span>{duration(result.done.durationMs)}</span>}
    </div>
  )
}

function CopyMenu({ result }: { readonly result: QueryResult }) {
  const { t } = useWords()
  const names = result.columns.map(column => column.name)
  const download = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['\ufeff', toCsv(names, result.rows)], { type: 'text/csv' }))
    link.download = 'result.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconCopy size={13} />}>
          {t('common.copy')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void navigator.clipboard.writeText(toTsv(names, result.rows))}>
          {t('sql.copyTsv')}
        </Menu.Item>
        <Menu.Item onClick={() => void navigator.clipboard.writeText(toCsv(names, result.rows))}>
          {t('sql.copyCsv')}
        </Menu.Item>
        <Menu.Item onClick={download}>{t('sql.downloadCsv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Messages(props: {
  readonly run: QueryRun
  readonly state: RunState
  readonly editor: EditorRef
  readonly onRun: Rerun
}) {
  const { t, count, duration, said } = useWords()
  const { state } = props
  return (
    <div className="messages">
      {state.error !== undefined && <ErrorMessage {...props} error={state.error} />}
      <Problem error={state.problem} />
      {state.commands.map(done => (
        <p key={done.statement}>
          <Chip tone="ok">{t('sql.command', { command: done.command })}</Chip>{' '}
          <span className="dim number">
            {t('sql.rows', { count: done.rows, replace: { count: count(done.rows) } })} ·{' '}
            {duration(done.durationMs)}
          </span>
        </p>
      ))}
      {state.results.map((result, index) => (
        <p key={result.statement}>
          <Chip tone="plain">{t('sql.result', { number: index + 1 })}</Chip>{' '}
          <span className="dim number">
            {t('sql.rows', { count: result.rows.length, replace: { count: count(result.rows.length) } })}
            {result.done !== undefined && ` · ${duration(result.done.durationMs)}`}
          </span>
        </p>
      ))}
      {state.notices.map((notice, index) => (
        <p key={index}>
          <Chip tone="warn">{t('sql.notice')}</Chip> {said(notice)}
        </p>
      ))}
      {state.phase === 'running' && <Loader size="sm" aria-label={t('sql.running')} />}
      {state.phase === 'stopped' && <p className="dim">{t('sql.stopped')}</p>}
    </div>
  )
}

function ErrorMessage(props: {
  readonly run: QueryRun
  readonly editor: EditorRef
  readonly onRun: Rerun
  readonly error: QueryError
}) {
  const { t, said, language } = useWords()
  const { error, run, editor } = props
  const message = said(error.message)
  // A refusal that is not known word for word is at least explained by its kind.
  const kind = language === 'ja' && message === error.message ? refusalInJapanese(error.code) : undefined
  const original = [error.message, error.hint].filter(part => part !== undefined).join(' ')
  const isTranslated = message !== error.message || kind !== undefined
  const offset =
    error.position === undefined ? undefined : run.offset + offsetOfPosition(run.text, error.position)
  const place =
    offset === undefined ? undefined : lineAndColumn(editor.current?.state.doc.toString() ?? run.text, offset)
  useEffect(() => markPlace(editor.current, offset, error.message), [editor, offset, error.message])
  return (
    <div className="refusal" data-refused={error.refused || undefined} role="alert">
      {error.refused ? <IconShieldX size={22} /> : <IconDatabaseX size={22} />}
      <div>
        <strong>{titleOf(error, t)}</strong>
        <p className="refusal__words">{kind ?? message}</p>
        {error.hint !== undefined && (
          <p>
            {t('sql.hint')}: {said(error.hint)}
          </p>
        )}
        {isTranslated && (
          <p className="dim" lang="en">
            {original}
          </p>
        )}
        {error.refused && !canBeCured(error) && <p className="dim">{t('sql.refusedAsk')}</p>}
        <RefusalSteps error={error} run={run} onRun={props.onRun} />
        <p className="dim number">
          {t('sql.errorState', { code: error.sqlState })}
          {place !== undefined && offset !== undefined && (
            <>
              {' · '}
              {t('sql.position', place)}{' '}
              <Button size="compact-xs" variant="default" onClick={() => showPlace(editor.current, offset)}>
                {t('sql.goToPosition')}
              </Button>
            </>
          )}
        </p>
      </div>
    </div>
  )
}

const canBeCured = ({ code }: QueryError): boolean =>
  code === 'statement.needs-approval' || code === 'statement.needs-reason'

function titleOf(error: QueryError, t: TFunction): string {
  if (error.code === 'statement.needs-approval') return t('sql.needsApprovalTitle')
  if (error.code === 'statement.needs-reason') return t('sql.reasonTitle')
  return error.refused ? t('sql.refusedTitle') : t('sql.errorTitle')
}

/** Underlines the place of an error; the underline goes when it is no longer shown. */
function markPlace(view: EditorView | undefined, offset: number | undefined, message: string) {
  if (view === undefined || offset === undefined) return undefined
  let shown = true
  // The editor's part is loaded by then; asking for it again costs nothing and keeps it out of the first load.
  const marks = import('../../editor/problem-marks.ts')
  void marks.then(({ rangeAt, showProblems }) => {
    const range = rangeAt(view.state.doc.toString(), offset)
    if (shown && view.dom.isConnected) showProblems(view, [{ ...range, severity: 'error', message }])
  })
  return () => {
    shown = false
    void marks.then(({ showProblems }) => view.dom.isConnected && showProblems(view, []))
  }
}

function showPlace(view: EditorView | undefined, offset: number): void {
  if (view === undefined) return
  const at = Math.min(offset, view.state.doc.length)
  view.dispatch({ selection: view.state.wordAt(at) ?? { anchor: at }, scrollIntoView: true })
  view.focus()
}
