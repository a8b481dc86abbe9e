// The editor for policies, with the problems that the server finds underlined.

import type { EditorView } from '@codemirror/view'
import { useEffect, useMemo, useRef } from 'react'
import type { PolicyCheck } from '../../../src/console/contract.ts'
import { cedarLanguage } from './cedar-language.ts'
import { CodeMirror } from './code-mirror.tsx'
import { problemMarks, rangeAt, showProblems } from './problem-marks.ts'

export interface CedarEditorProps {
  readonly label: string
  readonly text: string
  readonly problems: PolicyCheck['problems']
  readonly readOnly?: boolean
  readonly onChange: (text: string) => void
  readonly onView?: (view: EditorView | undefined) => void
}

/** Offset of a line and column, both from 1, kept within the text. */
export function offsetOf(view: EditorView, line: number, column: number): number {
  const { doc } = view.state
  const found = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(found.to, found.from + Math.max(0, column - 1))
}

export default function CedarEditor(props: CedarEditorProps) {
  const view = useRef<EditorView>(undefined)
  const extensions = useMemo(() => [cedarLanguage, problemMarks], [])
  const { problems } = props
  useEffect(() => {
    const { current } = view
    if (current === undefined) return
    const text = current.state.doc.toString()
    showProblems(
      current,
      problems.map(({ line, column, severity, message }) => ({
        ...rangeAt(text, offsetOf(current, line, column)),
        severity,
        message,
      })),
    )
  }, [problems])
  return (
    <CodeMirror
      label={props.label}
      text={props.text}
      readOnly={props.readOnly === true}
      onChange={props.onChange}
      extensions={extensions}
      onView={created => {
        view.current = created
        props.onView?.(created)
      }}
    />
  )
}
