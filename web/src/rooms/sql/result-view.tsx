// One result: as a grid, a chart or a plan, with what can be done with its rows.

import { ActionIcon, Button, Loader, SegmentedControl, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconLayoutSidebarRight from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarRight.mjs'
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import type { CellRange } from './cell-range.ts'
import { CellPanel } from './cell-panel.tsx'
import { keepLook, keptLook } from './kept-view.ts'
import { CopyMenu } from './copy-menu.tsx'
import { PlanView } from './plan/plan-view.tsx'
import type { QueryResult, QueryRun } from './query-run.ts'
import { ResultGrid } from './result-grid.tsx'
import { type RowSort, rowOrder } from './row-order.ts'
import { planOf, statementOf, tableOf } from './run-facts.ts'

const ChartView = lazy(() => import('./chart/chart-view.tsx'))
const filterDelayMs = 150

interface ResultViewProps {
  readonly tabs: ReactNode
  readonly phase: ReactNode
  readonly run: QueryRun
  readonly running: boolean
  readonly result: QueryResult
  readonly version: number
  readonly target: TargetRow
  readonly onMore: ((statement: string) => void) | undefined
  readonly onExport: (statement: string) => void
}

export function ResultView(props: ResultViewProps) {
  const { t } = useWords()
  const { result, run, target, version } = props
  const [before] = useState(() => keptLook(result))
  const [form, setForm] = useState(before?.form ?? 'grid')
  const [filter, setFilter] = useState(before?.filter ?? '')
  const [wanted] = useDebouncedValue(filter, filterDelayMs)
  const [sort, setSort] = useState<RowSort | undefined>(before?.sort)
  const [range, setRange] = useState<CellRange | undefined>(before?.range)
  const [cellShown, setCellShown] = useState(before?.cellShown ?? false)
  useEffect(
    () => keepLook(result, { form, filter, sort, range, cellShown }),
    [result, form, filter, sort, range, cellShown],
  )
  const isDone = result.done !== undefined || !props.running
  const found = useMemo(() => (isDone ? planOf(result) : undefined), [result, isDone])
  const statement = useMemo(
    () => statementOf(run, result.statement, target.protocol),
    [run, result, target.protocol],
  )
  const table = useMemo(() => tableOf(statement, target.protocol), [statement, target.protocol])
  const order = useMemo(
    () => rowOrder(result.rows, result.columns, sort, wanted),
    // The rows are one list that grows: its length tells that there are more.
    [result, sort, wanted, result.rows.length],
  )
  const onSort = useCallback((next: RowSort | undefined) => {
    setSort(next)
    setRange(undefined)
  }, [])
  const toggleCell = useCallback(() => setCellShown(shown => !shown), [])
  const cell = range?.focus
  const number = cell === undefined ? undefined : order === undefined ? cell.row : order[cell.row]
  return (
    <>
      <div className="results__bar">
        {props.tabs}
        {found === undefined && (
          <>
            <SegmentedControl
              size="xs"
              className="results__form"
              aria-label={t('sqlResults.shownAs')}
              value={form}
              onChange={next => setForm(next === 'chart' ? 'chart' : 'grid')}
              data={[
                { value: 'grid', label: t('sqlResults.grid') },
                { value: 'chart', label: t('sqlResults.chart') },
              ]}
            />
            <TextInput
              size="xs"
              type="search"
              className="results__filter"
              leftSection={<IconFilter size={13} />}
              aria-label={t('sqlResults.filter')}
              placeholder={t('sqlResults.filter')}
              title={t('sqlResults.filterHint')}
              value={filter}
              onChange={event => {
                setFilter(event.currentTarget.value)
                setRange(undefined)
              }}
            />
          </>
        )}
        <Facts {...props} shown={order?.length} />
        {found === undefined && (
          <>
            <CopyMenu result={result} order={order} range={range} protocol={target.protocol} table={table} />
            <Tooltip label={t('sqlResults.export')}>
              <ActionIcon
                size="sm"
                variant="default"
                aria-label={t('sqlResults.export')}
                onClick={() => props.onExport(statement)}
              >
                <IconDownload size={13} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('sqlResults.cellPanel')}>
              <ActionIcon
                size="sm"
                variant={cellShown ? 'light' : 'default'}
                aria-label={t('sqlResults.cellPanel')}
                aria-pressed={cellShown}
                onClick={toggleCell}
              >
                <IconLayoutSidebarRight size={13} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </div>
      {result.done?.truncated === true && <CutNote {...props} statement={statement} />}
      <div className="results__body" role="tabpanel" aria-label={t('sql.results')}>
        {found !== undefined ? (
          <PlanView plan={found.plan} text={found.text} />
        ) : form === 'chart' ? (
          <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
            <ChartView result={result} version={version} />
          </Suspense>
        ) : (
          <div className="results__split">
            <ResultGrid
              result={result}
              order={order}
              sort={sort}
              onSort={onSort}
              range={range}
              onRange={setRange}
              onCell={toggleCell}
              version={version}
            />
            {cellShown && cell !== undefined && number !== undefined && (
              <CellPanel
                column={result.columns[cell.column]}
                row={number}
                value={result.rows[number]?.[cell.column] ?? null}
                onClose={() => setCellShown(false)}
              />
            )}
          </div>
        )}
      </div>
    </>
  )
}

function Facts(props: ResultViewProps & { readonly shown: number | undefined }) {
  const { t, count, duration } = useWords()
  const { result, running, shown } = props
  const maskedCount = result.columns.filter(({ masked }) => masked !== undefined).length
  const rows = result.done?.rows ?? result.rows.length
  return (
    <div className="results__facts number" role="status">
      {props.phase}
      {maskedCount > 0 && <Chip tone="hidden">{t('sql.maskedCount', { count: maskedCount })}</Chip>}
      {shown !== undefined && (
        <span title={t('sqlResults.filterHint')}>
          {t('sqlResults.ofLoaded', { shown: count(shown), loaded: count(result.rows.length) })}
        </span>
      )}
      {shown === undefined && (
        <span>
          {result.done === undefined && running
            ? t('sql.rowsSoFar', { count: rows, replace: { count: count(rows) } })
            : t('sql.rows', { count: rows, replace: { count: count(rows) } })}
        </span>
      )}
      {result.done !== undefined && <span>{duration(result.done.durationMs)}</span>}
    </div>
  )
}

/** There is more than was read. */
function CutNote(props: ResultViewProps & { readonly statement: string }) {
  const { t, count } = useWords()
  const { onMore, statement } = props
  return (
    <div className="results__note" role="status">
      <span>
        {t('sqlResults.truncated', {
          count: props.result.rows.length,
          replace: { count: count(props.result.rows.length) },
        })}
      </span>
      {onMore !== undefined && (
        <Button size="compact-xs" variant="default" onClick={() => onMore(statement)}>
          {t('sqlResults.loadMore')}
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => props.onExport(statement)}>
        {t('sqlResults.exportAll')}
      </Button>
    </div>
  )
}
