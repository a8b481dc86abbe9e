// Runs what is chosen in the editor of a tab, and asks for what is missing before.

import type { EditorView } from '@codemirror/view'
import { type RefObject, useCallback, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import type { SqlTab } from './kept-tabs.ts'
import type { LiveTab } from './live-tab.ts'
import type { ParameterValues } from './parameters-dialog.tsx'
import { explainText, measureText } from './plan/plan-tree.ts'
import { askedKeys, type ChosenText, chooseText, isReading, makePieces, piecesAgain } from './run-pieces.ts'
import type { Workspace } from './workspace.ts'

/** Rows that are read at first, and when more are asked for. */
export const rowsRead = { first: 10_000, more: 100_000 } as const

export interface TabRunner {
  readonly run: (what: 'statement' | 'all') => void
  readonly explain: () => void
  /** Runs a statement that reads, for the times of its plan; `false`: it is not one. */
  readonly measure: () => boolean
  readonly stop: () => void
  readonly more: (statement: string) => void
  readonly again: (reason: string | undefined) => void
  readonly end: (sql: 'commit' | 'rollback') => void
  /** Parameters that are asked for now. */
  readonly asked: readonly string[] | undefined
  readonly answer: (values: ParameterValues | undefined) => void
}

interface Waiting {
  readonly tabId: string
  readonly chosen: ChosenText
  readonly keys: readonly string[]
}

export function useTabRunner(
  workspace: Workspace,
  tab: SqlTab,
  live: LiveTab,
  target: TargetRow,
  view: RefObject<EditorView | undefined>,
): TabRunner {
  const { protocol } = target
  const [waiting, setWaiting] = useState<Waiting>()

  const send = useCallback(
    (chosen: ChosenText, values: ParameterValues) => {
      const wishes = {
        protocol,
        commit: tab.commit,
        rowsMax: rowsRead.first,
        values: new Map(Object.entries(values)),
      }
      void live.start(makePieces(chosen, wishes))
    },
    [live, protocol, tab.commit],
  )
  const begin = useCallback(
    (chosen: ChosenText) => {
      if (live.isBusy) return
      const keys = askedKeys(chosen, protocol)
      if (keys.length === 0) send(chosen, {})
      else setWaiting({ tabId: tab.id, chosen, keys })
    },
    [live, protocol, send, tab.id],
  )
  const choose = useCallback(
    (what: 'statement' | 'all') => {
      const { current } = view
      const text = current?.state.doc.toString() ?? tab.text
      const selection = current?.state.selection.main ?? { from: 0, to: 0, head: 0 }
      return chooseText(text, selection, what, protocol)
    },
    [view, tab.text, protocol],
  )
  return {
    asked: waiting?.tabId === tab.id ? waiting.keys : undefined,
    answer(values) {
      setWaiting(undefined)
      if (values === undefined || waiting === undefined) return
      workspace.change(tab.id, { values: { ...tab.values, ...values } })
      send(waiting.chosen, values)
      view.current?.focus()
    },
    run(what) {
      const chosen = choose(what)
      if (chosen !== undefined) begin(chosen)
    },
    explain() {
      const chosen = choose('statement')
      if (chosen === undefined) return
      const before = explainText('', protocol).length
      begin({ text: explainText(chosen.text, protocol), from: chosen.from - before })
    },
    measure() {
      const chosen = choose('statement')
      if (chosen === undefined) return true
      if (!isReading(chosen.text) || !/^\s*(?:select|with|table|values)\b/i.test(chosen.text)) return false
      begin({ text: measureText(chosen.text), from: chosen.from - measureText('').length })
      return true
    },
    stop: () => void live.stop(),
    more(statement) {
      const { run } = live.look()
      const piece = run?.pieces.find(({ input }) => input.sql.includes(statement))
      if (piece === undefined || live.isBusy) return
      const from = piece.input.sql.indexOf(statement)
      void live.start([
        {
          input: { ...piece.input, sql: statement, rowsMax: rowsRead.more },
          written: offset => piece.written(from + offset),
        },
      ])
    },
    again(reason) {
      const { run } = live.look()
      if (run !== undefined && !live.isBusy) void live.start(piecesAgain(run, protocol, reason))
    },
    end: sql => void live.start([{ input: { sql, commit: 'auto' }, written: () => 0 }]),
  }
}
