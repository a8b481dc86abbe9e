// Sessions of the SQL editor against a real PostgreSQL behind the whole gateway.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type ApiClient, ApiFailure } from '../support/api-client.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { marker, shopTags, startShop } from './shop.ts'
import type { RunEvent, RunInput, SqlSession } from '../../src/console/contract.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let targetId: string
let ann: Person
let bob: Person

const policies = `
@id("readers")
permit(principal in Group::"readers", action in [Action::"connect", Action::"select", Action::"insert", Action::"call", Action::"define"], resource);
@id("no-orders-changes")
forbid(principal, action in [Action::"delete"], resource);
`

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  targetId = (await sekisho.addTarget('shop', shop)).id
  for (const tag of shopTags) {
    const { tags, ...where } = tag
    await sekisho.admin.call('PUT /api/targets/:id/tags', { ...where, tags }, { id: targetId })
  }
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', ['readers'])
  bob = await sekisho.addPerson('bob', ['readers'])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

async function open(api: ApiClient): Promise<SqlSession> {
  return api.call('POST /api/sql/sessions', { targetId })
}

async function run(api: ApiClient, id: string, input: Partial<RunInput>): Promise<readonly RunEvent[]> {
  const body = { sql: '', commit: 'auto', ...input }
  const response = await api.fetch('POST /api/sql/sessions/:id/run', body, { id })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RunEvent)
}

const of = <K extends RunEvent['kind']>(events: readonly RunEvent[], kind: K) =>
  events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind)
const rowsOf = (events: readonly RunEvent[]) => of(events, 'rows').flatMap(event => event.rows)

test('a session keeps its state between texts', async () => {
  const { id, transaction, schema } = await open(ann.api)
  assert.deepEqual([transaction, schema], ['none', 'public'])
  await run(ann.api, id, { sql: `select set_config('application_name', 'x', false)` })
  const first = await run(ann.api, id, { sql: 'begin; select 1 as a, null as b, 2 as a' })
  assert.deepEqual(rowsOf(first), [['1', null, '2']])
  assert.deepEqual(first.at(-1), { kind: 'session', transaction: 'open', schema: 'public' })
  const failed = await run(ann.api, id, { sql: 'select 1/0' })
  assert.equal(of(failed, 'error')[0]?.sqlState, '22012')
  assert.deepEqual(failed.at(-1), { kind: 'session', transaction: 'failed', schema: 'public' })
  const back = await run(ann.api, id, { sql: 'rollback', commit: 'manual' })
  assert.deepEqual(back.at(-1), { kind: 'session', transaction: 'none', schema: 'public' })
  await ann.api.call('DELETE /api/sql/sessions/:id', undefined, { id })
  await assert.rejects(ann.api.call('GET /api/sql/sessions/:id', undefined, { id }), isNotFound)
})

const isNotFound = (error: unknown) => error instanceof ApiFailure && error.status === 404

test('with manual commit a transaction is begun, and taken back when the session is closed', async () => {
  const { id } = await open(ann.api)
  const events = await run(ann.api, id, {
    sql: `insert into orders (customer_id, total) values (1, 4711.5)`,
    commit: 'manual',
  })
  assert.deepEqual(of(events, 'error'), [])
  assert.equal(of(events, 'done')[0]?.rows, 1)
  assert.equal(events.at(-1)?.kind === 'session' && events.at(-1), events.at(-1))
  assert.equal((await ann.api.call('GET /api/sql/sessions/:id', undefined, { id })).transaction, 'open')
  await ann.api.call('DELETE /api/sql/sessions/:id', undefined, { id })
  const end = performance.now() + 5_000
  const ours = `select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%'`
  while ((await shop.run(ours)).rows[0]?.['n'] !== 0) {
    assert.ok(performance.now() < end, 'the transaction is still open')
    await pause(20)
  }
  const { rows } = await shop.run(`select count(*)::int as n from orders where total = 4711.5`)
  assert.equal(rows[0]?.['n'], 0)
})

test('parameters are bound, not written into the text', async () => {
  const { id } = await open(ann.api)
  const events = await run(ann.api, id, {
    sql: 'select $1::text as a, $2::int + 1 as b, $3::text is null as c',
    parameters: [`' or 1=1 --`, '41', null],
  })
  assert.deepEqual(rowsOf(events), [[`' or 1=1 --`, '42', 't']])
  const wrong = await run(ann.api, id, { sql: 'select $1::int', parameters: ['x'] })
  assert.equal(of(wrong, 'error')[0]?.sqlState, '22P02')
  assert.equal(of(wrong, 'session')[0]?.transaction, 'none')
})

test('errors point at the text that was given, also with a reason', async () => {
  const { id } = await open(ann.api)
  const [error] = of(
    await run(ann.api, id, { sql: 'select é, nothere from orders', reason: 'why /* not */' }),
    'error',
  )
  assert.equal(error?.position, 'select '.length + 1)
  const [next] = of(await run(ann.api, id, { sql: 'select nothere from orders' }), 'error')
  assert.equal(next?.position, 'select '.length + 1)
})

test('stopping a text stops it at the target, and the session goes on', async () => {
  const { id } = await open(ann.api)
  const running = run(ann.api, id, { sql: 'select pg_sleep(60)' })
  const end = performance.now() + 5_000
  while (!(await ann.api.call('GET /api/sql/sessions/:id', undefined, { id })).running) {
    assert.ok(performance.now() < end)
    await pause(10)
  }
  await assert.rejects(
    ann.api.call('POST /api/sql/sessions/:id/run', { sql: 'select 1', commit: 'auto' }, { id }),
    (error: unknown) => error instanceof ApiFailure && error.status === 409,
  )
  // It may not have arrived at the target yet.
  await pause(100)
  await ann.api.call('POST /api/sql/sessions/:id/stop', undefined, { id })
  const events = await running
  assert.equal(of(events, 'error')[0]?.sqlState, '57014')
  assert.deepEqual(rowsOf(await run(ann.api, id, { sql: 'select 7' })), [['7']])
})

test('a session is seen by its owner alone', async () => {
  const { id } = await open(ann.api)
  for (const route of ['GET /api/sql/sessions/:id', 'DELETE /api/sql/sessions/:id'] as const)
    await assert.rejects(bob.api.call(route, undefined, { id }), isNotFound)
  await assert.rejects(bob.api.call('POST /api/sql/sessions/:id/stop', undefined, { id }), isNotFound)
  await assert.rejects(
    bob.api.call('POST /api/sql/sessions/:id/run', { sql: 'select 1', commit: 'auto' }, { id }),
    isNotFound,
  )
  await assert.rejects(sekisho.admin.call('GET /api/sql/sessions/:id', undefined, { id }), isNotFound)
  assert.deepEqual(await bob.api.call('GET /api/sql/sessions'), [])
})

test('a refusal names the policies that decided it', async () => {
  const { id } = await open(ann.api)
  const [error] = of(await run(ann.api, id, { sql: 'delete from orders' }), 'error')
  assert.equal(error?.refused, true)
  assert.equal(error?.code, 'statement.denied')
  assert.deepEqual(error?.decidedBy, ['no-orders-changes'])
})

test('more rows than are wanted are left out', async () => {
  const { id } = await open(ann.api)
  const events = await run(ann.api, id, { sql: 'select * from generate_series(1, 500)', rowsMax: 100 })
  assert.equal(rowsOf(events).length, 100)
  const [done] = of(events, 'done')
  assert.deepEqual([done?.rows, done?.truncated], [500, true])
  const long = await run(ann.api, id, { sql: 'select generate_series(1, 100000000)', rowsMax: 10 })
  assert.equal(rowsOf(long).length, 10)
  assert.deepEqual(of(long, 'error'), [])
  assert.equal(of(long, 'done')[0]?.truncated, true)
  assert.equal(of(long, 'notice').length, 1)
  assert.deepEqual(rowsOf(await run(ann.api, id, { sql: 'select 1' })), [['1']])
})

test('nothing hidden is in a result, and its columns say which of them are masked', async () => {
  const { id } = await open(ann.api)
  const events = await run(ann.api, id, { sql: 'select id, upper(email) as id from customers; select 1' })
  assert.ok(!JSON.stringify(events).toLowerCase().includes(marker))
  const [first, second] = of(events, 'columns').map(({ columns }) => columns.map(({ masked }) => masked))
  assert.deepEqual(first, [undefined, { as: 'email', columns: ['public.customers.email'] }])
  assert.deepEqual(second, [undefined])
  // The same form again, of which less is kept.
  for (const number of [1, 2, 3]) {
    const again = await run(ann.api, id, { sql: `select id, email from customers where id = ${number}` })
    const masks = of(again, 'columns')[0]?.columns.map(({ masked }) => masked?.columns)
    assert.deepEqual(masks, [undefined, ['public.customers.email']])
  }
  // A cursor and a plan: what they are made of is not known by column.
  await run(ann.api, id, { sql: 'begin; declare c cursor for select id, email from customers' })
  const fetched = await run(ann.api, id, { sql: 'fetch 1 from c' })
  assert.deepEqual(of(fetched, 'error'), [])
  for (const { masked } of of(fetched, 'columns')[0]?.columns ?? [])
    assert.deepEqual(masked?.columns, ['public.customers.email'])
})

test('signing out closes what was opened, and so does disabling the person', async () => {
  const { id } = await open(bob.api)
  await sekisho.admin.call('PUT /api/users/:id', { disabled: true }, { id: await idOf('bob') })
  const end = performance.now() + 5_000
  const open2 = async () =>
    (await sekisho.admin.call('GET /api/sessions')).filter(session => session.userName === 'bob')
  while ((await open2()).length > 0) {
    assert.ok(performance.now() < end, id)
    await pause(20)
  }
  await open(ann.api)
  await ann.api.call('POST /api/sign-out')
  const anns = async () =>
    (await sekisho.admin.call('GET /api/sessions')).filter(session => session.userName === 'ann')
  const until = performance.now() + 5_000
  while ((await anns()).length > 0) {
    assert.ok(performance.now() < until, 'her sessions are still open')
    await pause(20)
  }
})

async function idOf(name: string): Promise<string> {
  const users = await sekisho.admin.call('GET /api/users')
  return users.find(user => user.name === name)?.id ?? ''
}
