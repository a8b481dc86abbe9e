// The PostgreSQL of the tests: starts as asked, answers, dies, comes back, leaves nothing behind.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { embeddedPostgresPrograms, startPostgres } from './postgres.ts'

test('starts with its own user, password and database, and ends', async () => {
  const server = await startPostgres({ user: 'ann', database: 'library' })
  try {
    const { rows } = await server.run('SELECT current_user AS who, current_database() AS where')
    assert.deepEqual(rows, [{ who: 'ann', where: 'library' }])
    await assert.rejects(server.connect({ password: 'wrong' }), { code: '28P01' })
    const client = await server.connect()
    assert.equal((await client.query('SHOW ssl')).rows[0].ssl, 'off')
  } finally {
    await server.stop()
  }
  await assert.rejects(server.connect(), { code: 'ECONNREFUSED' })
})

for (const auth of ['md5', 'password'] as const) {
  test(`asks for passwords by ${auth}`, async () => {
    const server = await startPostgres({ auth })
    try {
      const { rows } = await server.run('SELECT rolpassword FROM pg_authid WHERE rolname = current_user')
      assert.match(rows[0].rolpassword, auth === 'md5' ? /^md5/ : /^SCRAM/)
    } finally {
      await server.stop()
    }
  })
}

test('serves TLS with a certificate that can be verified', async () => {
  const server = await startPostgres({ tls: true })
  try {
    const client = await server.connect({ ssl: { ca: server.tlsCa } })
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    assert.equal(rows[0].ssl, true)
    await assert.rejects(server.connect({ ssl: true }))
  } finally {
    await server.stop()
  }
})

test('takes settings, is killed and comes back with its data', async () => {
  const server = await startPostgres({ settings: { work_mem: '7MB' } })
  try {
    await server.run('CREATE TABLE kept AS SELECT 7 AS n')
    assert.equal((await server.run('SHOW work_mem')).rows[0].work_mem, '7MB')
    await server.kill('SIGQUIT')
    await server.restart()
    assert.equal((await server.run('SELECT n FROM kept')).rows[0].n, 7)
  } finally {
    await server.stop()
  }
})

test('two servers at once, one of them PostgreSQL 18', async () => {
  const [old, recent] = await Promise.all([
    startPostgres(),
    startPostgres({ programs: embeddedPostgresPrograms() }),
  ])
  try {
    assert.notEqual(old.port, recent.port)
    assert.match((await recent.run('SHOW server_version')).rows[0].server_version, /^18/)
  } finally {
    await Promise.all([old.stop(), recent.stop()])
  }
})

test('a server that cannot start says why', async () => {
  await assert.rejects(startPostgres({ settings: { shared_buffers: 'many' } }), /invalid value/)
  await assert.rejects(startPostgres({ programs: '/nowhere' }), /nowhere/)
})
