// Makes the rooms of the server and introduces them to each other.

import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import type { Logger } from 'pino'
import type { Access } from '../access/access.ts'
import { type ApiTokens, createApiTokens } from '../access/api-tokens.ts'
import { createAccess } from '../access/create-access.ts'
import { createRequests } from '../access/create-requests.ts'
import { createRecorder } from '../access/record.ts'
import type { Requests } from '../access/requests.ts'
import { createTokenExpiry } from '../access/token-expiry.ts'
import { createVault } from '../access/vault.ts'
import type { AuditSearch, Trail } from '../audit/audit.ts'
import { createTrail } from '../audit/create-trail.ts'
import { createCatalog, type OpenCatalog } from '../catalog/create-catalog.ts'
import type { SessionRow } from '../console/contract.ts'
import type { SessionsParts } from '../console/parts.ts'
import { systemClock } from '../core/clock.ts'
import type { AuditEvent } from '../core/event.ts'
import { createIds, type NewId, type TokenId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Sight } from '../core/verdict.ts'
import { createGate } from '../gate/create-gate.ts'
import { createPolicyBook } from '../gate/create-policy-book.ts'
import { createRuleBook } from '../gate/create-rule-book.ts'
import type { Gate } from '../gate/gate.ts'
import type { PolicyBook } from '../gate/policy-book.ts'
import type { RuleBook } from '../gate/rules.ts'
import { Usage } from '../gate/usage.ts'
import { createPolicyLanguage } from '../policy/language.ts'
import type { Asker, PolicyLanguage } from '../policy/policy.ts'
import { starterPolicies } from '../policy/starter-policies.ts'
import { protocols } from '../protocols/index.ts'
import type { ProtocolContext } from '../protocols/protocol.ts'
import { readMysqlSchema } from '../sources/mysql/index.ts'
import { readPostgresSchema } from '../sources/postgres/index.ts'
import { mysqlDialect } from '../sql/mysql/index.ts'
import { loadPostgresDialect } from '../sql/postgres/index.ts'
import { createApiTokenStore } from '../storage/api-token-store.ts'
import { createAuditStore } from '../storage/audit-store.ts'
import { carryMessages } from '../storage/carried-messages.ts'
import { carryInThread } from '../storage/carry-thread.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { openJournalFile } from '../storage/journal-file.ts'
import { createMessages } from '../storage/messages.ts'
import { createGroupStore } from '../storage/group-store.ts'
import { createKeyStore } from '../storage/key-store.ts'
import { createPolicyStore } from '../storage/policy-store.ts'
import { createRuleStore } from '../storage/rule-store.ts'
import { createUsageStore } from '../storage/usage-store.ts'
import { createRequestStore } from '../storage/request-store.ts'
import { createServerSessions } from '../storage/server-sessions.ts'
import { createAttemptStore, createSessionStore } from '../storage/sign-in-store.ts'
import { createTagStore } from '../storage/tag-store.ts'
import { createTargetStore } from '../storage/target-store.ts'
import { createTokenStore } from '../storage/token-store.ts'
import { createUserStore } from '../storage/user-store.ts'
import { createJumpHosts } from '../tunnel/jump-hosts.ts'
import type { Certificate } from './certificates.ts'
import type { Config } from './config.ts'
import { loadKeyEncryptionKey } from './key-encryption-key.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createPlanPermits, type PlanPermits } from './plan-permits.ts'
import { createSessionWindow, tellSessions } from './session-window.ts'
import { createTextSealing } from './text-sealing.ts'
import { createWays, type OpenWay } from './ways-to-targets.ts'

export interface Rooms {
  readonly database: Database
  readonly messages: Messages
  readonly newId: NewId
  readonly trail: Trail
  readonly auditSearch: AuditSearch
  readonly access: Access
  readonly apiTokens: ApiTokens
  readonly requests: Requests
  readonly sessions: SessionsParts
  readonly permitPlan: PlanPermits['permit']
  readonly catalog: OpenCatalog
  readonly policyLanguage: PolicyLanguage
  readonly policyBook: PolicyBook
  readonly ruleBook: RuleBook
  readonly gate: Gate
  readonly metrics: Metrics
  readonly protocolContext: ProtocolContext
  readonly openWay: OpenWay
  /** A way in for the console: the same protocol and the same gate as everybody's. */
  readonly openTarget: (target: Target, user: User) => Duplex
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
    keyEncryptionKeys: [loadKeyEncryptionKey(config.key)],
    clock,
    randomBytes,
  })

  const journalFolder = join(config.dataDir, 'journal')
  const auditLog = {
    info: (message: string, facts?: object) => log.info(facts ?? {}, message),
    error: (message: string, error: unknown) => log.error({ err: error }, message),
  }
  const { trail, search: auditSearch } = await createTrail({
    file: openJournalFile(journalFolder),
    store: createAuditStore(database),
    ...(config.database.kind === 'sqlite' && {
      carrying: carryInThread({
        databaseFile: config.database.file,
        journalFolder,
        limits,
        after,
        log: auditLog,
      }),
    }),
    sealing: createTextSealing(vault.derive('audit')),
    serverId: serverId(config.dataDir),
    clock,
    limits,
    atEndOfTurn: run => void setImmediate(run),
    after,
    log: auditLog,
  })
  const record = (event: AuditEvent): Promise<void> =>
    new Promise((resolve, reject) =>
      trail.record([event], error => (error === undefined ? resolve() : reject(error))),
    )
  const metrics = createMetrics(version, () => auditSearch.chain().waiting)

  const access = await createAccess({
    users: createUserStore(database),
    groups: createGroupStore(database),
    sessions: createSessionStore(database),
    attempts: createAttemptStore(database),
    tokens: createTokenStore(database),
    record,
    messages,
    clock,
    newId,
    randomBytes,
    limits,
    unknownSaltKey: vault.derive('unknown-salt'),
    warn,
  })
  const recorder = createRecorder(record, clock, newId)
  const people = { find: (id: User['id']) => access.users.get(id) }
  const requests = createRequests({
    store: createRequestStore(database),
    vault,
    people,
    recorder,
    messages,
    clock,
    newId,
    limits,
  })
  const apiTokens = createApiTokens({
    store: createApiTokenStore(database),
    people,
    recorder,
    clock,
    newId,
    randomBytes,
    limits,
    warn,
  })
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
  const policyLanguage = await createPolicyLanguage()
  const policyBook = await createPolicyBook({
    store: createPolicyStore(database),
    language: policyLanguage,
    record,
    messages,
    clock,
    newId,
    starter: starterPolicies,
  })

  const ruleBook = await createRuleBook({
    store: createRuleStore(database),
    record,
    messages,
    clock,
    newId,
    limits,
  })
  const usage = new Usage({
    store: createUsageStore(database),
    nowMs: () => clock.nowMs(),
    timeZone: config.timeZone,
    after,
    warn,
  })
  await usage.start()

  const dialects = { postgres: await loadPostgresDialect(), mysql: mysqlDialect }
  const planPermits = createPlanPermits({
    requests,
    recorder,
    dialects,
    schema: target => catalog.schemas.fresh(target.id),
  })
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
    timeZone: config.timeZone,
  })

  /** What was opened with a token ends with it. */
  const watchExpiry = (user: User | undefined, id: TokenId): void => {
    if (user === undefined || expiry.isWatched(id)) return
    access.tokens.list(user.id).then(tokens => {
      const token = tokens.find(one => one.id === id)
      if (token !== undefined) expiry.watch(id, token.expiresAtMs)
    }, warn)
  }
  const servers = carried && createServerSessions<SessionRow>(database, nodeId)
  const sessions = createSessionWindow({ gate, recorder, messages, servers })
  const telling =
    servers && setInterval(() => void tellSessions(gate, servers).catch(warn), tellEveryMs).unref()

  const protocolContext: ProtocolContext = {
    gate,
    limits,
    log,
    clientTls: () => certificate().context,
    targetPassword: target => catalog.targets.password(target.id),
    dial: target => openWay(target),
    async findVerifiers(userName, target) {
      const { verifiers, ...candidates } = await access.tokens.scramCandidates(userName, target.id)
      return {
        ...candidates,
        verifiers: verifiers.map(({ tokenId, storedKey, serverKey, mysqlNative, mysqlSha2 }) => ({
          label: tokenId,
          storedKey,
          serverKey,
          ...(mysqlNative && { mysqlNative }),
          ...(mysqlSha2 && { mysqlSha2 }),
          used() {
            access.tokens.used(tokenId)
            watchExpiry(candidates.user, tokenId)
          },
        })),
      }
    },
  }
  const asker = (user: User, target: Target): Asker => ({
    user,
    target,
    context: { nowMs: clock.nowMs(), address: 'console', program: '', timeZone: config.timeZone },
  })

  return {
    database,
    messages,
    newId,
    trail,
    auditSearch,
    access,
    apiTokens,
    requests,
    sessions,
    permitPlan: (...asking) => planPermits.permit(...asking),
    catalog,
    policyLanguage,
    policyBook,
    ruleBook,
    gate,
    metrics,
    protocolContext,
    openWay,
    openTarget(target, user) {
      const [ours, theirs] = duplexPair()
      void protocols[target.protocol].serve(theirs, { kind: 'console', user }, target, protocolContext)
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
      jumpHosts.close()
      await usage.store()
      await servers?.leave().catch(warn)
      await carried?.close()
    },
  }
}

/** How often is looked for news of other servers, and how often they are told who is inside here. */
const newsEveryMs = 300
const tellEveryMs = 1_000

const readSchema = { postgres: readPostgresSchema, mysql: readMysqlSchema } as const

/** Identifiers take 8 random bytes each, many times a millisecond: drawn in larger portions. */
const poolBytes = 8_192
let pool = Buffer.alloc(0)
function pooledRandomBytes(size: number): Uint8Array {
  if (pool.length < size) pool = randomBytes(Math.max(size, poolBytes))
  const taken = pool.subarray(0, size)
  pool = pool.subarray(size)
  return taken
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** Names this server's chain of the audit; made once. */
function serverId(dataDir: string): string {
  const file = join(dataDir, 'server-id')
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`)
  return readFileSync(file, 'utf8').trim()
}
