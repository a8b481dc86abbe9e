// Real psql and mariadb by the user agent and the tunnel: masked, recorded and cut as everybody else, and nobody without
// the key of a device that is signed in.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { tunnelName } from '../../src/access/tunnel-name.ts'
import { decodeAnswer, encodeOpening } from '../../src/tunnel/framing.ts'
import { readFrame } from '../../src/tunnel/read-frame.ts'
import { type Agent, createAgent } from '../support/agent.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers, mysqlShopTags } from './mysql-shop.ts'
import { marker, shopTags, startShop } from './shop.ts'

const run = promisify(execFile)
const jdbcDriver = '/usr/share/java/postgresql.jar'
const noticeMs = 1_000

let shop: RunningPostgres
let mariadb: MysqlShop
let sekisho: RunningSekisho
let ann: Person
let agent: Agent
let tunnelPort: number

before(async () => {
  const [, startMariadb] = mysqlServers[0] ?? []
  assert.ok(startMariadb)
  ;[shop, mariadb] = await Promise.all([startShop(), startMariadb()])
  sekisho = await startSekisho()
  const first = await sekisho.addTarget('shop', shop)
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: first.id })
  const second = await sekisho.addTarget('maria', mariadb, { protocol: 'mysql' })
  for (const column of mysqlShopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: second.id })
  await sekisho.addTarget('secret', shop)
  await sekisho.savePolicies(`
    @id("analysts-work-on-the-shops")
    permit(principal in Group::"analysts", action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"call"], resource)
    when { resource in Target::"shop" || resource in Target::"maria" };
  `)
  ann = await sekisho.addPerson('ann', ['analysts'])
  tunnelPort = (await ann.api.call('GET /api/device/tunnel')).port
  agent = createAgent()
  await agent.signIn(sekisho, ann)
})

after(async () => {
  agent?.remove()
  await sekisho?.stop()
  await Promise.all([shop?.stop(), mariadb?.stop()])
})

async function client(program: string, args: readonly string[], input = ''): Promise<string> {
  const running = run(program, args, { env: process.env, maxBuffer: 64 * 1024 * 1024 })
  running.child.stdin?.end(input)
  const { stdout, stderr } = await running.catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  )
  assert.ok(!stdout.includes(marker), 'a hidden value got out')
  return stdout + stderr
}

const psql = (port: number, sql: string): Promise<string> =>
  client('psql', ['-X', '-At', `host=127.0.0.1 port=${port} user=ann dbname=shop`], sql)

interface Guest {
  readonly client: pg.Client
  readonly gone: Promise<number>
}

async function enter(port: number): Promise<Guest> {
  const entered = new pg.Client({ host: '127.0.0.1', port, user: 'ann', database: 'shop' })
  const gone = new Promise<number>(resolve => {
    entered.on('error', () => resolve(performance.now()))
    entered.on('end', () => resolve(performance.now()))
  })
  await entered.connect()
  return { client: entered, gone }
}

test('signed in: its key is readable by nobody else, and the agent knows who it is', async () => {
  assert.equal(statSync(agent.file).mode & 0o777, 0o600)
  const { code, stdout } = await agent.run(['status', '--json'])
  assert.equal(code, 0)
  const { user, device } = JSON.parse(stdout) as { readonly user: string; readonly device: string }
  assert.deepEqual([user, device], ['ann', 'test laptop'])
})

test('what one may not connect to is not there', async () => {
  const { stdout } = await agent.run(['ls', '--json'])
  const { targets } = JSON.parse(stdout) as { readonly targets: readonly { readonly name: string }[] }
  assert.deepEqual(targets.map(target => target.name).sort(), ['maria', 'shop'])
  const refused = await agent.run(['connect', 'secret'])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /There is no target secret that you may connect to/)
})

test('psql without a password: masked, and on record with the device', async () => {
  const local = await agent.connect('shop')
  const said = await psql(local.port, 'select id, email from customers order by id limit 1;')
  assert.match(said, /^1\|c[^|]*@/)
  const [entry] = await sekisho.auditUntil(
    { kinds: ['session.opened'], userName: 'ann' },
    found => found.length > 0,
  )
  assert.match(entry?.credential ?? '', /^device test laptop \(/)
  assert.equal(entry?.address, '127.0.0.1')
  // Whoever the client says it is: it is the one whose device it is.
  assert.match(
    await client(
      'psql',
      ['-X', '-At', `host=127.0.0.1 port=${local.port} user=root dbname=shop`],
      'select 1;',
    ),
    /^1$/m,
  )
  // A statement is cancelled by a stream of its own.
  const guest = await enter(local.port)
  const failing = guest.client.query('select pg_sleep(60)')
  const { processID, secretKey } = guest.client as unknown as { processID: number; secretKey: number }
  const request = Buffer.alloc(16)
  ;[16, 80_877_102, processID, secretKey].forEach((value, at) => request.writeInt32BE(value, at * 4))
  await sekisho.auditUntil({ search: 'pg_sleep' }, found => found.length > 0)
  connectTcp(local.port, '127.0.0.1').end(request)
  await assert.rejects(failing, { code: '57014' })
  await guest.client.end()
  assert.equal(await local.end(), 0)
})

test('mariadb without a password: masked', async () => {
  const local = await agent.connect('maria')
  const place = ['--protocol=tcp', '-h', '127.0.0.1', '-P', String(local.port), '-u', 'ann', '-N']
  const said = await client('mariadb', [...place, 'sekisho', '-e', 'select id, email from customers limit 1'])
  assert.match(said, /^1\tc\S*@/)
  await local.end()
})

test('JDBC without a password: metadata, prepared statements, a cursor, a refusal', async () => {
  assert.ok(existsSync(jdbcDriver), 'install libpostgresql-jdbc-java')
  const local = await agent.connect('shop')
  const program = fileURLToPath(new URL('clients/JdbcClient.java', import.meta.url))
  const place = `jdbc:postgresql://127.0.0.1:${local.port}/shop`
  const said = await client('java', ['-cp', jdbcDriver, program, place, 'ann'])
  assert.match(said, /column email text\n/)
  assert.equal(said.match(/rows 25\n/g)?.length, 8)
  assert.match(said, /refused (42501|0A000)\ncount 500\n/)
  await local.end()
})

test('sekisho psql and sekisho mysql run the clients, and end as they do', async () => {
  const one = await agent.run(['psql', 'shop', '-X', '-At', '-c', 'select count(*) > 1 from customers'])
  assert.deepEqual([one.code, one.stdout, one.stderr], [0, 't\n', ''])
  const wrong = await agent.run(['psql', 'shop', '-X', '-c', 'select nonsense'])
  assert.equal(wrong.code, 1)
  const two = await agent.run(['mysql', 'maria', '-N', '-e', 'select 7'])
  assert.deepEqual([two.code, two.stdout], [0, '7\n'])
  const other = await agent.run(['psql', 'maria'])
  assert.equal(other.code, 1)
  assert.match(other.stderr, /maria speaks mysql/)
})

test('up opens the same port for each target every time, and doctor finds nothing', async () => {
  const ports = async () => {
    const up = agent.start(['up', '--json'])
    await up.said(/"maria"[\s\S]*"shop"|"shop"[\s\S]*"maria"/)
    const lines = up.output().trim().split('\n')
    const found = lines.map(line => JSON.parse(line) as { target: string; address: string })
    const shopPort = Number(found.find(one => one.target === 'shop')?.address.split(':')[1])
    assert.match(await psql(shopPort, 'select 1;'), /^1$/m)
    assert.equal(await up.end(), 0)
    return found.map(one => `${one.target} ${one.address}`).sort()
  }
  assert.deepEqual(await ports(), await ports())
  const doctor = await agent.run(['doctor'])
  assert.equal(doctor.code, 0, doctor.stdout)
  const logs = await agent.run(['logs'])
  assert.match(logs.stdout, /open shop/)
})

test('a revoked device is cut within a second, in the middle of a statement, and comes in no more', async () => {
  const lost = createAgent()
  try {
    await lost.signIn(sekisho, ann)
    const [local, other] = [await lost.connect('shop'), await agent.connect('shop')]
    const [guest, stays] = [await enter(local.port), await enter(other.port)]
    const failing = guest.client.query('select pg_sleep(60)').then(
      () => assert.fail('it came to its end'),
      (error: Error) => error,
    )
    const { id } = lost.profile().device
    const atMs = performance.now()
    await ann.api.call('DELETE /api/devices/:id', undefined, { id })
    await failing
    assert.ok((await guest.gone) - atMs < noticeMs, `${(await guest.gone) - atMs} ms`)
    assert.equal((await stays.client.query('select 1 as one')).rows.length, 1)
    await stays.client.end()
    await assert.rejects(enter(local.port), /not signed in any more/)
    assert.match(await psql(local.port, 'select 1;'), /FATAL:\s+Sekisho: .*sekisho login/)
    await local.said(/not signed in any more/)
    await sekisho.auditUntil({ kinds: ['session.refused'] }, found =>
      found.some(entry => entry.program === 'user agent'),
    )
    const status = await lost.run(['status'])
    assert.equal(status.code, 3)
    assert.match(status.stderr, /Sign in again: sekisho login/)
    await Promise.all([local.end(), other.end()])
  } finally {
    lost.remove()
  }
})

/** Speaks to the tunnel by hand. */
function dial(papers: {
  readonly cert?: string
  readonly key?: string
  readonly session?: Buffer
}): Promise<TLSSocket> {
  const { authority } = agent.profile()
  return new Promise((resolve, reject) => {
    const stream = connectTls({
      host: '127.0.0.1',
      port: tunnelPort,
      ca: [authority],
      servername: tunnelName,
      minVersion: 'TLSv1.3',
      ...papers,
    })
    stream.once('error', reject)
    stream.once('secureConnect', () => {
      stream.off('error', reject)
      stream.on('error', () => undefined)
      resolve(stream)
    })
  })
}

async function asked(stream: TLSSocket, bytes = encodeOpening({ kind: 'hello', agent: 'test' })) {
  stream.write(bytes)
  const { body } = await readFrame(stream, 10_000)
  const answer = decodeAnswer(body)
  stream.destroy()
  return answer
}

const codeOf = (answer: Awaited<ReturnType<typeof asked>>): string => (answer.ok ? 'ok' : answer.code)

test('a certificate is nothing without its key, and no certificate is nothing at all', async () => {
  const { certificate, key } = agent.profile().device
  assert.equal(codeOf(await asked(await dial({ cert: certificate, key }))), 'ok')
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString()
  await assert.rejects(async () => dial({ cert: certificate, key: pem }), /key values mismatch/i)
  const nobody = await dial({})
  const session = new Promise<Buffer>(resolve => nobody.once('session', resolve))
  assert.equal(codeOf(await asked(nobody)), 'device.unknown')
  // What was agreed on without a certificate is worth nothing the second time either.
  assert.equal(codeOf(await asked(await dial({ session: await session }))), 'device.unknown')
})

test('a certificate that another server issued is refused', async () => {
  const other = await startSekisho()
  const stranger = createAgent()
  try {
    const bob = await other.addPerson('ann', [])
    await stranger.signIn(other, bob)
    const { certificate, key } = stranger.profile().device
    const stream = await dial({ cert: certificate, key })
    assert.equal(codeOf(await asked(stream)), 'device.unknown')
    // And the agent refuses the other server, though it listens where its own should.
    const profile = JSON.parse(JSON.stringify(stranger.profile())) as { tunnel: { port: number } }
    profile.tunnel.port = tunnelPort
    writeFileSync(stranger.file, JSON.stringify(profile))
    const status = await stranger.run(['status'])
    assert.equal(status.code, 2)
    assert.match(status.stderr, /is not the server that was signed in to/)
  } finally {
    stranger.remove()
    await other.stop()
  }
})

test('what is no opening, or one of another version, is answered in words', async () => {
  const { certificate, key } = agent.profile().device
  const papers = { cert: certificate, key }
  const version = (number: number): Buffer => {
    const bytes = encodeOpening({ kind: 'hello', agent: 'test' })
    bytes.writeUInt8(number, 3)
    return bytes
  }
  assert.equal(codeOf(await asked(await dial(papers), version(0))), 'agent.outdated')
  assert.equal(codeOf(await asked(await dial(papers), version(9))), 'server.outdated')
  assert.equal(
    codeOf(await asked(await dial(papers), Buffer.from('GET / HTTP/1.1\r\n\r\n'))),
    'request.invalid',
  )
  const unknown = encodeOpening({ kind: 'dance', agent: 'x' } as never)
  assert.equal(codeOf(await asked(await dial(papers), unknown)), 'request.invalid')
})

test('the agent killed: its sessions end at the server', async () => {
  const local = await agent.connect('shop')
  const guest = await enter(local.port)
  guest.client.query('select pg_sleep(60)').catch(() => undefined)
  await local.end('SIGKILL')
  await guest.gone
  const end = performance.now() + 5_000
  while ((await sekisho.admin.call('GET /api/sessions')).length > 0)
    assert.ok(performance.now() < end, 'the session is still there')
})

test('the server away and back again: clients are told, and the same port works again', async () => {
  const [local, maria] = [await agent.connect('shop'), await agent.connect('maria')]
  const guest = await enter(local.port)
  await sekisho.end('SIGKILL')
  await guest.gone
  await assert.rejects(enter(local.port), /cannot be reached/)
  await local.said(/cannot be reached/)
  const other = await client('mariadb', [
    '--protocol=tcp',
    '--host=127.0.0.1',
    `--port=${maria.port}`,
    '--user=ann',
    'sekisho',
    '--execute=select 1',
  ])
  assert.match(other, /Sekisho: The tunnel .* cannot be reached/)
  await maria.end()
  await sekisho.restart()
  const back = await enter(local.port)
  assert.equal((await back.client.query('select 1 as one')).rows.length, 1)
  await back.client.end()
  await local.end()
})

test('signed in again while a port is open: it goes on as the new device', async () => {
  const again = createAgent()
  try {
    await again.signIn(sekisho, ann)
    const local = await again.connect('shop')
    assert.match(await psql(local.port, 'select 1;'), /^1$/m)
    const first = again.profile().device.id
    await again.signIn(sekisho, ann)
    assert.notEqual(again.profile().device.id, first)
    assert.match(await psql(local.port, 'select 1;'), /^1$/m)
    await local.end()
  } finally {
    again.remove()
  }
})

test('renewed by itself, and signed out for good', async () => {
  const short = createAgent()
  try {
    await short.signIn(sekisho, ann)
    const before = short.profile().device.certificate
    const kept = short.profile() as { device: { expiresAtMs: number } } & ReturnType<Agent['profile']>
    writeFileSync(
      short.file,
      JSON.stringify({ ...kept, device: { ...kept.device, expiresAtMs: Date.now() } }),
    )
    assert.equal((await short.run(['status'])).code, 0)
    assert.notEqual(short.profile().device.certificate, before)
    const out = await short.run(['logout'])
    assert.equal(out.code, 0, out.stderr)
    assert.equal(existsSync(short.file), false)
    assert.equal((await short.run(['status'])).code, 3)
    const { certificate, key } = kept.device
    assert.equal(codeOf(await asked(await dial({ cert: certificate, key }))), 'device.unknown')
  } finally {
    short.remove()
  }
})

test('an unknown fingerprint stops the sign-in before it begins', async () => {
  const fresh = createAgent()
  try {
    const wrong = await fresh.run(['login', sekisho.url, '--fingerprint', 'SHA256:no'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /Nothing was done/)
    const unasked = await fresh.run(['login', sekisho.url])
    assert.equal(unasked.code, 2)
    assert.match(unasked.stderr, /--fingerprint/)
    assert.equal(existsSync(join(fresh.file)), false)
  } finally {
    fresh.remove()
  }
})
