// Real clients through the protocol to a real PostgreSQL.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { after, before, test } from 'node:test'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import pg from 'pg'
import { startPostgres, type RunningPostgres } from '../../../test/support/postgres.ts'
import { GatewayError } from '../../core/errors.ts'
import { testTarget, testUser } from '../fake-gate.test-part.ts'
import { startGateway, type TestGateway } from './gateway.test-part.ts'
import { postgres } from './index.ts'

const run = promisify(execFile)
let server: RunningPostgres
let gateway: TestGateway

before(async () => {
  server = await startPostgres({ database: 'shop' })
  await server.run(
    'CREATE TABLE customers AS SELECT n AS id, $$name $$ || n AS name FROM generate_series(1, 1000) n',
  )
  gateway = await startGateway(targetOf(server), server.password)
})
after(async () => {
  await gateway.stop()
  await server.stop()
})

const targetOf = (server: RunningPostgres) =>
  testTarget({ port: server.port, account: server.user, database: server.database })

async function psql(commands: string | readonly string[], options = 'sslmode=require'): Promise<string> {
  const where = `host=127.0.0.1 port=${gateway.port} user=hana dbname=shop ${options}`
  const all = [commands].flat().flatMap(command => ['-c', command])
  const { stdout, stderr } = await run('psql', ['-XAt', where, ...all], {
    env: { ...process.env, PGPASSWORD: gateway.token },
  }).catch((error: unknown) => error as { stdout: string; stderr: string })
  return stdout + stderr
}

test('psql logs in with a token over TLS and reads', async () => {
  assert.equal(await psql('SELECT count(*) FROM customers'), '1000\n')
  assert.equal(await psql('SELECT 1', 'sslmode=disable'), '1\n')
})

test('a wrong token, an unknown user and a wrong database are refused in PostgreSQL words', async () => {
  const wrong = (user: string, database: string, password: string) =>
    run(
      'psql',
      ['-XAt', `host=127.0.0.1 port=${gateway.port} user=${user} dbname=${database}`, '-c', 'SELECT 1'],
      {
        env: { ...process.env, PGPASSWORD: password },
      },
    ).then(
      () => 'let in',
      (error: unknown) => (error as { stderr: string }).stderr,
    )
  const bad = await wrong('hana', 'shop', 'skk_other')
  assert.match(bad, /FATAL: {2}The user name or the connection token is not right/)
  assert.equal(bad.replace('hana', 'X'), (await wrong('nobody', 'shop', 'skk_test')).replace('nobody', 'X'))
  assert.match(
    await wrong('hana', 'other', 'skk_test'),
    /not behind this port[^]*HINT: {2}Connect to the database "shop"/,
  )
})

test('errors, notices and refusals come as PostgreSQL says them, and the session goes on', async () => {
  const out = await psql([
    'SELECT nosuch FROM customers',
    "DO $$ BEGIN RAISE NOTICE 'seen'; END $$",
    'SELECT forbidden FROM customers',
    'SELECT 2',
  ])
  assert.match(out, /column "nosuch" does not exist/)
  assert.match(out, /NOTICE: {2}seen/)
  assert.match(
    out,
    /ERROR: {2}You may not do this\.\nLINE 1: SELECT forbidden FROM customers\n {15}\^\nHINT: {2}Ask for it\./,
  )
  assert.match(out, /^2$/m)
})

test('COPY goes both ways', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-copy-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'customers.tsv')
  const out = await psql([
    'CREATE TABLE copied (id int, name text)',
    `\\copy (SELECT * FROM customers) TO ${file}`,
    `\\copy copied FROM ${file}`,
    'SELECT count(*), max(name) FROM copied',
    'DROP TABLE copied',
  ])
  assert.match(out, /COPY 1000\nCOPY 1000\n1000\|name 999/)
})

for (const mode of ['simple', 'extended', 'prepared'])
  test(`pgbench runs (${mode})`, async () => {
    const env = { ...process.env, PGPASSWORD: gateway.token, PGSSLMODE: 'disable' }
    const where = ['-h', '127.0.0.1', '-p', String(gateway.port), '-U', 'hana', 'shop']
    await run('pgbench', ['-i', '-s', '1', '-q', ...where], { env })
    const { stdout } = await run('pgbench', ['-M', mode, '-c', '4', '-j', '1', '-t', '100', ...where], {
      env,
    })
    assert.match(
      stdout,
      /number of transactions actually processed: 400\/400\nnumber of failed transactions: 0/,
    )
    const last = gateway.gate.entered.at(-1)
    assert.equal(last?.record.filter(line => line.startsWith('ended') && !line.includes(' ok ')).length, 0)
    assert.equal(
      last?.record.filter(line => line.startsWith('intent')).length,
      last?.record.filter(line => line.startsWith('ended')).length,
    )
  })

async function connectPg(change: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: gateway.port,
    user: 'hana',
    password: gateway.token,
    database: 'shop',
    ...change,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

test('node pg: TLS, parameters, prepared statements, binary values, errors in a transaction', async () => {
  const client = await connectPg({ ssl: { ca: gateway.certificate, servername: 'localhost' } })
  const { rows } = await client.query('SELECT $1::int + 1 AS sum, $2::bytea AS bytes', [
    41,
    Buffer.from([0, 255]),
  ])
  assert.deepEqual(rows, [{ sum: 42, bytes: Buffer.from([0, 255]) }])
  for (let i = 0; i < 3; i++) {
    const found = await client.query({
      name: 'find',
      text: 'SELECT name FROM customers WHERE id = $1',
      values: [i + 1],
    })
    assert.deepEqual(found.rows, [{ name: `name ${i + 1}` }])
  }
  await client.query('BEGIN')
  await assert.rejects(client.query('SELECT 1/0'), { code: '22012' })
  await assert.rejects(client.query('SELECT 1'), { code: '25P02' })
  await client.query('ROLLBACK')
  await client.query('BEGIN')
  await assert.rejects(client.query('SELECT $1::text AS forbidden', ['x']), {
    code: '42501',
    hint: 'Ask for it.',
  })
  await assert.rejects(client.query('SELECT 1'), { code: '25P02' })
  await client.query('ROLLBACK')
  assert.equal((await client.query('SELECT 1 AS one')).rows[0].one, 1)
  await client.end()
})

test('LISTEN and NOTIFY', async () => {
  const listener = await connectPg()
  const heard = once(listener, 'notification')
  await listener.query('LISTEN news')
  const speaker = await connectPg()
  await speaker.query("NOTIFY news, 'hello'")
  const [message] = (await heard) as [pg.Notification]
  assert.equal(message.payload, 'hello')
  await listener.end()
  await speaker.end()
})

/** What node pg keeps of the key it was given. */
const keyOf = (client: pg.Client) => client as unknown as { processID: number; secretKey: number }

async function sendCancel(port: number, processId: number, secret: number): Promise<void> {
  const bytes = Buffer.alloc(16)
  bytes.writeInt32BE(16, 0)
  bytes.writeInt32BE(80877102, 4)
  bytes.writeInt32BE(processId, 8)
  bytes.writeInt32BE(secret, 12)
  const socket = connect(port, '127.0.0.1')
  socket.end(bytes)
  socket.resume()
  await once(socket, 'close')
}

test('a cancel request ends the statement of its own session only', async () => {
  const [first, second] = [await connectPg(), await connectPg()]
  const sleeping = [first, second].map(client =>
    client.query('SELECT pg_sleep(20)').catch(error => error.code),
  )
  const { processID, secretKey } = keyOf(first)
  await sendCancel(gateway.port, processID, secretKey ^ 1)
  await sendCancel(gateway.port, keyOf(second).processID, secretKey)
  const real = await server.run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
  assert.equal(real.rows[0].count, '2')
  await sendCancel(gateway.port, processID, secretKey)
  assert.equal(await sleeping[0], '57014')
  const left = await server.run(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'",
  )
  assert.equal(left.rows[0].count, '1')
  await sendCancel(gateway.port, keyOf(second).processID, keyOf(second).secretKey)
  assert.equal(await sleeping[1], '57014')
  await first.end()
  await second.end()
})

test('what runs is stopped at the target, in the words of the gate, and the session goes on', async () => {
  const client = await connectPg()
  const visit = gateway.gate.entered.at(-1)
  assert.ok(visit)
  await client.query('SELECT 1')
  const flowed = visit.bytesFlowed
  assert.ok(flowed > 0)
  const running = client.query('SELECT pg_sleep(20)').catch((error: unknown) => error)
  await untilRunning('SELECT pg_sleep(20)')
  visit.interrupt(new GatewayError('statement.stopped', 'it took longer than 1 s.'))
  const stopped = (await running) as pg.DatabaseError
  assert.equal(stopped.code, '57014')
  assert.match(stopped.message, /The statement was stopped: it took longer than 1 s\./)
  assert.deepEqual((await client.query('SELECT 2 AS two')).rows, [{ two: 2 }])
  // Nothing runs: nothing happens, and nothing is left over for the next statement.
  visit.interrupt(new GatewayError('statement.stopped', 'late.'))
  assert.deepEqual((await client.query('SELECT 3 AS three')).rows, [{ three: 3 }])
  assert.ok(visit.bytesFlowed > flowed)
  assert.ok(visit.record.includes('ended SELECT pg_sleep(20) 57014 0'), visit.record.join('; '))
  await client.end()
})

async function untilRunning(text: string): Promise<void> {
  const found = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = $1"
  const watching = await server.connect()
  while ((await watching.query(found, [text])).rows[0].count !== '1') await pauseFor(5)
  await watching.end()
}

test('a read only session is read only at the target, too, whatever the client asks for', async t => {
  gateway.gate.readOnly = true
  t.after(() => {
    gateway.gate.readOnly = false
  })
  const out = await psql(
    [
      'SHOW transaction_read_only',
      'CREATE TABLE written (n int)',
      'RESET ALL',
      'CREATE TABLE written (n int)',
    ],
    "sslmode=disable options='-c default_transaction_read_only=off'",
  )
  assert.match(out, /^on\nRESET\n(?:ERROR: {2}cannot execute CREATE TABLE in a read-only transaction\n){2}$/)
})

test('settings given when connecting: harmless ones reach the target, the search path is judged, others are refused', async () => {
  await server.run('CREATE SCHEMA side; CREATE TABLE side.only_here AS SELECT 7 AS seven')
  const client = await connectPg({
    application_name: 'till 4',
    options: '-c search_path=side -c statement_timeout=5000 --lock-timeout=9000',
  })
  const { rows } = await client.query(
    "SELECT seven, current_setting('statement_timeout') AS timeout, current_setting('lock_timeout') AS lock, current_setting('application_name') AS program FROM only_here",
  )
  assert.deepEqual(rows, [{ seven: 7, timeout: '5s', lock: '9s', program: 'till 4' }])
  const visit = gateway.gate.entered.at(-1)
  assert.deepEqual(visit?.record.slice(0, 2), [
    'intent SET search_path = side',
    'ended SET search_path = side ok 0',
  ])
  assert.deepEqual(visit?.followed(), ['0 SET search_path = side'])
  await client.end()
  for (const options of [
    '-c session_preload_libraries=x',
    '-c role=admin',
    '-d 5',
    '-c standard_conforming_strings=off',
  ])
    await assert.rejects(connectPg({ options }), { code: '0A000' })
  await assert.rejects(connectPg({ options: "-c search_path='a'" }), { code: '0A000' })
  for (const name of ['UNICODE', 'utf-8'])
    assert.match(
      await psql(`SET client_encoding = '${name}'; SELECT 'ü' || 1`, `client_encoding=${name}`),
      /ü1/,
    )
  assert.match(await psql('SELECT 1', 'client_encoding=LATIN1'), /Only the client encoding UTF8/)
  await assert.rejects(connectPg({ replication: 'database' } as pg.ClientConfig), { code: '0A000' })
})

test('whom the gate does not let in is told so', async () => {
  gateway.gate.refuse = new GatewayError('connect.denied')
  await assert.rejects(connectPg(), { code: '28000', message: /No policy permits you/ })
  gateway.gate.refuse = undefined
  assert.equal(gateway.gate.turned.at(-1), 'hana connect.denied')
})

test('the console comes in over a stream in memory, without login', async () => {
  const [outside, inside] = duplexPair()
  const target = targetOf(server)
  const served = postgres.serve(inside, { kind: 'console', user: testUser }, target, gateway.context)
  const client = new pg.Client({
    user: 'hana',
    database: 'shop',
    stream: () =>
      Object.assign(outside, {
        setNoDelay: () => undefined,
        connect: () => process.nextTick(() => outside.emit('connect')),
      }) as never,
  })
  await client.connect()
  const { rows } = await client.query('SELECT id, name FROM customers ORDER BY id')
  assert.equal(rows.length, 1000)
  assert.deepEqual(rows[999], { id: 1000, name: 'name 1000' })
  await client.end()
  await served
})

test('a slow reader of half a million rows costs little memory', async () => {
  const client = await connectPg()
  const stream = (client as unknown as { connection: { stream: Socket } }).connection.stream
  let before = 0
  let bytes = 0
  let peak = 0
  const watch = () => {
    peak = Math.max(peak, process.memoryUsage.rss() - before)
  }
  const rows = client.query(
    new pg.Query('SELECT n, repeat(md5(n::text), 3) AS filler FROM generate_series(1, 500000) n'),
  )
  let count = 0
  rows.on('row', () => count++)
  await once(rows, 'row')
  before = process.memoryUsage.rss()
  for (let i = 0; i < 30; i++) {
    stream.pause()
    await pauseFor(10)
    watch()
    stream.resume()
    await once(stream, 'data')
  }
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes % 16 === 0) watch()
  })
  await once(rows, 'end')
  assert.equal(count, 500_000)
  assert.ok(bytes > 40_000_000)
  assert.ok(peak < 200 * 1024 * 1024, `grew by ${peak} bytes`)
  await client.end()
})

test('random and half bytes end their own session with a clear error', async () => {
  const other = await connectPg()
  let seed = 7
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) & 0xff
  for (let round = 0; round < 60; round++) {
    const socket = connect(gateway.port, '127.0.0.1')
    const bytes = Buffer.from(Array.from({ length: 4 + (random() % 200) }, random))
    if (round % 3 === 1) bytes.writeInt32BE(bytes.length, 0)
    socket.on('error', () => undefined)
    socket.end(bytes)
    socket.resume()
    await once(socket, 'close')
  }
  const web = connect(gateway.port, '127.0.0.1')
  web.write('GET / HTTP/1.1\r\n\r\n')
  const [answer] = (await once(web, 'data')) as [Buffer]
  assert.match(String(answer), /this port speaks the PostgreSQL protocol/)
  web.destroy()
  assert.equal((await other.query('SELECT 1 AS one')).rows[0].one, 1)
  await other.end()
  assert.deepEqual(
    gateway.logged.filter(line => line.startsWith('error')),
    [],
  )
})

test('bytes behind the request for TLS are not taken for encrypted ones', async () => {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.write(Buffer.from('0000000804d2162f00000008', 'hex'))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.match(String(answer), /^E.*bytes behind the request/s)
  socket.destroy()
})

test('a GSS request is answered no, and TLS may begin without asking', async () => {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.write(Buffer.from('0000000804d21630', 'hex'))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.equal(String(answer), 'N')
  socket.destroy()
  const direct = connectTls({
    port: gateway.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: ['postgresql'],
  })
  await once(direct, 'secureConnect')
  assert.equal(direct.alpnProtocol, 'postgresql')
  direct.write(Buffer.from('0000001600030000', 'hex'))
  direct.write('user\0hana\0\0\0\0\0')
  const [ask] = (await once(direct, 'data')) as [Buffer]
  assert.match(String(ask), /SCRAM-SHA-256/)
  direct.destroy()
})

test('a target that is killed in the middle of the rows: the client is told, the outcome is unknown', async t => {
  const doomed = await startPostgres({ database: 'shop' })
  t.after(() => doomed.stop())
  const own = await startGateway(targetOf(doomed), doomed.password)
  t.after(() => own.stop())
  const client = await connectPg({ port: own.port })
  const text = "SELECT n, repeat('x', 100) FROM generate_series(1, 5000000) n"
  const rows = client.query(new pg.Query(text))
  await once(rows, 'row')
  const failed = once(rows, 'error')
  await doomed.kill('SIGKILL')
  const [error] = (await failed) as [pg.DatabaseError]
  assert.equal(error.code, '57P01')
  assert.match(error.message, /target closed the connection/)
  await own.allServed()
  assert.match(own.gate.entered[0]?.record.at(-1) ?? '', /^ended SELECT n.* unknown \d+$/)
  assert.equal(own.gate.entered[0]?.farewell?.reason, 'session.ended')
})

test('who does not finish the login in time is sent away; who says too much at once too', async t => {
  const own = await startGateway(targetOf(server), server.password, { loginTimeoutMs: 100 })
  t.after(() => own.stop())
  const slow = connect(own.port, '127.0.0.1')
  slow.write(Buffer.from('000000', 'hex'))
  slow.resume()
  await once(slow, 'close')
  const loud = connect(own.port, '127.0.0.1')
  loud.write(Buffer.from('00010000', 'hex'))
  const [answer] = (await once(loud, 'data')) as [Buffer]
  assert.match(String(answer), /no acceptable length/)
  loud.destroy()
  await own.allServed()
})

test('a client that vanishes in the middle of the rows leaves nothing behind', async () => {
  const client = await connectPg()
  const rows = client.query(new pg.Query('SELECT n FROM generate_series(1, 5000000) n'))
  rows.on('error', () => undefined)
  await once(rows, 'row')
  ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
  await gateway.allServed()
  const visit = gateway.gate.entered.at(-1)
  assert.match(visit?.record.at(-1) ?? '', / unknown \d+$/)
  assert.ok(visit?.farewell)
})
