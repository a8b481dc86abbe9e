// Tells whether something is selected in the editor.

import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

export function selectionListener(listener: (selected: boolean) => void): Extension {
  return EditorView.updateListener.of(update => {
    if (update.selectionSet || update.docChanged) listener(!update.state.selection.main.empty)
  })
}
