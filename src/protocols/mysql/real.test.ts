// Real clients through the protocol to a real MariaDB and a real MySQL.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createConnection as createConnectionOver } from 'mysql2'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { startMariadb } from '../../../test/support/mariadb.ts'
import { startMysql56 } from '../../../test/support/mysql56.ts'
import { GatewayError } from '../../core/errors.ts'
import { testTarget, testUser } from '../fake-gate.test-part.ts'
import { startGateway, type TestGateway } from './gateway.test-part.ts'
import { mysql } from './index.ts'

const run = promisify(execFile)

interface Server {
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  asRoot(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  stop(): Promise<void>
}

const kinds: readonly (readonly [string, () => Promise<Server>])[] = [
  ['MariaDB 10.11', () => startMariadb()],
  ['MySQL 5.6', () => startMysql56()],
]

for (const [name, start] of kinds)
  describe(name, () => {
    let server: Server
    let gateway: TestGateway
    let folder: string
    const isMariadb = name.startsWith('MariaDB')

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sekisho-relay-'))
      server = await start()
      const rows = Array.from({ length: 1000 }, (_, n) => `(${n + 1}, 'name ${n + 1}')`)
      await server.asRoot(
        'set global max_allowed_packet = 67108864',
        'create table sekisho.customers (id int primary key, name varchar(40))',
        'create table sekisho.pictures (id int, photo longblob) engine = MyISAM',
        'insert into sekisho.pictures values (1, null)',
        `insert into sekisho.customers (id, name) values ${rows.join()}`,
        'create procedure sekisho.both_ways() begin select 1 as a; select 2 as b; end',
      )
      const target = testTarget({
        protocol: 'mysql',
        port: server.port,
        account: server.user,
        database: server.database,
      })
      gateway = await startGateway(target, server.password)
    })
    after(async () => {
      await gateway.stop()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const options = (more: object = {}) => ({
      host: '127.0.0.1',
      port: gateway.port,
      user: 'hana',
      password: gateway.token,
      database: 'sekisho',
      ...more,
    })

    async function withConnection(
      more: object,
      use: (connection: Connection) => Promise<void>,
    ): Promise<void> {
      const connection = await createConnection(options(more))
      connection.on('error', () => undefined)
      try {
        await use(connection)
      } finally {
        connection.destroy()
      }
    }

    async function mariadb(sql: string, ...more: readonly string[]): Promise<string> {
      const args = ['--no-defaults', '-h127.0.0.1', `-P${gateway.port}`, '-uhana', `-p${gateway.token}`]
      const running = run('mariadb', [...args, '-BN', '--force', 'sekisho', ...more], {
        maxBuffer: 256 * 1024 * 1024,
      })
      running.child.stdin?.end(sql)
      const { stdout, stderr } = await running.catch(
        (error: unknown) => error as { stdout: string; stderr: string },
      )
      return stdout + stderr
    }

    test('the mariadb client, plain and over TLS', async () => {
      assert.equal(await mariadb('select count(*) from customers;'), '1000\n')
      assert.match(await mariadb('\\s', '--ssl'), /Cipher in use is TLS[^]*Uptime:/)
      assert.match(await mariadb('select 1', '-pwrong'), /ERROR 1045 \(28000\).*token is not right/)
    })

    test('errors and refusals come as MySQL says them, and the session goes on', async () => {
      const out = await mariadb('select nosuch from customers; select forbidden; select 7;')
      assert.match(out, /ERROR 1054 \(42S22\).*Unknown column 'nosuch'/)
      assert.match(out, /ERROR 1142 \(42000\).*You may not do this\. Ask for it\./)
      assert.match(out, /^7$/m)
    })

    test('auto-completion of the mariadb client lists columns', async () => {
      const command = `mariadb --no-defaults -h127.0.0.1 -P${gateway.port} -uhana -p${gateway.token} --auto-rehash sekisho`
      const running = run('script', ['-qec', command, '/dev/null'])
      running.child.stdin?.end('select 40 + 2;\nexit\n')
      const { stdout } = await running
      assert.match(stdout, /\b42\b/)
      assert.ok(
        gateway.gate.entered.some(({ record }) =>
          record.includes('intent SHOW FULL FIELDS FROM `customers`'),
        ),
      )
    })

    test('several statements, several results, and calls', async () => {
      await withConnection({ multipleStatements: true }, async connection => {
        const [results] = await connection.query<RowDataPacket[][]>(
          'select 1 as one; call both_ways(); set @a = 3; select @a as three',
        )
        assert.deepEqual(
          results.filter(Array.isArray).map(rows => ({ ...rows[0] })),
          [{ one: 1 }, { a: 1 }, { b: 2 }, { three: 3 }],
        )
      })
    })

    test('prepared statements: values, again and again, closed', async () => {
      await withConnection({}, async connection => {
        for (let id = 1; id <= 20; id++) {
          const [rows] = await connection.execute<RowDataPacket[]>(
            'select name from customers where id = ?',
            [id],
          )
          assert.equal(rows[0]?.['name'], `name ${id}`)
        }
        const statement = await connection.prepare('select ? as v')
        const [rows] = await statement.execute(['日本'])
        assert.deepEqual({ ...(rows as RowDataPacket[])[0] }, { v: '日本' })
        await statement.close()
        await assert.rejects(connection.execute('select nosuch', []), /Unknown column/)
        await assert.rejects(connection.execute('select forbidden', []), /You may not/)
      })
    })

    test('a prepared statement whose masks changed runs with the new ones', async () => {
      await withConnection({}, async connection => {
        const visit = gateway.gate.entered.at(-1)
        assert.ok(visit)
        const ask = async () => {
          const [rows] = await connection.execute<RowDataPacket[]>(
            'select name from customers where id = ?',
            [1],
          )
          return String(rows[0]?.['name'])
        }
        assert.equal(await ask(), 'name 1')
        visit.rewrites = new Map([['select name', "select 'masked' as name"]])
        assert.equal(await ask(), 'masked')
        visit.rewrites = new Map()
        assert.equal(await ask(), 'name 1')
      })
    })

    test('character sets are followed', async () => {
      await withConnection({ charset: 'latin1' }, async connection => {
        await connection.query("select 'é'")
        assert.ok(gateway.gate.entered.at(-1)?.record.includes("intent select 'é'"))
        await connection.query('set names gbk')
        await assert.rejects(connection.query('select 1'), /gbk cannot be read/)
        await connection.query('set names utf8mb4')
        const [rows] = await connection.query<RowDataPacket[]>('select 1 as one')
        assert.equal(rows[0]?.['one'], 1)
      })
    })

    test('a statement and values longer than one frame, both ways', { timeout: 60_000 }, async () => {
      await withConnection({}, async connection => {
        const photo = Buffer.alloc(17 * 1024 * 1024, 'photo')
        await connection.execute('update pictures set photo = ? where id = 1', [photo])
        const [rows] = await connection.query<RowDataPacket[]>('select photo, id from pictures where id = 1')
        assert.ok(photo.equals(rows[0]?.['photo'] as Buffer))
        await connection.query('update pictures set photo = null')
        const [after] = await connection.query<RowDataPacket[]>('select 1 as one')
        assert.equal(after[0]?.['one'], 1)
      })
    })

    test('LOAD DATA LOCAL sends the file that it names', async () => {
      const file = join(folder, 'more.csv')
      await writeFile(file, '2001,one\n2002,two\n')
      const out = await mariadb(
        `load data local infile '${file}' into table customers fields terminated by ',' (id, name); select name from customers where id > 2000; delete from customers where id > 2000;`,
        '--local-infile=1',
      )
      assert.equal(out, 'one\ntwo\n')
    })

    test('KILL QUERY stops a statement of one’s own, by our number or the target’s', async () => {
      await withConnection({}, async connection => {
        const [[own]] = (await connection.query('select connection_id() as id')) as unknown as [
          [{ id: number }],
        ]
        for (const id of [connection.threadId, own.id]) {
          const sleeping = connection.query("select sleep(30), 'long'")
          sleeping.catch(() => undefined)
          await running(server, 'sleep(30)')
          assert.equal(await mariadb(`kill query ${id};`), '')
          await sleeping.then(
            // A sleep that is interrupted may answer 1.
            ([rows]) => assert.equal(Object.values((rows as RowDataPacket[])[0] ?? {})[0], 1),
            (error: unknown) => assert.match(String(error), /interrupted/),
          )
        }
        assert.match(await mariadb('kill 1;'), /ERROR 1095.*not owner of thread 1/)
        const [rows] = await connection.query<RowDataPacket[]>('select 1 as one')
        assert.equal(rows[0]?.['one'], 1)
      })
    })

    test('what a limit stops ends at the target, in words of ours', async () => {
      await withConnection({}, async connection => {
        const visit = gateway.gate.entered.at(-1)
        const sleeping = connection.query('select benchmark(1000000000, md5(1)) as endless')
        sleeping.catch(() => undefined)
        await running(server, 'endless')
        visit?.interrupt(new GatewayError('statement.stopped', 'it took too long.'))
        await assert.rejects(sleeping, /stopped: it took too long/)
        const [rows] = await connection.query<RowDataPacket[]>('select 1 as one')
        assert.equal(rows[0]?.['one'], 1)
      })
    })

    test('a client that is gone leaves nothing running', async () => {
      const connection = await createConnection(options())
      connection.on('error', () => undefined)
      connection.query('select benchmark(1000000000, md5(2)) as abandoned').catch(() => undefined)
      await running(server, 'abandoned')
      connection.destroy()
      await running(server, 'abandoned', false)
    })

    test('a target that ends the connection in the middle of a statement', async () => {
      await withConnection({}, async connection => {
        const lost = connection.query('select benchmark(1000000000, md5(3)) as torn')
        lost.catch(() => undefined)
        await running(server, 'as torn')
        const [row] = await server.asRoot(
          "select id from information_schema.processlist where info like '%as torn%' and id <> connection_id()",
        )
        await server.asRoot(`kill ${Number(row?.['id'] ?? row?.['ID'])}`)
        await assert.rejects(lost, /closed the connection|was killed|interrupted/)
      })
      assert.match(gateway.gate.entered.at(-1)?.record.at(-1) ?? '', /as torn (?:unknown|1317|1927) 0$/)
    })

    test('access that is withdrawn ends the session', async () => {
      await withConnection({}, async connection => {
        const ended = new Promise(resolve => connection.on('error', resolve))
        gateway.gate.entered.at(-1)?.cut(new GatewayError('session.ended', 'access was withdrawn.'))
        assert.match(String(await ended), /access was withdrawn/)
      })
    })

    test('the console comes over memory, without a login', async () => {
      const [ours, theirs] = duplexPair()
      const target = testTarget({
        protocol: 'mysql',
        port: server.port,
        account: server.user,
        database: server.database,
      })
      const served = mysql.serve(theirs, { kind: 'console', user: testUser }, target, gateway.context)
      const connection = createConnectionOver({ stream: ours, user: 'hana', database: 'sekisho' }).promise()
      const [rows] = await connection.query<RowDataPacket[]>('select count(*) as n from customers')
      assert.equal(rows[0]?.['n'], 1000)
      const [again] = await connection.execute<RowDataPacket[]>('select ? as v', ['x'])
      assert.equal(again[0]?.['v'], 'x')
      await connection.end()
      await served
    })

    test('a connection pool proves who it is anew', async () => {
      await withConnection({}, async connection => {
        await connection.query('set @kept = 1')
        if (!isMariadb) {
          await assert.rejects(connection.changeUser(options()), /Connect again instead/)
          return
        }
        await connection.changeUser(options())
        const [rows] = await connection.query<RowDataPacket[]>('select @kept as kept, database() as db')
        assert.deepEqual({ ...rows[0] }, { kept: null, db: 'sekisho' })
        await assert.rejects(connection.changeUser({ ...options(), user: 'nobody' }), /token is not right/)
      })
    })

    test('reading without an end to a client that does not read needs little memory', async () => {
      const connection = createConnectionOver(options())
      connection.on('error', () => undefined)
      const query = connection.query('select a.name, b.name from customers a, customers b, customers c')
      let rows = 0
      await new Promise<void>(resolve => {
        query.on('result', () => {
          rows += 1
          if (rows === 1) {
            connection.pause()
            resolve()
          }
        })
        query.on('error', () => undefined)
      })
      await pauseFor(300)
      const before = process.memoryUsage().rss
      await pauseFor(700)
      assert.ok(process.memoryUsage().rss - before < 50 * 1024 * 1024)
      connection.destroy()
    })

    test('PyMySQL', async () => {
      const script = `
import pymysql, sys
c = pymysql.connect(host='127.0.0.1', port=int(sys.argv[1]), user='hana', password=sys.argv[2], database='sekisho')
with c.cursor() as k:
    k.execute('select name from customers where id = %s', (5,))
    print(k.fetchone()[0])
    k.execute('insert into customers (id, name) values (%s, %s)', (3001, 'new'))
    c.rollback()
    k.execute('select count(*) from customers')
    print(k.fetchone()[0])
with c.cursor(pymysql.cursors.SSCursor) as k:
    k.execute('select id from customers order by id')
    print(sum(row[0] for row in k))
c.ping()
c.close()
`
      const { stdout } = await run('/usr/bin/python3', ['-c', script, String(gateway.port), gateway.token])
      assert.equal(stdout, 'name 5\n1000\n500500\n')
    })

    test('sysbench, text and prepared', { timeout: 60_000 }, async () => {
      const args = [
        '--db-driver=mysql',
        '--mysql-host=127.0.0.1',
        `--mysql-port=${gateway.port}`,
        '--mysql-user=hana',
        `--mysql-password=${gateway.token}`,
        '--mysql-db=sekisho',
        '--tables=1',
        '--table-size=100',
        '--mysql-ssl=off',
      ]
      await run('sysbench', ['oltp_point_select', ...args, 'prepare'])
      for (const mode of ['disable', 'auto']) {
        const { stdout } = await run('sysbench', [
          'oltp_read_only',
          ...args,
          `--db-ps-mode=${mode}`,
          '--events=50',
          '--threads=2',
          'run',
        ])
        assert.match(stdout, /total number of events:\s+50/)
        assert.match(stdout, /ignored errors:\s+0/)
      }
      await run('sysbench', ['oltp_point_select', ...args, 'cleanup'])
    })

    test('bytes that are no protocol end only their own session', async () => {
      for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\xff'.repeat(1000), '']) {
        const socket = connect(gateway.port, '127.0.0.1')
        socket.on('error', () => undefined)
        socket.end(Buffer.from(bytes, 'latin1'))
        await new Promise(resolve => socket.resume().once('close', resolve))
      }
      assert.equal(await mariadb('select 1;'), '1\n')
      assert.ok(!gateway.logged.some(line => line.startsWith('error')), gateway.logged.join('\n'))
    })
  })

/** Waits until a statement runs at the target, or does not any more. */
async function running(server: Server, text: string, wanted = true): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const rows = await server.asRoot(
      `select count(*) as n from information_schema.processlist where info like '%${text}%' and id <> connection_id()`,
    )
    if (Number(rows[0]?.['n']) > 0 === wanted) return
    await pauseFor(25)
  }
  assert.fail(`"${text}" ${wanted ? 'never ran' : 'still runs'}`)
}
