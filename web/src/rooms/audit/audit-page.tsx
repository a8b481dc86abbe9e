// The audit: what passed and what was turned away.

import { Button, Switch, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import IconChartBar from '@tabler/icons-react/dist/esm/icons/IconChartBar.mjs'
import IconLink from '@tabler/icons-react/dist/esm/icons/IconLink.mjs'
import IconLinkOff from '@tabler/icons-react/dist/esm/icons/IconLinkOff.mjs'
import IconNotebook from '@tabler/icons-react/dist/esm/icons/IconNotebook.mjs'
import { lazy, Suspense, useState } from 'react'
import { chainQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { EntryDrawer } from './entry-drawer.tsx'
import type { TrailSearch } from './trail-filter.ts'
import { ExportMenu } from './export-menu.tsx'
import { TrailFilters } from './trail-filters.tsx'
import { TrailList } from './trail-list.tsx'
import { useTrail } from './use-trail.ts'
import './audit.css'

const FiguresPanel = lazy(async () => ({ default: (await import('./figures-panel.tsx')).FiguresPanel }))
const route = getRouteApi('/audit')
// A few are always on their way.
const waitingWorthTelling = 200

export function AuditPage() {
  return useIsAdministrator() ? <Audit /> : <AdministratorsOnly />
}

function Audit() {
  const { t } = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [live, setLive] = useState(true)
  const trail = useTrail(search, live)
  const { entry, ...filters } = search
  const { figures, ...narrowed } = filters
  const filtered = Object.keys(narrowed).length > 0
  const change = (next: TrailSearch) => void navigate({ search: next, replace: true })
  return (
    <div className="page page--full audit">
      <PageHead title={t('audit.title')} lead={t('audit.lead')}>
        <ChainChip />
        <ExportMenu search={search} />
        <Button
          size="xs"
          variant={figures === true ? 'light' : 'default'}
          leftSection={<IconChartBar size={15} />}
          aria-pressed={figures === true}
          onClick={() => change(figures === true ? { ...narrowed } : { ...search, figures: true })}
        >
          {t('figures.title')}
        </Button>
        <Tooltip label={t('audit.liveHint')}>
          <div>
            <Switch
              size="sm"
              label={t('audit.live')}
              checked={live}
              onChange={event => setLive(event.currentTarget.checked)}
            />
          </div>
        </Tooltip>
      </PageHead>
      <TrailFilters search={search} onChange={change} />
      {figures === true && (
        <Suspense fallback={<Placeholder rows={4} />}>
          <FiguresPanel search={search} onChange={next => void navigate({ search: next })} />
        </Suspense>
      )}
      <Problem error={trail.error} onRetry={trail.reload} />
      <div className="card audit__list">
        {trail.entries === undefined && trail.error === undefined && <Placeholder rows={12} />}
        {trail.entries?.length === 0 && trail.complete && (
          <Empty
            icon={<IconNotebook size={40} stroke={1.4} />}
            title={t('audit.empty')}
            text={filtered ? t('audit.emptyHint') : t('audit.emptyAll')}
          >
            {filtered && (
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                {t('audit.clearFilters')}
              </Button>
            )}
          </Empty>
        )}
        {trail.entries !== undefined && (trail.entries.length > 0 || !trail.complete) && (
          <TrailList
            trail={trail}
            chosen={entry}
            onChoose={id => void navigate({ search: { ...search, entry: id } })}
          />
        )}
      </div>
      <EntryDrawer
        id={entry}
        onChoose={id => void navigate({ search: { ...search, entry: id } })}
        onClose={() => void navigate({ search: filters })}
      />
    </div>
  )
}

/** How far the chain is, always in sight. Nobody verifies it here: the hash can be compared, and the program says how. */
function ChainChip() {
  const { t, count } = useWords()
  const chain = useQuery(chainQuery)
  if (chain.data === undefined) return null
  const { writable, sequence, waiting, hash } = chain.data
  return (
    <span role="status" style={{ display: 'inline-flex', gap: 6 }}>
      <Tooltip label={t('audit.chainHow', { hash })} multiline maw={420} style={{ overflowWrap: 'anywhere' }}>
        <span tabIndex={0}>
          <Chip tone={writable ? 'plain' : 'bad'}>
            {writable ? <IconLink size={12} /> : <IconLinkOff size={12} />}
            {writable ? t('audit.chainAt', { sequence: count(sequence) }) : t('audit.chainBroken')}
          </Chip>
        </span>
      </Tooltip>
      {waiting > waitingWorthTelling && (
        <Chip tone="outline">{t('audit.chainWaiting', { count: waiting })}</Chip>
      )}
    </span>
  )
}
