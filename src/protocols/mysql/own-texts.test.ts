// Which texts are a plain wish to kill a session.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killWish } from './own-texts.ts'

test('a session is killed by its number, whatever comments stand before', () => {
  for (const text of [
    'KILL 12',
    'kill connection 12;',
    '\n KILL HARD CONNECTION 12 ',
    '/* reason: stuck */ KILL 12',
    '-- stuck\n# for an hour\n/**/kill 12',
    '/* a /* b */KILL 12',
  ])
    assert.deepEqual(killWish(text), { kind: 'connection', id: 12 }, text)
  assert.deepEqual(killWish('/* x */ KILL SOFT QUERY 7'), { kind: 'query', id: 7 })
})

test('anything else is a statement', () => {
  for (const text of [
    'KILL @n',
    'KILL 1 + 1',
    'KILL USER somebody',
    'KILL 12; SELECT 1',
    '/*! SELECT 1 */ KILL 12',
    '/*M! SELECT 1 */ KILL 12',
    '--KILL 12',
    '-- KILL 12',
    '/* KILL 12',
    '/* x */ SELECT 1',
    '',
  ])
    assert.equal(killWish(text), undefined, text)
})

test('a text of nothing but comments does not take long', () => {
  const long = '/* */ -- x\n'.repeat(20_000)
  const startedMs = performance.now()
  assert.equal(killWish(`${long}/*`), undefined)
  assert.deepEqual(killWish(`${long}KILL 1`)?.id, 1)
  assert.ok(performance.now() - startedMs < 2000)
})
