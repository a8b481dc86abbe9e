// What changed between two texts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffLines, foldSame } from './line-diff.ts'

const signs = { same: ' ', added: '+', removed: '-' } as const
const written = (before: string, after: string) =>
  diffLines(before, after).map(line => `${signs[line.kind]}${line.text}`)

test('the fewest lines are told as changed', () => {
  assert.deepEqual(written('a\nb\nc', 'a\nx\nc'), [' a', '-b', '+x', ' c'])
  assert.deepEqual(written('a\nb', 'a\nb'), [' a', ' b'])
  assert.deepEqual(written('a\nb\nc\nd', 'b\nc\ne\nd'), ['-a', ' b', ' c', '+e', ' d'])
  assert.deepEqual(written('a\na', 'a'), [' a', '-a'])
})

test('either text comes out of the lines again', () => {
  const before = Array.from({ length: 60 }, (_, index) => `line ${(index * 7) % 13}`).join('\n')
  const after = Array.from({ length: 50 }, (_, index) => `line ${(index * 5) % 11}`).join('\n')
  const lines = diffLines(before, after)
  const side = (left: string) => lines.flatMap(line => (line.kind === left ? [] : [line.text])).join('\n')
  assert.equal(side('added'), before)
  assert.equal(side('removed'), after)
})

test('a text too long to compare is told as replaced', () => {
  const long = (word: string) => Array.from({ length: 2_100 }, (_, index) => `${word} ${index}`).join('\n')
  const lines = diffLines(long('a'), long('b'))
  assert.equal(lines.length, 4_200)
})

test('what is far from a change is left out', () => {
  const before = Array.from({ length: 20 }, (_, index) => String(index)).join('\n')
  const folded = foldSame(diffLines(before, before.replace('10', 'ten')), 2)
  assert.deepEqual(
    folded.map(line => (line.kind === 'skipped' ? line.count : line.text)),
    [8, '8', '9', '10', 'ten', '11', '12', 7],
  )
})
