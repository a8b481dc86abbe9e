// Rows come back from other programs as they went: quotes, line ends, NULL and empty apart.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toCsv, toTsv } from './csv.ts'

test('CSV quotes what would be read as more than one field', () => {
  assert.equal(toCsv(['a', 'b'], [['1,5', 'say "hi"']]), 'a,b\r\n"1,5","say ""hi"""\r\n')
  assert.equal(toCsv(['a'], [['two\nlines']]), 'a\r\n"two\nlines"\r\n')
  assert.equal(toCsv(['a'], [[' edge']]), 'a\r\n" edge"\r\n')
})

test('CSV keeps NULL and empty text apart', () => {
  assert.equal(toCsv(['a', 'b'], [[null, '']]), 'a,b\r\n,""\r\n')
})

test('TSV keeps a value with a tab in one cell', () => {
  assert.equal(toTsv(['a', 'b'], [['x\ty', null]]), 'a\tb\n"x\ty"\t')
  assert.equal(toTsv(undefined, [['1', '2']]), '1\t2')
})
