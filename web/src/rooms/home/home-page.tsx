// Where everybody arrives: their connections, their last queries and requests; for administrators also what needs them.

import { getRouteApi } from '@tanstack/react-router'
import { PageHead } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { Tour } from '../../shell/tour.tsx'
import { Connections } from './connections.tsx'
import { Overview } from './overview.tsx'
import { OwnRequests, RecentQueries } from './recent.tsx'
import './home.css'

const route = getRouteApi('/')

export function HomePage() {
  const { t } = useWords()
  const { user } = useMe()
  const isAdministrator = useIsAdministrator()
  const { tour } = route.useSearch()
  return (
    <div className="page home">
      <PageHead title={t('home.title', { name: user.displayName || user.name })} lead={t('home.lead')} />
      <Tour asked={tour === true} />
      {isAdministrator && <Overview />}
      <div className="home__columns">
        <Connections />
        <div className="home__side">
          <RecentQueries />
          <OwnRequests />
        </div>
      </div>
    </div>
  )
}
