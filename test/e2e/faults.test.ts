// Bad input and bad luck: each ends at most its own session, loses nothing that was recorded, and leaks nothing.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

const run = promisify(execFile)
const command = fileURLToPath(new URL('../../bin/sekisho.mjs', import.meta.url))
const loginTimeoutMs = 1_000

const policies = `
@id("all-work")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"export", Action::"import"], resource);
`

let shop: RunningPostgres
let sekisho: RunningSekisho
let ann: Person
let port: number

before(async () => {
  shop = await startShop({ settings: { log_statement: 'all' } })
  sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_LOGIN_TIMEOUT_MS: String(loginTimeoutMs) } })
  port = (await sekisho.addTarget('shop', shop)).listenPort
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', [])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** Everything the server says until it closes. */
async function heard(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  await once(socket, 'close')
  return Buffer.concat(chunks)
}

async function ask(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** The server is there for others, whatever one client does. */
async function stillServes(): Promise<void> {
  assert.equal((await ask('select 1 as n')).rows[0].n, 1)
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('random bytes end their own connection only', async () => {
  const random = createRandom(7)
  for (let round = 0; round < 100; round++) {
    const socket = await open()
    const closed = heard(socket)
    socket.end(
      Buffer.from(Array.from({ length: 1 + Math.floor(random() * 300) }, () => Math.floor(random() * 256))),
    )
    await closed
  }
  await stillServes()
})

test('random bytes after login end their own session only', async () => {
  const random = createRandom(11)
  for (let round = 0; round < 20; round++) {
    const client = new pg.Client(ann.connection('shop'))
    client.on('error', () => {})
    await client.connect()
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
    stream.removeAllListeners('data')
    const closed = heard(stream)
    stream.end(
      Buffer.from(Array.from({ length: 1 + Math.floor(random() * 300) }, () => Math.floor(random() * 256))),
    )
    await closed
  }
  await stillServes()
})

test('a startup message that claims to be huge is refused at once', async () => {
  const socket = await open()
  const closed = heard(socket)
  socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 0]))
  assert.match((await closed).toString('latin1'), /FATAL/)
  await stillServes()
})

test('a message over the limit is refused with words, and ends its session', async () => {
  const client = new pg.Client(ann.connection('shop'))
  client.on('error', () => {})
  await client.connect()
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  stream.removeAllListeners('data')
  const closed = heard(stream)
  stream.write(Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff, 0x41]))
  assert.match((await closed).toString('latin1'), /FATAL.*limit/s)
  await stillServes()
})

test('who connects and says nothing is sent away', async () => {
  const socket = await open()
  const start = performance.now()
  await heard(socket)
  assert.ok(performance.now() - start < loginTimeoutMs * 10)
  await stillServes()
})

test('the replication protocol and function calls are refused in plain words', async () => {
  const client = new pg.Client({ ...ann.connection('shop'), replication: 'database' } as pg.ClientConfig)
  await assert.rejects(client.connect(), /replication/i)
  await stillServes()
})

test('a target that dies in the middle of an answer ends the session, and the audit says unknown or the error', async () => {
  const client = new pg.Client(ann.connection('shop'))
  client.on('error', () => {})
  await client.connect()
  const marked = 'select n, pg_sleep(0.001) from generate_series(1, 100000) n'
  const answer = client.query(marked)
  const killed = answer.catch((error: Error) => error)
  await shop.run(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like '%generate_series(1, 100000)%' and pid <> pg_backend_pid()`,
  )
  let gone = await Promise.race([killed, new Promise(resolve => setImmediate(resolve, 'waiting'))])
  while (gone === 'waiting') {
    await shop.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%generate_series(1, 100000)%' and pid <> pg_backend_pid()`,
    )
    gone = await Promise.race([killed, new Promise(resolve => setImmediate(resolve, 'waiting'))])
  }
  assert.ok(gone instanceof Error)
  await sekisho.auditUntil({ search: 'generate_series', limit: 10 }, entries =>
    entries.some(entry => entry.text === marked && entry.result !== undefined && entry.result !== 'ok'),
  )
  await stillServes()
})

test('after kill -9 the chain verifies, and everything that the target saw is on record', async () => {
  const statements = Array.from({ length: 8 }, async (_, worker) => {
    const client = new pg.Client(ann.connection('shop'))
    client.on('error', () => {})
    await client.connect()
    for (let n = 0; ; n++) await client.query(`select 'seen-${worker}-${n}'`)
  })
  const ended = Promise.allSettled(statements)
  // Kill it in full flight: when the target has seen a good number of them.
  while (!shop.log().includes('seen-0-200')) await pause(10)
  await sekisho.end('SIGKILL')
  await ended
  const seen = new Set(shop.log().match(/seen-\d+-\d+/g))
  const { stdout } = await run(process.execPath, [command, 'audit', 'verify', sekisho.dataDir, '--json'], {
    env: { ...process.env, SEKISHO_DATA_DIR: sekisho.dataDir },
  })
  assert.doesNotMatch(stdout, /"ok":\s*false/)
  await sekisho.restart()
  await sekisho.admin.signIn('admin', sekisho.adminPassword)
  const recorded = new Set<string>()
  await sekisho.auditCarried()
  let before: string | undefined
  for (;;) {
    const page = await sekisho.admin.call('GET /api/audit', {
      kinds: ['statement'],
      limit: 500,
      ...(before === undefined ? {} : { before }),
    })
    for (const entry of page) for (const name of entry.text?.match(/seen-\d+-\d+/g) ?? []) recorded.add(name)
    before = page.at(-1)?.id
    if (page.length === 0) break
  }
  const missing = [...seen].filter(name => !recorded.has(name))
  assert.deepEqual(missing, [])
  assert.ok(seen.size > 200)
  await stillServes()
})

/** Sends statements that carry so much text until one is refused. @returns how many got through */
async function fillDisk(person: Person, name: string, characters: number): Promise<number> {
  const client = new pg.Client(person.connection('shop'))
  client.on('error', () => {})
  for (let sent = -1; sent < 20_000; sent++) {
    const next =
      sent < 0 ? client.connect() : client.query(`select '${name}-${sent}-', '${'x'.repeat(characters)}'`)
    const refused = await next.then(
      () => undefined,
      (error: Error) => error.message,
    )
    if (refused === undefined) continue
    assert.match(refused, /recorded/)
    return sent
  }
  throw new Error('the disk did not get full')
}

test('a full disk under the audit: nothing is relayed, and the server says so', async () => {
  const small = await startSekisho({ smallDiskMegabytes: 4 })
  try {
    await small.addTarget('shop', shop)
    await small.savePolicies(policies)
    const ben = await small.addPerson('ben', [])
    const reached = await fillDisk(ben, 'large', 100_000)
    assert.ok(shop.log().includes(`'large-${reached - 1}-'`))
    assert.ok(
      !shop.log().includes(`'large-${reached}-'`),
      'a statement that was not recorded reached the target',
    )
    // There is room for a little more, until there is none for anything.
    let ready = await fetch(`${small.url}/readyz`)
    for (let n = 0; ready.ok && n < 100; n++) {
      await fillDisk(ben, `small-${n}`, 10)
      ready = await fetch(`${small.url}/readyz`)
    }
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /audit/)
    assert.equal((await fetch(`${small.url}/livez`)).status, 200)
  } finally {
    await small.stop()
  }
})
