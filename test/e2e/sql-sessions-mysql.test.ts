// Sessions of the SQL editor at MariaDB and MySQL, and what stands beside them: objects, history, saved queries.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { RunEvent, RunInput, SqlSession } from '../../src/console/contract.ts'
import { ApiFailure } from '../support/api-client.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers, mysqlShopTags } from './mysql-shop.ts'
import { marker } from './shop.ts'

const of = <K extends RunEvent['kind']>(events: readonly RunEvent[], kind: K) =>
  events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind)
const rowsOf = (events: readonly RunEvent[]) => of(events, 'rows').flatMap(event => event.rows)

for (const [name, start] of mysqlServers)
  describe(`SQL editor at ${name}`, () => {
    let server: MysqlShop
    let sekisho: RunningSekisho
    let targetId: string
    let ann: Person
    let bob: Person

    before(async () => {
      server = await start()
      await server.asRoot(
        'create database other',
        'create table other.small (id int primary key, b bit(3), f double, j longtext, d date, bin varbinary(8), big bigint)',
        `insert into other.small values (1, b'101', 0.1, '{"a": 1}', '2020-02-03', x'00ff', 9007199254740993)`,
        'create procedure sekisho.both() begin select 1 as one; select 2 as two; end',
        `grant all on other.* to sekisho@'127.0.0.1'`,
      )
      sekisho = await startSekisho()
      targetId = (await sekisho.addTarget('shop', server, { protocol: 'mysql' })).id
      for (const { tags, ...where } of mysqlShopTags)
        await sekisho.admin.call('PUT /api/targets/:id/tags', { ...where, tags }, { id: targetId })
      await sekisho.savePolicies(`@id("all") permit(principal in Group::"staff", action, resource)
        unless { action == Action::"reveal" };`)
      ann = await sekisho.addPerson('ann', ['staff'])
      bob = await sekisho.addPerson('bob', ['staff'])
    })
    after(async () => {
      await sekisho?.stop()
      await server?.stop()
    })

    const open = (): Promise<SqlSession> => ann.api.call('POST /api/sql/sessions', { targetId })

    async function run(id: string, sql: string, more: Partial<RunInput> = {}): Promise<readonly RunEvent[]> {
      const body = { sql, commit: 'auto', ...more }
      const response = await ann.api.fetch('POST /api/sql/sessions/:id/run', body, { id })
      const text = await response.text()
      assert.equal(response.status, 200, text)
      return text
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as RunEvent)
    }

    it('keeps transaction, schema and settings between texts', async () => {
      const { id, schema } = await open()
      assert.equal(schema, 'sekisho')
      await run(id, 'set @x = 41')
      const begun = await run(id, `insert into orders (customer_id, total) values (1, 4711.5)`, {
        commit: 'manual',
      })
      assert.deepEqual(begun.at(-1), { kind: 'session', transaction: 'open', schema: 'sekisho' })
      const more = await run(id, 'select @x + 1 as n, count(*) from orders where total = 4711.5')
      assert.deepEqual(rowsOf(more), [['42', '1']])
      assert.equal(of(more, 'session')[0]?.transaction, 'open')
      assert.equal(of(await run(id, 'rollback', { commit: 'manual' }), 'session')[0]?.transaction, 'none')
      const [count] = rowsOf(await run(id, 'select count(*) from orders where total = 4711.5'))
      assert.deepEqual(count, ['0'])
      assert.equal(of(await run(id, 'use other'), 'session')[0]?.schema, 'other')
    })

    it('tells several results, values as they are, and where an error is', async () => {
      const { id } = await open()
      const events = await run(
        id,
        'select 1 as a, null as b; select * from other.small; update orders set total = total where id = 1',
      )
      assert.deepEqual(rowsOf(events), [
        ['1', null],
        ['1', '0x05', '0.1', '{"a": 1}', '2020-02-03', '0x00FF', '9007199254740993'],
      ])
      assert.deepEqual(
        of(events, 'done').map(({ statement, command }) => [statement, command]),
        [
          [0, 'SELECT'],
          [1, 'SELECT'],
          [2, 'UPDATE'],
        ],
      )
      const [error] = of(await run(id, 'select 1;\nselect nothere from orders'), 'error')
      assert.equal(error?.sqlState, '42S22')
      assert.equal(error?.statement, 1)
    })

    it('binds parameters', async () => {
      const { id } = await open()
      const events = await run(
        id,
        'select ? as a, id, b, f, d, bin, big from other.small where id = ? and ? is null',
        {
          parameters: [`' or 1=1 --`, '1', null],
        },
      )
      assert.deepEqual(rowsOf(events), [
        [`' or 1=1 --`, '1', '0x05', '0.1', '2020-02-03', '0x00FF', '9007199254740993'],
      ])
    })

    it('marks what is masked, and hides it', async () => {
      const { id } = await open()
      const events = await run(id, 'select id, concat(email, id) as id2 from customers limit 1; select 1')
      assert.ok(!JSON.stringify(events).includes(marker))
      assert.deepEqual(
        of(events, 'columns').map(({ columns }) => columns.map(({ masked }) => masked?.columns)),
        [[undefined, ['sekisho.customers.email']], [undefined]],
      )
    })

    it('stops at the target, and goes on', async () => {
      const { id } = await open()
      const running = run(id, 'select sleep(60)')
      await until(async () => {
        const [row] = await server.asRoot(
          `select count(*) as n from information_schema.processlist where info like '%sleep(60)%' and info not like '%processlist%'`,
        )
        return Number(row?.['n']) > 0
      })
      await ann.api.call('POST /api/sql/sessions/:id/stop', undefined, { id })
      await running
      assert.deepEqual(rowsOf(await run(id, 'select 7')), [['7']])
    })

    it('tells what is there', async () => {
      const ask = { id: targetId }
      const schemas = await ann.api.call('GET /api/targets/:id/schemas', undefined, ask)
      assert.deepEqual(
        schemas.filter(({ name: schema }) => ['other', 'sekisho'].includes(schema)),
        [
          { name: 'other', objects: 1 },
          { name: 'sekisho', objects: 4 },
        ],
      )
      const found = await ann.api.call(
        'GET /api/targets/:id/objects',
        { search: 'custom', limit: 5 } as never,
        ask,
      )
      assert.deepEqual(
        found.objects.map(({ schema, name: object, kind, hides }) => [schema, object, kind, hides]),
        [['sekisho', 'customers', 'table', true]],
      )
      const all = await ann.api.call('GET /api/targets/:id/objects', { schema: 'sekisho' } as never, ask)
      assert.deepEqual(
        all.objects.map(({ name: object, kind }) => [object, kind]),
        [
          ['big_spenders', 'view'],
          ['both', 'routine'],
          ['customers', 'table'],
          ['orders', 'table'],
        ],
      )
      const question = { schema: 'sekisho', name: 'customers' } as never
      const one = await ann.api.call('GET /api/targets/:id/object', question, ask)
      assert.equal(one.columns.find(column => column.name === 'email')?.hiddenAs, 'email')
      const wrong = await ann.api.fetch('GET /api/targets/:id/objects', { limit: '-1' }, ask)
      assert.equal(wrong.status, 400)
    })

    it('remembers what was run, of the one who asks', async () => {
      const { id } = await open()
      await run(id, `select 'a word of mine', id from orders where id = 1`)
      await sekisho.auditCarried()
      const [row] = await ann.api.call('GET /api/sql/history', { target: targetId, limit: 1 } as never)
      assert.equal(row?.text, `select 'a word of mine', id from orders where id = 1`)
      assert.deepEqual([row?.targetName, row?.verdict, row?.program], ['shop', 'allowed', 'Sekisho console'])
      assert.deepEqual(await bob.api.call('GET /api/sql/history'), [])
    })

    it('keeps queries, and shares them with groups', async () => {
      const input = { name: 'mine', text: 'select 1', targetId, groups: [] }
      const { id } = await ann.api.call('POST /api/sql/saved', input)
      assert.deepEqual(await bob.api.call('GET /api/sql/saved'), [])
      for (const route of ['PUT /api/sql/saved/:id', 'DELETE /api/sql/saved/:id'] as const)
        await assert.rejects(
          bob.api.call(route, route.startsWith('PUT') ? input : undefined, { id }),
          (error: unknown) => error instanceof ApiFailure && error.status === 404,
        )
      await ann.api.call('PUT /api/sql/saved/:id', { ...input, groups: ['staff'] }, { id })
      const [seen] = await bob.api.call('GET /api/sql/saved')
      assert.deepEqual([seen?.name, seen?.mine, seen?.ownerName], ['mine', false, 'ann'])
    })
  })

async function until(wanted: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await wanted())) {
    assert.ok(performance.now() < end)
    await pause(20)
  }
}
