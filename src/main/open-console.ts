// The console, with everything of the house that it shows and changes.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { createConsole } from '../console/create-console.ts'
import { systemClock } from '../core/clock.ts'
import { protocols } from '../protocols/index.ts'
import { createAuditFilterStore } from '../storage/audit-filter-store.ts'
import { askHostKey } from '../tunnel/host-key.ts'
import type { Config } from './config.ts'
import type { Health } from './health/open-health.ts'
import type { Rooms } from './rooms.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export function openConsole(
  config: Config,
  version: string,
  log: Logger,
  rooms: Rooms,
  health: Health,
  ready: () => Promise<readonly string[]>,
) {
  const { access, catalog, policyBook, policyLanguage, auditSearch, openTarget, mayConnect, see } = rooms
  const { apiTokens, requests, sessions, permitPlan } = rooms
  return createConsole({
    access,
    apiTokens,
    devices: rooms.devices,
    tunnelPort: config.tunnel.port,
    requests,
    sessions,
    permitPlan,
    catalog,
    policyBook,
    policyLanguage,
    ruleBook: rooms.ruleBook,
    rehearse: (...asked) => rooms.gate.rehearse(...asked),
    recordTrial: rooms.recordTrial,
    timeZone: config.timeZone,
    auditSearch,
    auditFilters: createAuditFilterStore(rooms.database),
    snapshots: rooms.snapshots,
    openTarget,
    savedQueries: rooms.savedQueries,
    jobFiles: rooms.jobFiles,
    recordChange: rooms.recordChange,
    tryTarget: (target, password, jumpSecret) =>
      protocols[target.protocol].tryTarget(target, password, config.limits, where =>
        rooms.openWay(where, undefined, jumpSecret),
      ),
    askHostKey: place => askHostKey(place, config.limits.jumpConnectTimeoutMs),
    mayConnect,
    see,
    clock: systemClock,
    limits: config.limits,
    version,
    log,
    webFolder: join(root, 'dist/web'),
    publicHost: config.publicHost,
    cookieSecure: config.console.secure,
    trustedProxies: config.console.trustedProxies,
    reach: health.reach,
    health,
    ready,
    metrics: () => rooms.metrics.text(),
  })
}
