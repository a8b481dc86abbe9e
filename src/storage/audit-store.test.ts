// The audit in the server database, on SQLite and MariaDB: carried whole and once, found by every filter.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { AuditEntry, AuditFilter, AuditSummary } from '../audit/audit.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { createTrail } from '../audit/create-trail.ts'
import {
  atMs,
  eventId,
  intent,
  life,
  opened,
  outcome,
  plainSealing,
  plan,
  refusal,
  sessionId,
} from '../audit/example.ts'
import type { AuditEvent } from '../core/event.ts'
import { limits } from '../core/limits.ts'
import { createAuditStore } from './audit-store.ts'
import type { Database } from './database.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { openJournalFile } from './journal-file.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-carry-'))
  folders.push(folder)
  return folder
}

/** An audit that carries only when it is closed, in batches of a few. */
function openAudit(
  folder: string,
  store: AuditStore,
  over: Partial<{ batch: number; segment: number }> = {},
) {
  return createTrail({
    file: openJournalFile(folder),
    store,
    sealing: plainSealing,
    serverId: 'test',
    clock: { nowMs: () => atMs + 1_000, monotonicMs: () => 0 },
    limits: {
      ...limits,
      carryBatchMax: over.batch ?? 4,
      journalSegmentBytesMax: over.segment ?? limits.journalSegmentBytesMax,
    },
    atEndOfTurn: act => void setImmediate(act),
    after: () => () => undefined,
    log: { info: () => undefined, error: () => undefined },
  })
}

const written = (
  trail: { record(events: readonly AuditEvent[], done: (error?: Error) => void): void },
  events: readonly AuditEvent[],
) =>
  new Promise<void>((resolve, reject) => {
    trail.record(events, error => (error === undefined ? resolve() : reject(error)))
  })

interface Timer {
  readonly ms: number
  readonly run: () => void
}

/** An audit whose timers the test rings: `next` gives the one that carries, as soon as it is set. */
async function openWithTimers(store: AuditStore) {
  const set: Timer[] = []
  let look: () => void = () => undefined
  const audit = await createTrail({
    file: openJournalFile(newFolder()),
    store,
    sealing: plainSealing,
    serverId: 'test',
    clock: { nowMs: () => atMs, monotonicMs: () => 0 },
    limits: { ...limits, carryBatchMax: 4, journalSyncMs: 1, carryDelayMs: 200 },
    atEndOfTurn: act => void setImmediate(act),
    after: (ms, run) => {
      if (ms === 1) {
        setImmediate(run)
        return () => undefined
      }
      const timer = { ms, run }
      set.push(timer)
      look()
      return () => void set.splice(set.indexOf(timer) >>> 0, 1)
    },
    log: { info: () => undefined, error: () => undefined },
  })
  const next = () =>
    new Promise<Timer>(resolve => {
      look = () => {
        const timer = set.shift()
        if (timer === undefined) return
        look = () => undefined
        resolve(timer)
      }
      look()
    })
  return { audit, next }
}

/** Everything of one life, carried; one more statement has had no outcome yet. */
async function carriedLife(database: Database): Promise<{
  find: (filter: AuditFilter) => Promise<readonly AuditEntry[]>
  get: (id: string) => Promise<AuditEntry | undefined>
  summary: (filter: AuditFilter) => Promise<AuditSummary>
}> {
  const audit = await openAudit(newFolder(), createAuditStore(database))
  await written(audit.trail, life)
  await written(audit.trail, [intent(11, { text: plan.shape })])
  await audit.trail.close()
  return audit.search
}

onEveryDatabase('audit store', ({ open }) => {
  test('what was recorded is found again, newest first, with its outcome and its text', async () => {
    const search = await carriedLife(await open())
    const found = await search.find({})
    assert.deepEqual(
      found.map(entry => [entry.id, entry.kind]),
      [
        [eventId(11), 'statement'],
        ...[...life]
          .reverse()
          .filter(event => event.kind !== 'statement.ended')
          .map(event => [event.id, event.kind]),
      ],
    )
    const statement = await search.get(eventId(3))
    const { sequence, hash, ...rest } = statement ?? assert.fail()
    assert.deepEqual(rest, {
      id: eventId(3),
      atMs: atMs + 3,
      kind: 'statement',
      userName: 'ada',
      targetName: 'shop',
      sessionId,
      address: '192.0.2.7',
      program: 'psql',
      credential: 'laptop',
      verb: 'SELECT',
      shape: plan.shape,
      text: intent(3).text,
      tables: ['public.customers'],
      hidden: ['public.customers.email'],
      verdict: 'allowed',
      code: undefined,
      reason: undefined,
      decidedBy: [{ name: 'analysts-read', version: 7 }],
      strength: 'written',
      rows: 1,
      bytes: 64,
      durationMs: 0.751,
      result: 'ok',
      what: undefined,
      object: undefined,
      fields: undefined,
    })
    assert.deepEqual([sequence, hash.length], [7, 64])
    const running = await search.get(eventId(11))
    assert.deepEqual([running?.text, running?.result], [plan.shape, undefined])
    const refused = await search.get(eventId(4))
    assert.deepEqual(
      [refused?.verdict, refused?.reason, refused?.text],
      ['denied', refusal.reason, 'DROP TABLE customers'],
    )
    const change = await search.get(eventId(7))
    assert.deepEqual(
      [change?.what, change?.object, change?.userName, change?.address, change?.fields],
      [
        'target.changed',
        'shop',
        'ada',
        '192.0.2.7',
        { port: [5432, 5433], password: ['***', '***'], note: [null, 'ü'] },
      ],
    )
    assert.equal(await search.get('nothing'), undefined)
  })

  test('every filter finds what it says, and nothing else', async () => {
    const search = await carriedLife(await open())
    const ids = async (filter: AuditFilter) =>
      (await search.find(filter)).map(entry => Number(entry.id.slice(-12)))
    const cases: readonly (readonly [AuditFilter, readonly number[]])[] = [
      [{ fromMs: atMs + 9 }, [11, 10, 9]],
      [{ toMs: atMs + 2 }, [2, 1]],
      [{ fromMs: atMs + 3, toMs: atMs + 3 }, [3]],
      [{ kinds: ['statement'] }, [11, 4, 3]],
      [{ kinds: ['server.started', 'server.stopped'] }, [10, 1]],
      [{ kinds: [] }, [11, 10, 9, 8, 7, 6, 4, 3, 2, 1]],
      [{ userName: 'ada', kinds: ['sign-in.failed'] }, [6]],
      [{ userName: 'ADA' }, []],
      [{ targetName: 'shop', kinds: ['session.refused', 'session.opened'] }, [8, 2]],
      [{ sessionId }, [11, 9, 4, 3, 2]],
      [{ verdict: 'denied' }, [8, 4]],
      [{ verdict: 'allowed' }, [11, 3]],
      [{ masked: true }, [11, 3]],
      [{ masked: false, kinds: ['statement'] }, [11, 4, 3]],
      [{ search: 'EMAIL from' }, [11, 3]],
      [{ search: 'public.customers', kinds: ['statement'] }, [11, 4, 3]],
      [{ search: 'PSQL', kinds: ['session.opened', 'session.refused'] }, [8, 2]],
      [{ search: 'shop' }, [9, 8, 7, 2]],
      [{ search: 'select EMAIL' }, [11, 3]],
      [{ search: '"select email"' }, [11, 3]],
      [{ search: '"email select"' }, []],
      [{ search: 'id = drop' }, []],
      [{ search: 'ta' }, [7, 4]],
      [{ table: 'customers' }, [11, 4, 3]],
      [{ table: 'public.customers', verdict: 'denied' }, [4]],
      [{ table: 'Pub*' }, [11, 4, 3]],
      [{ table: 'customer' }, []],
      [{ column: 'email' }, [11, 3]],
      [{ column: 'customers.email', userName: 'ada' }, [3]],
      [{ policy: 'analysts-read', kinds: ['statement'] }, [11, 3]],
      [{ policy: 'analysts-read' }, [11, 3, 2]],
      [{ code: 'statement.denied' }, [4]],
      [{ code: 'statement.denied', userName: 'bob' }, []],
      [{ verb: 'drop' }, [4]],
      [{ verb: 'drop table', search: 'customers' }, [4]],
      [{ program: 'PSQL' }, [9, 8, 4, 3, 2]],
      [{ program: 'psql', table: 'customers', verdict: 'denied' }, [4]],
      [{ address: '192.0.2.7', kinds: ['statement'] }, [4, 3]],
      [{ address: '192.0.2.7', kinds: ['sign-in.failed'] }, [6]],
      [{ address: '192.0.2' }, []],
      [{ rowsMin: 1 }, [3]],
      [{ rowsMax: 0, kinds: ['statement'] }, []],
      [{ durationMinMs: 0.7, durationMaxMs: 0.8 }, [3]],
      [{ durationMinMs: 1 }, []],
      [{ after: eventId(4), limit: 2 }, [6, 7]],
      [{ after: eventId(2), table: 'customers' }, [3, 4, 11]],
      [{ search: '100%' }, []],
      [{ search: '_' }, []],
      [{ search: '!' }, []],
      [{ search: "'; drop table audit_events; --" }, []],
      [{ search: '\\' }, []],
      [{ before: eventId(4), limit: 2 }, [3, 2]],
      [{ limit: 0 }, [11]],
    ]
    for (const [filter, expected] of cases)
      assert.deepEqual(await ids(filter), expected, JSON.stringify(filter))
  })

  test('figures count what fits, by time and by what it was about', async () => {
    const search = await carriedLife(await open())
    const all = await search.summary({ fromMs: atMs, toMs: atMs + 100 })
    assert.deepEqual([all.fromMs, all.countedFromMs, all.bucketMs], [atMs, atMs, 1_000])
    assert.deepEqual(all.buckets, [{ atMs, statements: 4, refused: 2, rows: 1 }])
    assert.deepEqual([all.statements, all.refused, all.rows], [4, 2, 1])
    assert.deepEqual(all.tables, [{ name: 'public.customers', count: 3, refused: 1 }])
    assert.deepEqual(all.columns, [{ name: 'public.customers.email', count: 2, refused: 0 }])
    assert.deepEqual(all.users, [{ name: 'ada', count: 3, refused: 2 }])
    assert.deepEqual(all.policies, [{ name: '', count: 1, refused: 1 }])
    assert.deepEqual(all.slowest, [{ shape: plan.shape, count: 1, meanMs: 0.751, maxMs: 0.751 }])
    const some = await search.summary({ fromMs: atMs, toMs: atMs + 100, search: 'drop' })
    assert.deepEqual([some.statements, some.refused], [1, 1])
    const later = await search.summary({ fromMs: atMs + 50, toMs: atMs + 100 })
    assert.deepEqual([later.statements, later.buckets.length], [0, 1])
  })

  test('a search that may not go on says how far it came, and goes on from there', async () => {
    const store = createAuditStore(await open())
    const audit = await openAudit(newFolder(), store)
    const events: AuditEvent[] = [opened]
    for (let n = 0; n < 6_000; n++)
      events.push(intent(n + 100, n === 50 ? { plan: { ...plan, shape: 'SELECT needle' } } : {}))
    await written(audit.trail, events)
    await audit.trail.close()
    const first = await store.find({ rowsMin: 7, limit: 10 }, () => true)
    assert.deepEqual(first.entries, [])
    assert.ok(first.next !== undefined && first.next > eventId(100))
    const rest = await store.find({ rowsMin: 7, limit: 10, before: first.next }, () => false)
    assert.deepEqual(rest, { entries: [], next: undefined })
    const rare = await store.find({ search: 'needle', limit: 10 }, () => true)
    assert.deepEqual(
      rare.entries.map(({ id }) => id),
      [eventId(150)],
    )
    assert.equal(rare.next, undefined)
    // Words that are everywhere, and words that are nowhere: whatever stops it, nothing is left out.
    const seen: string[] = []
    for (let before: string | undefined; ; ) {
      const page = await store.find(
        { search: 'select email', rowsMax: -1, limit: 10, ...(before === undefined ? {} : { before }) },
        () => true,
      )
      seen.push(...page.entries.map(({ id }) => id))
      if (page.next === undefined) break
      before = page.next
    }
    assert.deepEqual(seen, [])
  })

  test('pages follow each other without gap or repetition', async () => {
    const search = await carriedLife(await open())
    const all = await search.find({})
    const pages: AuditEntry[] = []
    for (let before: string | undefined; ; before = pages.at(-1)?.id) {
      const page = await search.find({ limit: 3, ...(before === undefined ? {} : { before }) })
      pages.push(...page)
      if (page.length < 3) break
    }
    assert.deepEqual(pages, all)
  })

  test('what was recorded is carried once, whatever fails on the way, and after it', async () => {
    const database = await open()
    const store = createAuditStore(database)
    let calls = 0
    const moody: AuditStore = {
      ...store,
      async carry(batch) {
        calls += 1
        // Before: the database is down. After: its answer is lost. Both look alike.
        if (calls % 3 === 1) throw new Error('down')
        await store.carry(batch)
        if (calls % 3 === 2) throw new Error('answer lost')
      },
    }
    const folder = newFolder()
    const events: AuditEvent[] = [opened]
    for (let n = 10; n < 60; n += 2) events.push(intent(n), outcome(n + 1, n))
    for (let attempt = 0; attempt < 60; attempt++) {
      const audit = await openAudit(folder, moody, { segment: 2_000 })
      const next = events.splice(0, 3)
      if (next.length > 0) await written(audit.trail, next)
      await audit.trail.close()
    }
    const last = await openAudit(folder, store)
    await last.trail.close()
    assert.equal(last.search.chain().waiting, 0)
    const rows = await database.query
      .selectFrom('audit_events')
      .select(['id', 'result', 'sequence'])
      .execute()
    assert.equal(rows.length, 26)
    assert.equal(new Set(rows.map(row => row.id)).size, 26)
    const statements = await last.search.find({ kinds: ['statement'] })
    assert.equal(statements.length, 25)
    for (const entry of statements) {
      assert.equal(entry.text, intent(Number(entry.id.slice(-12))).text)
      assert.ok(entry.result === 'ok' || entry.result === 'unknown')
    }
  })

  test('carries in the background, waits longer after each failure, and goes on when the database is back', async () => {
    const store = createAuditStore(await open())
    let down = true
    let carriedAll: () => void = () => undefined
    const done = new Promise<undefined>(resolve => {
      carriedAll = () => resolve(undefined)
    })
    const carry: AuditStore['carry'] = async batch => {
      if (down) throw new Error('down')
      await store.carry(batch)
      if (batch.to.sequence === audit.search.chain().sequence) carriedAll()
    }
    const { audit, next } = await openWithTimers({ ...store, carry })
    // What a former life left would be looked for even if nothing came in.
    const first = await next()
    await written(audit.trail, life)
    await audit.trail.probe()
    const waits: number[] = [first.ms]
    first.run()
    for (let n = 0; n < 10; n++) {
      const timer = await next()
      waits.push(timer.ms)
      if (n === 9) down = false
      timer.run()
    }
    assert.deepEqual(waits, [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000])
    for (let timer = await next(); timer !== undefined; ) {
      assert.equal(timer.ms, 0, 'there is more, so no wait beyond the pause')
      timer.run()
      const later = await Promise.race([done, next()])
      if (later === undefined) break
      timer = later
    }
    assert.equal((await audit.search.find({})).length, 9)
    await audit.trail.close()
  })

  test('a batch that fails half way leaves nothing, and two that carry the same do not both', async () => {
    const database = await open()
    const store = createAuditStore(database)
    const to = { segment: 1, sequence: 3, hash: 'a'.repeat(64) }
    const texts = { n: 2, at: atMs, k: 'texts', sealed: 'eA==' } as const
    const batch = {
      chain: 'c'.repeat(32),
      from: undefined,
      to,
      sessions: [],
      plans: [],
      texts: [texts],
      rows: [],
      outcomes: [],
    }
    await assert.rejects(store.carry({ ...batch, texts: [texts, texts] }))
    assert.equal(await store.position(batch.chain), undefined)
    await store.carry(batch)
    assert.deepEqual(await store.position(batch.chain), to)
    await assert.rejects(store.carry(batch))
    const next = { ...batch, from: to, to: { ...to, sequence: 4 }, texts: [{ ...texts, n: 4 }] }
    await store.carry(next)
    await assert.rejects(store.carry(next), /somebody else/)
    assert.equal((await store.position(batch.chain))?.sequence, 4)
  })

  test('an outcome far behind its intent finds it; values too large for a column do not stop the rest', async () => {
    const database = await open()
    const folder = newFolder()
    const audit = await openAudit(folder, createAuditStore(database), { batch: 2 })
    const long = 'あ😀'.repeat(400)
    const events: AuditEvent[] = [
      { ...opened, userName: long, program: long.repeat(20) } as AuditEvent,
      intent(3),
      intent(4),
      intent(5, { text: long.repeat(500) }),
      ...[20, 21, 22].map(n => ({ ...life[5], id: eventId(n) }) as AuditEvent),
      outcome(30, 3, { rows: 1e300, result: 'x'.repeat(500) }),
    ]
    await written(audit.trail, events)
    await audit.trail.close()
    const first = await audit.search.get(eventId(3))
    assert.deepEqual([first?.rows, first?.result?.length], [Number.MAX_SAFE_INTEGER, 100])
    assert.equal(first?.program, long.repeat(20))
    assert.ok(long.startsWith(first?.userName ?? 'x'))
    assert.equal((await audit.search.get(eventId(5)))?.text, long.repeat(500))
  })

  test('a new life gives the row of an unfinished statement its outcome', async () => {
    const database = await open()
    const folder = newFolder()
    const store = createAuditStore(database)
    const first = await openAudit(folder, store)
    await written(first.trail, [opened, intent(3)])
    await first.trail.close()
    const second = await openAudit(folder, store)
    await second.trail.close()
    assert.equal((await second.search.get(eventId(3)))?.result, 'unknown')
  })

  test('a journal that is not the one that was carried is not carried on', async () => {
    const database = await open()
    const store = createAuditStore(database)
    const folder = newFolder()
    const first = await openAudit(folder, store)
    await written(first.trail, [opened])
    await first.trail.close()
    const position = await database.query.selectFrom('audit_positions').selectAll().executeTakeFirstOrThrow()
    await database.query
      .updateTable('audit_positions')
      .set({ hash: 'f'.repeat(64) })
      .execute()
    const second = await openAudit(folder, store)
    await written(second.trail, [intent(3)])
    await second.trail.close()
    assert.equal(await second.search.get(eventId(3)), undefined)
    assert.ok(second.search.chain().waiting > 0)
    await database.query.updateTable('audit_positions').set({ hash: position.hash }).execute()
    const third = await openAudit(folder, store)
    await third.trail.close()
    assert.equal((await third.search.get(eventId(3)))?.id, eventId(3))
  })
})
