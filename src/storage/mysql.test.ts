// TLS towards MySQL and MariaDB: the server has to prove who it is.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { generate } from 'selfsigned'
import { type Mariadb, startMariadb } from '../../test/support/mariadb.ts'
import { Secret } from '../core/secret.ts'
import { openDatabase } from './database.ts'
import type { MysqlConfig } from './mysql.ts'

let server: Mariadb
let ca: string

/** A certificate that is its own authority. */
async function certificateFor(name: string) {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  return { cert: made.cert, key: made.private }
}

before(async () => {
  const tls = await certificateFor('localhost')
  ca = tls.cert
  server = await startMariadb(tls)
})
after(() => server.stop())

const config = (more: Partial<MysqlConfig>): MysqlConfig => ({
  kind: 'mysql',
  host: 'localhost',
  port: server.port,
  database: server.database,
  user: server.user,
  password: new Secret(server.password),
  ...more,
})

test('the connection is encrypted when the certificate is the one that was given', async () => {
  const database = await openDatabase(config({ tls: { ca } }))
  const found = await sql<{ Value: string }>`show status like 'Ssl_cipher'`.execute(database.query)
  assert.match(found.rows[0]?.Value ?? '', /^\w/)
  await database.close()
})

test('a certificate that nobody vouches for is not accepted', async () => {
  await assert.rejects(openDatabase(config({ tls: {} })), /cannot be used/)
})

test('a certificate of another name is not accepted', async () => {
  const tls = await certificateFor('db.example')
  const other = await startMariadb(tls)
  try {
    await assert.rejects(openDatabase(config({ port: other.port, tls: { ca: tls.cert } })), /cannot be used/)
  } finally {
    await other.stop()
  }
})

test('an address is refused with TLS: no certificate could be held against it', async () => {
  await assert.rejects(openDatabase(config({ host: '127.0.0.1', tls: { ca } })), /give its name/)
})

test('a wrong password is told without the password', async () => {
  const wrong = config({ password: new Secret('hush-hush') })
  await assert.rejects(openDatabase(wrong), (error: Error) => {
    assert.ok(error.cause instanceof Error)
    assert.match(error.cause.message, /denied/)
    assert.ok(![error.message, error.stack, error.cause.message, error.cause.stack].join().includes('hush'))
    return true
  })
})
