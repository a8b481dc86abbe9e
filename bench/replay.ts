// How quickly a draft of policies is replayed over recorded statements, and how long others wait. `node bench/replay.ts [statements]`

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Batch, CarriedRow, Position } from '../src/audit/audit-store.ts'
import type { PlanRecord, SessionRecord, StatementRecord } from '../src/audit/record.ts'
import { findPage } from '../src/audit/search.ts'
import { replay, type ReplayParts } from '../src/console/policies/policy-replay.ts'
import { systemClock } from '../src/core/clock.ts'
import { createIds } from '../src/core/ids.ts'
import { limits } from '../src/core/limits.ts'
import { createGate } from '../src/gate/create-gate.ts'
import type { PolicyBook } from '../src/gate/policy-book.ts'
import { columnTags, exampleTarget, exampleUser, tag } from '../src/policy/example.ts'
import { createPolicyLanguage } from '../src/policy/language.ts'
import { mysqlDialect } from '../src/sql/mysql/index.ts'
import { loadPostgresDialect } from '../src/sql/postgres/index.ts'
import { snapshot } from '../src/sql/postgres/try-out.ts'
import { createAuditStore } from '../src/storage/audit-store.ts'
import { type Database, openDatabase } from '../src/storage/database.ts'
import { createMessages } from '../src/storage/messages.ts'

const statements = Number(process.argv[2] ?? 100_000)
const [people, shapes, ownShapes, targets, batchEvents] = [100, 500, 40, 10, 5_000]
const chain = 'c'.repeat(32)
const hash = createHash('sha256').update('x').digest('hex')
const startMs = Date.now() - statements * 10
const idOf = (n: number): string => {
  const hex = (startMs + n * 10).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

const plan = (p: number): PlanRecord => ({
  n: p + 1,
  at: startMs,
  k: 'plan',
  p,
  shape: `select c.id, c.email, o.total from customers c join orders o on o.customer_id = c.id where o.total > ${p} and c.city = $1`,
  verb: 'SELECT',
  tables: ['public.customers', 'public.orders'],
  hidden: ['public.customers.email'],
  verdict: 'allowed',
  code: null,
  reason: null,
  by: [['read', 1]],
})

const session = (n: number) =>
  ({
    n: shapes + n + 1,
    at: startMs,
    k: 'session',
    s: n,
    session: `session-${n}`,
    user: `user-user${n}`,
    userName: `user${n}`,
    target: `target-target${n % targets}`,
    targetName: `target${n % targets}`,
    address: `10.0.0.${n}`,
    program: 'psql',
    credential: 'laptop',
  }) as SessionRecord

/** A person runs but few of all shapes. */
async function fill(database: Database): Promise<void> {
  const store = createAuditStore(database)
  const plans = Array.from({ length: shapes }, (_, p) => plan(p))
  const sessions = Array.from({ length: people }, (_, n) => session(n))
  let from: Position | undefined
  for (let first = 0; first < statements; first += batchEvents) {
    const rows: CarriedRow[] = []
    for (let n = first; n < Math.min(first + batchEvents, statements); n++) {
      const p = ((n % people) * 7 + (Math.floor(n / people) % ownShapes)) % shapes
      const record = {
        n: 100_000 + n,
        at: startMs + n * 10,
        k: 'statement',
        id: idOf(n),
        s: n % people,
        p,
        t: 0,
        i: 0,
        strength: 'written',
      } as StatementRecord
      rows.push({ record, hash, session: sessions[n % people], plan: plans[p], outcome: undefined })
    }
    const to: Position = { segment: 1, sequence: 100_000 + first + batchEvents, hash }
    const isFirst = first === 0
    const batch: Batch = {
      chain,
      from,
      to,
      sessions: isFirst ? sessions : [],
      plans: isFirst ? plans : [],
      texts: [],
      rows,
      outcomes: [],
    }
    await store.carry(batch)
    from = to
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sekisho-replay-'))
const database = await openDatabase({ kind: 'sqlite', file: join(folder, 'bench.db') })
await fill(database)
const language = await createPolicyLanguage()
const read = '@id("read") permit(principal in Group::"staff", action, resource);'
const inForce = language.compile(
  read.replace('action,', 'action in [Action::"connect", Action::"select"],'),
  1,
)
const draft = language.compile(
  `${read.replace('action,', 'action in [Action::"connect", Action::"select"],')} @id("no") forbid(principal == User::"user7", action == Action::"select", resource);`,
  0,
)
const users = Array.from({ length: people }, (_, n) => exampleUser(`user${n}`, ['staff']))
const all = Array.from({ length: targets }, (_, n) => exampleTarget(`target${n}`))
const tags = columnTags({ 'public.customers': { email: [tag('pii.email')] } })
const gate = createGate({
  dialects: { postgres: await loadPostgresDialect(), mysql: mysqlDialect },
  policies: () => inForce,
  people: { find: id => Promise.resolve(users.find(user => user.id === id)) },
  targets: {
    find: id => Promise.resolve(all.find(target => target.id === id)),
    currentSchema: () => snapshot,
    freshSchema: () => Promise.resolve(snapshot),
    outdateSchema: () => {},
    tags: () => tags,
    maskKey: () => '00',
  },
  trail: { append: () => {}, record: (_events, done) => done(undefined) },
  messages: createMessages(() => {}),
  clock: systemClock,
  newId: createIds(Date.now, size => new Uint8Array(size)),
  limits,
  meter: { statement: () => {}, ended: () => {}, visits: () => {} },
  strengthAtLeast: 'written',
  after: () => () => {},
})
const sealing = { seal: (plain: Uint8Array) => plain, open: (sealed: Uint8Array) => sealed }
const search = { store: createAuditStore(database), sealing, clock: systemClock }
const parts: ReplayParts = {
  auditSearch: { page: filter => findPage(search, filter) },
  users: () => Promise.resolve(users),
  targets: () => Promise.resolve(all),
  rehearse: (...asked) => gate.rehearse(...asked),
  policyBook: { inForce } as PolicyBook,
  clock: systemClock,
  limits,
}

/** Of the processor, for this thread, so that a busy machine does not matter. */
const busyMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
let longestMs = 0
let lastMs = busyMs()
let watching = true
const watch = (): void => {
  const nowMs = busyMs()
  longestMs = Math.max(longestMs, nowMs - lastMs)
  lastMs = nowMs
  if (watching) setImmediate(watch)
}
watch()
for (const pass of ['first', 'second']) await run(pass)
watching = false
await database.close()
rmSync(folder, { recursive: true, force: true })

async function run(pass: string): Promise<void> {
  let findings = 0
  longestMs = 0
  const beganMs = busyMs()
  const asked = { draft, fromMs: 0, userName: undefined, targetName: undefined }
  for await (const event of replay(parts, asked, new AbortController().signal)) {
    if (event.kind === 'finding') findings += 1
    if (event.kind === 'failed') throw new Error(event.message)
    if (event.kind !== 'done') continue
    const perSecond = Math.round((event.statements / event.durationMs) * 1_000)
    const perBusySecond = Math.round((event.statements / (busyMs() - beganMs)) * 1_000)
    console.log(
      `${pass}: ${event.statements} statements of ${event.shapes} kinds in ${event.durationMs} ms: ${perSecond} statements/s (${perBusySecond} for each second of a processor), ${findings} findings; longest turn ${longestMs.toFixed(1)} ms of the processor`,
    )
  }
}
