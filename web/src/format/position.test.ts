// Positions of the server, in characters, meet those of the editor, in UTF-16 units.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineAndColumn, offsetOfPosition } from './position.ts'

test('characters beyond the first plane count once', () => {
  assert.equal(offsetOfPosition('select 1', 8), 7)
  assert.equal(offsetOfPosition("'𠮷野', x", 7), 7)
  assert.equal(offsetOfPosition('ab', 99), 2)
})

test('lines and columns begin at one', () => {
  assert.deepEqual(lineAndColumn('a\nbc', 0), { line: 1, column: 1 })
  assert.deepEqual(lineAndColumn('a\nbc', 3), { line: 2, column: 2 })
})
