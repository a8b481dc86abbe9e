// Finding users by words, role, group and state.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserRow } from '../../../../src/console/contract.ts'
import { findUsers, type PeopleSearch, parsePeopleSearch } from './people-search.ts'

const user = (name: string, more: Partial<UserRow> = {}): UserRow => ({
  id: name as UserRow['id'],
  name,
  displayName: `${name} of Hakone`,
  email: undefined,
  role: 'user',
  groups: [],
  disabled: false,
  locked: false,
  lastSignInAtMs: 5,
  ...more,
})

test('users are found by what they are, and sorted', () => {
  const users = [
    user('ken', { groups: ['shop', 'readers'], lastSignInAtMs: 9 }),
    user('ann', { role: 'administrator', locked: true }),
    user('eve', { disabled: true, locked: true }),
    user('zoe', { lastSignInAtMs: undefined, email: 'zoe@shop.example' }),
  ]
  const names = (search: PeopleSearch) => findUsers(users, search).map(one => one.name)
  assert.deepEqual(names({}), ['ann', 'eve', 'ken', 'zoe'])
  assert.deepEqual(names({ sort: '-seen' }), ['ken', 'ann', 'eve', 'zoe'])
  assert.deepEqual(names({ q: 'SHOP hakone' }), ['ken', 'zoe'])
  assert.deepEqual(names({ role: 'administrator' }), ['ann'])
  assert.deepEqual(names({ group: 'shop' }), ['ken'])
  assert.deepEqual(names({ group: '-' }), ['ann', 'eve', 'zoe'])
  assert.deepEqual(names({ status: 'locked' }), ['ann'])
  assert.deepEqual(names({ status: 'disabled' }), ['eve'])
  assert.deepEqual(names({ status: 'never' }), ['zoe'])
  assert.deepEqual(names({ status: 'active' }), ['ken', 'zoe'])
})

test('the address keeps what it knows', () => {
  assert.deepEqual(parsePeopleSearch({ q: 1, role: 'king', status: 'never', sort: 'seen', x: 1 }), {
    q: '1',
    status: 'never',
    sort: 'seen',
  })
})
