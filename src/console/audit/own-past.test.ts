// Whose past it is when a name is given again.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createIds, type UserId } from '../../core/ids.ts'
import { isOwn, ownSinceMs } from './own-past.ts'

test('a namesake of somebody who is gone has no part in what they did', () => {
  const id = createIds(() => 1_763_856_000_000, randomBytes)<UserId>()
  const user = { id, name: 'bob' }
  assert.equal(ownSinceMs(user), 1_763_856_000_000)
  assert.equal(isOwn(user, { userName: 'bob', atMs: 1_763_856_000_000 }), true)
  assert.equal(isOwn(user, { userName: 'bob', atMs: 1_763_855_999_999 }), false)
  assert.equal(isOwn(user, { userName: 'ann', atMs: 1_763_856_000_001 }), false)
  assert.equal(ownSinceMs({ id: 'ann' as UserId }), 0)
})
