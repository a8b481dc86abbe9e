// The SQL page's streaming against a real PostgreSQL behind an in-memory stream that knows who comes, as the gateway's does.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'pg'
import { connection } from '../../main/demo/demo-server.ts'
import { type DemoTarget, startDemo } from '../../main/demo/start-demo.ts'
import type { RunEvent, TargetInput } from '../contract.ts'
import { type Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

const cancelCode = 80_877_102

/** Logs in at the target with its own account, whoever the client says it is, and splices the two. */
function openTarget(demo: DemoTarget, sessions: Set<Socket>): Duplex {
  const [ours, theirs] = duplexPair()
  theirs.on('error', () => undefined)
  theirs.once('data', (startup: Buffer) => {
    if (startup.readInt32BE(4) === cancelCode) connect(demo.port, demo.host).end(startup)
    else void logIn(demo, theirs, sessions)
  })
  return ours
}

async function logIn(demo: DemoTarget, theirs: Duplex, sessions: Set<Socket>): Promise<void> {
  const client: Client = connection(demo.port, demo.account, demo.database, demo.password)
  await client.connect()
  const inner = client as unknown as { connection: { stream: Socket }; processID: number; secretKey: number }
  const { stream } = inner.connection
  stream.removeAllListeners('data')
  const key = Buffer.alloc(13)
  key.write('K')
  key.writeInt32BE(12, 1)
  key.writeInt32BE(inner.processID, 5)
  key.writeInt32BE(inner.secretKey, 9)
  theirs.write(
    Buffer.concat([Buffer.from('R\0\0\0\x08\0\0\0\0', 'latin1'), key, Buffer.from('Z\0\0\0\x05I', 'latin1')]),
  )
  sessions.add(stream)
  stream.on('close', () => {
    sessions.delete(stream)
    theirs.destroy()
  })
  theirs.on('close', () => stream.destroy())
  stream.pipe(theirs).pipe(stream)
}

const linesOf = async (response: Response): Promise<RunEvent[]> =>
  (await response.text())
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RunEvent)

describe('SQL page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-query-'))
  chmodSync(folder, 0o755)
  const sessions = new Set<Socket>()
  let demo: DemoTarget
  let opened: OpenedConsole
  let admin: Browser
  let id: string
  before(async () => {
    demo = await startDemo(folder, () => undefined)
    opened = await openConsole({ editorRowsMax: 1_000, editorTimeoutMs: 4_000, editorRunsPerUserMax: 2 })
    opened.openTarget = () => openTarget(demo, sessions)
    admin = await opened.person('root', 'administrator')
    const target: TargetInput = {
      name: 'shop',
      protocol: 'postgres',
      host: demo.host,
      port: demo.port,
      database: demo.database,
      account: demo.account,
      password: 'unused here',
      tls: 'disable',
      tags: {},
    }
    id = (await admin.call('POST /api/targets', target)).id
  })
  after(async () => {
    await opened.close()
    await demo.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const post = (path: string, body: object | undefined, signal?: AbortSignal, method = 'POST') =>
    fetch(`${opened.url}/api/${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        cookie: admin.cookie,
        origin: opened.url,
        'x-sekisho-csrf': admin.csrf,
      },
      ...(signal === undefined ? {} : { signal }),
    })
  let last = ''
  const open = async (): Promise<string> => {
    last = (await admin.call('POST /api/sql/sessions', { targetId: id })).id
    return last
  }
  const close = (session: string) => post(`sql/sessions/${session}`, undefined, undefined, 'DELETE')
  const runIn = (session: string, sql: string, signal?: AbortSignal) =>
    post(`sql/sessions/${session}/run`, { sql, commit: 'auto' }, signal)
  const send = async (sql: string, signal?: AbortSignal) => runIn(await open(), sql, signal)
  /** What it tells, but for how the session stands at the end. */
  const run = async (sql: string) => {
    const events = await linesOf(await send(sql))
    assert.equal(events.at(-1)?.kind, 'session')
    await close(last)
    return events.slice(0, -1)
  }
  const allGone = async () => {
    for (const session of sessions) await once(session, 'close')
  }

  it('answers with lines of JSON: columns, rows as text, the end', async () => {
    const response = await send(`select 1 as a, null::text as b, '{"x":1}'::jsonb as c, array['é','漢'] as d`)
    assert.match(response.headers.get('content-type') ?? '', /application\/x-ndjson/)
    const [columns, rows, done, standing, ...more] = await linesOf(response)
    assert.equal(standing?.kind, 'session')
    await close(last)
    assert.deepEqual(columns, {
      kind: 'columns',
      statement: 0,
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'text' },
        { name: 'c', type: 'jsonb' },
        { name: 'd', type: 'text[]' },
      ],
    })
    assert.deepEqual(rows, { kind: 'rows', statement: 0, rows: [['1', null, '{"x": 1}', '{é,漢}']] })
    assert.ok(done?.kind === 'done' && done.durationMs >= 0)
    assert.deepEqual([done.command, done.rows, done.truncated], ['SELECT', 1, false])
    assert.deepEqual(more, [])
  })

  it('gives each statement of a text its own result', async () => {
    const events = await run(
      `create temp table t (a int); insert into t values (1), (2); select * from t; ; select 'x'`,
    )
    const done = events.filter(event => event.kind === 'done')
    assert.deepEqual(
      done.map(event => [event.statement, event.command, event.rows]),
      [
        [0, 'CREATE TABLE', 0],
        [1, 'INSERT', 2],
        [2, 'SELECT', 2],
        [3, 'SELECT', 1],
      ],
    )
    const [empty, ...none] = await run(' -- nothing')
    assert.ok(empty?.kind === 'done' && empty.command === '' && none.length === 0)
  })

  it('tells errors and notices as the target words them', async () => {
    const [error] = await run('select nothing from customers')
    assert.ok(error?.kind === 'error')
    assert.deepEqual([error.sqlState, error.position, error.refused], ['42703', 8, false])
    const events = await run(`do $$ begin raise notice 'hello'; end $$`)
    assert.deepEqual(events[0], { kind: 'notice', message: 'hello' })
  })

  it('cuts a result at its limit and says so', async () => {
    const events = await run('select id, email from customers')
    const rows = events.flatMap(event => (event.kind === 'rows' ? event.rows : []))
    assert.equal(rows.length, 1_000)
    const done = events.at(-1)
    assert.ok(done?.kind === 'done' && done.truncated && done.rows === 5_000)
  })

  it('does not read a result to its end that is far beyond the limit', async () => {
    const events = await run('select generate_series(1, 100000000); select 2')
    assert.ok(events.some(event => event.kind === 'done' && event.truncated && event.rows === 10_000))
    assert.ok(!events.some(event => event.kind === 'error'))
    assert.match(events.findLast(event => event.kind === 'notice')?.message ?? '', /was cut/)
    await allGone()
  })

  it('shows what COPY gives, and takes nothing', async () => {
    const events = await run('copy (select 1, 2 union all select 3, 4) to stdout')
    assert.deepEqual(events[1], { kind: 'rows', statement: 0, rows: [['1\t2'], ['3\t4']] })
    const [error] = await run('create temp table t (a int); copy t from stdin').then(all =>
      all.filter(event => event.kind === 'error'),
    )
    assert.match(error?.message ?? '', /psql/)
  })

  it('ends what takes too long', async () => {
    const events = await run('select pg_sleep(60)')
    assert.equal(events.length, 1)
    assert.ok(events[0]?.kind === 'error' && events[0].sqlState === '57014')
    await allGone()
  })

  it('cancels at the target when the reader goes away', async () => {
    const watcher = connection(demo.port, demo.account, demo.database, demo.password)
    await watcher.connect()
    // The target starts and ends statements in its own time: looked at until it shows.
    const until = async (running: boolean) => {
      for (let left = 50; ; left -= 1) {
        const { rows } = await watcher.query(
          `select 1 from pg_stat_activity where state = 'active' and query like '%left alone%' and pid <> pg_backend_pid()`,
        )
        if (rows.length > 0 === running) return
        assert.ok(left > 0, running ? 'never began' : 'still running')
        await pause(20)
      }
    }
    const abort = new AbortController()
    const response = send('select pg_sleep(60) /* left alone */', abort.signal)
    await until(true)
    abort.abort()
    await assert.rejects(response, { name: 'AbortError' })
    await until(false)
    await watcher.end()
    await close(last)
    await allGone()
  })

  it('reads no faster than its reader', async () => {
    const response = await send(`select repeat('x', 60000) from generate_series(1, 900)`)
    const reader = response.body?.getReader()
    await reader?.read()
    const [session] = sessions
    // What lies between the two is full when nothing is read any more.
    for (let seen = -1; seen !== session?.bytesRead; await pause(100)) seen = session?.bytesRead ?? 0
    assert.ok((session?.bytesRead ?? 0) < 30_000_000, `${session?.bytesRead} bytes were read`)
    let bytes = 0
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      bytes += part.value.length
    assert.ok(bytes > 50_000_000)
    await close(last)
    await allGone()
  })

  it('runs so many at once for one person, and no more', async () => {
    const held = [await open(), await open(), await open()]
    const running = held.slice(0, 2).map(session => runIn(session, 'select pg_sleep(0.5)'))
    while ((await admin.call('GET /api/sql/sessions')).filter(one => one.running).length < 2) await pause(5)
    assert.equal((await runIn(held[2] ?? '', 'select 1')).status, 429)
    assert.equal((await runIn(held[0] ?? '', 'select 1')).status, 409)
    for (const response of await Promise.all(running)) await response.text()
    for (const session of held) await close(session)
    assert.equal((await run('select 1')).at(-1)?.kind, 'done')
  })

  it('says so when the target is gone, without its address', async () => {
    const before = opened.openTarget
    opened.openTarget = () => {
      const [ours, theirs] = duplexPair()
      theirs.once('data', () => theirs.destroy(new Error('ECONNREFUSED 10.1.2.3')))
      theirs.on('error', () => undefined)
      return ours
    }
    const response = await post('sql/sessions', { targetId: id })
    opened.openTarget = before
    assert.equal(response.status, 502)
    assert.ok(!(await response.text()).includes('10.1.2.3'))
    assert.deepEqual(await admin.call('GET /api/sql/sessions'), [])
  })

  it('refuses a text with a zero byte', async () => {
    assert.equal((await send('select 1\0; drop table customers')).status, 400)
    await close(last)
  })
})
