// Approvals, stopping and cutting at MariaDB and MySQL.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import type { ApiClient } from '../support/api-client.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers, mysqlShopTags } from './mysql-shop.ts'

const noticeMs = 1_000
const untilMs = 10_000

for (const [name, start] of mysqlServers)
  describe(name, () => {
    let shop: MysqlShop
    let sekisho: RunningSekisho
    let dana: Person

    before(async () => {
      shop = await start()
      sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' } })
      const { id } = await sekisho.addTarget('shop', shop, { protocol: 'mysql' })
      for (const tag of mysqlShopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id })
      await sekisho.savePolicies(policies)
      dana = await sekisho.addPerson('dana', ['dba'])
    })
    after(async () => {
      await sekisho?.stop()
      await shop?.stop()
    })

    const enter = (person: Person): Promise<Connection> => createConnection(person.connection('shop'))

    async function until(holds: () => Promise<boolean>): Promise<void> {
      const end = performance.now() + untilMs
      while (!(await holds())) {
        if (performance.now() > end) throw new Error('it did not come')
        await pause(20)
      }
    }

    const sleepers = async (): Promise<number> =>
      (await shop.asRoot("select id from information_schema.processlist where info = 'select sleep(60)'"))
        .length

    interface Failure {
      readonly message: string
      readonly atMs: number
    }

    /** Runs a statement that takes long, until it is seen to run. */
    async function runLong(connection: Connection): Promise<{ readonly failed: Promise<Failure> }> {
      const failed = connection.query('select sleep(60)').then(
        () => assert.fail('the statement came to its end'),
        (error: Error) => ({ message: error.message, atMs: performance.now() }),
      )
      failed.catch(() => undefined)
      await until(async () => (await sleepers()) > 0)
      return { failed }
    }

    const sessionOf = async (who: string): Promise<string> => {
      const found = (await sekisho.admin.call('GET /api/sessions')).find(one => one.userName === who)
      return found?.id ?? assert.fail(`no session of ${who}`)
    }

    test('a running statement is stopped at the target, and its session goes on', async () => {
      const ann = await sekisho.addPerson('ann', ['workers'])
      const connection = await enter(ann)
      const { failed } = await runLong(connection)
      const atMs = performance.now()
      const id = await sessionOf('ann')
      await sekisho.admin.call('POST /api/sessions/:id/stop', undefined, { id })
      const failure = await failed
      assert.ok(failure.atMs - atMs < noticeMs, `${failure.atMs - atMs} ms`)
      assert.match(failure.message, /stopped in the console/)
      assert.equal(await sleepers(), 0)
      const [rows] = await connection.query('select 1 as one')
      assert.deepEqual(rows, [{ one: 1 }])
      await connection.end()
    })

    test('whatever lets somebody in cuts them within a second when it goes, in the middle of a statement', async () => {
      const userId = async (who: string, admin: ApiClient) =>
        (await admin.call('GET /api/users')).find(user => user.name === who)?.id ?? ''
      const revoking: readonly (readonly [string, (person: Person, admin: ApiClient) => Promise<unknown>])[] =
        [
          [
            'disabled',
            async (person, admin) =>
              admin.call('PUT /api/users/:id', { disabled: true }, { id: await userId(person.name, admin) }),
          ],
          [
            'token',
            async ({ api }) => {
              const [token] = await api.call('GET /api/tokens')
              await api.call('DELETE /api/tokens/:id', undefined, { id: token?.id ?? '' })
            },
          ],
          [
            'group',
            async (person, admin) =>
              admin.call('PUT /api/users/:id', { groups: [] }, { id: await userId(person.name, admin) }),
          ],
          ['policy', () => sekisho.savePolicies('@id("none") forbid(principal, action, resource);')],
        ]
      for (const [what, revoke] of revoking) {
        const person = await sekisho.addPerson(`x-${what}`, ['workers'])
        const connection = await enter(person)
        const { failed } = await runLong(connection)
        const atMs = performance.now()
        await revoke(person, sekisho.admin)
        const failure = await failed
        assert.ok(failure.atMs - atMs < noticeMs, `${what}: ${failure.atMs - atMs} ms`)
        connection.destroy()
        await until(async () => (await sleepers()) === 0)
      }
      await sekisho.savePolicies(policies)
    })

    test('a statement is asked for, seen with its plan, approved, and runs', async () => {
      const bea = await sekisho.addPerson('bea', ['workers'])
      const connection = await enter(bea)
      const sql = 'delete from orders where id = 4711'
      const told = await connection.query(sql).then(
        () => assert.fail('it was run'),
        (error: Error) => error.message,
      )
      const number = /request #(\d+)/.exec(told)?.[1] ?? assert.fail(told)
      const plan = await dana.api.call('POST /api/requests/:number/plan', undefined, { number })
      assert.ok(plan.ok && plan.lines.join('\n').includes('orders'), JSON.stringify(plan))
      assert.equal(plan.rows, 1)
      const approve = { kind: 'approve', minutes: 15, once: true, note: '' } as const
      await dana.api.call('POST /api/requests/:number/decide', approve, { number })
      const [result] = await connection.query(sql)
      assert.equal((result as { readonly affectedRows: number }).affectedRows, 1)
      await assert.rejects(connection.query(sql), /request #/)
      await connection.end()
    })
  })

const policies = `
@id("work")
permit(principal in Group::"workers", action in [Action::"connect", Action::"select"], resource);
@id("careful-deletes")
@approval("dba")
permit(principal in Group::"workers", action == Action::"delete", resource);
`
