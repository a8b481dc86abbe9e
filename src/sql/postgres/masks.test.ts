// Masks: types are kept, names are qualified, the key stays inside.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MaskShape } from '../../core/verdict.ts'
import { maskExpression } from './masks.ts'
import { loadGrammar, parseText } from './parse.ts'

await loadGrammar()

const shapes: readonly MaskShape[] = [
  'email',
  'phone',
  'card',
  'name',
  'date',
  'number',
  'null',
  'constant',
  'hash',
]
const types = [
  'text',
  'character varying(20)',
  'character(16)',
  'public.citext',
  'uuid',
  'integer',
  'bigint',
  'smallint',
  'numeric(10,2)',
  'date',
  'timestamp with time zone',
  'timestamp(3) without time zone',
  'time without time zone',
  'bytea',
  'jsonb',
  'text[]',
  'public."Odd ""Type"',
]

const mask = (type: string, shape: MaskShape): string =>
  maskExpression({ name: 'c', type, notNull: false, generated: undefined }, shape, '"c"', 'ab12')

test('every mask of every type is one expression that ends in a cast to the type', () => {
  for (const type of types) {
    for (const shape of shapes) {
      const expression = mask(type, shape)
      assert.ok(expression.endsWith(`::${type}`), expression)
      assert.equal(parseText(`SELECT ${expression} FROM t`).length, 1)
    }
  }
})

test('masks name every function with its schema, and use no operator of the search path', () => {
  for (const type of types) {
    for (const shape of shapes) {
      const expression = mask(type, shape).replaceAll(/'[^']*'/g, "''")
      for (const call of expression.matchAll(/([\w."]+)\(/g)) {
        const name = call[1] ?? ''
        const grammar = ['ANY', 'varying', 'character', 'numeric', 'timestamp', 'OPERATOR'].includes(name)
        assert.ok(grammar || name.startsWith('pg_catalog.'), `${name} in ${expression}`)
      }
      assert.doesNotMatch(expression.replaceAll('OPERATOR(pg_catalog.=)', ''), /\|\||[<>=+*~]/)
    }
  }
})

test('what a type cannot take is NULL', () => {
  for (const type of ['jsonb', 'text[]', 'smallint', 'numeric(10,2)']) {
    for (const shape of shapes) assert.equal(mask(type, shape), `(NULL::${type})::${type}`)
  }
  assert.equal(mask('integer', 'email'), '(NULL::integer)::integer')
  assert.equal(mask('text', 'number'), '(NULL::text)::text')
})

test('the key is in hashes alone', () => {
  for (const shape of shapes) assert.equal(mask('text', shape).includes('ab12'), shape === 'hash')
})

test('the last digits of a card are not cut off by a short type', () => {
  assert.match(mask('character(16)', 'card'), /'\*{12}'/)
  assert.match(mask('character varying(19)', 'card'), /'\*{4} \*{4} \*{4} '/)
})
