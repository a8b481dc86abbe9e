// Whole policies changed in a text, with every other character as it was.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  appended,
  cutAt,
  freeName,
  isDisabled,
  joined,
  placeIn,
  swapped,
  switched,
  without,
  withPolicy,
} from './policy-pieces.ts'

const a = '// why a\n@id("a")\npermit (principal, action, resource);'
const b = '@id("b") permit (principal, action, resource);'
const text = `${a}\n\n\n${b}\n// the end\n`
const first = { start: 0, end: a.length }
const second = { start: a.length, end: a.length + 3 + b.length }

test('a text is cut at a policy, and joined again', () => {
  const cut = cutAt(text, second)
  assert.deepEqual([cut.body, cut.after], [b, '\n// the end\n'])
  assert.equal(joined(cut), text)
})

test('comments before a policy outlive its form', () => {
  assert.equal(withPolicy(a, b), `// why a\n${b}`)
})

test('a policy is switched off and on', () => {
  const off = switched(a, false)
  assert.equal(off, '// why a\n@disabled("true")\n@id("a")\npermit (principal, action, resource);')
  assert.equal(isDisabled(off), true)
  assert.equal(isDisabled('// @disabled("true")\n@id("a") permit(principal, action, resource);'), false)
  assert.equal(switched(off, false), off)
  assert.equal(switched(off, true), a)
})

test('policies change places, and one goes', () => {
  assert.equal(swapped(text, first, second), `${b}\n\n\n${a}\n// the end\n`)
  assert.equal(without(text, second), `${a}\n// the end\n`)
  assert.equal(without(text, first), `${b}\n// the end\n`)
  assert.equal(appended(`${a}\n\n`, b), `${a}\n\n${b}`)
  assert.equal(appended('\n', b), b)
})

test('names and places', () => {
  assert.equal(freeName('new', new Set(['new', 'new-2'])), 'new-3')
  const cut = cutAt(text, second)
  assert.deepEqual(placeIn(text, cut, 6, 5), { line: 1, column: 5 })
  assert.equal(placeIn(text, cut, 1, 1), undefined)
  assert.equal(placeIn(text, cut, 60, 1), undefined)
  assert.deepEqual(placeIn(text, cutAt(text, first), 2, 3), { line: 2, column: 3 })
})
