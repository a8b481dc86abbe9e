// Commands to copy are whole and safe to paste.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jdbcUrl, mariadbCommand, mariadbJdbcUrl, mysqlDsn, psqlCommand } from './connection.ts'

const facts = { host: 'gate.example', port: 40_000, database: 'shop', user: 'hanako' }

test('psql gets one connection string', () => {
  assert.equal(
    psqlCommand(facts),
    'psql "host=gate.example port=40000 dbname=shop user=hanako sslmode=require"',
  )
  assert.match(psqlCommand(facts, 'skk_x'), /^PGPASSWORD='skk_x' psql "/)
})

test('names that a shell or libpq would read otherwise are quoted', () => {
  const command = psqlCommand({ ...facts, database: `it's $HOME` })
  assert.equal(
    command,
    `psql 'host=gate.example port=40000 dbname='\\''it\\'\\''s $HOME'\\'' user=hanako sslmode=require'`,
  )
})

test('JDBC addresses are encoded', () => {
  assert.equal(
    jdbcUrl({ ...facts, host: '::1', database: 'a b', user: 'a@b' }),
    'jdbc:postgresql://[::1]:40000/a%20b?user=a%40b&sslmode=require',
  )
})

test('MariaDB and MySQL get a command, an address and a DSN', () => {
  assert.equal(
    mariadbCommand(facts),
    'mariadb --host=gate.example --port=40000 --user=hanako --ssl --password shop',
  )
  assert.equal(
    mariadbCommand({ ...facts, database: `it's` }, 'skk_x'),
    `MYSQL_PWD='skk_x' mariadb --host=gate.example --port=40000 --user=hanako --ssl 'it'\\''s'`,
  )
  assert.equal(mysqlDsn(facts), 'mysql://hanako@gate.example:40000/shop?ssl-mode=REQUIRED')
  assert.equal(
    mariadbJdbcUrl({ ...facts, host: '::1', user: 'a@b' }),
    'jdbc:mariadb://[::1]:40000/shop?user=a%40b&sslMode=trust',
  )
})
