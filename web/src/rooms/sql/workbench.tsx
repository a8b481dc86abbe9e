// Editor, tables and results of one target, side by side.

import { ActionIcon, Button, Loader, Tooltip, VisuallyHidden } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import IconBinaryTree2 from '@tabler/icons-react/dist/esm/icons/IconBinaryTree2.mjs'
import IconPlayerPlayFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerPlayFilled.mjs'
import IconPlayerStopFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerStopFilled.mjs'
import type { EditorView } from '@codemirror/view'
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { TableRow, TargetRow } from '../../../../src/console/contract.ts'
import { send } from '../../api/http.ts'
import { noticeSignedOut, tablesQuery } from '../../api/queries.ts'
import { readEvents } from '../../api/query-stream.ts'
import { defaultSchema, sqlName } from '../../format/product.ts'
import { TargetTags } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { commandKey } from '../../shell/keys-help.tsx'
import { keepText, keptText } from './kept-text.ts'
import { ObjectTree } from './object-tree.tsx'
import { QueryRun } from './query-run.ts'
import { ResultsPane } from './results-pane.tsx'
import { SplitPane } from './split-pane.tsx'

const SqlEditor = lazy(() => import('../../editor/sql-editor.tsx'))
const noTables: readonly TableRow[] = []
const previewRows = 100

function previewOf(target: TargetRow, table: string): string {
  const names = table.split('.').map(name => sqlName(target.protocol, name))
  return `select * from ${names.join('.')} limit ${previewRows};`
}

function firstText(target: TargetRow, table: string | undefined): string {
  const kept = keptText(target.id)
  if (table === undefined) return kept
  const preview = previewOf(target, table)
  if (kept.includes(preview)) return kept
  return kept.trim() === '' ? preview : `${kept.trimEnd()}\n\n${preview}`
}

async function openQuery(targetId: string, text: string, signal: AbortSignal) {
  try {
    const response = await send('POST /api/targets/:id/query', {
      params: { id: targetId },
      in: { sql: text },
      signal,
    })
    return readEvents(response.body ?? new ReadableStream())
  } catch (error) {
    noticeSignedOut(error)
    throw error
  }
}

/** The text to run: the selection, or everything. */
function chosenText(
  view: EditorView | undefined,
  text: string,
): { readonly text: string; readonly offset: number } {
  const selection = view?.state.selection.main
  if (selection === undefined || selection.empty) return { text, offset: 0 }
  return { text: text.slice(selection.from, selection.to), offset: selection.from }
}

export function Workbench(props: {
  readonly target: TargetRow
  readonly table: string | undefined
  readonly picker: ReactNode
}) {
  const { t } = useWords()
  const { target } = props
  const tables = useQuery(tablesQuery(target.id))
  const [text, setText] = useState(() => firstText(target, props.table))
  const [selected, setSelected] = useState(false)
  const [run, setRun] = useState<QueryRun>()
  const [running, setRunning] = useState(false)
  const view = useRef<EditorView>(undefined)
  const current = useRef<QueryRun>(undefined)
  const [treeShown, setTreeShown] = useLocalStorage({ key: 'sekisho.sql-tree', defaultValue: true })

  useEffect(() => keepText(target.id, text), [target.id, text])
  useEffect(() => () => current.current?.stop(), [])

  const runText = useCallback(
    (chosen: string, offset: number) => {
      current.current?.stop()
      const next = new QueryRun(chosen, offset, callback => requestAnimationFrame(callback))
      current.current = next
      setRun(next)
      setRunning(true)
      void next
        .follow(signal => openQuery(target.id, chosen, signal))
        .then(() => current.current === next && setRunning(false))
    },
    [target.id],
  )
  const start = useCallback(() => {
    const chosen = chosenText(view.current, view.current?.state.doc.toString() ?? text)
    if (chosen.text.trim() !== '') runText(chosen.text, chosen.offset)
  }, [runText, text])
  const stop = useCallback(() => {
    current.current?.stop()
    setRunning(false)
  }, [])
  const insert = (name: string) => {
    const { current: editor } = view
    if (editor === undefined) return
    editor.dispatch(editor.state.replaceSelection(name))
    editor.focus()
  }

  return (
    <div className="bench">
      <VisuallyHidden component="h1">{t('sql.title')}</VisuallyHidden>
      <div className="bench__bar">
        <Tooltip label={treeShown ? t('sql.hideObjects') : t('sql.showObjects')}>
          <ActionIcon
            variant={treeShown ? 'light' : 'subtle'}
            aria-label={treeShown ? t('sql.hideObjects') : t('sql.showObjects')}
            aria-pressed={treeShown}
            onClick={() => setTreeShown(!treeShown)}
          >
            <IconBinaryTree2 size={17} />
          </ActionIcon>
        </Tooltip>
        {props.picker}
        <TargetTags tags={target.tags} />
        <span style={{ flex: 1 }} />
        <Button
          size="xs"
          variant="default"
          disabled={!running}
          leftSection={<IconPlayerStopFilled size={13} />}
          onClick={stop}
        >
          {t('sql.stop')}
        </Button>
        <Button
          size="xs"
          leftSection={<IconPlayerPlayFilled size={13} />}
          rightSection={<span className="bench__key">{commandKey} ⏎</span>}
          onClick={start}
          loading={running}
        >
          {selected ? t('sql.runSelection') : t('sql.run')}
        </Button>
      </div>
      <div className="bench__body" data-tree={treeShown || undefined}>
        {treeShown && <ObjectTree target={target} tables={tables} onInsert={insert} />}
        <SplitPane
          label={t('sql.resize')}
          top={
            <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
              <SqlEditor
                label={t('sql.editor')}
                hint={t('sql.placeholder')}
                text={text}
                protocol={target.protocol}
                defaultSchema={defaultSchema(target)}
                tables={tables.data ?? noTables}
                onChange={setText}
                onRun={start}
                onStop={stop}
                onSelection={setSelected}
                onView={created => {
                  view.current = created
                  created?.focus()
                }}
              />
            </Suspense>
          }
          bottom={<ResultsPane run={run} tables={tables.data ?? noTables} editor={view} onRun={runText} />}
        />
      </div>
    </div>
  )
}
