// MySQL and MariaDB in the console: registered, its tables tagged, and the SQL page seeing the mask.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { RunEvent, TargetRow } from '../../src/console/contract.ts'
import { startMariadb } from '../support/mariadb.ts'
import { startMysql56 } from '../support/mysql56.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

interface Server {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  asRoot(...statements: readonly string[]): Promise<unknown>
  stop(): Promise<void>
}

const rowsOf = (events: readonly RunEvent[]) =>
  events.flatMap(event => (event.kind === 'rows' ? event.rows : []))

for (const [name, start] of [
  ['MariaDB', () => startMariadb()],
  ['MySQL 5.6', () => startMysql56()],
] as const) {
  describe(`${name} in the console`, () => {
    let server: Server
    let sekisho: RunningSekisho
    let target: TargetRow
    let ann: Person

    before(async () => {
      server = await start()
      await server.asRoot(
        'create table sekisho.customers (id int primary key, email varchar(100), photo blob) engine=InnoDB',
        `insert into sekisho.customers values (1, 'ann@secret.example', x'00ff'), (2, 'bob@secret.example', null)`,
      )
      sekisho = await startSekisho()
      target = await sekisho.addTarget('shop', server, { protocol: 'mysql' })
      await sekisho.savePolicies(`@id("all") permit(principal in Group::"staff", action, resource)
        unless { action == Action::"reveal" };`)
      ann = await sekisho.addPerson('ann', ['staff'])
    })
    after(async () => {
      await sekisho?.stop()
      await server?.stop()
    })

    it('shows the tables of its databases, not those of the server itself', async () => {
      const tables = await sekisho.admin.call('GET /api/targets/:id/tables', undefined, { id: target.id })
      assert.deepEqual(
        tables.map(table => `${table.schema}.${table.table}`),
        ['sekisho.customers'],
      )
      assert.deepEqual(
        tables[0]?.columns.map(column => column.type.replace(/\(.*/, '')),
        ['int', 'varchar', 'blob'],
      )
    })

    it('runs statements on the SQL page, in clear until a column is tagged', async () => {
      const sql = 'select id, email, photo from customers order by id'
      assert.deepEqual(rowsOf(await ann.api.query(target.id, sql)), [
        ['1', 'ann@secret.example', '0x00FF'],
        ['2', 'bob@secret.example', null],
      ])
      await sekisho.admin.call(
        'PUT /api/targets/:id/tags',
        { schema: 'sekisho', table: 'customers', column: 'email', tags: ['pii.email'] },
        { id: target.id },
      )
      const masked = rowsOf(await ann.api.query(target.id, sql))
      assert.equal(masked.length, 2)
      assert.ok(!JSON.stringify(masked).includes('secret'), JSON.stringify(masked))
      assert.deepEqual(
        masked.map(row => [row[0], row[2]]),
        [
          ['1', '0x00FF'],
          ['2', null],
        ],
      )
    })

    it('says refusals with their code', async () => {
      const events = await ann.api.query(target.id, `select load_file('/etc/passwd')`)
      const error = events.find(event => event.kind === 'error')
      assert.ok(error?.kind === 'error' && error.refused, JSON.stringify(events))
      assert.match(error.code ?? '', /^statement\./)
      assert.ok(!error.message.includes('sekisho.'))
    })
  })
}
