// The console over real rooms on SQLite, served on a real port, for the tests.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiTokens } from '../access/api-tokens.ts'
import { createAccess } from '../access/create-access.ts'
import { createRequests } from '../access/create-requests.ts'
import { openDeviceAuthority } from '../access/device-authority.ts'
import { createDevices } from '../access/devices.ts'
import { createSavedQueries } from '../access/saved-queries.ts'
import { createRecorder } from '../access/record.ts'
import { createVault } from '../access/vault.ts'
import type { AuditEntry, AuditFilter } from '../audit/audit.ts'
import { createReach } from '../catalog/reach.ts'
import { createCatalog } from '../catalog/create-catalog.ts'
import { systemClock } from '../core/clock.ts'
import type { Actor, AuditEvent } from '../core/event.ts'
import { createIds } from '../core/ids.ts'
import { type Limits, limits } from '../core/limits.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { createRuleBook } from '../gate/create-rule-book.ts'
import { createPolicyBook } from '../gate/create-policy-book.ts'
import { createPolicyLanguage } from '../policy/language.ts'
import { starterPolicies } from '../policy/starter-policies.ts'
import type { GateWatcher } from '../gate/running.ts'
import { createAuditFilterStore } from '../storage/audit-filter-store.ts'
import { createApiTokenStore } from '../storage/api-token-store.ts'
import { openDatabase } from '../storage/database.ts'
import { createAuthorityStore, createDeviceGrantStore, createDeviceStore } from '../storage/device-store.ts'
import { createGroupStore } from '../storage/group-store.ts'
import { createJobFiles } from '../storage/job-files.ts'
import { createKeyStore } from '../storage/key-store.ts'
import { createMessages } from '../storage/messages.ts'
import { createRuleStore } from '../storage/rule-store.ts'
import { createPolicyStore } from '../storage/policy-store.ts'
import { createRequestStore } from '../storage/request-store.ts'
import { createSavedQueryStore } from '../storage/saved-query-store.ts'
import { createAttemptStore, createSessionStore } from '../storage/sign-in-store.ts'
import { createTagStore } from '../storage/tag-store.ts'
import { createTargetStore } from '../storage/target-store.ts'
import { createTokenStore } from '../storage/token-store.ts'
import { createUserStore } from '../storage/user-store.ts'
import type { ApiError, Me, Routes, SessionRow } from './contract.ts'
import { createConsole } from './create-console.ts'
import type { ConsoleParts } from './parts.ts'

const setup: Actor = { userId: undefined, userName: 'setup', address: '192.0.2.9' }

export const snapshot = {
  version: '1',
  takenAtMs: 0,
  product: 'postgresql',
  serverVersion: '18.0',
  database: 'shop',
  account: 'shop',
  privileged: false,
  searchPath: ['public'],
  schemas: ['public', 'pg_catalog'],
  relations: [
    { schema: 'public', name: 'customers', kind: 'table', columns: ['id', 'email'] },
    { schema: 'pg_catalog', name: 'pg_class', kind: 'table', columns: ['oid'] },
    { schema: 'public', name: 'ids', kind: 'sequence', columns: [] },
  ].map(({ schema, name, kind, columns }, index) => ({
    oid: index + 1,
    schema,
    name,
    kind: kind as 'table',
    owner: 'shop',
    comment: undefined,
    columns: columns.map(column => ({ name: column, type: 'text', notNull: false, generated: undefined })),
    definition: undefined,
    parents: [],
    uniqueKeys: [],
    foreignKeys: [],
    hasTriggers: false,
  })),
  routines: [],
  callables: [],
} as const

export interface OpenedConsole {
  readonly url: string
  readonly events: AuditEvent[]
  readonly entries: AuditEntry[]
  readonly asked: AuditFilter[]
  /** What `/readyz` is told. */
  readonly reasons: string[]
  readonly parts: ConsoleParts
  /** Who is inside, and what was done about it: `end <id> by <name>`. */
  readonly inside: SessionRow[]
  readonly acted: string[]
  readonly watchers: Set<GateWatcher>
  /** Where files of users are. */
  readonly jobsFolder: string
  /** Texts for which a plan was permitted. */
  readonly plans: string[]
  openTarget: ConsoleParts['openTarget']
  /** Makes somebody, signs them in, and lets them choose a password. */
  person(name: string, role: User['role'], groups?: readonly string[]): Promise<Browser>
  newcomer(name: string, role: User['role']): Promise<Browser>
  close(): Promise<void>
}

export async function openConsole(change: Partial<Limits> = {}): Promise<OpenedConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-console-'))
  const webFolder = join(folder, 'web')
  mkdirSync(join(webFolder, 'assets'), { recursive: true })
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Sekisho</title>')
  writeFileSync(join(webFolder, 'assets', 'main-1234.js'), 'export {}')
  const database = await openDatabase({ kind: 'sqlite', file: join(folder, 'a.db') })
  const clock = systemClock
  const events: AuditEvent[] = []
  const shared = {
    messages: createMessages(() => undefined),
    clock,
    newId: createIds(() => clock.nowMs(), randomBytes),
    limits: { ...limits, ...change },
    warn: () => undefined,
    record: (event: AuditEvent) => Promise.resolve(void events.push(event)),
  }
  const vault = await createVault({
    keys: createKeyStore(database),
    keyEncryptionKeys: [randomBytes(32)],
    clock,
    randomBytes,
  })
  const access = await createAccess({
    ...shared,
    users: createUserStore(database),
    groups: createGroupStore(database),
    sessions: createSessionStore(database),
    attempts: createAttemptStore(database),
    tokens: createTokenStore(database),
    randomBytes,
    unknownSaltKey: randomBytes(32),
    passwordCost: { m: 8, t: 1, p: 1 },
  })
  const catalog = await createCatalog({
    ...shared,
    targetStore: createTargetStore(database),
    tagStore: createTagStore(database),
    sealer: vault,
    loadSchema: () => Promise.resolve(snapshot),
  })
  const policyLanguage = await createPolicyLanguage()
  const policyBook = await createPolicyBook({
    ...shared,
    store: createPolicyStore(database),
    language: policyLanguage,
    starter: starterPolicies,
  })
  const ruleBook = await createRuleBook({ ...shared, store: createRuleStore(database) })
  const asker = (user: User, target: Target, address: string) => ({
    user,
    target,
    context: { nowMs: clock.nowMs(), address, program: '' },
  })
  const people = { find: (id: User['id']) => access.users.get(id) }
  const recorder = createRecorder(shared.record, clock, shared.newId)
  const inside: SessionRow[] = []
  const acted: string[] = []
  const watchers = new Set<GateWatcher>()
  const plans: string[] = []
  const reasons: string[] = []
  const entries: AuditEntry[] = []
  const asked: AuditFilter[] = []
  const authority = await openDeviceAuthority({
    store: createAuthorityStore(database),
    vault,
    clock,
    randomBytes,
  })
  const reach = createReach({
    all: () => catalog.targets.list(),
    look: target =>
      Promise.resolve({ kind: 'failed', message: `nobody answers at ${target.name}`, heard: false }),
    clock,
    limits: shared.limits,
    warn: () => undefined,
  })
  const parts: ConsoleParts = {
    devices: createDevices({
      ...shared,
      authority,
      devices: createDeviceStore(database),
      grants: createDeviceGrantStore(database),
      people,
      recorder,
      randomBytes,
    }),
    tunnelPort: 9_000,
    access,
    apiTokens: createApiTokens({
      ...shared,
      store: createApiTokenStore(database),
      people,
      recorder,
      randomBytes,
    }),
    savedQueries: createSavedQueries({
      ...shared,
      store: createSavedQueryStore(database),
      vault,
      users: access.users,
      groups: access.groups,
    }),
    requests: createRequests({
      ...shared,
      store: createRequestStore(database),
      vault,
      people,
      recorder,
    }),
    sessions: {
      list: () => Promise.resolve(inside),
      watch(watcher) {
        watchers.add(watcher)
        return () => void watchers.delete(watcher)
      },
      end: ({ id }, by) => Promise.resolve(void acted.push(`end ${id} by ${by.userName}`)),
      stop: ({ id }, by) => Promise.resolve(void acted.push(`stop ${id} by ${by.userName}`)),
    },
    permitPlan(_request, { sql }) {
      plans.push(sql)
      return Promise.resolve(() => void plans.push('done'))
    },
    catalog,
    reach,
    health: {
      report: () => Promise.reject(new Error('no report in this test')),
      attention: () => Promise.resolve([]),
    },
    policyBook,
    policyLanguage,
    ruleBook,
    rehearse: () => Promise.reject(new Error('nothing is rehearsed in this test')),
    recordTrial: (by, what) => Promise.resolve(void acted.push(`${what} by ${by.userName}`)),
    timeZone: 'UTC',
    clock,
    webFolder,
    limits: shared.limits,
    auditSearch: {
      find: filter => {
        asked.push(filter)
        return Promise.resolve(entries)
      },
      page: filter => {
        asked.push(filter)
        return Promise.resolve({ entries, next: undefined })
      },
      summary: filter => {
        asked.push(filter)
        return Promise.reject(new Error('no figures in this test'))
      },
      get: id => Promise.resolve(entries.find(entry => entry.id === id)),
      chain: () => ({ writable: true, sequence: 7, hash: 'ab', waiting: 0 }),
    },
    auditFilters: createAuditFilterStore(database),
    snapshots: { open: () => Promise.resolve([]) },
    mayConnect: (user, target, address) =>
      policyBook.inForce.judge(asker(user, target, address), { kind: 'connect' }).kind === 'allowed',
    see: (user, target, address) =>
      Promise.resolve(
        policyBook.inForce.see(asker(user, target, address), catalog.tags.effective(target.id, snapshot)),
      ),
    openTarget: (...args) => opened.openTarget(...args),
    recordChange: (...change) => createRecorder(shared.record, clock, shared.newId).changed(...change),
    jobFiles: await createJobFiles(join(folder, 'jobs'), shared.limits),
    tryTarget: target => Promise.resolve({ kind: 'failed', message: `nobody answers at ${target.name}` }),
    askHostKey: () => Promise.resolve({ key: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:x' }),
    version: '0.0.0',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    publicHost: 'db.example.com',
    cookieSecure: false,
    trustedProxies: [],
    ready: () => Promise.resolve(reasons),
    metrics: () => Promise.resolve('sekisho_up 1\n'),
  }
  const site = createConsole(parts)
  const url = await site.listen('127.0.0.1', 0, undefined)
  async function newcomer(name: string, role: User['role'], groups: readonly string[] = []) {
    const { firstPassword } = await access.users.create({ name, displayName: name, role, groups }, setup)
    const browser = new Browser(url)
    await browser.signIn(name, firstPassword.reveal())
    browser.firstPassword = firstPassword.reveal()
    return browser
  }
  const opened: OpenedConsole = {
    url,
    events,
    entries,
    asked,
    reasons,
    parts,
    inside,
    acted,
    watchers,
    jobsFolder: join(folder, 'jobs'),
    plans,
    newcomer: (name, role) => newcomer(name, role),
    openTarget: () => {
      throw new Error('no target in this test')
    },
    async person(name, role, groups) {
      const browser = await newcomer(name, role, groups)
      const next = 'the long road to Hakone 8'
      const me = await browser.call('POST /api/password', { current: browser.firstPassword, next })
      browser.csrf = me.csrfToken
      return browser
    },
    async close() {
      await site.close()
      catalog.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return opened
}

/** Keeps a cookie and the token against forgery, as a browser does. */
export class Browser {
  readonly url: string
  cookie = ''
  csrf = ''
  firstPassword = ''

  constructor(url: string) {
    this.url = url
  }

  async signIn(name: string, password: string): Promise<Me> {
    const me = await this.call('POST /api/sign-in', { name, password })
    this.csrf = me.csrfToken
    return me
  }

  /** @throws Error that names status and code */
  async call<R extends keyof Routes>(
    route: R,
    input?: Routes[R]['in'],
    path: Readonly<Record<string, string>> = {},
  ): Promise<Routes[R]['out']> {
    const response = await this.fetch(route, input, path)
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${(JSON.parse(text) as ApiError).code}`)
    return (text === '' ? undefined : JSON.parse(text)) as Routes[R]['out']
  }

  async fetch(
    route: string,
    input?: unknown,
    path: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const [method = '', pattern = ''] = route.split(' ')
    const address = pattern.replace(/:(\w+)/g, (_all, name: string) => path[name] ?? 'x')
    const response = await fetch(`${this.url}${address}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: this.url,
        cookie: this.cookie,
        'x-sekisho-csrf': this.csrf,
        ...(input === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(input === undefined ? {} : { body: typeof input === 'string' ? input : JSON.stringify(input) }),
    })
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? ''
    return response
  }
}
