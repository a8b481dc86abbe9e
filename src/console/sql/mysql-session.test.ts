// The SQL page against a real MariaDB and MySQL, through the protocol as the gateway serves it and a gate that lets all pass.

import assert from 'node:assert/strict'
import { type Duplex, duplexPair } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { startMariadb } from '../../../test/support/mariadb.ts'
import { startMysql56 } from '../../../test/support/mysql56.ts'
import { systemClock } from '../../core/clock.ts'
import type { TargetId } from '../../core/ids.ts'
import { limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import { testUser } from '../../protocols/fake-gate.test-part.ts'
import { startGateway, type TestGateway } from '../../protocols/mysql/gateway.test-part.ts'
import { mysql } from '../../protocols/mysql/index.ts'
import type { RunEvent } from '../contract.ts'
import { runOnce } from './run-once.ts'
import { OpenSqlSession } from './sql-session.ts'

interface Server {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  asRoot(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  stop(): Promise<void>
}

for (const [name, start] of [
  ['MariaDB', () => startMariadb()],
  ['MySQL 5.6', () => startMysql56()],
] as const) {
  describe(`SQL page at ${name}`, () => {
    let server: Server
    let gateway: TestGateway
    let target: Target
    const few = { ...limits, editorRowsMax: 100, editorTimeoutMs: 1_500 }

    before(async () => {
      server = await start()
      target = {
        id: 'target-1' as TargetId,
        name: 'shop',
        protocol: 'mysql',
        host: server.host,
        port: server.port,
        database: server.database,
        account: server.user,
        tls: 'disable',
        tlsCa: undefined,
        tags: {},
        listenPort: 40_000,
        disabled: false,
      }
      gateway = await startGateway(target, server.password)
    })
    after(async () => {
      await gateway.stop()
      await server.stop()
    })

    const openTarget = (): Duplex => {
      const [ours, theirs] = duplexPair()
      const { gate } = gateway.context
      const telling: typeof gate = Object.assign(Object.create(gate) as typeof gate, {
        async enter(...[user, where, client]: Parameters<typeof gate.enter>) {
          const visit = await gate.enter(user, where, client)
          return Object.assign(visit, { session: { ...visit.session, client } })
        },
      })
      const context = { ...gateway.context, gate: telling }
      void mysql.serve(theirs, { kind: 'console', user: testUser }, target, context)
      return ours
    }
    const parts = { openTarget, clock: systemClock, limits: few }
    const wish = () => ({ target, user: testUser, address: 'console', program: 'Sekisho console' })
    /** What it tells, but for how the session stands at the end. */
    const run = async (sql: string): Promise<readonly RunEvent[]> => {
      const events = await runOnce(parts, { ...wish(), sql })
      assert.equal(events.at(-1)?.kind, 'session')
      return events.slice(0, -1)
    }

    it('answers with columns, rows as text, the end', async () => {
      const [columns, rows, done, ...more] = await run(
        `select 1 as a, null as b, 'é漢' as c, x'00ff' as d, cast(1.50 as decimal(5,2)) as e, date '2024-02-29' as f`,
      )
      assert.ok(columns?.kind === 'columns')
      assert.deepEqual(
        columns.columns.map(column => column.name),
        ['a', 'b', 'c', 'd', 'e', 'f'],
      )
      assert.deepEqual(
        columns.columns
          .filter(column => ['c', 'd', 'e', 'f'].includes(column.name))
          .map(column => column.type),
        ['varchar', 'varbinary', 'decimal', 'date'],
      )
      assert.deepEqual(rows, {
        kind: 'rows',
        statement: 0,
        rows: [['1', null, 'é漢', '0x00FF', '1.50', '2024-02-29']],
      })
      assert.ok(done?.kind === 'done' && done.rows === 1 && done.command === 'SELECT')
      assert.deepEqual(more, [])
    })

    it('gives each statement of a text its own result', async () => {
      const events = await run(
        `create temporary table t (n int unsigned, e enum('x'), b blob, c char(2)); insert into t values (1, 'x', 'a;b', 'c'), (2, null, '', null); select * from t; select count(*) from t`,
      )
      const done = events.filter(event => event.kind === 'done')
      assert.deepEqual(
        done.map(event => [event.statement, event.command, event.rows]),
        [
          [0, 'CREATE', 0],
          [1, 'INSERT', 2],
          [2, 'SELECT', 2],
          [3, 'SELECT', 1],
        ],
      )
      const columns = events.find(event => event.kind === 'columns')
      assert.ok(columns?.kind === 'columns' && columns.statement === 2)
      assert.deepEqual(
        columns.columns.map(column => column.type),
        ['int unsigned', 'enum', 'blob', 'char'],
      )
      const rows = events.find(event => event.kind === 'rows')
      assert.ok(rows?.kind === 'rows')
      assert.deepEqual(rows.rows, [
        ['1', 'x', '0x613B62', 'c'],
        ['2', null, '0x', null],
      ])
    })

    it("tells the target's errors, and our refusals with their code", async () => {
      const [wrong] = await run('select * from no_such_table')
      assert.ok(wrong?.kind === 'error')
      assert.equal(wrong.sqlState, '42S02')
      assert.match(wrong.message, /no_such_table/)
      assert.match(wrong.hint ?? '', /1146/)
      assert.equal(wrong.refused, false)
      const [refused] = await run('select forbidden')
      assert.ok(refused?.kind === 'error')
      assert.equal(refused.refused, true)
      assert.equal(refused.code, 'statement.denied')
      assert.equal(refused.message, 'You may not do this. Ask for it.')
    })

    const many = (rows: number): string =>
      `select a.n from (select 1 n ${'union all select 1 '.repeat(99)}) a, (select 1 n ${'union all select 1 '.repeat(rows / 100 - 1)}) b`

    it('cuts a result at its limit and says so', async () => {
      const events = await run(many(500))
      const rows = events.flatMap(event => (event.kind === 'rows' ? event.rows : []))
      assert.equal(rows.length, 100)
      const done = events.at(-1)
      assert.ok(done?.kind === 'done' && done.truncated && done.rows === 500)
    })

    it('stops a result that is far beyond the limit, at the target too', async () => {
      const events = await run(`${many(5_000)}; select 2`)
      assert.ok(events.some(event => event.kind === 'done' && event.truncated))
      assert.match(events.findLast(event => event.kind === 'notice')?.message ?? '', /was cut/)
      assert.ok(!events.some(event => event.kind === 'error'))
    })

    it('ends what takes too long, at the target too', async () => {
      const events = await run('select sleep(60)')
      assert.equal(events.length, 1)
      assert.ok(events[0]?.kind === 'error' && events[0].sqlState === '57014')
      await gateway.allServed()
      const left = await server.asRoot(
        `select count(*) as n from information_schema.processlist where info like 'select sleep%'`,
      )
      assert.equal(Number(left[0]?.['n']), 0)
    })

    it('never reads a file of ours for the target', async () => {
      const events = await run(`load data local infile '/etc/passwd' into table mysql.user`)
      assert.ok(events.some(event => event.kind === 'error'))
      assert.ok(!JSON.stringify(events).includes('root:'))
    })

    it('cancels when the reader goes away', async () => {
      const session = new OpenSqlSession(parts, { ...wish(), id: '1', closed: () => undefined })
      await session.open()
      const lines = session.run({ sql: 'select sleep(60)', commit: 'auto' })
      lines.on('error', () => undefined)
      lines.resume()
      const until = async (running: boolean) => {
        for (let left = 200; ; left -= 1) {
          const rows = await server.asRoot(
            `select count(*) as n from information_schema.processlist where info like 'select sleep%'`,
          )
          if (Number(rows[0]?.['n']) > 0 === running) return
          assert.ok(left > 0, running ? 'never began' : 'still running')
        }
      }
      await until(true)
      lines.destroy()
      await until(false)
      session.close()
    })
  })
}
