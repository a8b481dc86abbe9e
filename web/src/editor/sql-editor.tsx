// The editor for SQL: colours, completion from the tables of the target, and keys to run.

import { MySQL, PostgreSQL, sql } from '@codemirror/lang-sql'
import { autocompletion } from '@codemirror/autocomplete'
import { Prec } from '@codemirror/state'
import { type EditorView, keymap } from '@codemirror/view'
import { useMemo, useRef } from 'react'
import type { TableRow, TargetProtocol } from '../../../src/console/contract.ts'
import { CodeMirror } from './code-mirror.tsx'
import { problemMarks } from './problem-marks.ts'
import { selectionListener } from './selection-listener.ts'

/** Names for completion, as lang-sql wants them: schema → table → columns. */
function namesOf(tables: readonly TableRow[]): Record<string, Record<string, string[]>> {
  const names: Record<string, Record<string, string[]>> = {}
  for (const { schema, table, columns } of tables) {
    names[schema] ??= {}
    names[schema][table] = columns.map(column => column.name)
  }
  return names
}

export interface SqlEditorProps {
  readonly label: string
  readonly text: string
  readonly hint: string
  readonly protocol: TargetProtocol
  readonly defaultSchema: string
  readonly tables: readonly TableRow[]
  readonly onChange: (text: string) => void
  readonly onRun: () => void
  readonly onStop: () => void
  readonly onSelection: (selected: boolean) => void
  readonly onView: (view: EditorView | undefined) => void
}

export default function SqlEditor(props: SqlEditorProps) {
  const latest = useRef(props)
  latest.current = props
  const extensions = useMemo(
    () => [
      Prec.highest(
        keymap.of([
          { key: 'Mod-Enter', run: () => (latest.current.onRun(), true) },
          { key: 'Mod-.', run: () => (latest.current.onStop(), true) },
        ]),
      ),
      sql({
        dialect: props.protocol === 'mysql' ? MySQL : PostgreSQL,
        schema: namesOf(props.tables),
        defaultSchema: props.defaultSchema,
        upperCaseKeywords: false,
      }),
      autocompletion(),
      problemMarks,
      selectionListener(selected => latest.current.onSelection(selected)),
    ],
    [props.tables, props.protocol, props.defaultSchema],
  )
  return (
    <CodeMirror
      label={props.label}
      text={props.text}
      hint={props.hint}
      onChange={props.onChange}
      onView={props.onView}
      extensions={extensions}
    />
  )
}
