// Rows to picture, against golden files.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { convertSchema } from './convert.ts'
import type { SchemaRows } from './catalog-rows.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'))
const rows = read('rows.json') as SchemaRows

test('rows of a real server make the golden picture', () => {
  const made: unknown = JSON.parse(JSON.stringify(convertSchema(rows, 0)))
  assert.deepEqual(made, read('snapshot.json'))
})

test('the version tells content apart, and nothing else', () => {
  const version = convertSchema(rows, 0).version
  assert.equal(convertSchema(rows, 5_000).version, version)
  const changed = { ...rows, facts: { ...rows.facts, searchPath: ['other'] } }
  assert.notEqual(convertSchema(changed, 0).version, version)
  const first = rows.columns[0]
  assert.ok(first)
  const renamed = { ...rows, columns: [{ ...first, name: 'renamed' }, ...rows.columns.slice(1)] }
  assert.notEqual(convertSchema(renamed, 0).version, version)
})

test('a kind that is not known is not taken for something else', () => {
  const [first] = rows.relations
  assert.ok(first)
  const odd = { ...rows, relations: [{ ...first, kind: 'x' }, ...rows.relations.slice(1)] }
  assert.throws(() => convertSchema(odd, 0), /'x'/)
})
