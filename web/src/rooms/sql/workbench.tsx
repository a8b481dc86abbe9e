// Editor, objects and results of one tab, side by side.

import { Loader } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { EditorView } from '@codemirror/view'
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { defaultSchema } from '../../format/product.ts'
import { useWords } from '../../parts/words.ts'
import { keptHistory, keepHistory } from './kept-history.ts'
import type { SqlTab } from './kept-tabs.ts'
import { ParametersDialog } from './parameters-dialog.tsx'
import { ExportDialog } from './panels/export-dialog.tsx'
import { ImportDialog } from './panels/import-dialog.tsx'
import { SaveDialog } from './panels/save-dialog.tsx'
import { type PanelName, SidePanel } from './panels/side-panel.tsx'
import { previewOf } from './preview.ts'
import { ResultsPane } from './results-pane.tsx'
import { RunBar } from './run-bar.tsx'
import { isReading } from './run-pieces.ts'
import { SplitPane } from './split-pane.tsx'
import { useTabRunner } from './tab-runner.ts'
import { TransactionBar } from './transaction-bar.tsx'
import { ObjectTree } from './tree/object-tree.tsx'
import type { Workspace } from './workspace.ts'

const SqlEditor = lazy(() => import('../../editor/sql-editor.tsx'))

type Dialog = { readonly kind: 'save' | 'import' } | { readonly kind: 'export'; readonly statement: string }

export interface WorkbenchProps {
  readonly workspace: Workspace
  readonly tab: SqlTab
  readonly target: TargetRow
  readonly picker: ReactNode
  readonly onOpenTab: (tab: SqlTab) => void
}

export function Workbench(props: WorkbenchProps) {
  const { t } = useWords()
  const { workspace, tab, target } = props
  const live = workspace.liveOf(tab)
  const state = useSyncExternalStore(live.subscribe, live.look)
  const view = useRef<EditorView>(undefined)
  const bench = useRef<HTMLDivElement>(null)
  const [selected, setSelected] = useState(false)
  const [treeShown, setTreeShown] = useLocalStorage({ key: 'sekisho.sql-tree', defaultValue: true })
  // Panels stay open when another tab comes to the front; what belongs to a tab is keyed by it.
  const [panel, setPanel] = useState<PanelName>()
  const [dialog, setDialog] = useState<Dialog>()
  const runner = useTabRunner(workspace, tab, live, target, view)
  useEffect(() => void live.attach(), [live])
  useLostNotice(state.lost)

  const insert = (name: string) => {
    const { current: editor } = view
    if (editor === undefined) return
    editor.dispatch(editor.state.replaceSelection(name))
    editor.focus()
  }
  const openRows = (path: string) => {
    const text = previewOf(path)
    const empty = tab.text.trim() === ''
    const opened = empty ? tab : workspace.open(target.id, { text })
    if (empty) workspace.change(tab.id, { text })
    props.onOpenTab(opened)
    const reader = workspace.liveOf(opened)
    void reader.start([{ input: { sql: text, commit: opened.commit }, written: offset => offset }])
  }
  const format = useFormat(view, target, t('sqlRun.notFormatted'))
  useBenchKeys((event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey
    const { code } = event
    if (command && !event.altKey && code === 'Enter') runner.run(event.shiftKey ? 'all' : 'statement')
    else if (command && !event.altKey && !event.shiftKey && code === 'KeyS') setDialog({ kind: 'save' })
    else if (command && !event.altKey && event.shiftKey && code === 'KeyE') runner.explain()
    else if (command && !event.altKey && event.shiftKey && code === 'KeyF') void format()
    else if (command && code === 'Period') runner.stop()
    else if (event.altKey && !command && code === 'KeyH')
      setPanel(panel === 'history' ? undefined : 'history')
    else if (event.altKey && !command && code === 'KeyS') setPanel(panel === 'saved' ? undefined : 'saved')
    else if (event.altKey && !command && code === 'KeyJ') setPanel(panel === 'jobs' ? undefined : 'jobs')
    else if (event.altKey && event.shiftKey && code === 'KeyC' && state.transaction === 'open')
      runner.end('commit')
    else if (event.altKey && event.shiftKey && code === 'KeyR' && state.transaction !== 'none')
      runner.end('rollback')
    else if (event.key === 'F6') focusNext(bench.current, event.shiftKey)
    else return
    event.preventDefault()
  })

  return (
    <div className="bench" data-transaction={state.transaction} ref={bench}>
      <RunBar
        {...props}
        state={state}
        runner={runner}
        selected={selected}
        treeShown={treeShown}
        panel={panel}
        onTree={() => setTreeShown(!treeShown)}
        onFormat={() => void format()}
        onSave={() => setDialog({ kind: 'save' })}
        onImport={() => setDialog({ kind: 'import' })}
        onPanel={setPanel}
      />
      <TransactionBar state={state.transaction} busy={state.running} onEnd={runner.end} />
      <div
        className="bench__body"
        data-tree={treeShown || undefined}
        data-panel={panel !== undefined || undefined}
      >
        {treeShown && <ObjectTree key={target.id} target={target} onInsert={insert} onOpen={openRows} />}
        <SplitPane
          label={t('sql.resize')}
          top={
            <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
              <SqlEditor
                key={`${tab.id} ${target.id}`}
                label={t('sql.editor')}
                hint={t('sql.placeholder')}
                text={tab.text}
                history={keptHistory(live)}
                protocol={target.protocol}
                targetId={target.id}
                schema={state.schema ?? defaultSchema(target)}
                maskedWord={t('sqlRun.maskedWord')}
                onChange={text => workspace.change(tab.id, { text })}
                onRun={runner.run}
                onStop={runner.stop}
                onSelection={setSelected}
                onView={created => {
                  view.current = created
                  created?.focus()
                }}
                onHistory={history => keepHistory(live, history)}
              />
            </Suspense>
          }
          bottom={
            <ResultsPane
              key={tab.id}
              run={state.run}
              target={target}
              editor={view}
              onAgain={runner.again}
              onMore={statement => (isReading(statement) ? runner.more(statement) : undefined)}
              onExport={statement => setDialog({ kind: 'export', statement })}
            />
          }
        />
        {panel !== undefined && (
          <SidePanel
            panel={panel}
            target={target}
            onPanel={setPanel}
            onOpen={(targetId, more) => props.onOpenTab(workspace.open(targetId, more))}
          />
        )}
      </div>
      {runner.asked !== undefined && (
        <ParametersDialog
          keys={runner.asked}
          values={tab.values ?? {}}
          onRun={runner.answer}
          onClose={() => runner.answer(undefined)}
        />
      )}
      {dialog?.kind === 'save' && (
        <SaveDialog workspace={workspace} tab={tab} onClose={() => setDialog(undefined)} />
      )}
      {dialog?.kind === 'export' && (
        <ExportDialog
          target={target}
          statement={dialog.statement}
          onStarted={() => setPanel('jobs')}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog?.kind === 'import' && (
        <ImportDialog
          target={target}
          onStarted={() => setPanel('jobs')}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  )
}

/** Told quietly: the next run opens a new connection by itself. */
function useLostNotice(lost: boolean): void {
  const { t } = useWords()
  useEffect(() => {
    if (lost) notifications.show({ message: t('sqlRun.sessionLost'), color: 'gray' })
  }, [lost, t])
}

function useFormat(view: { readonly current: EditorView | undefined }, target: TargetRow, refused: string) {
  return useCallback(async () => {
    const { current: editor } = view
    if (editor === undefined) return
    const { from, to, empty } = editor.state.selection.main
    const [start, end] = empty ? [0, editor.state.doc.length] : [from, to]
    const before = editor.state.doc.sliceString(start, end)
    const { formatText } = await import('../../editor/text/format-sql.ts')
    const text = await formatText(before, target.protocol)
    // What was written meanwhile is not overwritten.
    if (editor.state.doc.sliceString(start, end) !== before) return
    if (text === undefined) notifications.show({ message: refused })
    else if (text !== before) {
      editor.dispatch({
        changes: { from: start, to: end, insert: text },
        selection: empty
          ? { anchor: Math.min(editor.state.selection.main.head, start + text.length) }
          : { anchor: start, head: start + text.length },
      })
    }
    editor.focus()
  }, [view, target.protocol, refused])
}

/** The keys of the page, wherever the focus is but in a dialog; what somebody has taken already is not taken twice. */
function useBenchKeys(onKey: (event: KeyboardEvent) => void): void {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { target } = event
      if (event.defaultPrevented || (target instanceof Element && target.closest('[role=dialog]') !== null))
        return
      latest.current(event)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

/** From the objects to the editor to the results, and round. */
function focusNext(bench: HTMLElement | null, back: boolean): void {
  const places = [...(bench?.querySelectorAll<HTMLElement>('.tree__scroll, .cm-content, .grid') ?? [])]
  const at = places.findIndex(place => place.contains(document.activeElement))
  const step = back ? places.length - 1 : 1
  places[(at + step + places.length) % places.length]?.focus()
}
