// Lifting literals: what is lifted, what is told apart, and what is left alone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { liftLiterals } from './lift.ts'

const formOf = (text: string): string | undefined => liftLiterals(text)?.form
const literalsOf = (text: string): readonly string[] | undefined => {
  const lifted = liftLiterals(text)
  return lifted?.literals.flatMap((start, index) =>
    index % 2 === 0 ? [text.slice(start, lifted.literals[index + 1])] : [],
  )
}

test('numbers and plain strings are lifted, wherever they stand', () => {
  assert.deepEqual(literalsOf("SELECT a1, t2.b3 FROM t2 WHERE x=5 AND y='it''s' AND z>1.50 LIMIT 3"), [
    '5',
    "'it''s'",
    '1.50',
    '3',
  ])
  assert.deepEqual(literalsOf('SELECT \'日本\', "c 1", "x""2", $1, id-1, \'\' FROM é1'), [
    "'日本'",
    '1',
    "''",
  ])
  assert.deepEqual(literalsOf('SELECT a FROM b'), [])
})

test('texts that differ in values alone have one form', () => {
  assert.equal(formOf("SELECT 1, 'a'"), formOf("SELECT 77, 'b''b; -- '"))
  for (const [one, other] of [
    ['SELECT 1', 'SELECT 2147483648'],
    ['SELECT 2147483647', 'SELECT 2147483648'],
    ['SELECT 9223372036854775807', 'SELECT 9223372036854775808'],
    ['SELECT 1', 'SELECT 1.0'],
    ['SELECT 1', "SELECT '1'"],
    ['SELECT 1', 'SELECT  1'],
    ['SELECT 1', 'SELECT -1'],
    ['SELECT a', 'SELECT A'],
    ["SELECT 'a' 'b'", "SELECT 'a''b'"],
  ] as const)
    assert.notEqual(formOf(one), formOf(other), one)
  assert.equal(formOf('SELECT 0000000001'), formOf('SELECT 1'))
})

test('what needs thought is not lifted', () => {
  for (const text of [
    "SELECT E'a'",
    "SELECT e'a\\'",
    "SELECT B'1'",
    "SELECT X'1f'",
    "SELECT N'a'",
    "SELECT U&'a'",
    "SELECT U& 'a', x&'a'",
    'SELECT $$a$$',
    'SELECT $a$b$a$',
    'SELECT $1a',
    "SELECT 'open",
    'SELECT "open',
    'SELECT 1e5',
    'SELECT 0x1F',
    'SELECT 1_000',
    'SELECT .5',
    'SELECT 1..2',
    'SELECT 1.2.3',
    'SELECT 1a',
    'SELECT 1 -- x',
    'SELECT 1 /* x */',
    "SELECT '$1'",
    "SELECT 'a\0'",
    'SELECT 1\0',
    'SELECT 1\u0001',
    'SELECT "\u0001"',
    "SELECT '\ud800'",
  ])
    assert.equal(liftLiterals(text), undefined, text)
})
