// The editor for SQL: colours, completion from the catalog of the target, and keys to run.

import { autocompletion } from '@codemirror/autocomplete'
import { MySQL, PostgreSQL } from '@codemirror/lang-sql'
import { LanguageSupport } from '@codemirror/language'
import { Prec } from '@codemirror/state'
import { type EditorView, keymap } from '@codemirror/view'
import { useMemo, useRef } from 'react'
import type { TargetProtocol } from '../../../src/console/contract.ts'
import { CodeMirror } from './code-mirror.tsx'
import { problemMarks } from './problem-marks.ts'
import { selectionListener } from './selection-listener.ts'
import { catalogOf } from './sql-catalog.ts'
import { sqlCompletion } from './sql-completion.ts'

export interface SqlEditorProps {
  readonly label: string
  readonly text: string
  readonly hint: string
  /** What can be undone, as `onHistory` gave it. */
  readonly history: unknown
  readonly protocol: TargetProtocol
  readonly targetId: string
  /** Where names without a schema are looked up. */
  readonly schema: string
  readonly maskedWord: string
  readonly onChange: (text: string) => void
  readonly onRun: (what: 'statement' | 'all') => void
  readonly onStop: () => void
  readonly onSelection: (selected: boolean) => void
  readonly onView: (view: EditorView | undefined) => void
  readonly onHistory: (history: unknown) => void
}

export default function SqlEditor(props: SqlEditorProps) {
  const latest = useRef(props)
  latest.current = props
  const { protocol, targetId, maskedWord } = props
  const extensions = useMemo(() => {
    const dialect = protocol === 'mysql' ? MySQL : PostgreSQL
    const complete = sqlCompletion({
      protocol,
      catalog: catalogOf(targetId),
      schema: () => latest.current.schema,
      maskedWord,
    })
    return [
      Prec.highest(
        keymap.of([
          { key: 'Mod-Enter', run: () => (latest.current.onRun('statement'), true) },
          { key: 'Shift-Mod-Enter', run: () => (latest.current.onRun('all'), true) },
          { key: 'Mod-.', run: () => (latest.current.onStop(), true) },
        ]),
      ),
      new LanguageSupport(dialect.language),
      autocompletion({
        override: [complete],
        activateOnTypingDelay: 60,
        maxRenderedOptions: 60,
        icons: false,
      }),
      problemMarks,
      selectionListener(selected => latest.current.onSelection(selected)),
    ]
  }, [protocol, targetId, maskedWord])
  return (
    <CodeMirror
      label={props.label}
      text={props.text}
      hint={props.hint}
      history={props.history}
      onChange={props.onChange}
      onView={props.onView}
      onHistory={props.onHistory}
      extensions={extensions}
    />
  )
}
