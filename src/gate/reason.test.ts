// Reasons are read from the comment that a statement begins with, and from nowhere else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonCharsMax, reasonOf } from './reason.ts'

const rows: readonly (readonly [string, string | undefined])[] = [
  ['/* reason: ticket 4711 */ select 1', 'ticket 4711'],
  ['  \n/*REASON:a\n  b*/select 1', 'a b'],
  ['-- reason: fix it\nselect 1', 'fix it'],
  ['-- Reason: fix it', 'fix it'],
  ['select 1 /* reason: late */', undefined],
  ['/* reason: */ select 1', undefined],
  ['/* because */ select 1', undefined],
  ['/* reason: never closed', undefined],
  ['--reason: no blank\nselect 1', undefined],
  ['/* x */ /* reason: second */ select 1', undefined],
  ["'/* reason: text */'", undefined],
  ['', undefined],
]

for (const [text, reason] of rows)
  test(`reason of ${JSON.stringify(text)}`, () => assert.equal(reasonOf(text), reason))

test('a long reason is cut off', () => {
  assert.equal(reasonOf(`/* reason: ${'x'.repeat(5000)} */`)?.length, reasonCharsMax)
})
