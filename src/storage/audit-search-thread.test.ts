// The audit searched by a thread of its own: the same answers, nobody held up, and an end to every search.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { AuditFilter } from '../audit/audit.ts'
import type { AuditReading, AuditStore } from '../audit/audit-store.ts'
import { createTrail } from '../audit/create-trail.ts'
import { atMs, life, plainSealing } from '../audit/example.ts'
import { GatewayError } from '../core/errors.ts'
import { limits } from '../core/limits.ts'
import { searchInThread } from './audit-search-thread.ts'
import { createAuditStore } from './audit-store.ts'
import { type Database, openDatabase } from './database.ts'
import { openJournalFile } from './journal-file.ts'

const manyEvents = 150_000
const folder = mkdtempSync(join(tmpdir(), 'sekisho-search-'))
const file = join(folder, 'sekisho.db')
let database: Database
let store: AuditStore
const opened: AuditReading[] = []

const later = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function open(databaseFile = file, over: { readonly after?: typeof later } = {}) {
  const errors: string[] = []
  const reading = searchInThread({
    databaseFile,
    store,
    after: over.after ?? later,
    log: { info: () => undefined, error: message => void errors.push(message) },
  })
  opened.push(reading)
  return { reading, errors }
}

before(async () => {
  database = await openDatabase({ kind: 'sqlite', file })
  store = createAuditStore(database)
  const { trail } = await createTrail({
    file: openJournalFile(join(folder, 'journal')),
    store,
    sealing: plainSealing,
    serverId: 'test',
    clock: { nowMs: () => atMs + 1_000, monotonicMs: () => 0 },
    limits,
    atEndOfTurn: run => void setImmediate(run),
    after: later,
    log: { info: () => undefined, error: () => undefined },
  })
  await new Promise<void>((resolve, reject) =>
    trail.record(life, error => (error === undefined ? resolve() : reject(error))),
  )
  await trail.close()
  await sql`
    insert into audit_events (chain, sequence, hash, id, at_ms, kind, user_name, verdict, masked, row_count)
    with recursive n(n) as (select 1 union all select n + 1 from n where n < ${sql.lit(manyEvents)})
    select 'many', n, '', printf('01a1ed0c-0000-7000-8000-%012d', n), ${sql.lit(atMs - 1_000_000)} + n,
      'statement', 'eve', 'allowed', 0, 1 from n`.execute(database.query)
})

after(async () => {
  for (const reading of opened) await reading.close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Looks at every event and finds none. */
const long: AuditFilter & { readonly limit: number } = { rowsMin: 1_000_000, limit: 10 }
const never = () => false

test('a thread finds and counts what is found and counted without one', async () => {
  const { reading, errors } = open()
  const filters: readonly AuditFilter[] = [
    {},
    { search: 'customers' },
    { table: 'customers' },
    { verdict: 'denied' },
    { userName: 'ada' },
    { fromMs: atMs },
    { kinds: ['session.opened'] },
  ]
  for (const filter of filters) {
    const asked = { ...filter, limit: 20 }
    const found = await reading.find(asked, never)
    assert.ok(found.entries.length > 0)
    assert.deepEqual(found, await store.find(asked, never))
  }
  const span = { fromMs: atMs - 1_000_000, toMs: atMs + 1_000, bucketMs: 60_000 }
  const counted = await reading.summarize({}, span, never)
  assert.ok(counted.statements > manyEvents)
  assert.deepEqual(counted, await store.summarize({}, span, never))
  const first = (await reading.find({ limit: 1 }, never)).entries[0] ?? assert.fail()
  assert.deepEqual(await reading.get(first.id), first)
  assert.deepEqual(errors, [])
})

test('while it searches, the thread of the relays is hardly at work', async () => {
  const { reading } = open()
  await reading.find({ limit: 1 }, never)
  const begin = performance.eventLoopUtilization()
  assert.deepEqual(await reading.find(long, never), { entries: [], next: undefined })
  await reading.summarize({}, { fromMs: 0, toMs: atMs, bucketMs: 10 * 86_400_000_000 }, never)
  const { active, utilization } = performance.eventLoopUtilization(begin)
  assert.ok(utilization < 0.5, `at work for ${active.toFixed(0)} ms, ${utilization.toFixed(2)} of the time`)
})

test('a search ends when it is enough, and says how far it came', async () => {
  const { reading } = open()
  let asked = 0
  const page = await reading.find(long, () => ++asked > 1)
  assert.deepEqual(page.entries, [])
  assert.ok(page.next !== undefined)
  assert.ok(asked > 1)
})

test('an error of the database comes back as it is, and the next search is answered', async () => {
  const { reading, errors } = open()
  const odd = { limit: Number.NaN }
  const here = await store.find(odd, never).catch((error: unknown) => error)
  assert.ok(here instanceof Error && 'errcode' in here)
  await assert.rejects(reading.find(odd, never), { message: here.message, errcode: here.errcode })
  assert.equal((await reading.find({ limit: 3 }, never)).entries.length, 3)
  assert.deepEqual(errors, [])
})

test('a thread that dies fails its own search only, and is replaced', async () => {
  const place = join(folder, 'later')
  mkdirSync(place)
  const { reading, errors } = open(join(place, 'sekisho.db'))
  await assert.rejects(reading.find({ limit: 1 }, never), /unable to open/)
  assert.deepEqual(errors, ['the thread that searches the audit failed'])
  rmdirSync(place)
  await (await openDatabase({ kind: 'sqlite', file: join(place, 'sekisho.db') })).close()
  assert.deepEqual(await reading.find({ limit: 1 }, never), { entries: [], next: undefined })
})

test('a thread that nobody needs ends, and the next search has another', async () => {
  const idle: (() => void)[] = []
  const { reading } = open(file, {
    after: (ms, run) => {
      if (ms < 60_000) return later(ms, run)
      idle.push(run)
      return () => void idle.splice(idle.indexOf(run) >>> 0, 1)
    },
  })
  for (let round = 0; round < 2; round++) {
    assert.equal((await reading.find({ limit: 3 }, never)).entries.length, 3)
    assert.equal(idle.length, 1)
    idle.pop()?.()
  }
})

test('only so many searches wait, and the end of the server ends them all', async () => {
  const { reading } = open()
  const asked = Array.from({ length: 52 }, () => reading.find(long, never))
  const ends = Promise.allSettled(asked)
  await reading.close()
  const codes = (await ends).map(end =>
    end.status === 'rejected' && end.reason instanceof GatewayError ? end.reason.code : end,
  )
  assert.deepEqual(codes, [...Array.from({ length: 51 }, () => 'server.draining'), 'limit.exceeded'])
  await assert.rejects(reading.find({ limit: 1 }, never), { code: 'server.draining' })
})
