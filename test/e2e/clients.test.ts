// Real clients, through the real server, to a real PostgreSQL: psql, pg_dump, pgbench, node pg, psycopg2, JDBC.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { customersCount, marker, shopTags, startShop } from './shop.ts'

const run = promisify(execFile)
const jdbcDriver = '/usr/share/java/postgresql.jar'
const here = fileURLToPath(new URL('.', import.meta.url))

let shop: RunningPostgres
let sekisho: RunningSekisho
let ann: Person

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  const target = await sekisho.addTarget('shop', shop)
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: target.id })
  await sekisho.savePolicies(`
    @id("analysts-work-on-the-shop")
    permit(principal in Group::"analysts", action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"export", Action::"import"], resource)
    when { resource in Target::"shop" };
  `)
  ann = await sekisho.addPerson('ann', ['analysts'])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

/** Runs a client program as Ann and gives back all that it printed. */
async function asAnn(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ stdout: string; stderr: string }> {
  const running = run(program, args, {
    env: { ...process.env, ...ann.environment('shop') },
    maxBuffer: 64 * 1024 * 1024,
  })
  running.child.stdin?.end(input)
  return running.catch((error: { stdout: string; stderr: string; message: string }) => ({
    stdout: error.stdout,
    stderr: `${error.stderr}${error.message}`,
  }))
}

const psql = (sql: string, ...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  asAnn('psql', ['-X', '-At', ...options], sql)

/** Nothing that a client ever receives has a hidden value in it. */
function withoutLeak(received: string): string {
  assert.ok(!received.includes(marker), `a hidden value got out: ${received.slice(0, 400)}`)
  return received
}

test('psql: hidden columns are masked, everything else is as it is', async () => {
  const { stdout, stderr } = await psql(
    'select id, name, email, phone, country from customers order by id limit 2;',
  )
  withoutLeak(stdout + stderr)
  const [first = ''] = stdout.split('\n')
  assert.match(first, /^1\|Customer 1\|c[^|]*@[^|]*\|[^|]+\|FR$/)
})

test('psql over TLS', async () => {
  const { stdout } = await psql(`\\conninfo\nselect 1;`, '-d', `dbname=shop sslmode=require`)
  assert.match(stdout, /TLSv1\.3/)
})

test('psql: \\d, \\d table and \\dt show the tables as they are', async () => {
  const direct = await run(
    'psql',
    ['-X', '-c', '\\d customers', '-c', '\\d+ big_spenders', '-c', '\\dt+', '-c', '\\df', '-c', '\\dn'],
    {
      env: {
        ...process.env,
        PGHOST: shop.host,
        PGPORT: String(shop.port),
        PGUSER: shop.user,
        PGPASSWORD: shop.password,
        PGDATABASE: shop.database,
      },
    },
  )
  const through = await asAnn('psql', [
    '-X',
    '-c',
    '\\d customers',
    '-c',
    '\\d+ big_spenders',
    '-c',
    '\\dt+',
    '-c',
    '\\df',
    '-c',
    '\\dn',
  ])
  assert.equal(through.stderr, '')
  assert.equal(through.stdout, direct.stdout)
})

test('psql: joins, groups and conditions on masked columns run', async () => {
  const { stdout, stderr } = await psql(`
    select count(*) from customers where email like '%@%';
    select count(distinct phone) > 0 from customers;
    select c.name, sum(o.total) from customers c join orders o on o.customer_id = c.id group by c.id, c.name order by 2 desc, 1 limit 1;
    select lower(email) from big_spenders order by id limit 1;
    with x as (select email as e from customers) select max(e) from x;
  `)
  withoutLeak(stdout + stderr)
  assert.equal(stderr, '')
  assert.equal(stdout.split('\n')[0], String(customersCount))
})

test('psql: a refused statement says why and leaves the session usable', async () => {
  const { stdout, stderr } = await psql(
    `update customers set name = email where id = 1;\nselect 'still here';`,
  )
  withoutLeak(stdout + stderr)
  assert.match(stderr, /ERROR: .*email/s)
  assert.match(stdout, /still here/)
})

test('psql: a refusal aborts a transaction as any error does', async () => {
  const { stdout, stderr } = await psql(
    `begin;\ninsert into orders (customer_id, total) values (1, 4711);\nselect current_query();\ncommit;\nselect count(*) from orders where total = 4711;`,
  )
  assert.match(stderr, /ERROR/)
  assert.match(stdout, /ROLLBACK\n0/)
})

test('psql: COPY out is masked, COPY in arrives', async () => {
  const out = await psql('copy customers to stdout with csv;')
  assert.equal(withoutLeak(out.stdout).trim().split('\n').length, customersCount)
  const loaded = await psql(
    `create table loaded (n integer);\n\\copy loaded from stdin\n1\n2\n3\n\\.\nselect sum(n) from loaded;\ndrop table loaded;`,
  )
  assert.equal(loaded.stderr, '')
  assert.match(loaded.stdout, /^6$/m)
})

test('psql: a cursor, a prepared statement, NOTIFY', async () => {
  const { stdout, stderr } = await psql(`
    begin; declare c cursor for select email from customers order by id; fetch 2 from c; commit;
    prepare p (integer) as select email from customers where id = $1; execute p (3);
    notify news, 'hello';
  `)
  withoutLeak(stdout + stderr)
  assert.equal(stderr, '')
})

test('LISTEN: not while something is hidden, for payloads are not looked into; as it is for whom nothing is', async () => {
  assert.match((await psql('listen news;')).stderr, /ERROR: .*hidden/s)
  const { current } = await sekisho.admin.call('GET /api/policies')
  await sekisho.savePolicies(`${current.text}
@id("officers") permit(principal in Group::"officers", action, resource);`)
  const officer = await sekisho.addPerson('olga', ['officers'])
  const client = new pg.Client(officer.connection('shop'))
  await client.connect()
  const heard = once(client, 'notification') as Promise<[pg.Notification]>
  await client.query('listen news')
  await client.query("notify news, 'hello'")
  assert.equal((await heard)[0].payload, 'hello')
  await client.end()
})

test('pg_dump of a permitted schema: tables and masked rows', async () => {
  const { stdout, stderr } = await asAnn('pg_dump', [
    '-n',
    'public',
    '-t',
    'orders',
    '-t',
    'customers',
    '--no-owner',
  ])
  withoutLeak(stdout + stderr)
  assert.equal(stderr, '')
  assert.match(stdout, /CREATE TABLE public\.customers/)
  assert.match(stdout, /COPY public\.customers/)
  assert.match(stdout, /Customer 500\t/)
})

test('pgbench: simple, extended and prepared', async () => {
  await run(
    'pgbench',
    ['-i', '-q', '-s', '1', '-h', shop.host, '-p', String(shop.port), '-U', shop.user, shop.database],
    {
      env: { ...process.env, PGPASSWORD: shop.password },
    },
  )
  for (const mode of ['simple', 'extended', 'prepared']) {
    const { stdout, stderr } = await asAnn('pgbench', ['-n', '-M', mode, '-c', '4', '-t', '50'])
    assert.match(stdout, /number of transactions actually processed: 200\/200/, stderr)
    assert.match(stdout, /number of failed transactions: 0/)
  }
})

/** What `ctrl-C` in psql sends: a connection of its own with the numbers that the session was given. */
async function cancel(client: pg.Client): Promise<void> {
  const { processID, secretKey } = client as unknown as {
    readonly processID: number
    readonly secretKey: number
  }
  const request = Buffer.alloc(16)
  for (const [index, word] of [16, 80_877_102, processID, secretKey].entries())
    request.writeInt32BE(word, index * 4)
  const { host, port } = ann.connection('shop')
  const socket = connect(port, host)
  socket.end(request)
  await once(socket, 'close')
}

test('node pg: parameters, types, a cancelled query', async () => {
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  try {
    const { rows } = await client.query<{ id: number; email: string; birthday: Date }>({
      name: 'by-id',
      text: 'select id, email, birthday from customers where id = $1',
      values: [5],
    })
    assert.equal(rows[0]?.id, 5)
    withoutLeak(JSON.stringify(rows))
    for (const n of [1, 2, 3]) {
      const { rows: one } = await client.query<{ n: number }>('select $1::int as n', [n])
      assert.equal(one[0]?.n, n)
    }
    const cancelled = assert.rejects(
      client.query('select pg_sleep(30)'),
      (error: pg.DatabaseError) => error.code === '57014',
    )
    await cancel(client)
    await cancelled
    assert.equal((await client.query<{ n: number }>('select 1 as n')).rows[0]?.n, 1)
  } finally {
    await client.end()
  }
})

test('psycopg2: parameters, server-side cursor, COPY both ways, errors', async () => {
  const { stdout, stderr } = await asAnn('/usr/bin/python3', [
    join(here, 'clients/psycopg2_client.py'),
    'dbname=shop',
  ])
  withoutLeak(stdout + stderr)
  assert.equal(stderr, '')
  assert.match(stdout, /rows 500\n/)
  assert.match(stdout, /copied 500\n/)
  assert.match(stdout, /mine \(2, 'two'\)\n/)
  assert.match(stdout, /error 22012\nrefused (42501|0A000)\nafter 1\n/)
})

test('JDBC: metadata, prepared statements, a cursor, a refusal', async () => {
  assert.ok(existsSync(jdbcDriver), 'install libpostgresql-jdbc-java')
  const { host, port, user } = ann.connection('shop')
  const { stdout, stderr } = await asAnn('java', [
    '-cp',
    jdbcDriver,
    join(here, 'clients/JdbcClient.java'),
    `jdbc:postgresql://${host}:${port}/shop`,
    user,
  ])
  withoutLeak(stdout + stderr)
  assert.match(stdout, /column email text\n/, stderr)
  assert.match(stdout, /key id\n/)
  assert.equal(stdout.match(/rows 25\n/g)?.length, 8)
  assert.match(stdout, /refused (42501|0A000)\ncount 500\n/)
})

test('a wrong token, an unknown user and a wrong database are turned away in the same plain words', async () => {
  const connection = ann.connection('shop')
  const messages: string[] = []
  for (const wrong of [{ password: 'skk_wrong' }, { user: 'nobody' }]) {
    const client = new pg.Client({ ...connection, ...wrong })
    await assert.rejects(client.connect(), (error: pg.DatabaseError) => {
      messages.push(error.message)
      return error.code === '28P01'
    })
  }
  assert.equal(messages[0], messages[1])
  const client = new pg.Client({ ...connection, database: 'other' })
  await assert.rejects(client.connect(), (error: pg.DatabaseError) => error.code === '3D000')
})

test('everything that happened is in the audit, with what was hidden and how it ended', async () => {
  const client = new pg.Client({ ...ann.connection('shop'), application_name: 'audit-test' })
  await client.connect()
  await client.query('select email from customers where id = 42')
  await client.query('select nothing from customers').catch(() => {})
  await client.query('do $$ begin end $$').catch(() => {})
  await client.end()
  const entries = await sekisho.auditUntil(
    { userName: 'ann', limit: 50 },
    found =>
      found.some(entry => entry.kind === 'statement' && entry.code !== undefined && entry.verb === 'DO') ||
      found.some(entry => entry.verdict === 'denied' && /^do/i.test(entry.text ?? '')),
  )
  const masked = entries.find(entry => entry.text === 'select email from customers where id = 42')
  assert.ok(masked !== undefined)
  assert.deepEqual(masked.hidden, ['public.customers.email'])
  assert.deepEqual(masked.tables, ['public.customers'])
  assert.equal(masked.verdict, 'allowed')
  assert.equal(masked.rows, 1)
  assert.equal(masked.result, 'ok')
  assert.ok(masked.decidedBy.some(policy => policy.name === 'analysts-work-on-the-shop'))
  assert.match(masked.shape ?? '', /id = \$1/)
  const failed = entries.find(entry => entry.text === 'select nothing from customers')
  assert.equal(failed?.result, '42703')
})

test('a change of policy reaches an open session at its next statement; a revoked token ends it', async () => {
  const ben = await sekisho.addPerson('ben', ['helpers'])
  const before = await sekisho.admin.call('GET /api/policies')
  const grant = (what: string): string =>
    `${before.current.text}\n@id("helpers")\npermit(principal in Group::"helpers", action in [${what}], resource) when { resource in Target::"shop" };\n`
  await sekisho.savePolicies(grant('Action::"connect", Action::"select"'))
  const client = new pg.Client(ben.connection('shop'))
  await client.connect()
  const ended = new Promise<void>(resolve => client.on('end', resolve))
  client.on('error', () => {})
  withoutLeak(JSON.stringify((await client.query('select email from customers where id = 1')).rows))
  await sekisho.savePolicies(
    grant('Action::"connect", Action::"select", Action::"reveal"').replace(
      'when { resource in Target::"shop" }',
      '',
    ),
  )
  assert.match(
    JSON.stringify((await client.query('select email from customers where id = 1')).rows),
    new RegExp(marker),
  )
  await sekisho.savePolicies(grant('Action::"connect"'))
  await assert.rejects(
    client.query('select name from customers where id = 1'),
    (error: pg.DatabaseError) => error.code === '42501',
  )
  const [token] = await ben.api.call('GET /api/tokens')
  await ben.api.call('DELETE /api/tokens/:id', undefined, { id: token?.id ?? '' })
  await ended
  await assert.rejects(new pg.Client(ben.connection('shop')).connect())
})
