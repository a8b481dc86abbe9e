// The genuine MySQL of the tests starts, answers and is gone afterwards.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { startMysql56 } from './mysql56.ts'

test('it is MySQL 5.6, unprivileged, and leaves nothing', async () => {
  const mysql = await startMysql56()
  const folder = dirname(mysql.socketPath)
  try {
    const connection = await createConnection({
      host: mysql.host,
      port: mysql.port,
      user: mysql.user,
      password: mysql.password,
      database: mysql.database,
    })
    const [rows] = await connection.query('select version() as version, current_user() as user')
    assert.deepEqual(rows, [{ version: '5.6.24', user: 'sekisho@127.0.0.1' }])
    await connection.end()
    assert.deepEqual(await mysql.asRoot('select 1 as one'), [{ one: 1 }])
  } finally {
    await mysql.stop()
  }
  assert.equal(existsSync(folder), false)
})
