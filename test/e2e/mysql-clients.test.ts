// Real clients, through the real server, to a real MariaDB and a real MySQL: mariadb, mysqldump, JDBC, mysql2, PyMySQL,
// sysbench, and PHP asking what phpMyAdmin asks.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers, mysqlShopTags } from './mysql-shop.ts'
import { customersCount, marker } from './shop.ts'

const run = promisify(execFile)
const jdbcDriver = '/usr/share/java/mariadb-java-client.jar'
const here = fileURLToPath(new URL('.', import.meta.url))

for (const [name, start] of mysqlServers)
  describe(name, () => {
    let shop: MysqlShop
    let sekisho: RunningSekisho
    let ann: Person
    const isMariadb = name.startsWith('MariaDB')

    before(async () => {
      shop = await start()
      sekisho = await startSekisho()
      const target = await sekisho.addTarget('shop', shop, { protocol: 'mysql' })
      for (const column of mysqlShopTags)
        await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: target.id })
      await sekisho.savePolicies(`
        @id("analysts-work-on-the-shop")
        permit(principal in Group::"analysts", action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define"], resource)
        when { resource in Target::"shop" };
      `)
      ann = await sekisho.addPerson('ann', ['analysts'])
    })
    after(async () => {
      await sekisho?.stop()
      await shop?.stop()
    })

    /** Runs a client program and gives back all that it printed; never with a hidden value in it. */
    async function client(program: string, args: readonly string[], input = ''): Promise<string> {
      const running = run(program, args, {
        env: { ...process.env, MYSQL_PWD: ann.token },
        maxBuffer: 64 * 1024 * 1024,
      })
      running.child.stdin?.end(input)
      const { stdout, stderr } = await running.catch(
        (error: unknown) => error as { stdout: string; stderr: string },
      )
      return withoutLeak(stdout + stderr)
    }

    const where = (): readonly string[] => {
      const { host, port, user } = ann.connection('shop')
      return ['--no-defaults', `-h${host}`, `-P${port}`, `-u${user}`]
    }
    const mariadb = (sql: string, ...more: readonly string[]): Promise<string> =>
      client('mariadb', [...where(), '-BN', '--force', 'sekisho', ...more], sql)

    async function withConnection<T>(more: object, use: (connection: Connection) => Promise<T>): Promise<T> {
      const connection = await createConnection({ ...ann.connection('shop'), ...more })
      try {
        return await use(connection)
      } finally {
        connection.destroy()
      }
    }

    test('mariadb: hidden columns are masked, everything else is as it is', async () => {
      const out = await mariadb('select id, name, email, phone, country from customers order by id limit 2;')
      assert.match(out, /^1\tCustomer 1\tc[^\t]*@[^\t]*\t[^\t]+\tFR$/m)
    })

    test('mariadb: joins, groups and conditions on masked columns run', async () => {
      const out = await mariadb(`
        select count(*) from customers where email like '%@%';
        select count(distinct phone) > 0 from customers;
        select c.name, sum(o.total) from customers c join orders o on o.customer_id = c.id group by c.id, c.name order by 2 desc, 1 limit 1;
        select id, email from big_spenders limit 1;
        select * from customers limit 1\\G
      `)
      assert.ok(!out.includes('ERROR'), out)
      assert.match(out, new RegExp(`^${customersCount}$`, 'm'))
    })

    test('mariadb: what cannot be hidden is refused, and the session goes on', async () => {
      const out = await mariadb(`
        update customers set name = email;
        select 41 + 1;
      `)
      assert.match(out, /^ERROR (?:1142|1235) \(42000\) at line 2: /m)
      assert.match(out, /^42$/m)
    })

    test('mariadb: describing tables shows them as they are', async () => {
      const sql =
        'show tables; describe customers; show create table orders; show full columns from customers; show table status like "nothing"; show create view big_spenders;'
      const direct = await run('mariadb', [
        '--no-defaults',
        `-h${shop.host}`,
        `-P${shop.port}`,
        `-u${shop.user}`,
        `-p${shop.password}`,
        '-BN',
        'sekisho',
        '-e',
        sql,
      ])
      assert.equal(await mariadb(sql), direct.stdout)
      assert.match(await mariadb('show index from orders;'), /^orders\t1\tcustomer_id\t1\tcustomer_id\tA/m)
    })

    test('mysqldump of the schema, masked, can be read back', async () => {
      // MariaDB's asks for a column that MySQL has since 5.7 only.
      if (!isMariadb) return
      const dump = await client('mysqldump', [
        ...where(),
        '--single-transaction',
        '--skip-lock-tables',
        '--no-tablespaces',
        'sekisho',
        'customers',
        'orders',
      ])
      assert.ok(!dump.includes('rror'), dump.slice(0, 2000))
      assert.match(dump, /CREATE TABLE `customers`/)
      await shop.asRoot('drop database if exists sekisho_restored', 'create database sekisho_restored')
      const args = [`-h${shop.host}`, `-P${shop.port}`, `-u${shop.user}`, `-p${shop.password}`]
      assert.ok(dump.includes('-- Dump completed'), dump.slice(0, 3000))
      const restoring = run('mariadb', ['--no-defaults', ...args, 'sekisho_restored'])
      restoring.child.stdin?.end(dump)
      restoring.child.stdin?.on('error', () => undefined)
      await restoring
      const [row] = await shop.asRoot('select count(*) as n from sekisho_restored.customers')
      assert.equal(Number(row?.['n']), customersCount)
    })

    test('mysql2: text and prepared statements', async () => {
      await withConnection({}, async connection => {
        const [rows] = await connection.query<RowDataPacket[]>('select * from customers where id = 1')
        assert.deepEqual(Object.keys(rows[0] ?? {}), ['id', 'name', 'email', 'phone', 'birthday', 'country'])
        withoutLeak(JSON.stringify(rows))
        for (let id = 1; id <= 10; id++) {
          const [again] = await connection.execute<RowDataPacket[]>(
            'select name, email from customers where id = ?',
            [id],
          )
          assert.equal(again[0]?.['name'], `Customer ${id}`)
          withoutLeak(JSON.stringify(again))
        }
        await connection.beginTransaction()
        await connection.execute('insert into orders (customer_id, total) values (?, ?)', [1, 9])
        await connection.rollback()
      })
    })

    test('hidden columns can be changed, and whether they were so already is not told', async () => {
      const guess = "update customers set phone = 'same' where id in (7, 8)"
      for (const flags of [['FOUND_ROWS'], ['-FOUND_ROWS']])
        await withConnection({ flags }, async connection => {
          for (let turn = 0; turn < 2; turn += 1) {
            const [told] = await connection.query<ResultSetHeader>(guess)
            assert.deepEqual([told.affectedRows, told.changedRows, told.info], [2, 0, ''])
            const [prepared] = await connection.execute<ResultSetHeader>(
              'update customers set phone = ? where id = ?',
              ['same', 7],
            )
            assert.deepEqual([prepared.affectedRows, prepared.changedRows, prepared.info], [1, 0, ''])
            const [[count]] = await connection.query<RowDataPacket[]>('select row_count() as n')
            assert.deepEqual(Number(count?.['n']), -1)
          }
          const [none] = await connection.query<ResultSetHeader>(guess.replace('7, 8', '-1'))
          assert.equal(none.affectedRows, 0)
          await connection.beginTransaction()
          await assert.rejects(connection.query(guess), /outside of one, with autocommit/)
          await connection.rollback()
        })
      const rows = await shop.asRoot("select id from sekisho.customers where phone = 'same' order by id")
      assert.deepEqual(rows, [{ id: 7 }, { id: 8 }])
      await sekisho.auditUntil({ userName: 'ann', kinds: ['statement'] }, entries =>
        entries.some(entry => entry.text === guess && entry.rows === 2),
      )
    })

    test('a prepared statement obeys a tag that was put on after it was prepared', async () => {
      await withConnection({}, async connection => {
        const ask = async () => {
          const [rows] = await connection.execute<RowDataPacket[]>(
            'select birthday from customers where id = ?',
            [1],
          )
          return rows[0]?.['birthday'] as unknown
        }
        const before = await ask()
        const [target] = (await sekisho.admin.call('GET /api/targets')).targets
        assert.ok(target)
        const column = { schema: 'sekisho', table: 'customers', column: 'birthday' }
        await sekisho.admin.call(
          'PUT /api/targets/:id/tags',
          { ...column, tags: ['pii.birthday'] },
          { id: target.id },
        )
        assert.notDeepEqual(await ask(), before)
        await sekisho.admin.call('PUT /api/targets/:id/tags', { ...column, tags: [] }, { id: target.id })
        assert.deepEqual(await ask(), before)
      })
    })

    test('the record has what was asked, with its rows and the columns that were masked', async () => {
      await mariadb("select email, 'on record' as mark from customers limit 3;")
      const isIt = (text: string | undefined) =>
        text === "select email, 'on record' as mark from customers limit 3"
      const entries = await sekisho.auditUntil({ userName: 'ann', limit: 50 }, found =>
        found.some(entry => isIt(entry.text) && entry.result !== undefined),
      )
      const entry = entries.find(one => isIt(one.text))
      assert.deepEqual(entry?.hidden, ['sekisho.customers.email'])
      assert.deepEqual(entry.tables, ['sekisho.customers'])
      assert.equal(entry.rows, 3)
      assert.equal(entry.result, 'ok')
    })

    test('people stop their own statements with KILL, and nobody else’s', async () => {
      await withConnection({}, async connection => {
        const sleeping = connection.query('select sleep(30)')
        sleeping.catch(() => undefined)
        await runsAtTarget('sleep(30)')
        assert.equal(await mariadb(`kill query ${connection.threadId};`), '')
        await sleeping.catch((error: unknown) => assert.match(String(error), /interrupted/))
        const [other] = await shop.asRoot('select connection_id() as id')
        assert.match(await mariadb(`kill ${Number(other?.['id'])};`), /ERROR (?:1095|1142|1235)/)
        const [rows] = await connection.query<RowDataPacket[]>('select 1 as one')
        assert.equal(rows[0]?.['one'], 1)
      })
    })

    test('files of the client go in only where policy permits to import', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sekisho-import-'))
      try {
        const file = join(folder, 'orders.csv')
        await writeFile(file, '9001,1,5\n9002,2,6\n')
        const sql = `load data local infile '${file}' into table orders fields terminated by ',' (id, customer_id, total); select count(*) from orders where id > 9000;`
        assert.match(await mariadb(sql, '--local-infile=1'), /^0\n[^]*^ERROR 1142/m)
        const { current } = await sekisho.admin.call('GET /api/policies')
        await sekisho.savePolicies(
          `${current.text}\n@id("imports")\npermit(principal in Group::"analysts", action == Action::"import", resource);`,
        )
        assert.equal(await mariadb(sql, '--local-infile=1'), '2\n')
        await sekisho.savePolicies(current.text)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })

    test('a script that completes names lists columns by the command of the protocol', async () => {
      const { host, port, user, password } = ann.connection('shop')
      const command = `mariadb --no-defaults -h${host} -P${port} -u${user} -p${password} --auto-rehash sekisho`
      const out = await client('script', ['-qec', command, '/dev/null'], 'select 40 + 2;\nexit\n')
      assert.match(out, /\b42\b/)
      const entries = await sekisho.auditUntil({ userName: 'ann', limit: 200 }, found =>
        found.some(({ text }) => text === 'SHOW FULL FIELDS FROM `customers`'),
      )
      const listed = entries.filter(({ text }) => text?.startsWith('SHOW FULL FIELDS FROM'))
      assert.ok(listed.length >= 3)
      assert.ok(listed.every(entry => entry.result === 'ok' && entry.verdict === 'allowed'))
    })

    async function runsAtTarget(text: string): Promise<void> {
      for (let i = 0; i < 400; i++) {
        const rows = await shop.asRoot(
          `select 1 from information_schema.processlist where info like '%${text}%' and id <> connection_id()`,
        )
        if (rows.length > 0) return
        await pause(25)
      }
      assert.fail(`"${text}" never ran`)
    }

    test('JDBC', { timeout: 120_000 }, async () => {
      assert.ok(existsSync(jdbcDriver), 'libmariadb-java is installed')
      const { host, port } = ann.connection('shop')
      for (const options of ['', '?useServerPrepStmts=true&useCursorFetch=true', '?useBulkStmts=true']) {
        const out = await client('java', [
          '-cp',
          jdbcDriver,
          join(here, 'clients/MariadbClient.java'),
          `jdbc:mariadb://${host}:${port}/sekisho${options}`,
          'ann',
        ])
        assert.match(out, isMariadb ? /^product MariaDB$/m : /^product MySQL$/m, options)
        assert.match(out, /^column email VARCHAR$/m)
        assert.match(out, /^key id$/m)
        assert.match(out, /^row Customer 1 c.*@/m)
        assert.equal(out.match(/^rows 25$/gm)?.length, 3)
        assert.match(out, /^inserted 30$/m)
        assert.match(out, /^refused 42000$/m)
        assert.match(out, /^timeout true$/m)
        assert.match(out, new RegExp(`^count ${customersCount}$`, 'm'))
      }
    })

    test('PyMySQL', async () => {
      const { host, port, user, password, database } = ann.connection('shop')
      const script = join(here, 'clients/pymysql_client.py')
      const out = await client('/usr/bin/python3', [script, host, String(port), user, password, database])
      assert.match(out, /^row 1 Customer 1 c/m)
      assert.match(out, new RegExp(`^emails ${customersCount}$`, 'm'))
      assert.match(out, /^inserted 49$/m)
      assert.match(out, /^refused (?:1142|1235) /m)
      assert.match(out, new RegExp(`^streamed ${customersCount}$`, 'm'))
    })

    test('PHP mysqli: the opening questions of phpMyAdmin', async () => {
      const { host, port, user, password, database } = ann.connection('shop')
      const script = join(here, 'clients/phpmyadmin.php')
      const out = await client('php', [script, host, String(port), user, password, database])
      assert.deepEqual(
        out.split('\n').filter(line => line.startsWith('refused')),
        [],
      )
      assert.match(out, /^prepared: Customer 7$/m)
      assert.match(out, /^alive: true stat$/m)
    })

    test('sysbench: point selects and read only, text and prepared', { timeout: 120_000 }, async () => {
      const { host, port, user, password, database } = ann.connection('shop')
      const args = [
        '--db-driver=mysql',
        `--mysql-host=${host}`,
        `--mysql-port=${port}`,
        `--mysql-user=${user}`,
        `--mysql-password=${password}`,
        `--mysql-db=${database}`,
        '--mysql-ssl=off',
        '--tables=1',
        '--table-size=200',
      ]
      await run('sysbench', ['oltp_point_select', ...args, 'prepare'])
      for (const kind of ['oltp_point_select', 'oltp_read_only'])
        for (const mode of ['disable', 'auto']) {
          const more = [`--db-ps-mode=${mode}`, '--events=40', '--threads=2']
          const { stdout } = await run('sysbench', [kind, ...args, ...more, 'run'])
          assert.match(stdout, /total number of events:\s+40/)
        }
    })
  })

/** Nothing that a client ever receives has a hidden value in it. */
function withoutLeak(received: string): string {
  assert.ok(!received.includes(marker), `a hidden value got out: ${received.slice(0, 400)}`)
  return received
}
