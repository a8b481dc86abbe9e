// What the server says in English is known in Japanese: asked of the server's own texts where they can be had.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findWeaknesses } from '../../../src/access/password-strength.ts'
import { builtInTags } from '../../../src/catalog/built-in-tags.ts'
import { Secret } from '../../../src/core/secret.ts'
import { inJapanese, refusalInJapanese } from './server-words.ts'

test('every built-in tag is described', () => {
  for (const { description } of builtInTags) assert.ok(inJapanese(description), description)
})

test('every weakness of a password is named', () => {
  const guesses = ['hana', 'password1234', 'aaaa', 'x'.repeat(300)]
  const weaknesses = guesses.flatMap(guess => findWeaknesses(new Secret(guess), 'hana'))
  assert.equal(new Set(weaknesses).size, 5)
  for (const weakness of weaknesses) assert.ok(inJapanese(weakness), weakness)
  assert.ok(inJapanese(weaknesses.join('; ')))
})

test('a refusal keeps its names', () => {
  const what = '"customers.email" is hidden from you (pii.email), so it cannot decide what is changed.'
  const hint = 'Choose the rows by other columns, or ask an administrator for reveal on it.'
  assert.match(inJapanese(what) ?? '', /「customers\.email」/)
  assert.match(inJapanese(`${what} ${hint}`) ?? '', /「customers\.email」.*管理者/)
  assert.match(
    inJapanese('hana may not change rows of shop.public.orders: no policy permits “update” on it.') ?? '',
    /shop\.public\.orders.*「update」.*hana/,
  )
})

test('a sentence inside of another is said in Japanese too', () => {
  assert.equal(
    inJapanese('The target cannot be reached: its certificate has expired.'),
    '接続先に到達できません: 証明書の期限が切れています。',
  )
})

test('what is not known stays as it was said', () => {
  assert.equal(inJapanese('relation "x" does not exist'), undefined)
  assert.equal(inJapanese('One thing. Another thing.'), undefined)
  assert.match(refusalInJapanese('statement.unsafe') ?? '', /通せません/)
  assert.equal(refusalInJapanese('not-found'), undefined)
})
