// Query rules with a real client: deny, spare the guards, and count noise; tried out before they are saved.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { QueryRule } from '../../src/console/contract.ts'
import { shopTags, startShop } from './shop.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let ann: Person
let targetId: string

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  const target = await sekisho.addTarget('shop', shop)
  targetId = target.id
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: targetId })
  await sekisho.savePolicies(`
@id("connect")
permit(principal, action == Action::"connect", resource);

@id("work")
@require_where("true")
@require_reason("true")
permit(principal in Group::"workers", action in [Action::"select", Action::"write"], resource);

@id("look")
permit(principal in Group::"workers", action == Action::"select", resource);
`)
  ann = await sekisho.addPerson('ann', ['workers'])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

const rule = (name: string, more: Partial<QueryRule>): QueryRule => ({
  name,
  verdict: 'deny',
  match: 'pattern',
  value: '',
  note: '',
  ...more,
})

async function save(rules: readonly QueryRule[]): Promise<void> {
  const { version } = await sekisho.admin.call('GET /api/rules')
  await sekisho.admin.call('PUT /api/rules', { rules, basedOn: version })
}

const code = (client: pg.Client, sql: string): Promise<string> =>
  client.query(sql).then(
    () => 'passed',
    (error: unknown) => (error instanceof pg.DatabaseError ? `${error.routine} ${error.message}` : 'lost'),
  )

test('rules deny and lift guards, and reach sessions that are open', async () => {
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  try {
    const sweep = '/* nightly */ update orders set total = total + 0'
    assert.match(await code(client, 'update orders set total = 5'), /wants a condition/)
    assert.equal(await code(client, 'select count(*) from orders'), 'passed')
    assert.match(await code(client, 'update orders set total = 5 where id = 5'), /wants to know why/)
    await save([
      rule('no counting', { value: 'select count(*) from *' }),
      rule('sweep', { verdict: 'allow', match: 'text', value: sweep, target: 'shop' }),
      rule('fives', {
        verdict: 'allow',
        match: 'shape',
        value: 'update orders set total = $1 where id = $2',
        protocol: 'postgres',
      }),
    ])
    assert.match(await code(client, 'select  COUNT(*) from orders'), /The query rule “no counting”/)
    assert.equal(await code(client, 'select id from orders limit 1'), 'passed')
    assert.equal(await code(client, 'update orders set total = 5 where id = 5'), 'passed')
    assert.match(await code(client, 'update orders set total = 5 where id < 5'), /wants to know why/)
    assert.equal(await code(client, sweep), 'passed')
    assert.match(await code(client, sweep.replace('nightly', 'daily')), /wants a condition/)
    // A rule for one text holds for that text alone, whichever of its form was judged first.
    const five = 'select id from orders where id = 5'
    await save([rule('five', { match: 'text', value: five })])
    for (const [id, expected] of [
      [6, /^passed$/],
      [5, /“five”/],
      [7, /^passed$/],
      [5, /“five”/],
    ] as const)
      assert.match(await code(client, five.replace('5', String(id))), expected)
  } finally {
    await client.end()
  }
})

test('an allowing rule permits nothing and lifts no mask', async () => {
  await save([rule('all', { verdict: 'allow', value: 'select *' })])
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  try {
    const { rows } = await client.query<{ email: string }>('select email from customers where id = 1')
    assert.ok(!/zq7/.test(JSON.stringify(rows)), JSON.stringify(rows))
    assert.match(await code(client, 'copy orders to stdout'), /may not export/)
  } finally {
    await client.end()
  }
})

test('noise is recorded once in full and then counted; what is hidden or written is never noise', async () => {
  await save([rule('pings', { verdict: 'noise', value: '* where id = $1' })])
  const ben = await sekisho.addPerson('ben', ['workers'])
  const client = new pg.Client(ben.connection('shop'))
  await client.connect()
  for (let at = 1; at <= 30; at += 1) await client.query(`select total from orders where id = ${at}`)
  for (let at = 1; at <= 3; at += 1) await client.query(`select email from customers where id = ${at}`)
  for (let at = 1; at <= 3; at += 1)
    await client.query(`/* reason: x */ update orders set total = 1 where id = ${at}`)
  await client.end()
  const entries = await sekisho.auditUntil({ userName: 'ben' }, found =>
    found.some(({ kind }) => kind === 'session.closed'),
  )
  const statements = (part: string) =>
    entries.filter(({ kind, text }) => kind === 'statement' && text?.includes(part) === true)
  assert.equal(statements('select total').length, 1)
  assert.equal(statements('select email').length, 3)
  assert.equal(statements('update orders').length, 3)
  const [noise, ...more] = entries.filter(({ kind }) => kind === 'statement.noise')
  assert.deepEqual(more, [])
  assert.equal(noise?.what, '29')
  assert.equal(noise?.object, statements('select total')[0]?.id)
})

test('the tester says what would happen, with rules that are not saved', async () => {
  await save([])
  const ask = (text: string, rules?: readonly QueryRule[]) =>
    sekisho.admin.call('POST /api/rules/test', {
      targetId,
      userName: 'ann',
      text,
      ...(rules === undefined ? {} : { rules }),
    })
  const masked = await ask('select email from customers')
  assert.equal(masked.verdict, 'passed')
  assert.deepEqual(masked.hidden, ['public.customers.email'])
  assert.notEqual(masked.text, 'select email from customers')
  assert.equal(masked.rule, undefined)
  const denied = await ask('select id from orders', [rule('none', { value: '*from orders*' })])
  assert.equal(denied.verdict, 'stopped')
  assert.equal(denied.rule?.name, 'none')
  assert.match(denied.message ?? '', /“none”/)
  assert.equal((await ask('select id from orders')).verdict, 'passed')
  assert.equal((await ask('select id from nowhere')).code, 'statement.unreadable')
  assert.equal((await ask('update orders set total = 1')).code, 'statement.denied')
  assert.equal(
    (await ask('select id from orders', [rule('n', { verdict: 'noise', value: 'select *' })])).isCounted,
    true,
  )
})

test('rules are checked, versioned and on record', async () => {
  const wrong = (rules: readonly QueryRule[]) => assert.rejects(save(rules))
  await wrong([rule('a', { value: ' * ' })])
  await wrong([rule('a', { value: 'x' }), rule('a', { value: 'y' })])
  await wrong([rule('', { value: 'x' })])
  await assert.rejects(sekisho.admin.call('PUT /api/rules', { rules: [], basedOn: 0 }))
  await save([rule('last', { value: 'select 42', match: 'text' })])
  const entries = await sekisho.auditUntil({ kinds: ['changed'] }, found =>
    found.some(({ what, fields }) => what === 'rules.saved' && JSON.stringify(fields).includes('select 42')),
  )
  assert.ok(entries.length > 0)
  await assert.rejects(ann.api.call('GET /api/rules'))
})
