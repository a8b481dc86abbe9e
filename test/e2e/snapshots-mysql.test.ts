// Rows before and after a change at MariaDB and MySQL: kept, sealed, on record, and unnoticed by the client.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Connection, createConnection } from 'mysql2/promise'
import type { AuditEntry } from '../../src/console/contract.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startMariadb } from '../support/mariadb.ts'
import { startMysql56 } from '../support/mysql56.ts'

const run = promisify(execFile)
const rowsMax = 5

const seed = [
  'use sekisho',
  `create table people (id int primary key, name varchar(40) character set latin1 not null, email varchar(80), picture blob, version int not null default 0)`,
  `insert into people values ${Array.from({ length: 20 }, (_, n) => `(${n + 1}, 'p${n + 1}', 'p${n + 1}@zq7.example', x'00ff${String(n + 10)}', 0)`).join()}`,
  'create table keyless (id int, note varchar(40))',
  "insert into keyless values (1, 'one'), (2, 'two')",
  'create trigger step before update on people for each row set new.version = old.version + 1',
]

const policies = `
@id("all")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"import", Action::"export"], resource);
`

/** Keeps what a client hears, from the moment it is asked to. */
interface Recorder {
  readonly port: number
  readonly mark: () => void
  readonly heard: () => string
  readonly close: () => Promise<void>
}

async function record(port: number): Promise<Recorder> {
  let chunks: Buffer[] = []
  const server: Server = createServer(client => {
    const target = connect(port, '127.0.0.1')
    client.pipe(target)
    target.pipe(client)
    target.on('data', (chunk: Buffer) => chunks.push(chunk))
    for (const socket of [client, target]) socket.on('error', () => {})
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    mark: () => {
      chunks = []
    },
    heard: () => Buffer.concat(chunks).toString('latin1'),
    close: () => new Promise(resolve => void server.close(() => resolve())),
  }
}

for (const [product, start] of [
  ['MariaDB 10.11', startMariadb],
  ['MySQL 5.6', startMysql56],
] as const)
  describe(product, () => {
    let plain: Awaited<ReturnType<typeof start>>
    let kept: Awaited<ReturnType<typeof start>>
    let sekisho: RunningSekisho
    let ann: Person

    before(async () => {
      plain = await start()
      kept = await start()
      for (const server of [plain, kept]) await server.asRoot(...seed)
      sekisho = await startSekisho()
      await sekisho.addTarget('plain', plain, { protocol: 'mysql' })
      await sekisho.addTarget('kept', kept, { protocol: 'mysql', snapshotRowsMax: rowsMax })
      await sekisho.savePolicies(policies)
      ann = await sekisho.addPerson('ann', [])
    })
    after(async () => {
      await sekisho?.stop()
      await plain?.stop()
      await kept?.stop()
    })

    type Act = (connection: Connection) => Promise<unknown>

    /** What a client hears at a target, act by act. */
    async function hears(target: string, acts: readonly Act[], more: object): Promise<readonly string[]> {
      const connection = ann.connection(target)
      const recorder = await record(connection.port)
      const client = await createConnection({ ...connection, port: recorder.port, ...more })
      const heard: string[] = []
      try {
        for (const act of acts) {
          recorder.mark()
          await act(client).catch((error: unknown) => error)
          heard.push(recorder.heard())
        }
      } finally {
        client.destroy()
        await recorder.close()
      }
      return heard
    }

    async function same(acts: readonly Act[], more: object = {}): Promise<void> {
      const [without, withRows] = [await hears('plain', acts, more), await hears('kept', acts, more)]
      acts.forEach((act, at) => assert.equal(withRows[at], without[at], `${at}: ${String(act)}`))
      const table = ['use sekisho', 'select * from people order by id'] as const
      assert.deepEqual(await kept.asRoot(...table), await plain.asRoot(...table))
    }

    const snapshotsOf = async (text: string): Promise<readonly AuditEntry[]> => {
      await sekisho.auditCarried()
      const entries = await sekisho.admin.call('GET /api/audit', { targetName: 'kept', limit: 500 })
      const of = entries
        .filter(entry => entry.kind === 'statement' && entry.text?.includes(text))
        .map(({ id }) => id)
      assert.ok(of.length > 0, text)
      return entries
        .filter(({ kind, object }) => kind === 'statement.snapshot' && of.includes(object ?? ''))
        .toReversed()
    }
    const inWords = (entries: readonly AuditEntry[]): readonly string[] =>
      entries.map(({ what, reason, fields }) =>
        what === 'none' ? `none: ${reason}` : `${what} ${String(fields?.['rows']?.[1])}`,
      )

    const query =
      (text: string): Act =>
      client =>
        client.query(text)

    for (const flags of ['', 'FOUND_ROWS'])
      test(`texts, alone and in a transaction ${flags}`, async () => {
        await same(
          [
            query("update people set name = 'text1' where id = 1"),
            query("update people set name = 'text2' where id in (2, 3)"),
            query("update people set name = 'Zo\u00eb' where name = 'text2' order by id limit 9"),
            query("update people set name = 'limited' where id > 10 limit 2"),
            query("delete from people where name = 'text1' limit 1"),
            query('begin'),
            query("update people set name = 'inside' where id = 4"),
            query("update people set nothing = 'inside' where id = 4"),
            query('rollback'),
            query('set autocommit = 0'),
            query("update people set name = 'off' where id = 4"),
            query("update people set email = repeat('x', 900) where id = 5"),
            query('commit'),
            query('set autocommit = 1'),
            query("update people set name = 'nobody' where id = 4711"),
            query("update people set version = 'abc', name = 'warns' where id = 6"),
            query("update people set name = 'many' where name <> 'many'"),
            query("update people set name = 'clock' where now() > '2000-01-01' and id = 7"),
            query('delete from keyless where id = 1 -- gone'),
            query("update keyless set note = 'zwei' where id = 2"),
            query('select last_insert_id()'),
            query("set sql_mode = ''"),
            query("update people set version = 'abc', name = 'warns' where id = 6"),
            query('show warnings'),
            query("update people set email = repeat('x', 900) where id = 5"),
            query('show warnings'),
            query('begin'),
            query("update people set email = repeat('y', 900) where id = 5"),
            query('show warnings'),
            query('rollback'),
          ],
          flags === '' ? {} : { flags: [flags] },
        )
        if (flags !== '') return
        assert.deepEqual(inWords(await snapshotsOf("'text1'")), ['before 1', 'after 1', 'before 1'])
        assert.deepEqual(inWords(await snapshotsOf('in (2, 3)')), ['before 2', 'after 2'])
        assert.deepEqual(inWords(await snapshotsOf("'Zo")), ['before 2', 'after 2'])
        assert.match(inWords(await snapshotsOf("'limited'")).join(), /^none: LIMIT leaves open/)
        assert.match(inWords(await snapshotsOf("'many'")).join(), /^none: More than 5 rows/)
        assert.match(inWords(await snapshotsOf("'clock'")).join(), /^none: The function NOW/)
        assert.match(
          inWords(await snapshotsOf("'zwei'")).join(),
          /^before 1,none: Not kept as they are after.*unique key/,
        )
      })

    test('prepared statements with parameters', async () => {
      const execute =
        (text: string, values: unknown[]): Act =>
        client =>
          client.execute(text, values as string[])
      await same([
        execute('update people set name = ?, version = ? where id = ? or email = ?', [
          'ex1',
          5,
          8,
          'p9@zq7.example',
        ]),
        execute('update people set name = ?, version = ? where id = ? or email = ?', [null, 5, 8, 'nobody']),
        execute('update people set email = ? where id = ?', [null, 10]),
        execute('delete from people where id = ? and email is not distinct from ?', [11, null]),
        execute('delete from people where id = ? and picture = ?', [12, Buffer.from('00ff21', 'hex')]),
        query('begin'),
        execute('update people set email = ? where id = ?', ['again', 13]),
        query('rollback'),
      ])
      assert.deepEqual(inWords(await snapshotsOf('name = ?, version = ?')).slice(0, 2), [
        'before 2',
        'after 2',
      ])
      assert.deepEqual(inWords(await snapshotsOf('and picture = ?')), ['before 1'])
    })

    test('the client of MariaDB notices nothing', async () => {
      const script =
        "update people set name = 'cli' where id = 14; select 1; begin; delete from people where id = 14; rollback; select count(*) from people;"
      const said = async (target: string) => {
        const { host, port, user } = ann.connection(target)
        const args = [
          '--no-defaults',
          `-h${host}`,
          `-P${port}`,
          `-u${user}`,
          '-vvv',
          '--show-warnings',
          'sekisho',
          '-e',
          script,
        ]
        const { stdout } = await run('mariadb', args, { env: { ...process.env, MYSQL_PWD: ann.token } })
        return stdout.replaceAll(/\(?\d+\.\d+ sec\)?/g, '')
      }
      assert.equal(await said('kept'), await said('plain'))
      assert.deepEqual(inWords(await snapshotsOf("'cli'")), ['before 1', 'after 1'])
    })
  })
