// What permits ask in return, at a real MariaDB and a real MySQL: the same as at PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers } from './mysql-shop.ts'

const work = '[Action::"select", Action::"write", Action::"call", Action::"export", Action::"import"]'
const policies = `
@id("plain-connect")
permit(principal in Group::"plain", action == Action::"connect", resource);

@id("careful")
@require_where("true")
permit(principal in Group::"careful", action in ${work}, resource);

@id("hurried")
@time_limit("500ms")
permit(principal in Group::"hurried", action in ${work}, resource);

@id("thin")
@byte_limit("20kB")
permit(principal in Group::"thin", action in ${work}, resource);

@id("modest")
@rows_per_day("600")
permit(principal in Group::"modest", action in ${work}, resource);

@id("explained")
@require_reason("true")
permit(principal in Group::"explained", action in ${work}, resource);

@id("reading")
@read_only("true")
permit(principal in Group::"reading", action in [Action::"connect", Action::"select"], resource);

@id("lonely")
@max_sessions("1")
@idle_timeout("1s")
permit(principal in Group::"lonely", action in [Action::"connect", Action::"select"], resource);

@id("asked")
@approval("bosses")
permit(principal in Group::"asked", action in ${work}, resource);

@id("nameless-work")
permit(principal in Group::"nameless", action in ${work}, resource in Schema::"shop/sekisho");

@id("no-names")
forbid(principal in Group::"nameless", action in [Action::"select", Action::"update"], resource == Column::"shop/sekisho/customers/name");
`

for (const [name, start] of mysqlServers)
  describe(name, () => {
    let shop: MysqlShop
    let sekisho: RunningSekisho

    before(async () => {
      shop = await start()
      sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' } })
      await sekisho.addTarget('shop', shop, { protocol: 'mysql' })
      await sekisho.savePolicies(policies)
    })
    after(async () => {
      await sekisho?.stop()
      await shop?.stop()
    })

    async function asking<T>(person: Person, use: (connection: Connection) => Promise<T>): Promise<T> {
      const connection = await createConnection(person.connection('shop'))
      connection.on('error', () => {})
      try {
        return await use(connection)
      } finally {
        connection.destroy()
      }
    }

    const refused = (connection: Connection, sql: string): Promise<string> =>
      connection.query(sql).then(
        () => assert.fail(`passed: ${sql}`),
        (error: unknown) => String(error),
      )

    const rows = async (connection: Connection, sql: string): Promise<number> =>
      (await connection.query<RowDataPacket[]>(sql))[0].length

    test('a change of every row wants a condition', async () => {
      const ann = await sekisho.addPerson('ann', ['plain', 'careful'])
      await asking(ann, async connection => {
        for (const sql of [
          'delete from orders',
          'update orders set total = 1 where 1',
          'update orders set total = 1 where id = id',
        ])
          assert.match(await refused(connection, sql), /“careful” wants a condition/, sql)
        await connection.query('update orders set total = 1 where id = 1')
        await connection.query('delete from orders where id = -1')
      })
    })

    test('statements are stopped by time and size, and the session goes on', async () => {
      const ben = await sekisho.addPerson('ben', ['plain', 'hurried'])
      await asking(ben, async connection => {
        assert.match(
          await refused(connection, 'select sleep(20) from orders'),
          /500 ms, the longest that the policy “hurried”/,
        )
        assert.equal(await rows(connection, 'select 1'), 1)
      })
      const cal = await sekisho.addPerson('cal', ['plain', 'thin'])
      await asking(cal, async connection => {
        assert.match(
          await refused(connection, 'select a.*, b.* from orders a, orders b limit 2000000'),
          /larger than 20 kB, the most that the policy “thin”/,
        )
        assert.equal(await rows(connection, 'select id from orders limit 100'), 100)
      })
    })

    test('what may be taken in a day is counted', async () => {
      const dan = await sekisho.addPerson('dan', ['plain', 'modest'])
      await asking(dan, async connection => {
        assert.equal(await rows(connection, 'select id from orders limit 400'), 400)
        assert.equal(
          (await connection.execute<RowDataPacket[]>('select id from orders limit 400'))[0].length,
          400,
        )
        assert.match(await refused(connection, 'select id from orders limit 400'), /is used up/)
        await assert.rejects(connection.execute('select id from orders limit 400'), /is used up/)
      })
    })

    test('a reason is given as the comment that the statement begins with', async () => {
      const eve = await sekisho.addPerson('eve', ['plain', 'explained'])
      await asking(eve, async connection => {
        assert.match(await refused(connection, 'select id from orders limit 1'), /reason: ticket 4711/)
        assert.equal(await rows(connection, '/* reason: ticket 4711 */ select id from orders limit 1'), 1)
        assert.match(await refused(connection, 'select id from orders limit 1'), /reason: ticket 4711/)
      })
    })

    test('reading only: refused by policy, and by the target as well', async () => {
      const fay = await sekisho.addPerson('fay', ['reading'])
      await asking(fay, async connection => {
        assert.equal(await rows(connection, 'select id from orders limit 1'), 1)
        assert.match(
          await refused(connection, 'update orders set total = 2 where id = 1'),
          /may not|reading only/,
        )
        assert.match(await refused(connection, 'set session transaction read write'), /read(ing)? only/)
        const [found] = await connection.query<RowDataPacket[]>('select @@session.tx_read_only as r')
        assert.deepEqual(
          found.map(row => Number(row['r'])),
          [1],
        )
      })
    })

    test('sessions are few, and end when nothing happens in them', async () => {
      const gus = await sekisho.addPerson('gus', ['lonely'])
      const first = await createConnection(gus.connection('shop'))
      const ended = new Promise<void>(resolve => first.on('error', () => resolve()))
      await assert.rejects(
        asking(gus, async () => {}),
        /permits no more/,
      )
      await ended
      first.destroy()
      assert.equal(await asking(gus, connection => rows(connection, 'select id from orders limit 1')), 1)
    })

    test('a statement is approved exactly as it stands', async () => {
      const hal = await sekisho.addPerson('hal', ['plain', 'asked'])
      const boss = await sekisho.addPerson('boss', ['bosses'])
      const sql = 'update orders set total = 7 where id = 7'
      await asking(hal, async connection => {
        const words = await refused(connection, sql)
        const [, number] = /request #(\d+)/.exec(words) ?? []
        assert.ok(number !== undefined, words)
        const approve = { kind: 'approve', minutes: 10, once: true, note: '' } as const
        await boss.api.call('POST /api/requests/:number/decide', approve, { number })
        assert.match(await refused(connection, sql.replace('7 where', '8 where')), /request #/)
        await connection.query(sql)
        assert.match(await refused(connection, sql), /request #/)
      })
    })

    test('a forbidden column refuses what reads or writes it, and nothing else', async () => {
      const ida = await sekisho.addPerson('ida', ['plain', 'nameless'])
      await asking(ida, async connection => {
        for (const sql of [
          'select name from customers',
          'select * from customers',
          "update customers set name = 'x' where id = 1",
          'select count(*) from customers where name is null',
        ])
          assert.match(await refused(connection, sql), /sekisho\.customers\.name: the policy “no-names”/, sql)
        assert.equal(await rows(connection, 'select id, country from customers limit 2'), 2)
        await connection.query("update customers set country = 'JP' where id = 1")
      })
    })
  })
