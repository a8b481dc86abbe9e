// What policies can ask beside yes and no: row filters, row limits, strict records; and the server on MariaDB.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

let mariadb: Mariadb
let shop: RunningPostgres
let sekisho: RunningSekisho

before(async () => {
  ;[mariadb, shop] = await Promise.all([startMariadb(), startShop({ tls: true })])
  sekisho = await startSekisho({
    environment: {
      SEKISHO_DATABASE_KIND: 'mysql',
      SEKISHO_DATABASE_HOST: mariadb.host,
      SEKISHO_DATABASE_PORT: String(mariadb.port),
      SEKISHO_DATABASE_NAME: mariadb.database,
      SEKISHO_DATABASE_USER: mariadb.user,
      SEKISHO_DATABASE_PASSWORD: mariadb.password,
    },
  })
  await sekisho.addTarget('shop', shop)
  await sekisho.savePolicies(`
@id("frankly-french")
@row_filter("country = 'FR'")
permit(principal in Group::"france", action in [Action::"select", Action::"update", Action::"delete"], resource == Table::"shop/public/customers");

@id("few-at-a-time")
@row_limit("10")
permit(principal in Group::"few", action == Action::"select", resource);

@id("careful")
@audit("strict")
permit(principal in Group::"careful", action == Action::"select", resource);

@id("everybody-connects")
permit(principal, action == Action::"connect", resource);
`)
})

after(async () => {
  await sekisho?.stop()
  await Promise.all([mariadb?.stop(), shop?.stop()])
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

const countries = async (client: pg.Client, sql: string): Promise<readonly string[]> =>
  (await client.query<{ country: string }>(sql)).rows.map(row => row.country)

test('a row filter holds however the table is read, and for what is changed', async () => {
  const ann = await sekisho.addPerson('ann', ['france'])
  await asking(ann, async client => {
    for (const sql of [
      'select distinct country from customers',
      'select distinct c.country from public.customers c where c.country <> $$DE$$ or true',
      'with x as (table customers) select distinct country from x',
      'select distinct (c).country from customers c',
    ]) {
      assert.deepEqual(await countries(client, sql), ['FR'], sql)
    }
    const before = (await shop.run("select count(*)::int as n from customers where country <> 'FR'"))
      .rows as { n: number }[]
    await client.query("update customers set name = 'changed'")
    const changed = (await shop.run("select distinct country from customers where name = 'changed'"))
      .rows as { country: string }[]
    assert.deepEqual(
      changed.map(row => row.country),
      ['FR'],
    )
    const afterwards = (
      await shop.run("select count(*)::int as n from customers where country <> 'FR' and name <> 'changed'")
    ).rows as { n: number }[]
    assert.deepEqual(afterwards, before)
    await assert.rejects(
      client.query("update customers set country = 'JP'"),
      (error: pg.DatabaseError) => error.code !== undefined,
    )
  })
})

test('a row limit holds for plain queries, for those with a LIMIT of their own, for COPY and for cursors', async () => {
  const ben = await sekisho.addPerson('ben', ['few'])
  await asking(ben, async client => {
    for (const [sql, rows] of [
      ['select id from customers', 10],
      ['select id from customers order by id desc limit 3', 3],
      ['select id from customers limit 400 -- a remark', 10],
      ['select id from customers union all select id from orders', 10],
      ['select id from customers fetch first 200 rows only', 10],
      ['table orders', 10],
    ] as const) {
      assert.equal((await client.query(sql)).rows.length, rows, sql)
    }
    await client.query('begin')
    await client.query('declare c cursor for select id from orders')
    assert.equal((await client.query('fetch all from c')).rows.length, 10)
    await client.query('commit')
  })
})

test('a strict record is asked for by a policy, and says so in the audit', async () => {
  const eve = await sekisho.addPerson('eve', ['careful'])
  await asking(eve, client => client.query('select 42 from customers limit 1'))
  const entries = await sekisho.auditUntil(
    { userName: 'eve', kinds: ['statement'] },
    found => found.length > 0,
  )
  assert.equal(entries[0]?.strength, 'strict')
})

test('what no policy permits is refused, with the way to ask', async () => {
  const zoe = await sekisho.addPerson('zoe', [])
  await asking(zoe, async client => {
    await assert.rejects(client.query('select id from customers'), (error: pg.DatabaseError) => {
      assert.equal(error.code, '42501')
      assert.match(`${error.message} ${error.hint ?? ''}`, /administrator/)
      return true
    })
  })
})

test('towards the target: TLS with its certificate verified in full, and refused if it is not the right one', async () => {
  const { host, port, database, user, password, tlsCa } = shop
  const input = {
    name: 'trial',
    protocol: 'postgres',
    host: 'localhost',
    port,
    database,
    account: user,
    password,
    tags: {},
  } as const
  const verified = await sekisho.admin.call('POST /api/targets/test', { ...input, tls: 'verify-full', tlsCa })
  assert.ok(verified.ok && /TLS/.test(verified.tls ?? ''), JSON.stringify(verified))
  const unknownAuthority = await sekisho.admin.call('POST /api/targets/test', {
    ...input,
    tls: 'verify-full',
  })
  assert.equal(unknownAuthority.ok, false)
  const wrongPassword = await sekisho.admin.call('POST /api/targets/test', {
    ...input,
    host,
    tls: 'require',
    password: 'not it',
  })
  assert.ok(!wrongPassword.ok && !JSON.stringify(wrongPassword).includes('not it'))
})
