// Records the transcripts in this folder anew: real clients with a real PostgreSQL, from the end of the login on.
// Run by hand: node src/protocols/postgres/transcripts/record.ts

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres.ts'

const run = promisify(execFile)
const server = await startPostgres({ database: 'shop' })
await server.run(
  `CREATE TABLE customers AS SELECT n AS id, 'name ' || n AS name FROM generate_series(1, 20) n;
   CREATE TABLE copied (id int, name text)`,
)

type Line = readonly [from: 'client' | 'target', hex: string]
let lines: Line[] = []
const isReady = Buffer.from('Z\0\0\0\x05I', 'latin1')

/** Everything that passes between the login and the goodbye. */
const proxy = createServer(client => {
  const target = connect(server.port, '127.0.0.1')
  // Of a client that connects more than once, the last connection counts.
  const own: Line[] = []
  lines = own
  let ready = false
  const note = (from: Line[0], chunk: Buffer) => {
    if (ready) own.push([from, chunk.toString('hex')])
  }
  client.on('data', chunk => {
    note('client', chunk)
    target.write(chunk)
  })
  target.on('data', chunk => {
    note('target', chunk)
    if (chunk.indexOf(isReady) >= 0) ready = true
    client.write(chunk)
  })
  client.on('close', () => target.end())
  target.on('close', () => client.destroy())
}).listen(0, '127.0.0.1')
await once(proxy, 'listening')
const { port } = proxy.address() as AddressInfo

async function record(name: string, play: () => Promise<unknown>): Promise<void> {
  lines = []
  await play()
  const text = lines.map(([from, hex]) => `${from} ${hex}\n`).join('')
  await writeFile(new URL(`${name}.txt`, import.meta.url), text)
}

const env = { ...process.env, PGPASSWORD: server.password, PGSSLMODE: 'disable' }
const where = ['-h', '127.0.0.1', '-p', String(port), '-U', server.user]
const psql = (...commands: string[]) =>
  run('psql', ['-X', ...where, ...commands.flatMap(command => ['-c', command]), 'shop'], { env })

await record('psql', () =>
  psql(
    '\\d customers',
    'SELECT * FROM customers; SELECT count(*) FROM customers',
    'SELECT nosuch FROM customers',
    "DO $$ BEGIN RAISE NOTICE 'seen'; END $$",
    '',
  ).catch(() => undefined),
)
await record('psql-copy', () =>
  psql('\\copy customers TO /tmp/sekisho-transcript.tsv', '\\copy copied FROM /tmp/sekisho-transcript.tsv'),
)
await run('pgbench', ['-i', '-q', '-h', '127.0.0.1', '-p', String(server.port), '-U', server.user, 'shop'], {
  env,
})
for (const mode of ['extended', 'prepared'])
  await record(`pgbench-${mode}`, () =>
    run('pgbench', ['-n', '-M', mode, '-t', '3', ...where, 'shop'], { env }),
  )
await record('node-pg', async () => {
  const { user, password, database } = server
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  await client.connect()
  await client.query('LISTEN news')
  await client.query("NOTIFY news, 'hello'")
  await client.query({ name: 'find', text: 'SELECT * FROM customers WHERE id = $1', values: [3] })
  await client.query({ name: 'find', text: 'SELECT * FROM customers WHERE id = $1', values: [4] })
  await client.query('BEGIN')
  await client.query('SELECT 1/$1::int', [0]).catch(() => undefined)
  await client.query('ROLLBACK')
  await client.query({ text: 'SELECT * FROM customers', rows: 5 } as pg.QueryConfig)
  await client.end()
})
proxy.close()
await server.stop()
