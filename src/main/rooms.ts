// Makes the rooms of the server and introduces them to each other.

import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import type { Logger } from 'pino'
import type { Access } from '../access/access.ts'
import type { ApiTokens } from '../access/api-tokens.ts'
import type { Devices } from '../access/devices.ts'
import { createRecorder, type Recorder } from '../access/record.ts'
import type { Requests } from '../access/requests.ts'
import type { SavedQueries } from '../access/saved-queries.ts'
import { createTokenExpiry, type TokenExpiry } from '../access/token-expiry.ts'
import { createVault } from '../access/vault.ts'
import type { AuditSearch, Trail } from '../audit/audit.ts'
import { createCatalog, type OpenCatalog } from '../catalog/create-catalog.ts'
import type { SessionRow } from '../console/contract.ts'
import type { JobFiles } from '../console/jobs/job-files.ts'
import type { ConsoleParts, SessionsParts } from '../console/parts.ts'
import { systemClock } from '../core/clock.ts'
import { createIds, type NewId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Sight } from '../core/verdict.ts'
import { createGate } from '../gate/create-gate.ts'
import type { Companion, Gate } from '../gate/gate.ts'
import type { PolicyBook } from '../gate/policy-book.ts'
import type { RuleBook } from '../gate/rules.ts'
import type { Snapshots } from '../gate/snapshots.ts'
import type { Asker, PolicyLanguage } from '../policy/policy.ts'
import { protocols } from '../protocols/index.ts'
import type { ProtocolContext } from '../protocols/protocol.ts'
import { readMysqlSchema } from '../sources/mysql/index.ts'
import { readPostgresSchema } from '../sources/postgres/index.ts'
import { mysqlDialect } from '../sql/mysql/index.ts'
import { loadPostgresDialect } from '../sql/postgres/index.ts'
import { carryMessages } from '../storage/carried-messages.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { createMessages } from '../storage/messages.ts'
import { createJobFiles } from '../storage/job-files.ts'
import { createKeyStore } from '../storage/key-store.ts'
import { createSnapshotStore } from '../storage/snapshot-store.ts'
import { createServerSessions } from '../storage/server-sessions.ts'
import { createTagStore } from '../storage/tag-store.ts'
import { createTargetStore } from '../storage/target-store.ts'
import { createJumpHosts } from '../tunnel/jump-hosts.ts'
import { after } from './after.ts'
import type { Certificate } from './certificates.ts'
import type { Config } from './config.ts'
import { loadKeyEncryptionKeys } from './key-encryption-key.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { openAccess } from './open-access.ts'
import { openAudit } from './open-audit.ts'
import { openLive } from './open-live.ts'
import { openPolicies } from './open-policies.ts'
import { createPlanPermits, type PlanPermits } from './plan-permits.ts'
import { createFindVerifiers } from './find-verifiers.ts'
import type { Foundation } from './foundation.ts'
import { pooledRandomBytes } from './pooled-random-bytes.ts'
import { createSessionWindow, tellSessions } from './session-window.ts'
import { openSnapshots } from './open-snapshots.ts'
import { createWays, type OpenWay } from './ways-to-targets.ts'

export interface Rooms {
  readonly database: Database
  readonly messages: Messages
  readonly newId: NewId
  /** Of this run of the server. */
  readonly nodeId: string
  readonly journalFolder: string
  readonly trail: Trail
  readonly auditSearch: AuditSearch
  readonly access: Access
  readonly apiTokens: ApiTokens
  readonly devices: Devices
  readonly requests: Requests
  readonly savedQueries: SavedQueries
  readonly sessions: SessionsParts
  readonly permitPlan: PlanPermits['permit']
  readonly recordTrial: ConsoleParts['recordTrial']
  readonly catalog: OpenCatalog
  readonly policyLanguage: PolicyLanguage
  readonly policyBook: PolicyBook
  readonly ruleBook: RuleBook
  readonly gate: Gate
  readonly snapshots: Snapshots
  readonly metrics: Metrics
  readonly protocolContext: ProtocolContext
  readonly expiry: TokenExpiry
  /** Whether the policies in force let somebody connect from an address that is not the console. */
  readonly mayConnectFrom: (user: User, target: Target, address: string) => boolean
  readonly openWay: OpenWay
  readonly recordChange: Recorder['changed']
  /** Files of users of the console, for some hours. */
  readonly jobFiles: JobFiles
  /** A way in for the console: the same protocol and the same gate as everybody's. */
  readonly openTarget: (target: Target, user: User, address: string, companion?: Companion) => Duplex
  readonly mayConnect: (user: User, target: Target) => boolean
  readonly see: (user: User, target: Target) => Promise<Sight>
  /** Says no more to the other servers. */
  readonly leave: () => Promise<void>
}

/** @param certificate  towards clients, at the moment of asking */
export async function openRooms(
  config: Config,
  version: string,
  log: Logger,
  certificate: () => Certificate,
): Promise<Rooms> {
  const clock = systemClock
  const { limits } = config
  const warn = (error: unknown): void => log.warn({ err: error }, 'something failed in the background')
  const newId = createIds(() => clock.nowMs(), pooledRandomBytes)
  const database = await openDatabase(config.database)
  const messagesHere = createMessages(warn)
  const nodeId = randomUUID()
  const carried =
    database.kind === 'sqlite'
      ? undefined
      : await carryMessages({
          messages: messagesHere,
          database,
          serverId: nodeId,
          everyMs: newsEveryMs,
          after,
          arriving: async topic => {
            if (topic === 'policies') await policyBook.refresh()
            if (topic === 'rules') await ruleBook.refresh()
          },
          warn,
        })
  const messages = carried ?? messagesHere
  const vault = await createVault({
    keys: createKeyStore(database),
    keyEncryptionKeys: loadKeyEncryptionKeys(config.key),
    clock,
    randomBytes,
  })

  const { trail, auditSearch, record } = await openAudit(config, log, database, vault)
  const metrics = createMetrics(version, () => auditSearch.chain().waiting)

  const recorder = createRecorder(record, clock, newId)
  const foundation: Foundation = { database, vault, record, recorder, messages, clock, newId, limits, warn }
  const { access, people, requests, savedQueries, apiTokens, devices } = await openAccess(foundation)
  const expiry = createTokenExpiry(clock, after, id => messagesHere.publish('tokens', id))
  const jumpHosts = createJumpHosts({ limits, log, after })
  const openWay = createWays({ jumpHosts, limits, jumpSecret: id => catalog.targets.jumpSecret(id) })
  const catalog = await createCatalog({
    targetStore: createTargetStore(database),
    tagStore: createTagStore(database),
    sealer: vault,
    record,
    messages,
    clock,
    newId,
    limits,
    loadSchema: (target, password) =>
      readSchema[target.protocol]({ ...target, password, dial: () => openWay(target) }, { clock, limits }),
    warn,
    portRange: { from: config.targets.portFirst, to: config.targets.portLast },
  })
  const { policyLanguage, policyBook, ruleBook, usage } = await openPolicies(foundation, config.timeZone)
  const dialects = { postgres: await loadPostgresDialect(), mysql: mysqlDialect }
  const snapshots = openSnapshots(foundation, createSnapshotStore(database), trail)
  const planPermits = createPlanPermits(requests, recorder)
  const gate = createGate({
    dialects,
    policies: () => policyBook.inForce,
    people,
    targets: {
      find: id => catalog.targets.get(id),
      currentSchema: id => catalog.schemas.current(id),
      freshSchema: id => catalog.schemas.fresh(id),
      outdateSchema: id => catalog.schemas.outdate(id),
      tags: (id, snapshot) => catalog.tags.effective(id, snapshot),
      maskKey: id => Buffer.from(vault.derive(`mask ${id}`)).toString('hex'),
    },
    trail,
    messages,
    clock,
    newId,
    limits,
    meter: metrics.meter,
    strengthAtLeast: config.auditStrength,
    after,
    approvals: planPermits,
    usage,
    rules: () => ruleBook.inForce,
    snapshots,
    timeZone: config.timeZone,
  })

  const servers = carried && createServerSessions<SessionRow>(database, nodeId)
  const live = carried && openLive({ database, messages, nodeId, gate, limits, clock, warn })
  const sessions = createSessionWindow({ gate, recorder, messages, servers, live })
  const reloading =
    carried && setInterval(() => void catalog.refresh().catch(warn), limits.targetsReloadMs).unref()
  const telling =
    servers && setInterval(() => void tellSessions(gate, servers).catch(warn), tellEveryMs).unref()

  const protocolContext: ProtocolContext = {
    gate,
    limits,
    log,
    clientTls: () => certificate().context,
    targetPassword: target => catalog.targets.password(target.id),
    dial: target => openWay(target),
    findVerifiers: createFindVerifiers(access, expiry, warn),
  }
  const asker = (user: User, target: Target, address = 'console'): Asker => ({
    user,
    target,
    context: { nowMs: clock.nowMs(), address, program: '', timeZone: config.timeZone },
  })

  return {
    database,
    messages,
    newId,
    nodeId,
    journalFolder: join(config.dataDir, 'journal'),
    trail,
    auditSearch,
    access,
    apiTokens,
    devices,
    requests,
    savedQueries,
    sessions,
    permitPlan: (...asking) => planPermits.permit(...asking),
    recordTrial: (...change) => recorder.changed(...change),
    catalog,
    policyLanguage,
    policyBook,
    ruleBook,
    gate,
    snapshots,
    metrics,
    protocolContext,
    expiry,
    mayConnectFrom: (user, target, address) =>
      policyBook.inForce.judge(asker(user, target, address), { kind: 'connect' }).kind === 'allowed',
    openWay,
    recordChange: (...change) => recorder.changed(...change),
    jobFiles: await createJobFiles(join(config.dataDir, 'jobs'), limits),
    openTarget(target, user, _address, companion) {
      const [ours, theirs] = duplexPair()
      const entry = { kind: 'console', user, companion } as const
      void protocols[target.protocol].serve(theirs, entry, target, protocolContext)
      return ours
    },
    mayConnect: (user, target) =>
      policyBook.inForce.judge(asker(user, target), { kind: 'connect' }).kind === 'allowed',
    async see(user, target) {
      const snapshot = await catalog.schemas.fresh(target.id)
      return policyBook.inForce.see(asker(user, target), catalog.tags.effective(target.id, snapshot))
    },
    async leave() {
      clearInterval(telling)
      clearInterval(reloading)
      snapshots.close()
      jumpHosts.close()
      await usage.store()
      await live?.close()
      await servers?.leave().catch(warn)
      await carried?.close()
    },
  }
}

/** How often is looked for news of other servers, and how often they are told who is inside here. */
const newsEveryMs = 300
const tellEveryMs = 1_000

const readSchema = { postgres: readPostgresSchema, mysql: readMysqlSchema } as const
