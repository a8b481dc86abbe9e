// The tunnel from farther away and under load: through an HTTP proxy, behind a balancer that speaks the PROXY protocol,
// five hundred streams at once, and a large answer that nobody keeps in memory.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { measureRead } from '../../bench/measure.ts'
import { type Agent, createAgent } from '../support/agent.ts'
import { freePorts, type RunningHaproxy, startHaproxy } from '../support/haproxy.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

const streams = 500
/** An answer of a gigabyte, row by row made at the target. */
const largeBytes = 1_000_000_000
const rowBytes = 10_000
/** What the agent may grow by while it passes. */
const grownMegabytesMax = 150

let target: RunningPostgres
let sekisho: RunningSekisho
let ann: Person
let agent: Agent
let haproxy: RunningHaproxy
let balancedPort: number
let tunnelPort: number

before(async () => {
  target = await startPostgres({ settings: { max_connections: String(streams + 50) } })
  const ports = await freePorts(1)
  balancedPort = ports[0] ?? 0
  sekisho = await startSekisho({
    environment: {
      SEKISHO_LIMITS_SESSIONS_PER_USER_MAX: String(streams + 50),
      // The address that the balancer comes from; everybody else here comes from 127.0.0.1.
      SEKISHO_TUNNEL_PROXY_PROTOCOL_FROM: '127.0.0.2',
    },
  })
  await sekisho.addTarget('shop', target)
  await sekisho.savePolicies(
    '@id("all") permit(principal, action in [Action::"connect", Action::"select", Action::"call"], resource);',
  )
  ann = await sekisho.addPerson('ann', [])
  tunnelPort = (await ann.api.call('GET /api/device/tunnel')).port
  haproxy = await startHaproxy(`
listen tunnel
  bind 127.0.0.1:${balancedPort}
  server sekisho 127.0.0.1:${tunnelPort} send-proxy-v2 source 127.0.0.2
`)
  agent = createAgent()
  await agent.signIn(sekisho, ann)
})

after(async () => {
  agent?.remove()
  await haproxy?.stop()
  await sekisho?.stop()
  await target?.stop()
})

/** Makes the agent look for the tunnel elsewhere. */
function moveTunnel(to: { readonly host: string; readonly port: number }): void {
  const profile = JSON.parse(readFileSync(agent.file, 'utf8')) as object
  writeFileSync(agent.file, JSON.stringify({ ...profile, tunnel: to }))
}

const clientOf = (port: number) =>
  new pg.Client({ host: '127.0.0.1', port, user: 'ann', database: target.database })

test('through an HTTP proxy, which hears where to and nothing else', async () => {
  const asked: string[] = []
  const proxy = createServer()
  const open = new Set<Socket>()
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
    const onward = connectTcp(tunnelPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    for (const one of [socket, onward]) open.add(one.on('error', () => undefined))
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  moveTunnel({ host: 'tunnel.example', port: 9_000 })
  const through = createAgent({ HTTPS_PROXY: `http://me:pass%20word@127.0.0.1:${port}` })
  try {
    // Without the proxy there is no such host; with it there is.
    assert.notEqual((await agent.run(['status'])).code, 0)
    const environment = { ...agent.environment, HTTPS_PROXY: through.environment['HTTPS_PROXY'] }
    const proxied = createAgent(environment as Record<string, string>)
    const status = await proxied.run(['status'])
    assert.equal(status.code, 0, status.stderr)
    const credentials = Buffer.from('me:pass word').toString('base64')
    assert.deepEqual(new Set(asked), new Set([`tunnel.example:9000 Basic ${credentials}`]))
    proxied.remove()
  } finally {
    through.remove()
    for (const socket of open) socket.destroy()
    proxy.close()
  }
})

test('behind a balancer: the address on record is that of the device', async () => {
  agent.remove()
  agent = createAgent()
  await agent.signIn(sekisho, ann)
  moveTunnel({ host: '127.0.0.1', port: balancedPort })
  const local = await agent.connect('shop')
  const client = clientOf(local.port)
  await client.connect()
  await client.end()
  await local.end()
  const [entry] = await sekisho.auditUntil(
    { kinds: ['session.opened'], userName: 'ann' },
    found => found.length > 0,
  )
  assert.equal(entry?.address, '127.0.0.1')
  assert.ok(haproxy.log().includes('tunnel'))
  moveTunnel({ host: '127.0.0.1', port: tunnelPort })
})

test('five hundred streams at once are all served', async () => {
  const local = await agent.connect('shop')
  const clients = Array.from({ length: streams }, () => clientOf(local.port))
  for (const client of clients) client.on('error', () => undefined)
  await Promise.all(clients.map(client => client.connect()))
  const answers = await Promise.all(
    clients.map(async (client, at) => {
      const { rows } = await client.query<{ readonly n: number }>('select $1::int as n', [at])
      return rows[0]?.n
    }),
  )
  assert.deepEqual(
    answers,
    clients.map((_, at) => at),
  )
  assert.equal((await sekisho.admin.call('GET /api/sessions')).length, streams)
  await Promise.all(clients.map(client => client.end()))
  await local.end()
})

test('a gigabyte passes, and neither agent nor server keeps it', async () => {
  const local = await agent.connect('shop')
  const pids = { agent: local.child.pid ?? 0, server: sekisho.pid }
  const resident = (pid: number): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  const place = {
    name: 'tunnel',
    host: '127.0.0.1',
    port: local.port,
    user: 'ann',
    password: '',
    database: target.database,
    pids: [],
  }
  const large = (bytes: number): string =>
    `select repeat('x', ${rowBytes}) from generate_series(1, ${Math.ceil(bytes / rowBytes)})`
  const sql = large(largeBytes)
  // The first answer of its size makes the processes as large as they are from then on.
  await measureRead(place, large(largeBytes / 5))
  const first = { agent: resident(pids.agent), server: resident(pids.server) }
  const highest = { ...first }
  const look = setInterval(() => {
    for (const name of ['agent', 'server'] as const)
      highest[name] = Math.max(highest[name], resident(pids[name]))
  }, 100)
  const { megabytesPerSecond } = await measureRead(place, sql).finally(() => clearInterval(look))
  console.log(`a gigabyte by the tunnel: ${megabytesPerSecond.toFixed(0)} MB/s`, first, highest)
  for (const name of ['agent', 'server'] as const)
    assert.ok(highest[name] - first[name] < grownMegabytesMax, `${name} grew to ${highest[name]} MB`)
  // And whoever reads nothing at all stops it at the source, instead of filling memory on the way.
  const stalled = clientOf(local.port)
  stalled.on('error', () => undefined)
  await stalled.connect()
  const { stream } = (stalled as unknown as { readonly connection: { readonly stream: Socket } }).connection
  stream.removeAllListeners('data')
  stream.pause()
  stalled.query(sql).catch(() => undefined)
  await sekisho.auditUntil({ search: 'generate_series' }, found => found.length > 1)
  const before = resident(pids.agent)
  const other = clientOf(local.port)
  await other.connect()
  for (let each = 0; each < 200; each++) await other.query('select 1')
  assert.ok(resident(pids.agent) - before < grownMegabytesMax)
  await other.end()
  stream.destroy()
  await local.end()
})
