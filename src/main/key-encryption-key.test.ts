// The key-encryption key is made, read, and changed by putting a new one before it.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createVault } from '../access/vault.ts'
import type { KeyStore, SealedKey } from '../access/key-store.ts'
import { systemClock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import { loadKeyEncryptionKeys } from './key-encryption-key.ts'

function inFolder(run: (folder: string) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-kek-'))
    try {
      await run(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function keysInMemory(): KeyStore {
  const kept = new Map<string, SealedKey>()
  return {
    list: async () => [...kept.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    add: async key => {
      if (kept.has(key.id)) return false
      kept.set(key.id, key)
      return true
    },
    reseal: async (id, before, after) => {
      const key = kept.get(id)
      if (key?.sealed !== before) return false
      kept.set(id, { ...key, sealed: after })
      return true
    },
  }
}

test(
  'the file is made once, for the server alone',
  inFolder(folder => {
    const file = join(folder, 'sub', 'kek')
    const [key] = loadKeyEncryptionKeys({ kind: 'file', file })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(loadKeyEncryptionKeys({ kind: 'file', file }), [key])
    chmodSync(file, 0o640)
    assert.throws(() => loadKeyEncryptionKeys({ kind: 'file', file }), /chmod 600/)
  }),
)

test(
  'a new key on the line above seals from the next start on; then the old one may go',
  inFolder(async folder => {
    const file = join(folder, 'kek')
    const keys = keysInMemory()
    const open = () =>
      createVault({
        keys,
        keyEncryptionKeys: loadKeyEncryptionKeys({ kind: 'file', file }),
        clock: systemClock,
        randomBytes,
      })
    loadKeyEncryptionKeys({ kind: 'file', file })
    const sealed = (await open()).seal(new Secret('the gate is open'), 'test')
    const old = readFileSync(file, 'utf8')
    const next = `${randomBytes(32).toString('base64')}\n`
    writeFileSync(file, next, { mode: 0o600 })
    await assert.rejects(open(), 'the old one is still needed')
    writeFileSync(file, next + old)
    assert.equal((await open()).open(sealed, 'test').reveal(), 'the gate is open')
    writeFileSync(file, next)
    assert.equal((await open()).open(sealed, 'test').reveal(), 'the gate is open')
    writeFileSync(file, old)
    await assert.rejects(open(), 'the old one opens nothing any more')
  }),
)

test('a value may hold two, divided by a comma; what is no key is refused without being shown', () => {
  const [one, two] = [randomBytes(32), randomBytes(32)]
  const value = new Secret(`${one.toString('base64')}, ${two.toString('hex')}`)
  assert.deepEqual(
    loadKeyEncryptionKeys({ kind: 'value', value }).map(key => Buffer.from(key)),
    [one, two],
  )
  const bad = new Secret(`${one.toString('base64')},open-sesame`)
  assert.throws(
    () => loadKeyEncryptionKeys({ kind: 'value', value: bad }),
    (error: Error) => /32 bytes/.test(error.message) && !error.message.includes('sesame'),
  )
})
