// For administrators: what needs them, and the figures of today.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../api/http.ts'
import { attentionQuery, chainQuery } from '../../api/queries.ts'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { TimeChart } from '../audit/time-chart.tsx'
import '../audit/audit.css'
import { AttentionList } from '../health/attention-list.tsx'
import { useNavigate } from '@tanstack/react-router'

const freshMs = 60_000

const midnight = (): number => new Date().setHours(0, 0, 0, 0)

export function Overview() {
  const { t } = useWords()
  const attention = useQuery(attentionQuery)
  return (
    <div className="home__overview">
      <section className="card card--padded" aria-labelledby="home-attention">
        <h2 id="home-attention">{t('home.attention')}</h2>
        <Problem error={attention.error} onRetry={() => void attention.refetch()} />
        {attention.isPending && <Placeholder rows={3} />}
        {attention.data !== undefined && <AttentionList items={attention.data} />}
      </section>
      <Today />
    </div>
  )
}

function Today() {
  const { t, count } = useWords()
  const navigate = useNavigate()
  const chain = useQuery(chainQuery)
  const today = useQuery({
    queryKey: ['audit', 'today'],
    refetchInterval: freshMs,
    queryFn: () => call('GET /api/audit/summary', { in: { fromMs: midnight() } }),
  })
  const { data } = today
  return (
    <section className="card card--padded" aria-labelledby="home-today">
      <h2 id="home-today">{t('home.today')}</h2>
      <Problem error={today.error} onRetry={() => void today.refetch()} />
      {today.isPending && <Placeholder rows={3} />}
      {data !== undefined && (
        <>
          <div className="home__figures">
            <Figure label={t('figures.statements')} value={count(data.statements)} />
            <Link to="/audit" search={{ verdict: 'denied', range: '24h' }}>
              <Figure label={t('figures.refused')} value={count(data.refused)} />
            </Link>
            <Figure label={t('home.people')} value={count(data.users.length)} />
            <Figure label={t('figures.rows')} value={count(data.rows)} />
          </div>
          <TimeChart
            summary={data}
            onChoose={(from, to) => void navigate({ to: '/audit', search: { range: 'custom', from, to } })}
          />
        </>
      )}
      {chain.data !== undefined && (
        <p className="home__chain dim">
          {chain.data.writable
            ? t('home.chain', { sequence: count(chain.data.sequence), waiting: count(chain.data.waiting) })
            : t('audit.chainBroken')}
        </p>
      )}
    </section>
  )
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <span className="home__figure">
      <strong className="number">{value}</strong>
      <span>{label}</span>
    </span>
  )
}
