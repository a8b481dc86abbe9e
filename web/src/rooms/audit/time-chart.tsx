// Statements over time, refused ones among them: a drawing of bars. Each leads to the time that it stands for.

import { useState } from 'react'
import type { AuditSummary } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'

const height = 96
const width = 1_000
const gap = 0.15

export function TimeChart(props: {
  readonly summary: AuditSummary
  readonly onChoose: (fromMs: number, toMs: number) => void
}) {
  const { t, count, shortTime, time } = useWords()
  const { buckets, bucketMs } = props.summary
  const [pointed, setPointed] = useState<number>()
  const most = Math.max(1, ...buckets.map(bucket => bucket.statements))
  const step = width / Math.max(1, buckets.length)
  const bar = (value: number) => (value === 0 ? 0 : Math.max(2, (height * value) / most))
  const told = pointed === undefined ? undefined : buckets[pointed]
  const first = buckets[0]
  const last = buckets.at(-1)
  const choose = (index: number) => {
    const bucket = buckets[index]
    if (bucket !== undefined) props.onChoose(bucket.atMs, bucket.atMs + bucketMs - 1)
  }
  return (
    <figure className="time-chart">
      <figcaption>
        <span>{t('figures.overTime')}</span>
        <span className="dim number" aria-live="polite">
          {told === undefined
            ? t('figures.most', { count: most, replace: { count: count(most) } })
            : t('figures.bucket', {
                from: time(told.atMs),
                statements: count(told.statements),
                refused: count(told.refused),
                rows: count(told.rows),
              })}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="slider"
        tabIndex={0}
        aria-label={t('figures.overTime')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, buckets.length - 1)}
        aria-valuenow={pointed ?? 0}
        aria-valuetext={
          told === undefined
            ? t('figures.title')
            : t('figures.bucket', {
                from: time(told.atMs),
                statements: count(told.statements),
                refused: count(told.refused),
                rows: count(told.rows),
              })
        }
        onMouseLeave={() => setPointed(undefined)}
        onKeyDown={event => {
          const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
          if (move !== 0)
            setPointed(now =>
              Math.min(buckets.length - 1, Math.max(0, (now ?? (move > 0 ? -1 : buckets.length)) + move)),
            )
          else if (event.key === 'Enter' && pointed !== undefined) choose(pointed)
          else return
          event.preventDefault()
        }}
      >
        {buckets.map((bucket, index) => (
          <g key={bucket.atMs} data-pointed={index === pointed || undefined}>
            <rect
              className="time-chart__all"
              x={step * (index + gap / 2)}
              width={step * (1 - gap)}
              y={height - bar(bucket.statements)}
              height={bar(bucket.statements)}
            />
            <rect
              className="time-chart__refused"
              x={step * (index + gap / 2)}
              width={step * (1 - gap)}
              y={height - bar(bucket.refused)}
              height={bar(bucket.refused)}
            />
            <rect
              className="time-chart__touch"
              x={step * index}
              width={step}
              y={0}
              height={height}
              onMouseEnter={() => setPointed(index)}
              onClick={() => choose(index)}
            />
          </g>
        ))}
      </svg>
      <div className="time-chart__axis dim number" aria-hidden>
        <span>{first === undefined ? '' : shortTime(first.atMs)}</span>
        <span>{last === undefined ? '' : shortTime(last.atMs + bucketMs)}</span>
      </div>
    </figure>
  )
}
