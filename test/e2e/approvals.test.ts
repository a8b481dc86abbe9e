// Statements that somebody must approve first: told a number, seen with their plan, run again once approved.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { RunEvent } from '../../src/console/contract.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { shopTags, startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let targetId: string
let hana: Person
let dana: Person

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' } })
  targetId = (await sekisho.addTarget('shop', shop)).id
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id: targetId })
  await sekisho.savePolicies(`
@id("work")
permit(principal in Group::"workers", action in [Action::"connect", Action::"select"], resource);
@id("careful-deletes")
@approval("dba")
permit(principal in Group::"workers", action == Action::"delete", resource);
@id("say-why")
@require_reason("true")
permit(principal in Group::"workers", action == Action::"update", resource);
`)
  hana = await sekisho.addPerson('hana', ['workers'])
  dana = await sekisho.addPerson('dana', ['dba'])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

interface Refused {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
}

async function refused(client: pg.Client, sql: string): Promise<Refused & { readonly number: number }> {
  const error = (await client.query(sql).then(
    () => assert.fail(`${sql} was run`),
    (caught: unknown) => caught,
  )) as Refused
  const number = Number(
    /request #(\d+)/.exec(`${error.message} ${error.hint}`)?.[1] ?? assert.fail(error.message),
  )
  return { code: error.code, message: error.message, hint: error.hint, number }
}

async function asHana<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(hana.connection('shop'))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const path = (number: number) => ({ number: String(number) })
const approve = { kind: 'approve', minutes: 15, once: false, note: 'go on' } as const
const decide = 'POST /api/requests/:number/decide'

test('a request is told, seen with its plan, approved, and the statement runs', async () => {
  await asHana(async client => {
    const sql = 'delete from orders where id = 4711'
    const first = await refused(client, sql)
    assert.equal(first.code, '42501')
    assert.equal((await refused(client, sql)).number, first.number)
    assert.deepEqual(await dana.api.call('GET /api/requests/waiting'), { waiting: 1 })
    const [request] = (await dana.api.call('GET /api/requests')).waiting
    assert.equal(request?.subject.statement, sql)
    assert.deepEqual(request?.subject.tables, ['public.orders'])
    assert.equal(request?.subject.policy, 'careful-deletes')
    const plan = await dana.api.call('POST /api/requests/:number/plan', undefined, path(first.number))
    assert.ok(plan.ok, JSON.stringify(plan))
    assert.match(plan.lines.join('\n'), /Delete on orders/)
    assert.equal(plan.rows, 1)
    // Asking for the plan made no request of its own, and changed nothing.
    assert.equal((await dana.api.call('GET /api/requests')).waiting.length, 1)
    await assert.rejects(hana.api.call(decide, approve, path(first.number)), /request.forbidden/)
    await dana.api.call(decide, approve, path(first.number))
    assert.equal((await client.query(sql)).rowCount, 1)
    assert.equal((await client.query(sql)).rowCount, 0)
    const other = await refused(client, 'delete from orders where id = 4712')
    assert.ok(other.number > first.number)
    const ran = await sekisho.auditUntil(
      { kinds: ['statement'], verdict: 'allowed', search: 'orders' },
      entries =>
        entries.some(entry => entry.decidedBy.some(({ name }) => name === `request #${first.number}`)),
    )
    assert.ok(ran.some(entry => entry.program === `Sekisho: plan of request ${first.number}, for dana`))
    const changes = await sekisho.auditUntil(
      { kinds: ['changed'], search: `request ${first.number}` },
      entries => entries.some(entry => entry.what === 'request.approved'),
    )
    assert.deepEqual(changes.map(entry => entry.what).toReversed(), [
      'request.created',
      'request.plan-asked',
      'request.approved',
    ])
  })
})

test('prepared statements wait for an approval too, and an approval for once is good for once', async () => {
  await asHana(async client => {
    const query = { text: 'delete from orders where id = $1', values: [4720] }
    const number = await client.query(query).then(
      () => assert.fail('it was run'),
      (error: Refused) => Number(/request #(\d+)/.exec(`${error.message} ${error.hint}`)?.[1]),
    )
    await dana.api.call(decide, { ...approve, once: true }, path(number))
    assert.equal((await client.query(query)).rowCount, 1)
    await assert.rejects(client.query({ ...query, values: [4721] }), /approved/)
  })
})

test('a refusal says who refused, and a withdrawn approval is worth nothing', async () => {
  await asHana(async client => {
    const sql = 'delete from orders where id = 4730'
    const { number } = await refused(client, sql)
    await dana.api.call(decide, { kind: 'refuse', note: 'not today' }, path(number))
    assert.match((await refused(client, sql)).message, /dana refused/)
    const other = await refused(client, 'delete from orders where id = 4731')
    await dana.api.call(decide, approve, path(other.number))
    await dana.api.call('POST /api/requests/:number/withdraw', undefined, path(other.number))
    assert.ok((await refused(client, 'delete from orders where id = 4731')).number > other.number)
  })
})

test('a plan that would tell hidden values, or would run something, is not asked for', async () => {
  await asHana(async client => {
    const many = await refused(client, 'delete from orders where id = 1; delete from orders where id = 2')
    const plan = await dana.api.call('POST /api/requests/:number/plan', undefined, path(many.number))
    assert.equal(plan.ok, false)
    assert.equal((await client.query('select count(*)::int as n from orders where id < 3')).rows[0]?.n, 2)
  })
})

test('the SQL page learns the number and that a reason is wanted', async () => {
  const errorOf = (events: readonly RunEvent[]) => events.find(event => event.kind === 'error')
  const needs = errorOf(await hana.api.query(targetId, 'delete from orders where id = 4740'))
  assert.equal(needs?.code, 'statement.needs-approval')
  assert.match(`${needs?.message} ${needs?.hint}`, /request #\d+/)
  const why = errorOf(await hana.api.query(targetId, 'update orders set total = 1 where id = 5'))
  assert.equal(why?.code, 'statement.needs-reason')
  const told = await hana.api.query(
    targetId,
    '/* reason: ticket 7 */ update orders set total = 1 where id = 5',
  )
  assert.equal(errorOf(told), undefined)
})
