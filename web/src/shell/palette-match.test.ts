// What the command palette finds, and in which order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bestMatches, matchScore } from './palette-match.ts'

const items = ['Targets', 'SQL', 'Sign out', 'Audit', 'Column tags', 'orders-prod'].map(name => ({
  id: name,
  name,
}))
const names = (typed: string, recent: readonly string[] = []) =>
  bestMatches(items, typed, recent, 10).map(({ name }) => name)

test('letters in order are enough, and whole beginnings come first', () => {
  assert.equal(names('ta')[0], 'Targets')
  assert.equal(names('tags')[0], 'Column tags')
  assert.equal(names('so')[0], 'Sign out')
  assert.equal(names('op')[0], 'orders-prod')
  assert.deepEqual(names('xyz'), [])
  assert.equal(matchScore('tegrat', 'Targets'), undefined)
})

test('nothing typed: what was used last comes first, the rest in its order', () => {
  assert.deepEqual(names('', ['Audit', 'SQL']).slice(0, 3), ['Audit', 'SQL', 'Targets'])
})

test('Japanese is found by its signs', () => {
  const found = bestMatches([{ id: 'a', name: '監査記録' }], '監査', [], 5)
  assert.equal(found.length, 1)
})
