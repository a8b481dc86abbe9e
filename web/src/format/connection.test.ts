// Commands to copy are whole and safe to paste.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jdbcUrl, psqlCommand } from './connection.ts'

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
