// The vault: what it seals opens only whole, for its purpose, with the right keys; and the keys can change.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Secret } from '../core/secret.ts'
import type { KeyStore, SealedKey } from './key-store.ts'
import { createVault, parseKeyEncryptionKey } from './vault.ts'

const clock = { nowMs: () => 7, monotonicMs: () => 7 }
const key = () => randomBytes(32)

/** The contract of the store has a suite of its own; this is the smallest thing that fulfils it. */
function keptInMemory(): KeyStore & { readonly rows: Map<string, SealedKey> } {
  const rows = new Map<string, SealedKey>()
  return {
    rows,
    list: async () => [...rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    async add(row) {
      if (rows.has(row.id)) return false
      rows.set(row.id, row)
      return true
    },
    async reseal(id, before, after) {
      const row = rows.get(id)
      if (row?.sealed !== before) return false
      rows.set(id, { ...row, sealed: after })
      return true
    },
  }
}

const open = (keys: KeyStore, ...keyEncryptionKeys: readonly [Uint8Array, ...Uint8Array[]]) =>
  createVault({ keys, keyEncryptionKeys, clock, randomBytes })

test('what is sealed opens for its purpose, on this start and the next', async () => {
  const keys = keptInMemory()
  const kek = key()
  const vault = await open(keys, kek)
  const sealed = vault.seal(new Secret('pässword 関'), 'target:1')
  assert.ok(!sealed.includes('pässword'))
  assert.equal(vault.open(sealed, 'target:1').reveal(), 'pässword 関')
  assert.equal((await open(keys, kek)).open(sealed, 'target:1').reveal(), 'pässword 関')
  assert.notEqual(vault.seal(new Secret('x'), 'target:1'), vault.seal(new Secret('x'), 'target:1'))
  assert.equal(vault.open(vault.seal(new Secret(''), 'p'), 'p').reveal(), '')
})

test('another purpose does not open it', async () => {
  const vault = await open(keptInMemory(), key())
  const sealed = vault.seal(new Secret('x'), 'target:1')
  assert.throws(() => vault.open(sealed, 'target:2'), /cannot be opened/)
})

test('a changed byte anywhere does not open', async () => {
  const vault = await open(keptInMemory(), key())
  const sealed = vault.seal(new Secret('secret'), 'p')
  const [form, id, iv = '', body = ''] = sealed.split('.')
  for (const [at, part] of [iv, body].entries()) {
    const bytes = Buffer.from(part, 'base64url')
    for (let position = 0; position < bytes.length; position++) {
      const changed = Buffer.from(bytes)
      changed[position] = Number(changed[position]) ^ 1
      const text = changed.toString('base64url')
      const tampered = [form, id, at === 0 ? text : iv, at === 1 ? text : body].join('.')
      assert.throws(() => vault.open(tampered, 'p'), /cannot be opened/)
    }
  }
  const other = vault.seal(new Secret('secret'), 'p').split('.')
  assert.throws(() => vault.open([form, id, iv, other[3]].join('.'), 'p'), /cannot be opened/)
  // A tag that was cut short would be easier to guess.
  assert.throws(() => vault.open([form, id, iv, body.slice(0, 8)].join('.'), 'p'), /cannot be opened/)
  for (const text of [
    '',
    'plain',
    's1.data-1.x',
    `s2.${sealed.slice(3)}`,
    `${sealed}.x`,
    `s1.data-9.${iv}.${body}`,
  ]) {
    assert.throws(() => vault.open(text, 'p'), /not a sealed value|cannot be opened/)
  }
})

test('the data key rotates: old values open, new ones are sealed by the new key', async () => {
  const keys = keptInMemory()
  const kek = key()
  const vault = await open(keys, kek)
  const before = vault.seal(new Secret('x'), 'p')
  const derived = vault.derive('mask:1')
  await vault.rotate()
  assert.equal(vault.isOutdated(before), true)
  assert.equal(vault.open(before, 'p').reveal(), 'x')
  const after = vault.seal(new Secret('x'), 'p')
  assert.equal(vault.isOutdated(after), false)
  assert.deepEqual(vault.derive('mask:1'), derived, 'what is derived stays')
  const next = await open(keys, kek)
  assert.equal(next.isOutdated(after), false)
  assert.equal(next.open(before, 'p').reveal(), 'x')
})

test('the key-encryption key rotates: after one start with both, the old one is needed no more', async () => {
  const keys = keptInMemory()
  const [old, fresh] = [key(), key()]
  const vault = await open(keys, old)
  await vault.rotate()
  const sealed = vault.seal(new Secret('x'), 'p')
  const derived = vault.derive('a')
  await assert.rejects(open(keys, fresh), /sealed by another key-encryption key/)
  await open(keys, fresh, old)
  const after = await open(keys, fresh)
  assert.equal(after.open(sealed, 'p').reveal(), 'x')
  assert.deepEqual(after.derive('a'), derived)
  await assert.rejects(open(keys, old), /sealed by another/)
})

test('kept keys cannot be swapped for each other', async () => {
  const keys = keptInMemory()
  const kek = key()
  await (await open(keys, kek)).rotate()
  const [one, two] = [keys.rows.get('data-1'), keys.rows.get('data-2')]
  assert.ok(one && two)
  keys.rows.set('data-1', { ...one, sealed: two.sealed })
  await assert.rejects(open(keys, kek), /cannot be opened/)
})

test('two servers that start or rotate at once use the same keys', async () => {
  const keys = keptInMemory()
  const kek = key()
  const [one, two] = await Promise.all([open(keys, kek), open(keys, kek)])
  assert.equal(two.open(one.seal(new Secret('x'), 'p'), 'p').reveal(), 'x')
  assert.deepEqual(one.derive('a'), two.derive('a'))
  await one.rotate()
  const sealed = one.seal(new Secret('y'), 'p')
  assert.throws(() => two.open(sealed, 'p'), /cannot be opened/)
  await two.reload()
  assert.equal(two.open(sealed, 'p').reveal(), 'y')
  await Promise.all([one.rotate(), two.rotate()])
  assert.equal(keys.rows.size, 4)
  assert.equal(two.open(one.seal(new Secret('z'), 'p'), 'p').reveal(), 'z')
})

test('derived keys differ by purpose and by database', async () => {
  const kek = key()
  const vault = await open(keptInMemory(), kek)
  assert.equal(vault.derive('a').length, 32)
  assert.notDeepEqual(vault.derive('a'), vault.derive('b'))
  assert.notDeepEqual((await open(keptInMemory(), kek)).derive('a'), vault.derive('a'))
})

test('a key-encryption key has to be 32 random bytes, and is not part of the complaint', () => {
  const good = key()
  for (const text of [
    good.toString('hex'),
    good.toString('base64'),
    ` ${good.toString('hex').toUpperCase()}\n`,
  ]) {
    assert.deepEqual(Buffer.from(parseKeyEncryptionKey(new Secret(text))), good)
  }
  const words = Buffer.from('this is not a random key at all!')
  const bad = [
    '',
    'password',
    'a'.repeat(64),
    '00112233'.repeat(8),
    words.toString('hex'),
    words.toString('base64'),
  ]
  for (const text of bad) {
    assert.throws(
      () => parseKeyEncryptionKey(new Secret(text)),
      (error: Error) =>
        /openssl rand -hex 32/.test(error.message) && (text === '' || !error.message.includes(text)),
    )
  }
})
