// The parts of the health page: ports, storage, audit, versions, servers, certificates.

import type { ReactNode } from 'react'
import type { HealthReport } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { HealthCard } from './health-card.tsx'

interface CardProps {
  readonly report: HealthReport
}

function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function PortsCard({ report }: CardProps) {
  const { t, count, said } = useWords()
  const { ports, targetPorts } = report
  const { host, first, last, wanted, open, hidden, failures } = targetPorts
  return (
    <HealthCard title={t('health.ports')}>
      <ul className="health__list">
        {ports.map(({ name, host: at, port, listening }) => (
          <li key={name}>
            <span>{t(`health.port_${name}`)}</span>
            <code className="mono">
              {at}:{port}
            </code>
            <Chip tone={listening ? 'ok' : 'bad'}>
              {listening ? t('health.listening') : t('health.closed')}
            </Chip>
          </li>
        ))}
        <li>
          <span>{t('health.port_targets')}</span>
          <code className="mono">
            {host}:{first}–{last}
          </code>
          <Chip tone={open >= wanted ? 'ok' : 'bad'}>
            {t('health.portsOpen', { open: count(open), wanted: count(wanted) })}
          </Chip>
        </li>
      </ul>
      {hidden > 0 && (
        <p className="dim">{t('health.hidden', { count: hidden, replace: { count: count(hidden) } })}</p>
      )}
      {failures.length > 0 && (
        <ul className="health__list">
          {failures.map(({ name, reason }) => (
            <li key={name}>
              <strong>{name}</strong>
              <span className="health__bad">{said(reason)}</span>
            </li>
          ))}
        </ul>
      )}
    </HealthCard>
  )
}

export function StorageCard({ report: { storage } }: CardProps) {
  const { t, bytes, duration } = useWords()
  return (
    <HealthCard title={t('health.storage')}>
      <Facts
        rows={[
          [t('health.database'), storage.version],
          [t('health.size'), storage.bytes === undefined ? '–' : bytes(storage.bytes)],
          [
            t('health.write'),
            storage.writeMs === undefined ? (
              <Chip tone="bad">{t('health.unwritable')}</Chip>
            ) : (
              <Chip tone="ok">{t('health.written', { duration: duration(storage.writeMs) })}</Chip>
            ),
          ],
          [
            t('health.migrations'),
            <span key="steps">
              {storage.migrations} · <code className="mono">{storage.lastMigration}</code>
            </span>,
          ],
        ]}
      />
    </HealthCard>
  )
}

export function AuditCard({ report: { audit, queues } }: CardProps) {
  const { t, count, bytes, relative } = useWords()
  const checks = queues.find(queue => queue.name === 'targetChecks')?.length ?? 0
  return (
    <HealthCard title={t('health.audit')}>
      <Facts
        rows={[
          [
            t('health.chain'),
            <Chip key="chain" tone={audit.writable ? 'ok' : 'bad'}>
              {audit.writable ? t('health.writable') : t('health.unwritable')}
            </Chip>,
          ],
          [t('health.entries'), count(audit.entries)],
          [t('health.waiting'), count(audit.waiting)],
          [t('health.lastEntry'), audit.lastEntryAtMs === undefined ? '–' : relative(audit.lastEntryAtMs)],
          [
            t('health.journal'),
            t('health.journalSize', { size: bytes(audit.journalBytes), files: audit.journalFiles }),
          ],
          [t('health.checksWaiting'), count(checks)],
        ]}
      />
    </HealthCard>
  )
}

export function VersionsCard({ report: { server } }: CardProps) {
  const { t, time, relative } = useWords()
  return (
    <HealthCard title={t('health.versions')}>
      <Facts
        rows={[
          ['Sekisho', server.version],
          ['Node.js', server.node],
          [t('health.system'), server.system],
          [
            t('health.started'),
            <span key="started" title={time(server.startedAtMs)}>
              {relative(server.startedAtMs)}
            </span>,
          ],
        ]}
      />
    </HealthCard>
  )
}

export function ServersCard({ report: { servers, atMs } }: CardProps) {
  const { t, relative } = useWords()
  return (
    <HealthCard title={t('health.servers')}>
      <ul className="health__list">
        {servers.map(({ id, here, seenAtMs }) => (
          <li key={id}>
            <code className="mono">{id.slice(0, 8)}</code>
            <Chip tone={atMs - seenAtMs > 10_000 ? 'warn' : 'ok'}>
              {here ? t('health.thisOne') : relative(seenAtMs)}
            </Chip>
          </li>
        ))}
      </ul>
      {servers.length === 1 && <p className="dim">{t('health.alone')}</p>}
    </HealthCard>
  )
}

const soonMs = 14 * 24 * 60 * 60 * 1000
const rowsShown = 50

export function CertificatesCard({ report: { certificates, atMs } }: CardProps) {
  const { t, time, relative, count } = useWords()
  return (
    <HealthCard title={t('health.certificates')}>
      <table className="list-table health__certificates">
        <thead>
          <tr>
            <th>{t('health.use')}</th>
            <th>{t('health.subject')}</th>
            <th>{t('health.ends')}</th>
          </tr>
        </thead>
        <tbody>
          {certificates.slice(0, rowsShown).map(({ use, name, subject, endsAtMs }) => (
            <tr key={`${use} ${name} ${subject}`}>
              <td>
                {t(`health.use_${use}`)} {name !== '' && <strong>{name}</strong>}
              </td>
              <td className="dim">{subject === 'self-signed' ? t('health.selfSigned') : subject}</td>
              <td title={time(endsAtMs)}>
                {endsAtMs < atMs + soonMs ? (
                  <Chip tone={endsAtMs < atMs ? 'bad' : 'warn'}>{relative(endsAtMs)}</Chip>
                ) : (
                  time(endsAtMs)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {certificates.length > rowsShown && (
        <p className="dim">
          {t('targetList.andMore', {
            count: certificates.length - rowsShown,
            replace: { count: count(certificates.length - rowsShown) },
          })}
        </p>
      )}
    </HealthCard>
  )
}
