// Devices and several servers of one database: known at each, and cut by either.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type Agent, createAgent } from '../support/agent.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

const noticeMs = 1_000

let mariadb: Mariadb
let target: RunningPostgres
let first: RunningSekisho
let second: RunningSekisho
let ann: Person
let agent: Agent

before(async () => {
  ;[mariadb, target] = await Promise.all([startMariadb(), startPostgres()])
  const environment = {
    SEKISHO_DATABASE_KIND: 'mysql',
    SEKISHO_DATABASE_HOST: mariadb.host,
    SEKISHO_DATABASE_PORT: String(mariadb.port),
    SEKISHO_DATABASE_NAME: mariadb.database,
    SEKISHO_DATABASE_USER: mariadb.user,
    SEKISHO_DATABASE_PASSWORD: mariadb.password,
    SEKISHO_KEY_VALUE: randomBytes(32).toString('base64'),
  }
  first = await startSekisho({ environment })
  await first.addTarget('shop', target)
  await first.savePolicies(
    '@id("all") permit(principal, action in [Action::"connect", Action::"select", Action::"call"], resource);',
  )
  second = await startSekisho({ environment, joins: first })
  ann = await first.addPerson('ann', [])
  agent = createAgent()
  await agent.signIn(first, ann)
})

after(async () => {
  agent?.remove()
  await second?.stop()
  await first?.stop()
  await Promise.all([mariadb?.stop(), target?.stop()])
})

/** Makes the agent go to a server. */
async function moveTo(sekisho: RunningSekisho): Promise<void> {
  const { port } = await sekisho.admin.call('GET /api/device/tunnel')
  const profile = JSON.parse(readFileSync(agent.file, 'utf8')) as object
  writeFileSync(agent.file, JSON.stringify({ ...profile, tunnel: { host: '127.0.0.1', port } }))
}

test('signed in at one server, known at the other, and cut there when the first revokes it', async () => {
  const places = await Promise.all(
    [first, second].map(sekisho => sekisho.admin.call('GET /api/device/tunnel')),
  )
  assert.equal(places[0]?.fingerprint, places[1]?.fingerprint)
  await moveTo(second)
  const local = await agent.connect('shop')
  const client = new pg.Client({
    host: '127.0.0.1',
    port: local.port,
    user: 'ann',
    database: target.database,
  })
  const gone = new Promise<number>(resolve => {
    client.on('error', () => resolve(performance.now()))
    client.on('end', () => resolve(performance.now()))
  })
  await client.connect()
  const failing = client.query('select pg_sleep(60)').then(
    () => assert.fail('it came to its end'),
    (error: Error) => error,
  )
  const [device] = await ann.api.call('GET /api/devices')
  const atMs = performance.now()
  await ann.api.call('DELETE /api/devices/:id', undefined, { id: device?.id ?? '' })
  await failing
  assert.ok((await gone) - atMs < noticeMs, `${(await gone) - atMs} ms`)
  for (const sekisho of [first, second]) {
    await moveTo(sekisho)
    assert.equal((await agent.run(['status'])).code, 3)
  }
  await local.end()
})
