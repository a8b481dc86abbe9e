// Underlines places in the text that are wrong.

import { type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

export interface ProblemMark {
  readonly from: number
  readonly to: number
  readonly severity: 'error' | 'warning'
  readonly message: string
}

const replaceMarks = StateEffect.define<readonly ProblemMark[]>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(present, transaction) {
    const effect = transaction.effects.find(one => one.is(replaceMarks))
    if (effect === undefined) return present.map(transaction.changes)
    const length = transaction.state.doc.length
    const ranges = (effect.value as readonly ProblemMark[])
      .filter(({ from, to }) => from < to && to <= length)
      .map(({ from, to, severity, message }) =>
        Decoration.mark({
          class: `cm-problem cm-problem--${severity}`,
          attributes: { title: message },
        }).range(from, to),
      )
    return Decoration.set(ranges, true)
  },
  provide: field => EditorView.decorations.from(field),
})

export const problemMarks: Extension = marks

/** Shows these problems in place of those shown before. */
export function showProblems(view: EditorView, problems: readonly ProblemMark[]): void {
  view.dispatch({ effects: replaceMarks.of(problems) })
}

/** The word at an offset, or at least one character, so that there is something to underline. */
export function rangeAt(text: string, offset: number): { readonly from: number; readonly to: number } {
  const from = Math.min(Math.max(0, offset), Math.max(0, text.length - 1))
  const word = /^[\p{L}\p{N}_]+/u.exec(text.slice(from))
  return { from, to: Math.min(text.length, from + Math.max(1, word?.[0].length ?? 1)) }
}
