// Doors and seams: crowds at the door, targets that move, other people's things, and what lies on the disk in clear.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { limits } from '../../src/core/limits.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type ExposedRow, type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { query, RawClient, textOf } from './hostile/raw-client.ts'
import { marker, shopTags, startShop } from './shop.ts'

const pendingLoginsMax = 5
const policies = `
@id("all-work")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"export", Action::"import"], resource);
`

let shop: RunningPostgres
let sekisho: RunningSekisho
let target: ExposedRow
let ann: Person
let bob: Person

before(async () => {
  shop = await startShop()
  await shop.run('create database elsewhere')
  sekisho = await startSekisho({
    environment: { SEKISHO_LIMITS_PENDING_LOGINS_MAX: String(pendingLoginsMax) },
  })
  target = await sekisho.addTarget('shop', shop)
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: target.id })
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', [])
  bob = await sekisho.addPerson('bob', [])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

const open = (): Promise<RawClient> => RawClient.open(ann.connection('shop'))

test('silent clients at the door give way to those that come after them', async () => {
  const silent = Array.from({ length: pendingLoginsMax * 3 }, () => connect(target.listenPort, '127.0.0.1'))
  for (const socket of silent) socket.on('error', () => undefined)
  const first = silent[0]
  assert.ok(first)
  const began = performance.now()
  await once(first, 'close')
  assert.ok(performance.now() - began < limits.loginTimeoutMs / 2, 'it stayed until its login timed out')
  const client = await open()
  assert.match(textOf(await client.ask(query("select 'inside'"))), /inside/)
  client.close()
  for (const socket of silent) socket.destroy()
})

test('bytes put between the request for TLS and TLS itself end the connection', async () => {
  const socket = connect(target.listenPort, '127.0.0.1')
  await once(socket, 'connect')
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => heard.push(bytes)).on('error', () => undefined)
  const request = Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f])
  const startup = Buffer.concat([Buffer.from([0, 0, 0, 18, 0, 3, 0, 0]), Buffer.from('user\0ann\0\0')])
  socket.write(Buffer.concat([request, startup]))
  await once(socket, 'close')
  assert.doesNotMatch(Buffer.concat(heard).toString('latin1'), /^S/)
})

test('a target that is pointed elsewhere ends the sessions at the old place', async () => {
  const client = await open()
  assert.match(textOf(await client.ask(query('select count(*) from customers'))), /500/)
  const facts = {
    name: target.name,
    protocol: 'postgres' as const,
    host: shop.host,
    port: shop.port,
    account: shop.user,
    tls: 'prefer' as const,
    tags: {},
  }
  const change = (database: string) =>
    sekisho.admin.call('PUT /api/targets/:id', { ...facts, database }, { id: target.id })
  await change('elsewhere')
  const heard = textOf(await client.ask(query('select * from customers limit 1')))
  assert.ok(!heard.includes(marker))
  await client.until('Z')
  assert.ok(client.isClosed)
  await change(shop.database)
})

test('what others own is not there: tokens, audit, queries as somebody else', async () => {
  const [token] = await bob.api.call('GET /api/tokens')
  assert.ok(token)
  const status = async (route: string, body: unknown, params: Record<string, string>): Promise<number> =>
    (await ann.api.fetch(route, body, params)).status
  assert.equal(await status('DELETE /api/tokens/:id', undefined, { id: token.id }), 404)
  const mine = await ann.api.call('GET /api/audit', { userName: 'bob' })
  assert.ok(mine.every(entry => entry.userName === 'ann'))
  const [his] = await sekisho.auditUntil({ userName: 'bob' }, entries => entries.length > 0)
  assert.ok(his)
  assert.equal(await status('GET /api/audit/:id', undefined, { id: his.id }), 404)
  for (const route of ['GET /api/users', 'GET /api/groups', 'GET /api/policies', 'POST /api/groups'])
    assert.equal(await status(route, undefined, {}), 403, route)
  assert.equal(
    await status('POST /api/tokens', { label: 'x', targets: [], lifeDays: 1, userId: 'bob' }, {}),
    400,
    'a field that is not asked for',
  )
})

test('values in texts lie nowhere in clear, and nothing secret is readable by others', async () => {
  const client = await open()
  for (const text of [
    "select 'planted-1' as one",
    "select 'planted-2' 'planted-3'",
    "selec 'planted-4'",
    "select $x$planted-5$x$ 'planted-6",
    "select E'planted-7\\'' \"",
    "insert into customers values ('planted-8', ) 'planted-9'",
    "comment on table customers is 'planted-10' 'planted-11'",
    "create role x password 'planted-12'",
  ])
    await client.ask(query(text))
  client.close()
  await sekisho.auditCarried()
  const secrets = [ann.token, ann.password, shop.password, sekisho.adminPassword]
  for (const file of readdirSync(sekisho.dataDir, { recursive: true, encoding: 'utf8' })) {
    const path = join(sekisho.dataDir, file)
    const facts = statSync(path)
    if (!facts.isFile()) continue
    const bytes = readFileSync(path).toString('latin1')
    assert.deepEqual(bytes.match(/planted-\d+/g) ?? [], [], file)
    for (const secret of secrets) assert.ok(!bytes.includes(secret), file)
    if (!/cert|server-id/.test(file)) assert.equal(facts.mode & 0o077, 0, file)
  }
  const output = sekisho.output()
  for (const secret of [...secrets, 'planted-']) assert.ok(!output.includes(secret))
  const seen = ['cmdline', 'environ'].map(name => readFileSync(`/proc/${sekisho.pid}/${name}`, 'latin1'))
  for (const secret of secrets) assert.ok(!seen.join('').includes(secret))
})
