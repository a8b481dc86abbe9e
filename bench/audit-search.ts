// How long searches of the audit take among a million events, on SQLite and MariaDB. `node bench/audit-search.ts [events]`

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { AuditFilter } from '../src/audit/audit.ts'
import type { Batch, CarriedRow, Position } from '../src/audit/audit-store.ts'
import type { PlanRecord, SessionRecord, StatementRecord } from '../src/audit/record.ts'
import { summarize } from '../src/audit/search.ts'
import { Secret } from '../src/core/secret.ts'
import { searchInThread } from '../src/storage/audit-search-thread.ts'
import { createAuditStore } from '../src/storage/audit-store.ts'
import { type DatabaseConfig, openDatabase } from '../src/storage/database.ts'
import { startMariadb } from '../test/support/mariadb.ts'

const events = Number(process.argv[2] ?? 1_000_000)
const chain = 'c'.repeat(32)
const startMs = 1_795_000_000_000
const everyMs = 600
const batchEvents = 5_000
const plansMost = 20_000
const people = 200
const rounds = 3

const hash = createHash('sha256').update('x').digest('hex')
const idOf = (n: number): string => {
  const hex = (startMs + n * everyMs).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

/** Few shapes make most of the statements, as everywhere. */
const planOf = (n: number): number => Math.floor(plansMost * ((n * 0.6180339887) % 1) ** 4)

function plan(p: number): PlanRecord {
  const table = `public.table_${p % 700}`
  const denied = p % 53 === 7
  return {
    n: p + 1,
    at: startMs,
    k: 'plan',
    p,
    shape: `select id, name, column_${p} from ${table} join public.customers on customers.id = customer_id where status_${p % 900} = $1 and created_at > $2`,
    verb: 'SELECT',
    tables: ['public.customers', table].sort(),
    hidden: p % 3 === 0 ? ['public.customers.email'] : [],
    verdict: denied ? 'denied' : 'allowed',
    code: denied ? 'statement.denied' : null,
    reason: null,
    by: [['analysts-read', 3]],
  }
}

function session(n: number): SessionRecord {
  const name = `user${n}`
  return {
    n: plansMost + n + 1,
    at: startMs,
    k: 'session',
    s: n,
    session: `session-${n}`,
    user: name,
    userName: name,
    target: 't',
    targetName: `target-${n % 40}`,
    address: `10.0.0.${n}`,
    program: n % 2 === 0 ? 'psql' : 'DBeaver',
    credential: 'laptop',
  } as SessionRecord
}

async function fill(config: DatabaseConfig): Promise<void> {
  const database = await openDatabase(config)
  const store = createAuditStore(database)
  const plans = new Map<number, PlanRecord>()
  const sessions = Array.from({ length: people }, (_, n) => session(n))
  let from: Position | undefined
  const begin = performance.now()
  for (let n = 0; n < events; n += batchEvents) {
    const fresh: PlanRecord[] = []
    const rows: CarriedRow[] = []
    for (let i = n; i < Math.min(n + batchEvents, events); i++) {
      const p = planOf(i)
      let known = plans.get(p)
      if (known === undefined) {
        known = plan(p)
        plans.set(p, known)
        fresh.push(known)
      }
      const sequence = 100_000 + i * 2
      const record = {
        n: sequence,
        at: startMs + i * everyMs,
        k: 'statement',
        id: idOf(i),
        s: 0,
        p,
        t: 0,
        i: 0,
        strength: 'written',
      } as StatementRecord
      const outcome = {
        n: sequence + 1,
        at: record.at,
        k: 'statement.ended',
        of: sequence,
        rows: i % 500,
        bytes: 100,
        ms: (i % 997) / 7,
        result: 'ok',
      } as const
      rows.push({
        record,
        hash,
        session: sessions[i % people],
        plan: known,
        outcome: known.verdict === 'denied' ? undefined : outcome,
      })
    }
    const to: Position = { segment: 1, sequence: 100_000 + n * 2 + batchEvents * 2, hash }
    const batch: Batch = {
      chain,
      from,
      to,
      sessions: n === 0 ? sessions : [],
      plans: fresh,
      texts: [],
      rows,
      outcomes: [],
    }
    await store.carry(batch)
    from = to
  }
  const seconds = (performance.now() - begin) / 1_000
  console.log(
    `  ${events} events and ${plans.size} shapes carried in ${seconds.toFixed(0)} s (${((seconds * 1e6) / events).toFixed(1)} µs each)`,
  )
  await database.close()
}

const endMs = startMs + events * everyMs
const questions: readonly (readonly [string, AuditFilter])[] = [
  ['the newest', {}],
  ['user', { userName: 'user7' }],
  ['refused', { verdict: 'denied' }],
  ['refused of a user and a target', { verdict: 'denied', userName: 'user7', targetName: 'target-7' }],
  ['common word', { search: 'customers' }],
  ['rare word', { search: `column_${plansMost - 1}` }],
  ['word that is nowhere', { search: 'nowhere_at_all' }],
  ['two words', { search: 'table_17 status_717' }],
  ['table', { table: 'table_13' }],
  ['user, table, refused', { userName: 'user7', table: 'table_7', verdict: 'denied' }],
  ['masked column', { column: 'customers.email' }],
  ['program', { program: 'dbeaver' }],
  ['address', { address: '10.0.0.9' }],
  ['took long, a rare case', { durationMinMs: 142.2 }],
  ['rows that nobody had', { rowsMin: 1_000_000 }],
  [
    'a week ago, refused',
    { fromMs: endMs - 7 * 86_400_000, toMs: endMs - 6 * 86_400_000, verdict: 'denied' },
  ],
]

async function ask(config: DatabaseConfig): Promise<void> {
  const database = await openDatabase(config)
  const writing = createAuditStore(database)
  const reading =
    config.kind === 'sqlite'
      ? searchInThread({
          databaseFile: config.file,
          store: writing,
          after: (ms, run) => {
            const timer = setTimeout(run, ms)
            return () => clearTimeout(timer)
          },
          log: { info: () => undefined, error: (message, error) => console.error(message, error) },
        })
      : undefined
  const store = reading ?? writing
  const clock = { nowMs: () => endMs, monotonicMs: () => performance.now() }
  const parts = {
    store,
    clock,
    sealing: { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes },
  }
  let heldMost = 0
  const measure = async (name: string, act: () => Promise<string>) => {
    let best = Number.POSITIVE_INFINITY
    let held = 0
    let said = ''
    for (let round = 0; round < rounds; round++) {
      let last = process.threadCpuUsage()
      let going = true
      // Processor time and not time: what others on this machine take is not the search's.
      const look = (): void => {
        const { user, system } = process.threadCpuUsage(last)
        held = Math.max(held, (user + system) / 1_000)
        last = process.threadCpuUsage()
        if (going) setImmediate(look)
      }
      setImmediate(look)
      const begin = performance.now()
      said = await act()
      best = Math.min(best, performance.now() - begin)
      await turn()
      going = false
    }
    heldMost = Math.max(heldMost, held)
    console.log(
      `  ${name.padEnd(32)} ${best.toFixed(1).padStart(8)} ms   holds the thread ${held.toFixed(1).padStart(6)} ms at most   ${said}`,
    )
  }
  for (const [name, filter] of questions)
    await measure(name, async () => {
      const page = await store.find({ ...filter, limit: 100 }, () => false)
      return `${page.entries.length} found`
    })
  for (const [name, days] of [
    ['figures of a day', 1],
    ['figures of all', 30],
  ] as const)
    await measure(name, async () => {
      const summary = await summarize(parts, { fromMs: endMs - days * 86_400_000, toMs: endMs })
      const whole = summary.countedFromMs <= summary.fromMs ? 'all' : 'not all'
      return `${summary.statements} counted, ${whole}`
    })
  console.log(`  The thread of the relays was held for ${heldMost.toFixed(1)} ms at most.`)
  await reading?.close()
  await database.close()
}

const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-audit-'))
try {
  if (process.argv[3] !== 'mariadb') {
    const sqlite: DatabaseConfig = { kind: 'sqlite', file: join(folder, 'a.db') }
    console.log('SQLite')
    await fill(sqlite)
    await ask(sqlite)
  }
  if (process.argv[3] !== 'sqlite') {
    const server = await startMariadb()
    await server.createDatabase('sekisho_bench')
    const { host, port, user, password } = server
    const mariadb: DatabaseConfig = {
      kind: 'mysql',
      host,
      port,
      database: 'sekisho_bench',
      user,
      password: new Secret(password),
    }
    console.log('MariaDB')
    await fill(mariadb)
    await ask(mariadb)
    await server.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
