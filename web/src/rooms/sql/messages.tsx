// What the database or the gateway said of a run: errors with their place, refusals with the way on, commands, notices.

import { Button, Loader } from '@mantine/core'
import type { EditorView } from '@codemirror/view'
import IconDatabaseX from '@tabler/icons-react/dist/esm/icons/IconDatabaseX.mjs'
import IconShieldX from '@tabler/icons-react/dist/esm/icons/IconShieldX.mjs'
import type { TFunction } from 'i18next'
import { type RefObject, useEffect } from 'react'
import { lineAndColumn } from '../../format/position.ts'
import { refusalInJapanese } from '../../locales/server-words.ts'
import { Chip } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import type { QueryError, QueryRun, RunState } from './query-run.ts'
import { RefusalSteps } from './refusal-steps.tsx'

export interface MessagesProps {
  readonly run: QueryRun
  readonly state: RunState
  readonly editor: RefObject<EditorView | undefined>
  /** Runs the refused statement, and what stood behind it, again. */
  readonly onAgain: (reason: string | undefined) => void
}

export function Messages(props: MessagesProps) {
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

function ErrorMessage(props: MessagesProps & { readonly error: QueryError }) {
  const { t, said, language } = useWords()
  const { error, editor, state } = props
  const message = said(error.message)
  // A refusal that is not known word for word is at least explained by its kind.
  const kind = language === 'ja' && message === error.message ? refusalInJapanese(error.code) : undefined
  const original = [error.message, error.hint].filter(part => part !== undefined).join(' ')
  const isTranslated = message !== error.message || kind !== undefined
  const offset = state.errorOffset
  const place =
    offset === undefined ? undefined : lineAndColumn(editor.current?.state.doc.toString() ?? '', offset)
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
        {error.decidedBy !== undefined && error.decidedBy.length > 0 && (
          <p>
            {t('sqlRun.decidedBy')}{' '}
            {error.decidedBy.map(name => (
              <Chip key={name} mono>
                {name}
              </Chip>
            ))}
          </p>
        )}
        {error.refused && !canBeCured(error) && <p className="dim">{t('sql.refusedAsk')}</p>}
        <RefusalSteps error={error} onAgain={props.onAgain} />
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
