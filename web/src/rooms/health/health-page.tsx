// How the server is: what needs attention first, then everything there is to know about it.

import { useQuery } from '@tanstack/react-query'
import type { HealthReport } from '../../../../src/console/contract.ts'
import { attentionQuery, healthQuery } from '../../api/queries.ts'
import { Chip, type ChipTone } from '../../parts/chips.tsx'
import { AdministratorsOnly, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { AttentionList } from './attention-list.tsx'
import {
  AuditCard,
  CertificatesCard,
  PortsCard,
  ServersCard,
  StorageCard,
  VersionsCard,
} from './health-cards.tsx'
import { HealthCard } from './health-card.tsx'
import { Sparkline } from './sparkline.tsx'
import './health.css'

export function HealthPage() {
  return useIsAdministrator() ? <Health /> : <AdministratorsOnly />
}

function Health() {
  const { t } = useWords()
  const report = useQuery(healthQuery)
  const attention = useQuery(attentionQuery)
  return (
    <div className="page health">
      <PageHead title={t('health.title')} lead={t('health.lead')}>
        {report.data !== undefined && (
          <Chip tone={report.data.server.ready ? 'ok' : 'bad'}>
            {report.data.server.ready ? t('health.ready') : t('health.notReady')}
          </Chip>
        )}
      </PageHead>
      <Problem error={report.error ?? attention.error} onRetry={() => void report.refetch()} />
      <HealthCard title={t('attention.title')}>
        {attention.isPending ? <Placeholder rows={2} /> : <AttentionList items={attention.data ?? []} />}
      </HealthCard>
      {report.isPending && <Placeholder rows={8} />}
      {report.data !== undefined && <Report report={report.data} />}
    </div>
  )
}

function Report({ report }: { readonly report: HealthReport }) {
  const { t, bytes, count, duration } = useWords()
  const { series, process, audit } = report
  const figures = [
    {
      name: t('health.memory'),
      values: series.rssBytes,
      least: 256 * 1024 * 1024,
      now: bytes(process.rssBytes),
      hint: t('health.heap', { bytes: bytes(process.heapBytes) }),
    },
    {
      name: t('health.loopDelay'),
      values: series.loopDelayMs,
      least: 20,
      now: duration(process.loopDelayMs),
      hint: t('health.loopHint'),
    },
    {
      name: t('health.sessions'),
      values: series.sessions,
      least: 10,
      now: count(process.openSessions),
      hint: '',
    },
    {
      name: t('health.auditWaiting'),
      values: series.waiting,
      least: 100,
      now: count(audit.waiting),
      hint: t('health.waitingHint'),
    },
  ]
  return (
    <>
      <div className="health__figures">
        {figures.map(figure => (
          <section key={figure.name} className="card health__figure" aria-label={figure.name}>
            <h2>{figure.name}</h2>
            <strong className="number">{figure.now}</strong>
            <Sparkline
              values={figure.values}
              least={figure.least}
              label={t('health.lastHour', { name: figure.name })}
            />
            <p className="dim">{figure.hint}</p>
          </section>
        ))}
      </div>
      <div className="health__cards">
        <PortsCard report={report} />
        <StorageCard report={report} />
        <AuditCard report={report} />
        <VersionsCard report={report} />
        <LimitsCard report={report} />
        <ServersCard report={report} />
      </div>
      <CertificatesCard report={report} />
    </>
  )
}

const nearPercent = 80

function LimitsCard({ report }: { readonly report: HealthReport }) {
  const { t, count } = useWords()
  return (
    <HealthCard title={t('health.limits')}>
      <ul className="health__list">
        {report.limits.map(({ name, used, max }) => {
          const percent = Math.min(100, (used / Math.max(1, max)) * 100)
          const tone: ChipTone = percent >= nearPercent ? 'warn' : 'plain'
          return (
            <li key={name}>
              <span>
                {name === 'targetPorts' ? (
                  t('health.limit_targetPorts')
                ) : (
                  <code className="mono">{name}</code>
                )}
              </span>
              <meter min={0} max={100} high={nearPercent} value={percent} aria-label={name} />
              <Chip tone={tone}>
                {count(used)} / {count(max)}
              </Chip>
            </li>
          )
        })}
      </ul>
    </HealthCard>
  )
}
