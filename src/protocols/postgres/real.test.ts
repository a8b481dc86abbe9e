// Real clients through the protocol to a real PostgreSQL.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startPostgres, type RunningPostgres } from '../../../test/support/postgres.ts'
import { testTarget } from './fake-gate.test-part.ts'
import { startGateway, type TestGateway } from './gateway.test-part.ts'

const run = promisify(execFile)
let server: RunningPostgres
let gateway: TestGateway

before(async () => {
  server = await startPostgres({ database: 'shop' })
  await server.run(
    'CREATE TABLE customers AS SELECT n AS id, $$name $$ || n AS name FROM generate_series(1, 1000) n',
  )
  gateway = await startGateway(targetOf(server), server.password)
})
after(async () => {
  await gateway.stop()
  await server.stop()
})

const targetOf = (server: RunningPostgres) =>
  testTarget({ port: server.port, account: server.user, database: server.database })

async function psql(commands: string | readonly string[], options = 'sslmode=require'): Promise<string> {
  const where = `host=127.0.0.1 port=${gateway.port} user=hana dbname=shop ${options}`
  const all = [commands].flat().flatMap(command => ['-c', command])
  const { stdout, stderr } = await run('psql', ['-XAt', where, ...all], {
    env: { ...process.env, PGPASSWORD: gateway.token },
  }).catch((error: unknown) => error as { stdout: string; stderr: string })
  return stdout + stderr
}

test('psql logs in with a token over TLS and reads', async () => {
  assert.equal(await psql('SELECT count(*) FROM customers'), '1000\n')
  assert.equal(await psql('SELECT 1', 'sslmode=disable'), '1\n')
})

test('a wrong token, an unknown user and a wrong database are refused in PostgreSQL words', async () => {
  const wrong = (user: string, database: string, password: string) =>
    run(
      'psql',
      ['-XAt', `host=127.0.0.1 port=${gateway.port} user=${user} dbname=${database}`, '-c', 'SELECT 1'],
      {
        env: { ...process.env, PGPASSWORD: password },
      },
    ).then(
      () => 'let in',
      (error: unknown) => (error as { stderr: string }).stderr,
    )
  const bad = await wrong('hana', 'shop', 'skk_other')
  assert.match(bad, /FATAL: {2}The user name or the connection token is not right/)
  assert.equal(bad.replace('hana', 'X'), (await wrong('nobody', 'shop', 'skk_test')).replace('nobody', 'X'))
  assert.match(
    await wrong('hana', 'other', 'skk_test'),
    /not behind this port[^]*HINT: {2}Connect to the database "shop"/,
  )
})

test('errors, notices and refusals come as PostgreSQL says them, and the session goes on', async () => {
  const out = await psql([
    'SELECT nosuch FROM customers',
    "DO $$ BEGIN RAISE NOTICE 'seen'; END $$",
    'SELECT forbidden FROM customers',
    'SELECT 2',
  ])
  assert.match(out, /column "nosuch" does not exist/)
  assert.match(out, /NOTICE: {2}seen/)
  assert.match(
    out,
    /ERROR: {2}You may not do this\.\nLINE 1: SELECT forbidden FROM customers\n {15}\^\nHINT: {2}Ask for it\./,
  )
  assert.match(out, /^2$/m)
})

test('COPY goes both ways', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-copy-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'customers.tsv')
  const out = await psql([
    'CREATE TABLE copied (id int, name text)',
    `\\copy (SELECT * FROM customers) TO ${file}`,
    `\\copy copied FROM ${file}`,
    'SELECT count(*), max(name) FROM copied',
    'DROP TABLE copied',
  ])
  assert.match(out, /COPY 1000\nCOPY 1000\n1000\|name 999/)
})

for (const mode of ['simple', 'extended', 'prepared'])
  test(`pgbench runs (${mode})`, async () => {
    const env = { ...process.env, PGPASSWORD: gateway.token, PGSSLMODE: 'disable' }
    const where = ['-h', '127.0.0.1', '-p', String(gateway.port), '-U', 'hana', 'shop']
    await run('pgbench', ['-i', '-s', '1', '-q', ...where], { env })
    const { stdout } = await run('pgbench', ['-M', mode, '-c', '4', '-j', '1', '-t', '100', ...where], {
      env,
    })
    assert.match(
      stdout,
      /number of transactions actually processed: 400\/400\nnumber of failed transactions: 0/,
    )
    const last = gateway.gate.entered.at(-1)
    assert.equal(last?.record.filter(line => line.startsWith('ended') && !line.includes(' ok ')).length, 0)
    assert.equal(
      last?.record.filter(line => line.startsWith('intent')).length,
      last?.record.filter(line => line.startsWith('ended')).length,
    )
  })
