// What permits ask in return, with real clients at a real target: conditions, reasons, approvals, and limits of every kind.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho

const all = 'Action::"select", Action::"write", Action::"call", Action::"export", Action::"import"'

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho({
    environment: { SEKISHO_TIME_ZONE: 'Asia/Tokyo', SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' },
  })
  await sekisho.addTarget('shop', shop)
  await sekisho.savePolicies(`
@id("plain-connect")
permit(principal in Group::"plain", action == Action::"connect", resource);

@id("careful")
@require_where("true")
permit(principal in Group::"careful", action in [${all}], resource);

@id("hurried")
@time_limit("300ms")
permit(principal in Group::"hurried", action in [${all}], resource);

@id("thin")
@byte_limit("20kB")
permit(principal in Group::"thin", action in [${all}], resource);

@id("modest")
@rows_per_day("600")
permit(principal in Group::"modest", action in [${all}], resource);

@id("explained")
@require_reason("true")
permit(principal in Group::"explained", action in [${all}], resource);

@id("reading")
@read_only("true")
permit(principal in Group::"reading", action in [Action::"connect", Action::"select"], resource);

@id("reading-too-much")
permit(principal in Group::"reading", action == Action::"update", resource);

@id("lonely")
@max_sessions("1")
@idle_timeout("1s")
permit(principal in Group::"lonely", action in [Action::"connect", Action::"select"], resource);

@id("asked")
@approval("bosses")
permit(principal in Group::"asked", action in [${all}], resource);

@id("trusting")
permit(principal in Group::"trusting", action in [Action::"connect", Action::"select"], resource);

@id("trusting-changes")
permit(principal in Group::"trusting", action == Action::"update", resource) when { context.approved };

@id("no-names")
forbid(principal in Group::"nameless", action in [Action::"select", Action::"update"], resource == Column::"shop/public/customers/name");

@id("nameless-work")
permit(principal in Group::"nameless", action in [${all}], resource in Schema::"shop/public");

@id("never")
forbid(principal in Group::"nowhere", action, resource) when { context.localHour >= 0 };
`)
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

async function asking<T>(person: Person, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(person.connection('shop'))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What the person is told. */
async function refused(client: pg.Client, sql: string): Promise<string> {
  const error = await client.query(sql).then(
    () => assert.fail(`passed: ${sql}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof pg.DatabaseError, String(error))
  return `${error.message} ${error.detail ?? ''} ${error.hint ?? ''}`
}

test('a change of every row wants a condition', async () => {
  const ann = await sekisho.addPerson('ann', ['plain', 'careful'])
  await asking(ann, async client => {
    for (const sql of ['delete from orders', 'update orders set total = 1 where 1 = 1', 'truncate orders'])
      assert.match(await refused(client, sql), /“careful” wants a condition/)
    assert.equal((await client.query('update orders set total = 1 where id = 1')).rowCount, 1)
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from orders')
    assert.equal(rows[0]?.n, 5000)
  })
})

test('a statement is stopped when its time is over, and the session goes on', async () => {
  const ben = await sekisho.addPerson('ben', ['plain', 'hurried'])
  await asking(ben, async client => {
    assert.match(
      await refused(client, 'select pg_sleep(20) from orders'),
      /300 ms, the longest that the policy “hurried”/,
    )
    assert.equal((await client.query('select 1 as one')).rows.length, 1)
    assert.equal(
      (await client.query({ name: 'x', text: 'select $1::int as one', values: [1] })).rows.length,
      1,
    )
  })
})

test('a result is stopped when it is too large, and the session goes on', async () => {
  const cal = await sekisho.addPerson('cal', ['plain', 'thin'])
  await asking(cal, async client => {
    assert.match(
      await refused(client, 'select a.*, b.* from orders a, orders b limit 2000000'),
      /larger than 20 kB, the most that the policy “thin”/,
    )
    assert.equal((await client.query('select id from orders limit 100')).rows.length, 100)
  })
})

test('what may be taken in a day is counted over sessions and restarts', async () => {
  const dan = await sekisho.addPerson('dan', ['plain', 'modest'])
  const take = (rows: number) =>
    asking(dan, client =>
      client.query(`select id from orders limit ${rows}`).then(result => result.rows.length),
    )
  assert.equal(await take(400), 400)
  assert.equal(await take(400), 400)
  await assert.rejects(take(1), /“modest” permits to take from this target in a day is used up/)
  const prepared = new pg.Client(dan.connection('shop'))
  await prepared.connect()
  assert.equal((await prepared.query('show server_version')).rows.length, 1)
  await prepared.end()
  await sekisho.end('SIGTERM')
  await sekisho.restart()
  await assert.rejects(take(1), /is used up/)
})

test('a reason is given as the comment that the statement begins with, and stands in the audit', async () => {
  const eve = await sekisho.addPerson('eve', ['plain', 'explained'])
  await asking(eve, async client => {
    assert.match(await refused(client, 'select id from orders limit 1'), /\/\* reason: ticket 4711 \*\//)
    const told = '/* reason: ticket 4711 */ select id from orders limit 1'
    assert.equal((await client.query(told)).rows.length, 1)
    assert.match(await refused(client, '/* reason: */ select id from orders limit 1'), /wants to know why/)
    assert.equal((await client.query('-- reason: audit\nselect id from orders limit 1')).rows.length, 1)
  })
  const entries = await sekisho.auditUntil(
    { userName: 'eve', kinds: ['statement'] },
    found => found.length >= 4,
  )
  assert.ok(
    entries.some(({ text, verdict }) => verdict === 'allowed' && /reason: ticket 4711/.test(text ?? '')),
  )
})

test('reading only: refused by policy, and by the target as well', async () => {
  const fay = await sekisho.addPerson('fay', ['reading'])
  await asking(fay, async client => {
    assert.equal((await client.query('select id from orders limit 1')).rows.length, 1)
    assert.match(await refused(client, 'update orders set total = 2 where id = 1'), /permits reading only/)
    const { rows } = await client.query<Record<string, string>>('show default_transaction_read_only')
    assert.deepEqual(rows, [{ default_transaction_read_only: 'on' }])
    for (const sql of [
      'set default_transaction_read_only = off',
      'begin read write',
      'set transaction read write',
    ])
      assert.match(await refused(client, sql), /read(ing)? only/, sql)
    await client.query('begin')
    assert.equal((await client.query('select id from orders limit 1')).rows.length, 1)
    await client.query('rollback')
  })
})

test('sessions are few, and end when nothing happens in them', async () => {
  const gus = await sekisho.addPerson('gus', ['lonely'])
  const first = new pg.Client(gus.connection('shop'))
  first.on('error', () => {})
  const ended = new Promise<void>(resolve => first.on('end', resolve))
  await first.connect()
  await assert.rejects(
    asking(gus, async () => {}),
    /permits no more/,
  )
  await ended
  await asking(gus, async client => {
    assert.equal((await client.query('select id from orders limit 1')).rows.length, 1)
  })
})

test('a statement is approved by those whom the policy names, exactly as it stands', async () => {
  const hal = await sekisho.addPerson('hal', ['plain', 'asked'])
  const boss = await sekisho.addPerson('boss', ['bosses'])
  const sql = '/* reason: refund */ update orders set total = 7 where id = 7'
  await asking(hal, async client => {
    const words = await refused(client, sql)
    const [, number] = /request #(\d+)/.exec(words) ?? []
    assert.ok(number !== undefined, words)
    assert.match(await refused(client, sql), new RegExp(`request #${number}`))
    const { waiting } = await boss.api.call('GET /api/requests')
    const request = waiting.find(one => one.number === Number(number))
    assert.deepEqual(request?.subject, {
      kind: 'statement',
      statement: sql,
      tables: ['public.orders'],
      hidden: [],
      policy: 'asked',
      reason: 'refund',
    })
    const approve = { kind: 'approve', minutes: 10, once: true, note: '' } as const
    await boss.api.call('POST /api/requests/:number/decide', approve, { number })
    assert.match(await refused(client, `${sql} `), /request #/)
    assert.equal((await client.query(sql)).rowCount, 1)
    // It was good for once.
    const again = /request #(\d+)/.exec(await refused(client, sql))?.[1]
    assert.notEqual(again, number)
    const many = { kind: 'approve', minutes: 10, once: false, note: '' } as const
    await boss.api.call('POST /api/requests/:number/decide', many, { number: again ?? '' })
    for (let run = 0; run < 3; run += 1)
      assert.equal((await client.query({ name: 'p', text: sql })).rowCount, 1)
    const entries = await sekisho.auditUntil({ userName: 'hal', kinds: ['statement'] }, found =>
      found.some(({ decidedBy }) => decidedBy.some(({ name }) => name === `request #${number}`)),
    )
    assert.ok(entries.length > 0)
  })
})

test('what a policy permits only once it is approved is asked for, and runs then', async () => {
  const tim = await sekisho.addPerson('tim', ['trusting'])
  const sql = 'update orders set total = 8 where id = 8'
  await asking(tim, async client => {
    assert.equal((await client.query('select id from orders limit 1')).rowCount, 1)
    assert.doesNotMatch(await refused(client, 'delete from orders where id = 8'), /request #/)
    const words = await refused(client, sql)
    assert.match(words, /“trusting-changes” wants this statement approved by an administrator/)
    const [, number = ''] = /request #(\d+)/.exec(words) ?? []
    const approve = { kind: 'approve', minutes: 10, once: true, note: '' } as const
    await sekisho.admin.call('POST /api/requests/:number/decide', approve, { number })
    assert.equal((await client.query(sql)).rowCount, 1)
    assert.match(await refused(client, sql), /request #/)
  })
})

test('a forbidden column refuses what reads or writes it, and nothing else', async () => {
  const ida = await sekisho.addPerson('ida', ['plain', 'nameless'])
  await asking(ida, async client => {
    for (const sql of [
      'select name from customers',
      'select * from customers',
      'select c from customers c',
      "update customers set name = 'x' where id = 1",
      'select count(*) from customers where name is null',
    ])
      assert.match(await refused(client, sql), /shop\.public\.customers\.name: the policy “no-names” forbids/)
    assert.equal((await client.query('select id, country from customers limit 2')).rows.length, 2)
    assert.equal((await client.query("update customers set country = 'JP' where id = 1")).rowCount, 1)
  })
})

test('rows leave and come in bulk only where that is permitted', async () => {
  const joe = await sekisho.addPerson('joe', ['reading'])
  await asking(joe, async client => {
    assert.match(await refused(client, 'copy orders to stdout'), /may not export shop\.public\.orders/)
  })
})
