// Which statements a query rule is for.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Target } from '../core/target.ts'
import { compileRules, onlyReads, type QueryRule } from './rules.ts'

const shop = { name: 'shop', protocol: 'postgres' } as Target
const rule = (more: Partial<QueryRule>): QueryRule => ({
  name: 'r',
  verdict: 'deny',
  match: 'pattern',
  value: '',
  note: '',
  ...more,
})
const fits = (more: Partial<QueryRule>, shape: string, text = shape, target = shop) =>
  compileRules(1, [rule(more)]).find(target, text, shape) !== undefined

test('patterns: stars stand for anything, capitals do not matter, ends count', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['select *', 'SELECT 1', true],
    ['select *', ' select 1', false],
    ['*from t', 'select a from t', true],
    ['*from t', 'select a from t2', false],
    ['a*b*c', 'a b b c', true],
    ['a*b*c', 'a c b', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['show x', 'show x', true],
    ['show x', 'show xy', false],
    ['a**c', 'abc', true],
    ['a.c', 'abc', false],
  ]
  for (const [value, shape, expected] of rows)
    assert.equal(fits({ value }, shape), expected, `${value} ~ ${shape}`)
})

test('no pattern takes long, whatever it holds', () => {
  const startMs = performance.now()
  fits({ value: `${'a*'.repeat(4000)}b` }, 'a'.repeat(4000))
  assert.ok(performance.now() - startMs < 200)
})

test('shapes and texts fit exactly; targets and families leave others out', () => {
  assert.equal(fits({ match: 'shape', value: 'select $1' }, 'select $1', 'select 5'), true)
  assert.equal(fits({ match: 'shape', value: 'select $1' }, 'SELECT $1'), false)
  assert.equal(fits({ match: 'text', value: 'select 5' }, 'select $1', 'select 5'), true)
  assert.equal(fits({ match: 'text', value: 'select 5' }, 'select $1', 'select 5 '), false)
  assert.equal(fits({ value: 'x', target: 'shop' }, 'x'), true)
  assert.equal(fits({ value: 'x', target: 'crm' }, 'x'), false)
  assert.equal(fits({ value: 'x', protocol: 'mysql' }, 'x'), false)
})

test('the first rule that fits decides; texts that rules name are known', () => {
  const set = compileRules(2, [
    rule({ name: 'a', value: 'x', target: 'crm' }),
    rule({ name: 'b', verdict: 'allow', value: 'x' }),
    rule({ name: 'c', value: '*' }),
    rule({ name: 'd', match: 'text', value: 'select 5' }),
  ])
  assert.equal(set.find(shop, 'x', 'x')?.name, 'b')
  assert.equal(set.find(shop, 'y', 'y')?.name, 'c')
  assert.equal(set.namesText('select 5'), true)
  assert.equal(set.namesText('select 6'), false)
})

test('only what reads and nothing else may be noise', () => {
  const statement = (
    effects: readonly ('select' | 'update' | 'export')[],
    target: readonly 'call'[] = [],
  ) => ({
    verb: '',
    functions: [],
    effects: target,
    tables: [{ schema: 's', table: 't', effects, reads: [], writes: [] }],
  })
  assert.equal(onlyReads([statement(['select'])]), true)
  assert.equal(onlyReads([statement(['select']), statement(['select', 'update'])]), false)
  assert.equal(onlyReads([statement(['select', 'export'])]), false)
  assert.equal(onlyReads([statement(['select'], ['call'])]), false)
})
