// What I did last: statements from wherever they came, and my requests.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AuditEntry, RequestRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { requestsQuery } from '../../api/queries.ts'
import { Chip, type ChipTone } from '../../parts/chips.tsx'
import { Placeholder } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'

const lookedAt = 60
const shown = 6

/** Each text once, newest first. */
function distinct(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const known = new Map<string, AuditEntry>()
  for (const entry of entries) {
    const key = `${entry.targetName ?? ''}\n${entry.text ?? ''}`
    if (entry.text !== undefined && !known.has(key)) known.set(key, entry)
  }
  return [...known.values()].slice(0, shown)
}

export function RecentQueries() {
  const { t, relative } = useWords()
  const { user } = useMe()
  const recent = useQuery({
    queryKey: ['audit', 'own', user.name],
    queryFn: async () => {
      const asked = { userName: user.name, kinds: ['statement' as const], limit: lookedAt }
      return distinct((await call('GET /api/audit/page', { in: asked })).entries)
    },
  })
  return (
    <section className="card card--padded" aria-labelledby="home-recent">
      <h2 id="home-recent">{t('home.recent')}</h2>
      {recent.isPending && <Placeholder rows={3} />}
      {recent.data?.length === 0 && <p className="dim">{t('home.recentNone')}</p>}
      <ul className="home__list">
        {recent.data?.map(entry => (
          <li key={entry.id}>
            <code title={entry.text}>{entry.text?.replace(/\s+/g, ' ').slice(0, 300)}</code>
            <span className="dim">
              {entry.targetName} · {relative(entry.atMs)}{' '}
              {entry.verdict === 'denied' && <Chip tone="bad">{t('audit.denied')}</Chip>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const tones: Readonly<Partial<Record<RequestRow['state'], ChipTone>>> = {
  pending: 'warn',
  approved: 'ok',
  refused: 'bad',
}

export function OwnRequests() {
  const { t, relative } = useWords()
  const requests = useQuery(requestsQuery)
  const own = requests.data?.own.slice(0, shown) ?? []
  return (
    <section className="card card--padded" aria-labelledby="home-requests">
      <h2 id="home-requests">{t('home.requests')}</h2>
      {requests.isPending && <Placeholder rows={2} />}
      {requests.data !== undefined && own.length === 0 && <p className="dim">{t('home.requestsNone')}</p>}
      <ul className="home__list">
        {own.map(request => (
          <li key={request.number}>
            <Link to="/requests" search={{ request: request.number }}>
              {t('home.request', { number: request.number, target: request.targetName })}
            </Link>
            <span className="dim">
              {relative(request.createdAtMs)}{' '}
              <Chip tone={tones[request.state] ?? 'plain'}>{t(`requests.state_${request.state}`)}</Chip>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
