// How the server is, put together from what the rooms know of themselves; and the looks at targets in the background.

import { createReach, type Reach } from '../../catalog/reach.ts'
import type { AttentionItem, HealthReport } from '../../console/contract.ts'
import { systemClock } from '../../core/clock.ts'
import type { TargetId } from '../../core/ids.ts'
import type { User } from '../../core/user.ts'
import { databaseFacts } from '../../storage/database-facts.ts'
import { journalFacts } from '../../storage/journal-facts.ts'
import type { Certificate } from '../certificates.ts'
import type { Config } from '../config.ts'
import type { Listeners } from '../listeners.ts'
import type { ProtocolLog } from '../../protocols/protocol.ts'
import type { Rooms } from '../rooms.ts'
import { findAttention } from './attention.ts'
import { certificatesInUse } from './certificates-in-use.ts'
import { createFigures } from './figures.ts'
import { limitsInUse } from './limits-in-use.ts'
import { createTargetLooks } from './target-looks.ts'

export interface HealthParts {
  readonly config: Config
  readonly version: string
  readonly rooms: Rooms
  readonly listeners: Listeners
  readonly certificate: Certificate
  readonly log: ProtocolLog
  /** Reasons why nobody should be sent here. */
  readonly ready: () => Promise<readonly string[]>
  readonly isConsoleOpen: () => boolean
  readonly isTunnelOpen: () => boolean
}

export interface Health {
  readonly reach: Reach
  report(): Promise<HealthReport>
  attention(user: User): Promise<readonly AttentionItem[]>
  /** Begins to look at targets. */
  start(): void
  close(): void
}

const tickMs = 1_000
/** Pages that ask at the same time get the same answer. */
const freshMs = 1_000

export function openHealth(parts: HealthParts): Health {
  const { config, rooms, log } = parts
  const { catalog, gate } = rooms
  const warn = (error: unknown): void => log.warn({ err: error }, 'a look at a target failed')
  const reach = createReach({
    all: () => catalog.targets.list(),
    look: createTargetLooks({
      password: target => catalog.targets.password(target.id),
      openWay: rooms.openWay,
      limits: config.limits,
    }),
    clock: systemClock,
    limits: config.limits,
    warn,
  })
  const figures = createFigures({
    nowMs: () => systemClock.nowMs(),
    sessions: () => gate.visits().length,
    waiting: () => rooms.auditSearch.chain().waiting,
  })
  const ends = rooms.messages.subscribe('targets', id => {
    catalog.targets
      .get(id as TargetId)
      .then(target => target ?? reach.forget(id as TargetId))
      .catch(warn)
  })
  const startedAtMs = systemClock.nowMs()
  let ticking = false
  let timer: NodeJS.Timeout | undefined
  const tick = async (): Promise<void> => {
    if (ticking) return
    ticking = true
    for (const { target } of gate.visits()) reach.wanted(target.id)
    await reach.tick().catch(warn)
    ticking = false
  }
  const report = onceIn(freshMs, () => reportNow(parts, reach, figures, startedAtMs))
  return {
    reach,
    report,
    attention: async user => attentionNow(parts, reach, await report(), user),
    start() {
      timer = setInterval(() => void tick(), tickMs).unref()
    },
    close() {
      ends()
      clearInterval(timer)
      figures.close()
    },
  }
}

function onceIn<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly made: Promise<T> } | undefined
  return () => {
    const nowMs = systemClock.monotonicMs()
    if (last !== undefined && nowMs - last.atMs < ms) return last.made
    const made = make()
    last = { atMs: nowMs, made }
    made.catch(() => {
      last = undefined
    })
    return made
  }
}

async function reportNow(
  parts: HealthParts,
  reach: Reach,
  figures: ReturnType<typeof createFigures>,
  startedAtMs: number,
): Promise<HealthReport> {
  const { config, version, rooms } = parts
  const atMs = systemClock.nowMs()
  const [targets, reasons, database, writeMs, journal, newest] = await Promise.all([
    rooms.catalog.targets.list(),
    parts.ready(),
    databaseFacts(rooms.database),
    timed(() => rooms.database.ping()),
    journalFacts(rooms.journalFolder),
    rooms.auditSearch.find({ limit: 1 }),
  ])
  const chain = rooms.auditSearch.chain()
  return {
    atMs,
    server: {
      version,
      node: process.versions.node,
      system: `${process.platform} ${process.arch}`,
      startedAtMs,
      ready: reasons.length === 0,
      reasons,
    },
    ports: portsOf(parts),
    targetPorts: targetPortsOf(parts, targets),
    storage: {
      kind: rooms.database.kind,
      version: database.version,
      bytes: database.bytes,
      lastMigration: database.lastMigration,
      migrations: database.migrations,
      writeMs,
    },
    audit: {
      writable: chain.writable,
      waiting: chain.waiting,
      entries: chain.sequence,
      lastEntryAtMs: newest[0]?.atMs,
      journalBytes: journal.bytes,
      journalFiles: journal.files,
    },
    queues: [
      { name: 'audit', length: chain.waiting, max: undefined },
      { name: 'targetChecks', length: reach.waiting, max: undefined },
    ],
    process: figures.process,
    certificates: certificatesInUse({
      consoleFile: config.console.tls?.cert,
      clients: parts.certificate,
      deviceCa: config.tunnel.port === 0 ? undefined : rooms.devices.authority.certificate,
      targets,
      states: reach.states(),
    }),
    servers: [
      { id: rooms.nodeId, here: true, seenAtMs: atMs },
      ...database.servers
        .filter(({ id }) => id !== rooms.nodeId)
        .map(({ id, agoMs }) => ({ id, here: false, seenAtMs: atMs - agoMs })),
    ],
    limits: limitsInUse(config, rooms, targets),
    series: figures.series,
  }
}

/** How long it took; `undefined` if it failed. */
async function timed(work: () => Promise<void>): Promise<number | undefined> {
  const startedMs = systemClock.monotonicMs()
  try {
    await work()
    return Math.round((systemClock.monotonicMs() - startedMs) * 10) / 10
  } catch {
    return undefined
  }
}

function portsOf({ config, isConsoleOpen, isTunnelOpen }: HealthParts): HealthReport['ports'] {
  const { console: site, tunnel } = config
  const main = { name: 'console', host: site.host, port: site.port, listening: isConsoleOpen() } as const
  if (tunnel.port === 0) return [main]
  return [main, { name: 'tunnel', host: tunnel.host, port: tunnel.port, listening: isTunnelOpen() }]
}

function targetPortsOf(
  { config, listeners }: HealthParts,
  targets: readonly { readonly listenPort: number | undefined; readonly disabled: boolean }[],
): HealthReport['targetPorts'] {
  const { host, portFirst: first, portLast: last } = config.targets
  const wanted = targets.filter(({ listenPort, disabled }) => listenPort !== undefined && !disabled).length
  const hidden = targets.filter(({ listenPort }) => listenPort === undefined).length
  const failures = [...listeners.failures].map(([name, reason]) => ({ name, reason }))
  return { host, first, last, wanted, open: listeners.openPorts, hidden, failures }
}

async function attentionNow(
  { config, rooms }: HealthParts,
  reach: Reach,
  report: HealthReport,
  user: User,
): Promise<readonly AttentionItem[]> {
  const { access, catalog, policyBook, requests } = rooms
  const [targets, users, groups, tags, policies, forMe, tokens] = await Promise.all([
    catalog.targets.list(),
    access.users.list(),
    access.groups.list(),
    catalog.tags.definitions(),
    policyBook.current(),
    requests.for(user),
    access.tokens.ending(report.atMs + config.limits.endingSoonMs),
  ])
  return findAttention({
    report,
    targets,
    unreachable: reach.unreachable(),
    users,
    groups,
    tags,
    tagged: catalog.tags.usage(),
    policies: policies.text,
    requests: forMe.waiting,
    tokens,
    limits: config.limits,
  })
}
