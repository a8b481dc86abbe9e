// Proofs against known values, and against what a client library computes.

import assert from 'node:assert/strict'
import { createPrivateKey, randomBytes, sign } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { ed25519PublicKey, ed25519Sign } from '../../wire/auth-ed25519.ts'
import {
  isNativeProof,
  isSha2Proof,
  nativeHash,
  nativeProof,
  sha2Hash,
  sha2Proof,
  unveiled,
  veiled,
} from './auth-proofs.ts'
import { decryptPassword, encryptPassword, ownPublicKey } from './auth-rsa.ts'

const fromLibrary = createRequire(import.meta.url)('../../../node_modules/mysql2/lib/auth_41.js') as {
  calculateToken(password: string, first: Buffer, second: Buffer): Buffer
}

test('native: hash as `select password()` writes it, proof as mysql2 makes it', () => {
  // https://dev.mysql.com/doc/refman/5.7/en/password-hashing.html
  assert.equal(nativeHash('mypass').toString('hex').toUpperCase(), '6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4')
  for (let round = 0; round < 20; round++) {
    const nonce = randomBytes(20)
    const proof = nativeProof('pässword', nonce)
    assert.deepEqual(proof, fromLibrary.calculateToken('pässword', nonce.subarray(0, 8), nonce.subarray(8)))
    assert.ok(isNativeProof(proof, nonce, nativeHash('pässword')))
    assert.ok(!isNativeProof(proof, nonce, nativeHash('password')))
    assert.ok(!isNativeProof(proof, randomBytes(20), nativeHash('pässword')))
  }
})

test('SHA-2: a known exchange', () => {
  // From the tests of go-sql-driver/mysql: password `secret`.
  const nonce = Buffer.from([10, 47, 74, 111, 75, 73, 34, 48, 88, 76, 114, 74, 37, 13, 3, 80, 82, 2, 23, 21])
  const proof = Buffer.from('f490e76f66d9d86665ce54d98c78d0acfe2fb0b08b423da807144873d30b312c', 'hex')
  assert.deepEqual(sha2Proof('secret', nonce), proof)
  assert.ok(isSha2Proof(proof, nonce, sha2Hash('secret')))
  assert.ok(!isSha2Proof(proof, nonce, sha2Hash('Secret')))
  assert.ok(!isSha2Proof(proof, randomBytes(20), sha2Hash('secret')))
})

test('nothing of a wrong size is a proof, nor is the hash itself', () => {
  const nonce = randomBytes(20)
  const native = nativeHash('a')
  const sha2 = sha2Hash('a')
  for (const size of [0, 1, 19, 21, 31, 33]) {
    assert.ok(!isNativeProof(Buffer.alloc(size), nonce, native))
    assert.ok(!isSha2Proof(Buffer.alloc(size), nonce, sha2))
    assert.ok(!isNativeProof(Buffer.alloc(20), nonce, Buffer.alloc(size)))
  }
  assert.ok(!isNativeProof(native, nonce, native))
  assert.ok(!isSha2Proof(sha2, nonce, sha2))
  assert.equal(nativeProof('', nonce).length, 0)
})

test('Ed25519 with 32 bytes is that of the standard', () => {
  const der = (seed: Buffer) => Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  for (let round = 0; round < 10; round++) {
    const seed = randomBytes(32)
    const message = randomBytes(round)
    const key = createPrivateKey({ key: der(seed), format: 'der', type: 'pkcs8' })
    assert.deepEqual(ed25519Sign(seed, message), sign(null, message, key))
  }
  // MariaDB's documentation: PASSWORD('secret') of the plugin ed25519.
  const kept = ed25519PublicKey(Buffer.from('secret')).toString('base64').replace('=', '')
  assert.equal(kept, 'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY')
})

test('passwords come through RSA, and what is not encrypted for us does not', async () => {
  const nonce = randomBytes(20)
  const pem = Buffer.from(await ownPublicKey())
  const encrypted = encryptPassword('a password that is longer than the nonce', nonce, pem)
  assert.equal(await decryptPassword(encrypted, nonce), 'a password that is longer than the nonce')
  assert.notEqual(
    await decryptPassword(encrypted, randomBytes(20)),
    'a password that is longer than the nonce',
  )
  assert.equal(await decryptPassword(randomBytes(256), nonce), undefined)
  assert.equal(await decryptPassword(Buffer.alloc(0), nonce), undefined)
  assert.equal(unveiled(veiled('x', nonce), nonce), 'x')
  const refused = { code: 'target.login-failed' }
  assert.throws(() => encryptPassword('x', nonce, Buffer.from('no key')), refused)
  assert.throws(() => encryptPassword('x'.repeat(300), nonce, pem), refused)
})
