// A chart of a result: which columns, which kind; drawn on a canvas.

import { MultiSelect, SegmentedControl, Select } from '@mantine/core'
import IconChartBar from '@tabler/icons-react/dist/esm/icons/IconChartBar.mjs'
import { useEffect, useMemo, useRef, useState } from 'react'
import UPlot, { type Options, type Series } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { Empty } from '../../../parts/page.tsx'
import { useWords } from '../../../parts/words.ts'
import type { QueryResult } from '../query-run.ts'
import {
  barSeriesMax,
  barsMax,
  type ChartChoice,
  type ChartKind,
  type ChartPoints,
  chartPoints,
  defaultChart,
} from './chart-data.ts'

const kinds: readonly ChartKind[] = ['bar', 'line', 'scatter']
/** Told apart by those who see no red and green, in light and dark. */
const inks = ['#2f7fa6', '#d9822b', '#8a70c6', '#3f9b6f', '#c0504d', '#7f8c96'] as const
const labelCharsMax = 14

export default function ChartView(props: { readonly result: QueryResult; readonly version: number }) {
  const { t, count } = useWords()
  const { result } = props
  const { columns, rows } = result
  const first = useMemo(() => defaultChart(columns), [columns])
  const [chosen, setChosen] = useState<ChartChoice>()
  const choice = chosen ?? first
  const points = useMemo(
    () => (choice === undefined ? undefined : chartPoints(columns, rows, choice)),
    // The rows are one list that grows.
    [columns, rows, choice, props.version],
  )
  if (choice === undefined || points === undefined) {
    return (
      <Empty
        icon={<IconChartBar size={40} stroke={1.4} />}
        title={t('sqlPlan.noNumbers')}
        text={t('sqlPlan.noNumbersHint')}
      />
    )
  }
  const options = columns.map(({ name }, index) => ({ value: String(index), label: name }))
  return (
    <div className="chart">
      <div className="plan__bar">
        <SegmentedControl
          size="xs"
          aria-label={t('sqlPlan.chartKind')}
          value={choice.kind}
          onChange={kind =>
            setChosen({
              ...choice,
              kind: kind as ChartKind,
              y: kind === 'bar' ? choice.y.slice(0, barSeriesMax) : choice.y,
            })
          }
          data={kinds.map(kind => ({ value: kind, label: t(`sqlPlan.chart_${kind}`) }))}
        />
        <Select
          size="xs"
          w={170}
          leftSection="X"
          aria-label={t('sqlPlan.across')}
          data={options}
          value={String(choice.x)}
          allowDeselect={false}
          onChange={next => next !== null && setChosen({ ...choice, x: Number(next) })}
        />
        <MultiSelect
          size="xs"
          miw={200}
          maw={420}
          leftSection="Y"
          aria-label={t('sqlPlan.up')}
          data={options}
          value={choice.y.map(String)}
          maxValues={choice.kind === 'bar' ? barSeriesMax : inks.length}
          onChange={next => setChosen({ ...choice, y: next.map(Number) })}
        />
        <span className="dim">
          {points.cut && t('sqlPlan.barsCut', { count: barsMax, replace: { count: count(barsMax) } })}
        </span>
      </div>
      <Drawing choice={choice} points={points} names={choice.y.map(index => columns[index]?.name ?? '')} />
    </div>
  )
}

function Drawing(props: {
  readonly choice: ChartChoice
  readonly points: ChartPoints
  readonly names: readonly string[]
}) {
  const host = useRef<HTMLDivElement>(null)
  const { choice, points, names } = props
  useEffect(() => {
    const { current } = host
    if (current === null) return undefined
    const plot = new UPlot(
      optionsOf(current, choice, points, names),
      [[...points.xs], ...points.ys.map(values => [...values])],
      current,
    )
    const observer = new ResizeObserver(() => plot.setSize(sizeOf(current)))
    observer.observe(current)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [choice, points, names.join('\u0000')])
  return <div ref={host} className="chart__drawing" />
}

const legendPx = 40
const sizeOf = (host: HTMLElement) => ({
  width: Math.max(200, host.clientWidth),
  height: Math.max(120, host.clientHeight - legendPx),
})

function seriesOf(choice: ChartChoice, index: number, name: string, bars: number): Series {
  const stroke = inks[index % inks.length] ?? inks[0]
  const common = { label: name, stroke, width: 1.5 }
  if (choice.kind === 'scatter') {
    return { ...common, paths: () => null, points: { show: true, size: 5, fill: stroke } }
  }
  if (choice.kind === 'line') return common
  const paths = UPlot.paths.bars?.({ size: [0.7 / bars, 60], align: bars === 1 ? 0 : index === 0 ? -1 : 1 })
  return {
    ...common,
    fill: `${stroke}cc`,
    ...(paths === undefined ? {} : { paths }),
    points: { show: false },
  }
}

function optionsOf(
  host: HTMLElement,
  choice: ChartChoice,
  points: ChartPoints,
  names: readonly string[],
): Options {
  const style = getComputedStyle(host)
  const ink = style.getPropertyValue('--s-dim')
  const line = style.getPropertyValue('--s-line')
  const font = `12px ${style.fontFamily}`
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } }
  const isLabelled = points.scale === 'label'
  const label = (at: number) => {
    const text = points.labels[at] ?? ''
    return text.length > labelCharsMax ? `${text.slice(0, labelCharsMax - 1)}…` : text
  }
  return {
    ...sizeOf(host),
    scales: {
      x: {
        time: points.scale === 'time',
        ...(isLabelled
          ? { range: (): [number, number] => [-0.7, Math.max(0.7, points.xs.length - 0.3)] }
          : {}),
      },
      // A bar that does not begin at nothing tells a lie.
      ...(choice.kind === 'bar'
        ? {
            y: {
              range: (_: unknown, low: number, high: number): [number, number] => [
                Math.min(0, low),
                Math.max(0, high) * 1.05 || 1,
              ],
            },
          }
        : {}),
    },
    axes: [
      isLabelled
        ? {
            ...axis,
            values: (_, splits) => splits.map(at => (Number.isInteger(at) ? label(at) : '')),
            space: 90,
            incrs: [1, 2, 5, 10, 20, 50, 100, 1_000, 10_000],
          }
        : axis,
      { ...axis, size: 70 },
    ],
    series: [
      isLabelled
        ? { label: 'X', value: (_, at) => (at === null ? '' : (points.labels[at] ?? '')) }
        : { label: 'X' },
      ...names.map((name, index) => seriesOf(choice, index, name, names.length)),
    ],
  }
}
