// Records the transcripts in this folder anew: real clients with real servers, from the first byte to the last.
// Run by hand: node src/protocols/mysql/transcripts/record.ts

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { startMariadb } from '../../../../test/support/mariadb.ts'
import { startMysql56 } from '../../../../test/support/mysql56.ts'

const run = promisify(execFile)
const servers = { mariadb: await startMariadb(), mysql56: await startMysql56() } as const

type Line = readonly [from: 'client' | 'target', hex: string]

async function record(
  server: keyof typeof servers,
  name: string,
  play: (port: number) => Promise<unknown>,
): Promise<void> {
  let lines: Line[] = []
  const proxy = createServer(client => {
    const target = connect(servers[server].port, '127.0.0.1')
    // Of a client that connects more than once, the last connection counts.
    const own: Line[] = []
    lines = own
    client.on('data', chunk => {
      own.push(['client', chunk.toString('hex')])
      target.write(chunk)
    })
    target.on('data', chunk => {
      own.push(['target', chunk.toString('hex')])
      client.write(chunk)
    })
    client.on('close', () => target.end())
    target.on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  await play((proxy.address() as AddressInfo).port)
  proxy.close()
  const text = lines.map(([from, hex]) => `${from} ${hex}\n`).join('')
  await writeFile(new URL(`${server}-${name}.txt`, import.meta.url), text)
}

const rows = Array.from({ length: 20 }, (_, n) => `(${n + 1}, 'name ${n + 1}', ${n % 3 ? n / 4 : 'null'})`)

for (const [name, server] of Object.entries(servers) as [
  keyof typeof servers,
  { asRoot(...texts: string[]): unknown },
][]) {
  await server.asRoot(
    'create table sekisho.customers (id int primary key, name varchar(40), debt decimal(6,2))',
    `insert into sekisho.customers values ${rows.join()}`,
    'create procedure sekisho.both_ways(out n int) begin select 1 as a; select 2 as b; set n = 3; end',
  )
  const { user, password, database } = servers[name]
  const where = (port: number) => [
    '--no-defaults',
    '--host=127.0.0.1',
    `--port=${port}`,
    `--user=${user}`,
    `--password=${password}`,
    '--skip-ssl',
  ]
  await record(name, 'cli', port =>
    run('mariadb', [
      ...where(port),
      '--force',
      '--show-warnings',
      '--execute',
      "select * from customers; call both_ways(@n); select 1/0, @n; begin; update customers set debt = debt + 1 where id < 4; rollback; show tables; set names latin1; use sekisho; select repeat('x', 2000); select nosuch from customers",
      database,
    ]).catch(() => undefined),
  )
  // Asks MySQL 5.6 for what only newer ones have.
  await record(name, 'dump', port =>
    run('mysqldump', [...where(port), '--skip-lock-tables', database, 'customers']).catch(() => undefined),
  )
  await record(name, 'mysql2', async port => {
    const connection = await createConnection({
      host: '127.0.0.1',
      port,
      user,
      password,
      database,
      multipleStatements: true,
    })
    await connection.query('select 1 as a; select 2 as b; do 3')
    await connection.execute('select * from customers where id > ? and name like ?', [17, 'name%'])
    await connection.execute('select * from customers where id > ? and name like ?', [18, 'name%'])
    await connection.execute('update customers set name = ? where id = ?', [null, 1])
    await connection.execute('select nosuch').catch(() => undefined)
    await connection.beginTransaction()
    await connection.rollback()
    await connection.ping()
    await connection.query('call both_ways(@n)')
    // At MySQL 5.6 this client proves nothing.
    if (name === 'mariadb') await connection.changeUser({ user, password, database })
    await connection.end()
  })
  await record(name, 'pymysql', port =>
    run('/usr/bin/python3', [
      '-c',
      `
import pymysql, sys
c = pymysql.connect(host='127.0.0.1', port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3], database=sys.argv[4])
with c.cursor() as k:
    k.execute('select * from customers where id = %s', (3,))
    k.fetchall()
    k.callproc('both_ways', (0,))
    while k.nextset(): pass
with c.cursor(pymysql.cursors.SSCursor) as k:
    k.execute('select * from customers')
    k.fetchone()
c.select_db(sys.argv[4])
c.ping()
c.commit()
c.close()
`,
      String(port),
      user,
      password,
      database,
    ]),
  )
}
await Promise.all(Object.values(servers).map(server => server.stop()))
