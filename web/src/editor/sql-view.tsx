// A statement to read, with colours: static text, no editor.

import { PostgreSQL } from '@codemirror/lang-sql'
import { classHighlighter, highlightCode } from '@lezer/highlight'
import { Fragment, type ReactNode } from 'react'
import './code-view.css'

export default function SqlView({ text }: { readonly text: string }) {
  const tree = PostgreSQL.language.parser.parse(text)
  const parts: ReactNode[] = []
  const add = (node: ReactNode) => parts.push(<Fragment key={parts.length}>{node}</Fragment>)
  highlightCode(
    text,
    tree,
    classHighlighter,
    (code, classes) => add(classes === '' ? code : <span className={classes}>{code}</span>),
    () => add('\n'),
  )
  return <pre className="code-block code-view">{parts}</pre>
}
