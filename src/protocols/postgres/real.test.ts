// Real clients through the protocol to a real PostgreSQL.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
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

async function psql(sql: string, options = 'sslmode=require', ...more: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    'psql',
    ['-XAt', `host=127.0.0.1 port=${gateway.port} user=hana dbname=shop ${options}`, ...more, '-c', sql],
    { env: { ...process.env, PGPASSWORD: gateway.token } },
  ).catch(error => error as { stdout: string; stderr: string })
  return stdout + stderr
}

test('psql logs in with a token over TLS and reads', async () => {
  assert.equal(await psql('SELECT count(*) FROM customers'), '1000\n')
  assert.equal(await psql('SELECT 1', 'sslmode=disable'), '1\n')
})
