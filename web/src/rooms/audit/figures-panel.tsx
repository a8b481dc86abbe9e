// Figures over what is looked for: by time, and by what it was about. A click on any of them narrows the search.

import { useQuery } from '@tanstack/react-query'
import type { AuditCount, AuditSummary } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { TimeChart } from './time-chart.tsx'
import { auditFilter, cleaned, type TrailChange, type TrailSearch } from './trail-filter.ts'

const freshMs = 15_000

export function FiguresPanel(props: {
  readonly search: TrailSearch
  readonly onChange: (search: TrailSearch) => void
}) {
  const { t, count, time } = useWords()
  const { entry: _, figures: _figures, ...looked } = props.search
  const summary = useQuery({
    queryKey: ['audit', 'summary', looked],
    refetchInterval: freshMs,
    placeholderData: previous => previous,
    queryFn: () => {
      const { kinds: _kinds, ...filter } = auditFilter(looked, Date.now())
      return call('GET /api/audit/summary', { in: filter })
    },
  })
  const set = (change: TrailChange) => props.onChange(cleaned({ ...props.search, ...change }))
  if (summary.isError) return <Problem error={summary.error} onRetry={() => void summary.refetch()} />
  const { data } = summary
  if (data === undefined) return <Placeholder rows={4} />
  const notAll = data.countedFromMs > data.fromMs
  return (
    <section className="card figures" aria-label={t('figures.title')}>
      <div className="figures__sums">
        <Sum label={t('figures.statements')} value={count(data.statements)} />
        <Sum label={t('figures.refused')} value={count(data.refused)} tone="bad" />
        <Sum label={t('figures.rows')} value={count(data.rows)} />
        <p className="dim">
          {notAll
            ? t('figures.notAll', { from: time(data.countedFromMs) })
            : t('figures.span', { from: time(data.fromMs), to: time(data.toMs) })}
        </p>
      </div>
      <TimeChart summary={data} onChoose={(from, to) => set({ range: 'custom', from, to })} />
      <div className="figures__tops">
        <Top title={t('figures.tables')} rows={data.tables} onChoose={table => set({ table })} mono />
        <Top title={t('figures.users')} rows={data.users} onChoose={user => set({ user })} />
        <Top
          title={t('figures.policies')}
          rows={data.policies}
          onChoose={policy => set(policy === '' ? { verdict: 'denied' } : { policy, verdict: 'denied' })}
          nameless={t('audit.noPolicy')}
        />
        <Top title={t('figures.columns')} rows={data.columns} onChoose={column => set({ column })} mono />
        <Slowest
          rows={data.slowest}
          onChoose={(shape, ms) => set({ q: quoted(shape), msMin: Math.floor(ms) })}
        />
      </div>
    </section>
  )
}

/** The beginning of a shape as words that belong together; a search knows no double quotes within. */
const quoted = (shape: string): string => `"${shape.split('"')[0]?.slice(0, 200).trim() ?? ''}"`

function Sum(props: { readonly label: string; readonly value: string; readonly tone?: 'bad' }) {
  return (
    <p className="figures__sum" data-tone={props.tone}>
      <strong className="number">{props.value}</strong>
      <span>{props.label}</span>
    </p>
  )
}

function Top(props: {
  readonly title: string
  readonly rows: readonly AuditCount[]
  readonly onChoose: (name: string) => void
  readonly nameless?: string
  readonly mono?: boolean
}) {
  const { t, count } = useWords()
  const most = Math.max(1, ...props.rows.map(row => row.count))
  return (
    <div className="top">
      <h3>{props.title}</h3>
      {props.rows.length === 0 && <p className="dim">{t('figures.none')}</p>}
      <ol>
        {props.rows.map(row => {
          const name = row.name === '' ? (props.nameless ?? '') : row.name
          return (
            <li key={row.name}>
              <button type="button" onClick={() => props.onChoose(row.name)} title={name}>
                <span className="top__bar" style={{ width: `${(100 * row.count) / most}%` }} />
                <span className={props.mono === true ? 'top__name mono' : 'top__name'}>{name}</span>
                <span className="number">{count(row.count)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function Slowest(props: {
  readonly rows: AuditSummary['slowest']
  readonly onChoose: (shape: string, maxMs: number) => void
}) {
  const { t, duration } = useWords()
  const most = Math.max(1, ...props.rows.map(row => row.maxMs))
  return (
    <div className="top">
      <h3>{t('figures.slowest')}</h3>
      {props.rows.length === 0 && <p className="dim">{t('figures.none')}</p>}
      <ol>
        {props.rows.map(({ shape, maxMs, meanMs, count: times }) => (
          <li key={shape}>
            <button type="button" onClick={() => props.onChoose(shape, maxMs)} title={shape}>
              <span className="top__bar" style={{ width: `${(100 * maxMs) / most}%` }} />
              <span className="top__name mono">{shape.replace(/\s+/g, ' ')}</span>
              <span className="number" title={t('figures.mean', { mean: duration(meanMs), count: times })}>
                {duration(maxMs)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}
