// Both languages have the same keys, the same blanks to fill, and no words left over in the other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told } from '../../../src/core/errors.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>

function flat(words: Sections): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([section, entries]) =>
      Object.entries(entries).map(([key, text]) => [`${section}.${key}`, text] as const),
    ),
  )
}

const english = flat(en)
const japanese = flat(ja as Sections)
const blanks = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').toSorted((a, b) => a.localeCompare(b))

test('Japanese has every key, and no other', () => {
  const expected = [...english.keys()].filter(key => !key.endsWith('_one'))
  assert.deepEqual([...japanese.keys()].sort(), expected.sort())
})

test('both languages fill the same blanks', () => {
  for (const [key, text] of japanese) assert.deepEqual(blanks(text), blanks(english.get(key) ?? ''), key)
})

test('no text is empty', () => {
  for (const words of [english, japanese])
    for (const [key, text] of words) assert.notEqual(text.trim(), '', key)
})

test('Japanese is Japanese', () => {
  // Names of products and words of SQL are the same everywhere.
  const same = new Set([
    'app.name',
    'nav.sql',
    'connect.psql',
    'rules.postgres',
    'connect.mariadb',
    'connect.dsn',
    'mask.null',
    'sql.title',
    'sql.placeholder',
    'sql.nullWord',
  ])
  const left = [...japanese].filter(
    ([key, text]) => !same.has(key) && !/[\u3001-\u30ff\u4e00-\u9fff\uff00-\uffef]/.test(text),
  )
  assert.deepEqual(left, [])
})

test('every error of the server has words', () => {
  for (const code of Object.keys(told)) assert.ok(english.has(`errors.${code.replace(/[.-]/g, '_')}`), code)
})
