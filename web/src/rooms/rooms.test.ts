// The pure parts of the rooms: lists, filters, ranges, the run of a query.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry, TableRow } from '../../../src/console/contract.ts'
import { addressOf } from '../api/http.ts'
import { readEvents } from '../api/query-stream.ts'
import { auditFilter, mergeTrail, parseTrailFilter } from './audit/trail-filter.ts'
import { checkPassword } from './sign-in/password-rules.ts'
import { cutRange, stepCell } from './sql/cell-range.ts'
import { takeEvents } from './sessions/use-live.ts'
import { listTables } from './targets/list-tables.ts'
import { parseTags, problemsOf, wholeInput } from './targets/target-input.ts'

function table(
  schema: string,
  name: string,
  columns: readonly string[],
  hidden: readonly string[] = [],
): TableRow {
  return {
    schema,
    table: name,
    kind: 'table',
    comment: undefined,
    columns: columns.map(column => ({
      name: column,
      type: 'text',
      notNull: false,
      tags: hidden.includes(column) ? ['pii.email'] : [],
      inherited: [],
      hiddenAs: hidden.includes(column) ? ('email' as const) : undefined,
    })),
  }
}

const tables = [
  table('archive', 'events', ['id']),
  table('public', 'orders', ['id', 'total']),
  table('public', 'customers', ['id', 'email'], ['email']),
]

test('tables are listed by schema, public first, and found by column and tag', () => {
  const names = listTables(tables, '').map(item => (item.kind === 'schema' ? item.schema : item.table.table))
  assert.deepEqual(names, ['public', 'customers', 'orders', 'archive', 'events'])
  const found = listTables(tables, 'EMAIL').filter(item => item.kind === 'table')
  assert.deepEqual(
    found.map(item => [item.table.table, item.matching]),
    [['customers', ['email']]],
  )
  assert.equal(listTables(tables, 'nothing like it').length, 0)
})

test('an address that makes no sense is read as far as it does', () => {
  assert.deepEqual(
    parseTrailFilter({ range: '1h', kinds: ['statements', 'x'], masked: 'true', user: 7, verdict: 'maybe' }),
    {
      range: '1h',
      kinds: ['statements'],
      user: '7',
    },
  )
  const filter = auditFilter({ range: '1h', kinds: ['access'], q: 'x' }, 10_000_000)
  assert.deepEqual(filter, {
    kinds: ['sign-in', 'sign-in.failed', 'sign-out'],
    fromMs: 10_000_000 - 3_600_000,
    search: 'x',
  })
})

test('pages of the audit are merged newest first, each entry once, the later answer winning', () => {
  const entry = (id: string, result?: string) => ({ id, result }) as AuditEntry
  const merged = mergeTrail([entry('b'), entry('a', 'ok')], [entry('c'), entry('b', 'ok')])
  assert.deepEqual(
    merged.map(one => [one.id, one.result]),
    [
      ['c', undefined],
      ['b', 'ok'],
      ['a', 'ok'],
    ],
  )
})

test('the cursor of the grid stays within it', () => {
  const size = { rows: 100, columns: 4 }
  assert.deepEqual(stepCell({ row: 0, column: 0 }, 'ArrowUp', false, size, 20), { row: 0, column: 0 })
  assert.deepEqual(stepCell({ row: 90, column: 1 }, 'PageDown', false, size, 20), { row: 99, column: 1 })
  assert.deepEqual(stepCell({ row: 3, column: 3 }, 'ArrowDown', true, size, 20), { row: 99, column: 3 })
  assert.equal(stepCell({ row: 0, column: 0 }, 'x', false, size, 20), undefined)
  const rows = [
    ['a', 'b'],
    ['c', 'd'],
  ]
  assert.deepEqual(cutRange(rows, { anchor: { row: 1, column: 1 }, focus: { row: 0, column: 1 } }), [
    ['b'],
    ['d'],
  ])
})

test('a target is checked before it is sent, and empty secrets are not sent', () => {
  const input = {
    name: 'Shop',
    protocol: 'postgres',
    host: '',
    port: 0,
    database: 'd',
    account: 'a',
    tls: 'require',
    tags: {},
  } as const
  assert.deepEqual(problemsOf(input, ['env'], true), {
    name: 'invalidName',
    host: 'required',
    port: 'invalidPort',
    password: 'required',
    tags: 'invalidTag',
  })
  assert.deepEqual(parseTags(['env=prod', 'x']), { env: 'prod' })
  assert.equal('password' in wholeInput({ ...input, password: '' }, []), false)
})

test('the rules of a password are met one by one', () => {
  const rules = (next: string, again = next) =>
    checkPassword({ name: 'ken', current: 'old old old 1', next, again })
      .filter(rule => !rule.met)
      .map(rule => rule.rule)
  assert.deepEqual(rules('cedar lantern tide'), [])
  assert.deepEqual(rules('short'), ['ruleLength'])
  assert.deepEqual(rules('KEN and the cedar'), ['ruleName'])
  assert.deepEqual(rules('old old old 1'), ['ruleDifferent'])
  assert.deepEqual(rules('cedar lantern tide', 'other'), ['ruleSame'])
})

test('addresses are filled and filters written', () => {
  assert.equal(addressOf('GET /api/targets/:id', { id: 'a/b' }, undefined), '/api/targets/a%2Fb')
  assert.equal(
    addressOf(
      'GET /api/audit',
      {},
      { kinds: ['statement', 'changed'], masked: true, limit: 5, search: undefined },
    ),
    '/api/audit?kinds=statement%2Cchanged&masked=true&limit=5',
  )
})

const encoder = new TextEncoder()

test('events are read however the bytes are cut', async () => {
  const text = `{"kind":"notice","message":"関所"}\n{"kind":"notice","message":"b"}`
  const bytes = encoder.encode(text)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, cut))
        controller.enqueue(bytes.subarray(cut))
        controller.close()
      },
    })
    const messages: string[] = []
    for await (const event of readEvents(stream)) if (event.kind === 'notice') messages.push(event.message)
    assert.deepEqual(messages, ['関所', 'b'])
  }
})

test('a live view keeps the newest, with their ends, and counts what was left out', () => {
  const session = { id: 's', userName: 'ann', targetName: 'shop', program: 'psql' }
  const passed = (id: string) =>
    ({
      kind: 'statement',
      atMs: 1,
      session,
      id,
      verb: 'SELECT',
      shape: id,
      tables: [],
      hidden: [],
      verdict: 'allowed',
      reason: undefined,
    }) as const
  const ended = { kind: 'ended', id: 'a', rows: 1, bytes: 2, durationMs: 3, result: 'ok' } as const
  const start = { statements: [], dropped: 1, broken: true }
  const state = takeEvents(start, [passed('a'), passed('b'), ended, { kind: 'dropped', count: 4 }])
  assert.deepEqual(
    state.statements.map(one => [one.id, one.ended?.rows]),
    [
      ['b', undefined],
      ['a', 1],
    ],
  )
  assert.deepEqual([state.dropped, state.broken], [5, false])
  const many = takeEvents(
    start,
    Array.from({ length: 500 }, (_, n) => passed(String(n))),
  )
  assert.deepEqual([many.statements.length, many.statements[0]?.id], [200, '499'])
})
