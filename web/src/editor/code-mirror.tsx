// CodeMirror as a React part: history, brackets, our colours; what differs by language comes as extensions.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyField, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, type Extension, StateEffect } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import './editor.css'

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.modifier],
    color: 'var(--s-syntax-keyword)',
    fontWeight: '600',
  },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--s-syntax-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--s-syntax-number)' },
  { tag: [tags.comment], color: 'var(--s-syntax-comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className, tags.annotation, tags.meta], color: 'var(--s-syntax-name)' },
])

const basics: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  syntaxHighlighting(colours),
  EditorView.lineWrapping,
  // Tab indents; Esc, then Tab leaves the editor (CodeMirror's own rule).
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
]

/** The editor measures all its lines anew when its theme changes: from one of these to the other. */
const emptyThemes = [EditorView.theme({}), EditorView.theme({})]

export interface CodeMirrorProps {
  readonly label: string
  /** The text at first; a later change of it replaces what is there, unless it is the same. */
  readonly text: string
  readonly onChange: (text: string) => void
  readonly extensions: Extension
  readonly hint?: string
  readonly readOnly?: boolean
  readonly onView?: (view: EditorView | undefined) => void
  /** What can be undone and where the cursor was, as `onHistory` gave it; only if it belongs to this text. */
  readonly history?: unknown
  /** Told when the editor goes. */
  readonly onHistory?: (history: unknown) => void
}

const keptFields = { history: historyField }

/** With what was kept of an earlier editor over the same text, if that is what it is. */
function firstState(text: string, kept: unknown, extensions: Extension): EditorState {
  if (typeof kept === 'object' && kept !== null && 'doc' in kept && kept.doc === text) {
    return EditorState.fromJSON(kept, { extensions }, keptFields)
  }
  return EditorState.create({ doc: text, extensions })
}

export function CodeMirror(props: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef(props)
  latest.current = props
  const language = useRef(new Compartment())

  useEffect(() => {
    if (host.current === null) return undefined
    const { label, text, extensions, hint, readOnly, history: kept } = latest.current
    const created = new EditorView({
      parent: host.current,
      state: firstState(text, kept, [
        language.current.of(extensions),
        basics,
        placeholder(hint ?? ''),
        EditorState.readOnly.of(readOnly === true),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString())
        }),
      ]),
    })
    view.current = created
    latest.current.onView?.(created)
    // Lines that get another height without another text, as when styles arrive, move their numbers along.
    const again = new Compartment()
    created.dispatch({ effects: StateEffect.appendConfig.of(again.of([])) })
    let turn = 0
    const lines = new ResizeObserver(() => {
      turn = 1 - turn
      created.dispatch({ effects: again.reconfigure(emptyThemes[turn] ?? []) })
    })
    const [line] = created.contentDOM.children
    if (line !== undefined) lines.observe(line)
    return () => {
      lines.disconnect()
      latest.current.onHistory?.(created.state.toJSON(keptFields))
      latest.current.onView?.(undefined)
      created.destroy()
      view.current = undefined
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(props.extensions) })
  }, [props.extensions])

  useEffect(() => {
    const { current } = view
    if (current === undefined || current.state.doc.toString() === props.text) return
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: props.text } })
  }, [props.text])

  return <div ref={host} className="code-mirror" />
}
