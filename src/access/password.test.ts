// Passwords: how they are kept, and which are too weak.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Secret } from '../core/secret.ts'
import { checkPassword, hashPassword, passwordCost } from './password-hash.ts'
import { findWeaknesses } from './password-strength.ts'
import { firstPasswordText } from './random-text.ts'

const secret = (text: string) => new Secret(text)

test('the hash is argon2id at the cost that OWASP asks for, in a PHC string', async () => {
  const kept = await hashPassword(secret('correct'), randomBytes)
  assert.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.deepEqual(await checkPassword(secret('correct'), kept), { right: true, outdated: false })
  assert.deepEqual(await checkPassword(secret('Correct'), kept), { right: false, outdated: false })
  const dearer = { ...passwordCost, t: 3 }
  assert.deepEqual(await checkPassword(secret('correct'), kept, dearer), { right: true, outdated: true })
})

test('a string of the reference implementation is read', async () => {
  // From the tests of the reference implementation of argon2: t=2, m=2^16, p=1, password, somesalt.
  const kept = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.equal((await checkPassword(secret('password'), kept)).right, true)
})

test('what is kept must be a hash', async () => {
  for (const kept of [
    '',
    'plain',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
  ]) {
    await assert.rejects(checkPassword(secret(''), kept), /cannot be read/)
  }
})

test('letters are equal however they are composed', async () => {
  const kept = await hashPassword(secret('caf\u00e9 au lait'), randomBytes, { m: 8, t: 1, p: 1 })
  assert.equal((await checkPassword(secret('cafe\u0301 au lait'), kept)).right, true)
})

test('weak passwords are told why', () => {
  const weak: readonly (readonly [string, RegExp])[] = [
    ['short', /at least 12/],
    ['x'.repeat(300), /at most 256/],
    ['aaaabbbbaaaabbbb', /5 different/],
    ['i am hana tanaka', /user name/],
    ['HANA-is-the-best', /user name/],
    ['password1234', /commonest/],
    ['P@ssw0rd!!2026', /commonest/],
    ['Welcome20262026', /commonest/],
    ['qwertyuiop123', /commonest/],
    ['123456789012', /commonest/],
    ['abcdefghijklm', /commonest/],
    ['administrator1!', /commonest/],
    ['iloveyou123456', /commonest/],
  ]
  for (const [text, why] of weak) assert.match(findWeaknesses(secret(text), 'hana').join('; '), why, text)
})

test('good ones pass, generated ones too', () => {
  for (const text of [
    'a fine long phrase 7',
    'Kx9#mQ2$vL5p',
    '山を越えて海を見る旅に出よう',
    'tractor velvet 91 moon',
  ]) {
    assert.deepEqual(findWeaknesses(secret(text), 'hana@example.jp'), [], text)
  }
  for (let times = 0; times < 200; times++) {
    assert.deepEqual(findWeaknesses(secret(firstPasswordText(randomBytes)), 'hana'), [])
  }
  assert.deepEqual(findWeaknesses(secret('a fine long phrase'), 'a'), [], 'a short name is in many words')
})
