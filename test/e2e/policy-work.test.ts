// Policies before they are saved: tried, replayed over what really ran, compared; and who can reach what, now and then.
// The real server, a real PostgreSQL and a real MariaDB.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { PolicySource, ReplayEvent, ReplayFinding, TryResult } from '../../src/console/contract.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { mysqlServers, mysqlShopTags, type MysqlShop } from './mysql-shop.ts'
import { marker, shopTags, startShop } from './shop.ts'

const inForce = `
@id("work")
permit(principal in Group::"analysts", action in [Action::"connect", Action::"select", Action::"update"], resource);

@id("support-mail")
permit(principal in Group::"support", action in [Action::"connect", Action::"select"], resource);

@id("support-reveals")
permit(principal in Group::"support", action == Action::"reveal", resource in Tag::"pii.email");
`

let shop: RunningPostgres
let maria: MysqlShop
let sekisho: RunningSekisho
let ann: Person
let sue: Person
let shopId = ''
let mariaId = ''
let beforePoliciesMs = 0

before(async () => {
  const [[, startMaria] = []] = mysqlServers
  assert.ok(startMaria)
  ;[shop, maria, sekisho] = await Promise.all([startShop(), startMaria(), startSekisho()])
  shopId = (await sekisho.addTarget('shop', shop, { tags: { env: 'demo' } })).id
  mariaId = (await sekisho.addTarget('maria', maria, { protocol: 'mysql', tls: 'disable' })).id
  beforePoliciesMs = Date.now()
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id: shopId })
  for (const tag of mysqlShopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id: mariaId })
  await sekisho.savePolicies(inForce)
  ann = await sekisho.addPerson('ann', ['analysts'])
  sue = await sekisho.addPerson('sue', ['support'])
})

after(async () => {
  await sekisho?.stop()
  await maria?.stop()
  await shop?.stop()
})

const tryAs = (userName: string, statements: readonly string[], policies?: string, targetId = shopId) =>
  sekisho.admin.call('POST /api/policies/try', {
    targetId,
    userName,
    statements,
    ...(policies !== undefined && { policies }),
  })

function trialsOf(result: TryResult) {
  assert.equal(result.kind, 'tried')
  return result.kind === 'tried' ? result.trials : []
}

const noUpdates = `${inForce}\n@id("no-updates") forbid(principal, action == Action::"update", resource);`

test('several statements are tried, each with its verdict, what would be sent and what is hidden', async () => {
  const trials = trialsOf(
    await tryAs('ann', [
      'select email from customers where id = 1',
      'select count(*) from orders',
      'delete from orders',
      'select nothing from nowhere',
    ]),
  )
  assert.deepEqual(
    trials.map(({ verdict, code }) => [verdict, code]),
    [
      ['passed', undefined],
      ['passed', undefined],
      ['stopped', 'statement.denied'],
      ['stopped', 'statement.unreadable'],
    ],
  )
  assert.deepEqual(trials[0]?.columns, [{ name: 'public.customers.email', mask: 'email', tag: 'pii.email' }])
  assert.notEqual(trials[0]?.text, 'select email from customers where id = 1')
  assert.deepEqual(
    trials[1]?.decidedBy.map(({ name }) => name),
    ['work'],
  )
})

test('what a statement changes in its session holds for the next one', async () => {
  const [execute, prepare] = ['execute p', 'prepare p as select count(*) from orders']
  const verdicts = async (...statements: readonly string[]) =>
    trialsOf(await tryAs('ann', statements)).map(({ verdict }) => verdict)
  assert.deepEqual(await verdicts(execute), ['stopped'])
  assert.deepEqual(await verdicts(prepare, execute), ['passed', 'passed'])
})

test('guards of a draft are told: filters, limits, approval', async () => {
  const draft = `
    @id("in") permit(principal, action == Action::"connect", resource);
    @id("some") @row_filter("country = 'JP'") @row_limit("10") @time_limit("5s") @approval
    permit(principal in Group::"analysts", action == Action::"select", resource);`
  const [trial] = trialsOf(await tryAs('ann', ['select name from customers'], draft))
  assert.deepEqual(trial?.rowFilters, [{ table: 'public.customers', filter: "country = 'JP'" }])
  assert.equal(trial?.rowLimit, 10)
  assert.equal(trial?.guards?.timeLimitMs?.value, 5000)
  assert.deepEqual(trial?.approvers, ['administrators'])
  assert.match(trial?.text ?? '', /country = 'JP'/)
})

test('whoever is not let in is told why', async () => {
  const result = await tryAs('ann', ['select 1'], '')
  assert.equal(result.kind, 'turned-away')
  const [trial] = trialsOf(await tryAs('ann', ['select email from customers'], undefined, mariaId))
  assert.deepEqual(trial?.hidden, ['sekisho.customers.email'])
})

test('a draft never reaches a session, and only that it was tried is on record', async () => {
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  const text = 'update orders set total = 1 where id = 1'
  await client.query(text)
  const [trial] = trialsOf(await tryAs('ann', [text], noUpdates))
  assert.equal(trial?.verdict, 'stopped')
  const reveals = `${inForce} @id("all") permit(principal, action == Action::"reveal", resource);`
  const mail = 'select email from customers where id = 1'
  const [shown] = trialsOf(await tryAs('ann', [mail], reveals))
  assert.deepEqual(shown?.hidden, [])
  await client.query(text)
  const { rows } = await client.query(mail)
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(marker))
  const other = new pg.Client(ann.connection('shop'))
  await other.connect()
  await other.query(text)
  assert.doesNotMatch(JSON.stringify((await other.query(mail)).rows), new RegExp(marker))
  await Promise.all([client.end(), other.end()])
  const tried = await sekisho.auditUntil({ search: 'policy.tried' }, entries => entries.length > 0)
  assert.equal(tried[0]?.what, 'policy.tried')
  assert.doesNotMatch(JSON.stringify(tried), /update orders|select email/)
  assert.equal((await sekisho.admin.call('GET /api/policies')).current.text, inForce)
})

async function replay(
  text: string,
  more: { days?: number; userName?: string } = {},
): Promise<readonly ReplayEvent[]> {
  const response = await sekisho.admin.fetch('POST /api/policies/replay', { text, days: 1, ...more })
  assert.equal(response.status, 200)
  const events = (await response.text())
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ReplayEvent)
  assert.equal(events.at(-1)?.kind, 'done', JSON.stringify(events.at(-1)))
  return events
}

const findings = (events: readonly ReplayEvent[]): readonly ReplayFinding[] =>
  events.flatMap(event => (event.kind === 'finding' ? [event.finding] : []))

const briefly = (events: readonly ReplayEvent[]) =>
  findings(events)
    .map(({ change, userName, targetName, verb, count, columns }) =>
      [change, userName, targetName, verb, count, ...columns].join(' '),
    )
    .sort()

test('a draft is replayed over what really ran', async () => {
  const ben = await sekisho.addPerson('ben', ['analysts'])
  const kay = await sekisho.addPerson('kay', ['support'])
  for (const person of [ben, kay]) {
    const client = new pg.Client(person.connection('shop'))
    await client.connect()
    for (let id = 1; id <= 7; id++) await client.query(`select email from customers where id = ${id}`)
    await client.query('select count(*) from orders')
    await client.query('update orders set total = 2 where id = 2').catch(() => undefined)
    await client.end()
    const mysql = await createConnection({ ...person.connection('maria'), database: 'sekisho' })
    for (let id = 1; id <= 3; id++) await mysql.query(`select email, phone from customers where id = ${id}`)
    await mysql.end()
  }
  await sekisho.auditCarried()
  const only = (userName: string, text: string) => replay(text, { userName }).then(briefly)
  assert.deepEqual(await only('ben', inForce), [])
  assert.deepEqual(await only('ben', noUpdates), ['refused ben shop UPDATE 1'])
  assert.deepEqual(await only('kay', noUpdates), [])
  const writes = `${inForce} @id("more") permit(principal in Group::"support", action == Action::"update", resource);`
  assert.deepEqual(await only('kay', writes), ['allowed kay shop UPDATE 1'])
  const hides = inForce.replace('@id("support-reveals")', '@id("support-reveals") @disabled("true")')
  assert.deepEqual(await only('kay', hides), [
    'hidden kay maria SELECT 3 sekisho.customers.email',
    'hidden kay shop SELECT 7 public.customers.email',
  ])
  const shows = `${inForce} @id("all") permit(principal in Group::"analysts", action == Action::"reveal", resource in Target::"maria");`
  assert.deepEqual(await only('ben', shows), [
    'revealed ben maria SELECT 3 sekisho.customers.email sekisho.customers.phone',
  ])
  const nothing = await replay('', { userName: 'ben' })
  assert.ok(findings(nothing).every(({ change }) => change === 'refused'))
  const [update] = findings(await replay(noUpdates, { userName: 'ben' }))
  assert.equal(update?.example, 'update orders set total = 2 where id = 2')
  assert.deepEqual(update?.decidedBy, ['no-updates'])
  const entry = await sekisho.admin.call('GET /api/audit/:id', undefined, { id: update?.exampleId ?? '' })
  assert.equal(entry.text, update?.example)
})

test('a draft that looks at the time is judged by the time of each statement', async () => {
  const hour = new Date().getUTCHours()
  const now = `${inForce} @id("h") forbid(principal, action == Action::"update", resource) when { context.hour == ${hour} || context.hour == ${(hour + 23) % 24} };`
  const other = `${inForce} @id("h") forbid(principal, action == Action::"update", resource) when { context.hour == ${(hour + 12) % 24} };`
  assert.deepEqual(briefly(await replay(now, { userName: 'ben' })), ['refused ben shop UPDATE 1'])
  assert.deepEqual(briefly(await replay(other, { userName: 'ben' })), [])
})

test('people who are gone are counted, and a wrong draft is refused', async () => {
  const ben = (await sekisho.admin.call('GET /api/users')).find(({ name }) => name === 'ben')
  await sekisho.admin.call('DELETE /api/users/:id', undefined, { id: ben?.id ?? '' })
  const done = (await replay(noUpdates, { userName: 'ben' })).at(-1)
  assert.ok(done?.kind === 'done')
  assert.deepEqual(
    done.skipped.map(({ why }) => why),
    ['user-gone'],
  )
  await assert.rejects(
    sekisho.admin.call('POST /api/policies/replay', { text: 'permit(', days: 1 }),
    /request.invalid/,
  )
})

test('only administrators try, replay, compare and see who reaches what', async () => {
  const bodies = {
    'POST /api/policies/try': { targetId: shopId, statements: ['select 1'] },
    'POST /api/policies/replay': { text: '', days: 1 },
    'POST /api/policies/difference': { before: { version: 1 }, after: { version: 1 } },
    'POST /api/policies/form': { text: '' },
    'POST /api/reach/who': { targetId: shopId },
    'POST /api/reach/what': { userName: 'sue' },
  }
  for (const [route, body] of Object.entries(bodies))
    assert.equal((await sue.api.fetch(route, body)).status, 403, route)
})

const difference = (before: PolicySource, after: PolicySource) =>
  sekisho.admin.call('POST /api/policies/difference', { before, after })

test('the difference of two versions is said over groups, targets and columns', async () => {
  const draft = `${inForce} @id("more") permit(principal in Group::"analysts", action == Action::"reveal", resource in Tag::"pii.email") when { resource in Target::"shop" };`
  const { version } = (await sekisho.admin.call('GET /api/policies')).current
  const { changes, complete } = await difference({ version }, { text: draft })
  assert.equal(complete, true)
  assert.deepEqual(
    changes.map(({ subject, change, actions, places }) => [
      subject.name,
      change,
      actions,
      places.map(({ target, columns, tables, examples }) => [target, columns, tables, examples]),
    ]),
    [['analysts', 'gains', ['reveal'], [['shop', 1, 1, ['public.customers.email']]]]],
  )
})

test('who reaches what, and why', async () => {
  const who = await sekisho.admin.call('POST /api/reach/who', { targetId: shopId })
  const row = who.people.find(({ name }) => name === 'ann')
  assert.equal(row?.cells.select?.state, 'always')
  assert.deepEqual(row?.cells.select?.decidedBy, [{ name: 'work', groups: ['analysts'], named: false }])
  assert.equal(row?.cells.delete?.state, 'never')
  assert.equal(row?.cells.reveal?.state, 'never')
  const sues = who.people.find(({ name }) => name === 'sue')
  assert.deepEqual([sues?.cells.reveal?.state, sues?.cells.reveal?.some], ['partly', { permitted: 1, of: 2 }])
  const column = { targetId: shopId, schema: 'public', table: 'customers', column: 'email' }
  const reveals = await sekisho.admin.call('POST /api/reach/who', column)
  assert.deepEqual(
    reveals.people.filter(({ cells }) => cells.reveal?.state !== 'never').map(({ name }) => name),
    ['kay', 'sue'],
  )
  const what = await sekisho.admin.call('POST /api/reach/what', { userName: 'sue' })
  assert.deepEqual(
    what.places.map(({ name, cells }) => [name, cells.connect?.state, cells.update?.state]),
    [
      ['maria', 'always', 'never'],
      ['shop', 'always', 'never'],
    ],
  )
  const tables = await sekisho.admin.call('POST /api/reach/what', { userName: 'sue', targetId: shopId })
  assert.deepEqual(
    tables.places.map(({ name }) => name),
    ['public.big_spenders', 'public.customers', 'public.orders'],
  )
  const columns = await sekisho.admin.call('POST /api/reach/what', {
    userName: 'sue',
    targetId: shopId,
    schema: 'public',
    table: 'customers',
  })
  const phone = columns.places.find(({ name }) => name === 'phone')
  assert.deepEqual([phone?.mask, phone?.tags, phone?.cells.reveal?.state], ['phone', ['pii.phone'], 'never'])
})

test('who reached what at a time in the past: groups, tags, policies and people of then', async () => {
  const groups = await sekisho.admin.call('GET /api/groups')
  const group = (name: string) => groups.find(one => one.name === name)?.id ?? ''
  await sekisho.auditCarried()
  const thenMs = Date.now()
  await new Promise(resolve => void setTimeout(resolve, 5))
  await sekisho.admin.call('PUT /api/groups/:id', { members: [] }, { id: group('support') })
  const users = await sekisho.admin.call('GET /api/users')
  const annId = users.find(({ name }) => name === 'ann')?.id ?? ''
  await sekisho.admin.call('PUT /api/users/:id', { groups: ['support'] }, { id: annId })
  const email = { schema: 'public', table: 'customers', column: 'email' }
  await sekisho.admin.call('PUT /api/targets/:id/tags', { ...email, tags: [] }, { id: shopId })
  await sekisho.savePolicies(noUpdates)
  await sekisho.auditCarried()
  const ask = (atMs?: number) =>
    sekisho.admin.call('POST /api/reach/who', { targetId: shopId, ...(atMs !== undefined && { atMs }) })
  const states = (asked: Awaited<ReturnType<typeof ask>>, name: string) => {
    const cells = asked.people.find(one => one.name === name)?.cells
    return [cells?.select?.state, cells?.update?.state, cells?.reveal?.some?.permitted]
  }
  const now = await ask()
  assert.deepEqual(states(now, 'ann'), ['always', 'never', undefined])
  assert.deepEqual(states(now, 'sue'), ['never', 'never', undefined])
  const then = await ask(thenMs)
  assert.deepEqual(states(then, 'ann'), ['always', 'always', 0])
  assert.deepEqual(states(then, 'sue'), ['always', 'never', 1])
  assert.ok(then.policyVersion < now.policyVersion)
  assert.deepEqual(
    then.notes.map(({ kind }) => kind),
    ['tables-of-today'],
  )
  const early = await ask(beforePoliciesMs)
  assert.deepEqual(
    early.people.map(({ name }) => name),
    ['admin'],
  )
  assert.deepEqual(
    early.notes.map(({ kind }) => kind),
    ['tables-of-today'],
  )
  await assert.rejects(ask(Date.now() + 3_600_000), /still to come/)
})
