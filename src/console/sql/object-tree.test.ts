// The object tree: pages, search, and speed with very many tables.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sight } from '../../core/verdict.ts'
import type { Relation, Routine, SchemaSnapshot } from '../../sql/schema.ts'
import { objectsOf, schemasOf } from './object-tree.ts'

const tables = 50_000
const snapshot = {
  version: '1',
  product: 'postgresql',
  schemas: ['public', 'empty', 'pg_catalog'],
  relations: Array.from(
    { length: tables },
    (_, n): Partial<Relation> => ({
      schema: n % 2 === 0 ? 'public' : 'Sales',
      name: `t_${n}`,
      kind: n === 7 ? 'sequence' : 'table',
      comment: undefined,
      columns: [],
    }),
  ).concat([{ schema: 'pg_catalog', name: 'pg_class', kind: 'table', comment: undefined, columns: [] }]),
  routines: [
    { schema: 'public', name: 'total', extension: undefined },
    { schema: 'public', name: 'total', extension: undefined },
    { schema: 'public', name: 'digest', extension: 'pgcrypto' },
  ] as readonly Partial<Routine>[],
} as unknown as SchemaSnapshot

const sight: Sight = {
  version: '1',
  hidesAnything: true,
  table: (schema, name) =>
    schema === 'public' && name === 't_0'
      ? { hidden: new Map([['email', { mask: 'email', tag: 'pii' }]]), rowFilter: undefined }
      : undefined,
}
const asked = { schema: undefined, search: undefined, offset: 0, limit: 500 }

test('schemas, with how much is in each, without those of the server', () => {
  assert.deepEqual(schemasOf(snapshot), [
    { name: 'Sales', objects: 25_000 },
    { name: 'empty', objects: 0 },
    { name: 'public', objects: 25_001 },
  ])
})

test('objects of a schema, page by page, with a mark where something is hidden', () => {
  const { objects, total } = objectsOf(snapshot, sight, { ...asked, schema: 'public', limit: 2 })
  assert.equal(total, 25_001)
  assert.deepEqual(
    objects.map(({ name, kind, hides }) => [name, kind, hides]),
    [
      ['t_0', 'table', true],
      ['t_10', 'table', false],
    ],
  )
  const last = objectsOf(snapshot, sight, { ...asked, schema: 'public', offset: 25_000 })
  assert.deepEqual(
    last.objects.map(({ name, kind }) => [name, kind]),
    [['total', 'routine']],
  )
})

test('search looks at schema and name, whatever their case', () => {
  const found = objectsOf(snapshot, sight, { ...asked, search: 'SALES.T_7' })
  assert.ok(found.objects.some(({ name, kind }) => name === 't_7' && kind === 'sequence'))
  assert.equal(found.total, 556)
  assert.equal(objectsOf(snapshot, sight, { ...asked, search: 'pg_class' }).total, 0)
})

test('50,000 tables are searched in a moment', () => {
  objectsOf(snapshot, sight, asked)
  const startedMs = performance.now()
  for (let turn = 0; turn < 20; turn++) objectsOf(snapshot, sight, { ...asked, search: `t_${turn}` })
  assert.ok((performance.now() - startedMs) / 20 < 50)
})
