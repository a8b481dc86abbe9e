// The pure parts of the SQL page: tabs, runs, pieces, results as text, order, plans, charts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent, RunInput, SqlObject, SqlSession } from '../../../../src/console/contract.ts'
import { cellKind, hexLines } from './cell-kind.ts'
import { chartPoints, defaultChart } from './chart/chart-data.ts'
import { copyCells, type CopyFormat } from './copy-formats.ts'
import { KeptTabs, parseTab, type Shelf } from './kept-tabs.ts'
import { LiveTab, type SessionsAtServer } from './live-tab.ts'
import { matchColumns } from './panels/match-columns.ts'
import { explainText, hottest, readPlan } from './plan/plan-tree.ts'
import { placeInMessage, QueryRun, type RunPiece } from './query-run.ts'
import { requestNumberOf } from './request-number.ts'
import { rowOrder } from './row-order.ts'
import { tableOf } from './run-facts.ts'
import { askedKeys, chooseText, isReading, makePieces, piecesAgain } from './run-pieces.ts'
import { foundLines, treeLines } from './tree/tree-lines.ts'
import { Workspace } from './workspace.ts'

const now = (callback: () => void) => queueMicrotask(callback)

function memoryShelf(): Shelf {
  const kept = new Map<string, string>()
  return {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
  }
}

const noServer: SessionsAtServer = {
  open: () => Promise.reject(new Error('no server')),
  find: () => Promise.resolve(undefined),
  run: () => Promise.reject(new Error('no server')),
  stop: () => Promise.resolve(),
  close: () => Promise.resolve(),
  isGone: () => false,
}

function workspaceOver(shelf: Shelf, server: SessionsAtServer = noServer): Workspace {
  let ids = 0
  return new Workspace({
    kept: new KeptTabs(shelf, 'hana'),
    server,
    newId: () => `tab-${shelf.getItem('x') ?? ''}${(ids += 1)}`,
    onFrame: now,
  })
}

test('tabs come back with text, name, order and target, and only for their user', () => {
  const shelf = memoryShelf()
  const workspace = workspaceOver(shelf)
  const first = workspace.open('shop', { text: 'select 1' })
  const second = workspace.open('warehouse')
  workspace.change(second.id, { text: 'select 2', name: 'two', commit: 'manual' })
  workspace.move(second.id, 0)
  const again = new KeptTabs(shelf, 'hana').all()
  assert.deepEqual(
    again.map(({ text, name, targetId, commit, number }) => [text, name, targetId, commit, number]),
    [
      ['select 2', 'two', 'warehouse', 'manual', 2],
      ['select 1', '', 'shop', 'auto', 1],
    ],
  )
  assert.deepEqual(new KeptTabs(shelf, 'ken').all(), [])
  assert.equal(workspace.close(second.id)?.id, first.id)
  assert.equal(workspace.close(first.id), undefined)
  assert.deepEqual(new KeptTabs(shelf, 'hana').all(), [])
})

test('tabs of two windows do not undo each other, and what is broken is left out', () => {
  const shelf = memoryShelf()
  const one = new KeptTabs(shelf, 'hana')
  const other = new KeptTabs(shelf, 'hana')
  const tab = { id: 'a', targetId: 't', name: '', number: 1, text: 'a', commit: 'auto' } as const
  one.keep(tab)
  other.keep({ ...tab, id: 'b' })
  one.order(['a'])
  assert.deepEqual(one.ids(), ['a', 'b'])
  other.drop('a')
  assert.deepEqual(one.ids(), ['b'])
  for (const text of [null, '', '{', '[]', '{"id":1}', '{"id":"a"}']) assert.equal(parseTab(text), undefined)
  assert.equal(
    parseTab('{"id":"a","targetId":"t","text":5,"commit":"x","values":{"a":1,"b":null}}')?.text,
    '',
  )
})

async function* told(...events: readonly RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events
}

const done = (statement: number): RunEvent => ({
  kind: 'done',
  statement,
  command: 'SELECT',
  rows: 1,
  truncated: false,
  durationMs: 1,
})
const piece = (sql: string, from = 0): RunPiece => ({
  input: { sql, commit: 'auto' },
  written: offset => from + offset,
})
const session = (transaction: SqlSession['transaction']): RunEvent => ({
  kind: 'session',
  transaction,
  schema: 'public',
})

test('a run keeps rows as they come, counts statements over its pieces, and says how the session stands', async () => {
  const run = new QueryRun([piece('select 1'), piece('set x = 1')], now)
  const heard: string[] = []
  await run.follow(
    async ({ sql }) =>
      sql.startsWith('select')
        ? told(
            { kind: 'columns', statement: 0, columns: [{ name: 'a', type: 'text' }] },
            { kind: 'rows', statement: 0, rows: [['1'], [null]] },
            done(0),
            session('open'),
          )
        : told(done(0), session('none')),
    event => heard.push(event.transaction),
  )
  assert.equal(run.state.phase, 'ended')
  assert.deepEqual(run.state.results[0]?.rows, [['1'], [null]])
  assert.equal(run.state.commands[0]?.statement, 1)
  assert.deepEqual(heard, ['open', 'none'])
})

const failure = (more: Partial<Extract<RunEvent, { kind: 'error' }>>): RunEvent => ({
  kind: 'error',
  statement: 0,
  sqlState: '42601',
  message: 'no',
  hint: undefined,
  position: undefined,
  refused: false,
  ...more,
})

test('an error ends the run, with its place in the editor', async () => {
  const run = new QueryRun([piece('select 1', 10), piece('selct 𠮷, x', 20), piece('select 3', 40)], now)
  let sent = 0
  await run.follow(
    async () => told((sent += 1) === 2 ? failure({ position: 10 }) : done(0)),
    () => undefined,
  )
  assert.equal(sent, 2)
  assert.equal(run.state.phase, 'failed')
  assert.equal(run.state.failedPiece, 1)
  assert.equal(run.state.errorOffset, 20 + 'selct 𠮷, '.length)
  const text = 'select 1;\nselec 2 from x'
  assert.equal(placeInMessage(text, "You have an error … near 'selec 2 from x' at line 2"), 10)
  assert.equal(placeInMessage(text, "… near '' at line 2"), text.length - 1)
  assert.equal(placeInMessage(text, 'Unknown column'), undefined)
})

test('a stopped run takes what comes, sends nothing more, and a broken one says so', async () => {
  const stopped = new QueryRun([piece('a'), piece('b')], now)
  let sent = 0
  await stopped.follow(
    async () => {
      sent += 1
      stopped.stop()
      return told(failure({ message: 'canceling statement due to user request' }), session('failed'))
    },
    () => undefined,
  )
  assert.equal(sent, 1)
  assert.equal(stopped.state.phase, 'stopped')
  assert.equal(stopped.state.error, undefined)
  const broken = new QueryRun([piece('a')], now)
  await broken.follow(
    () => Promise.reject(new Error('no')),
    () => undefined,
  )
  assert.equal(broken.state.phase, 'failed')
  assert.ok(broken.state.problem instanceof Error)
})

const sessionRow = (id: string, transaction: SqlSession['transaction'] = 'none'): SqlSession => ({
  id,
  targetId: 't',
  openedAtMs: 0,
  transaction,
  schema: 'public',
  running: false,
})

function serverWith(has: Map<string, SqlSession>): SessionsAtServer & { readonly ran: string[] } {
  const ran: string[] = []
  return {
    ran,
    isGone: problem => problem instanceof Error && problem.message === 'gone',
    find: async id => has.get(id),
    open: async () => {
      const opened = sessionRow(`new-${has.size}`)
      has.set(opened.id, opened)
      return opened
    },
    run: async (id, input: RunInput) => {
      if (!has.has(id)) throw new Error('gone')
      ran.push(`${id}: ${input.sql}`)
      return told(done(0), session(input.sql === 'begin' ? 'open' : 'none'))
    },
    stop: async () => undefined,
    close: async id => void has.delete(id),
  }
}

test('a tab finds its connection again, or opens a new one', async () => {
  const has = new Map([['old', sessionRow('old', 'open')]])
  const server = serverWith(has)
  const kept: (string | undefined)[] = []
  const parts = { targetId: 't', server, onFrame: now, onSession: (id?: string) => void kept.push(id) }
  const found = new LiveTab({ ...parts, sessionId: 'old' })
  await found.attach()
  assert.equal(found.look().transaction, 'open')
  const lost = new LiveTab({ ...parts, sessionId: 'gone' })
  await lost.attach()
  assert.equal(lost.look().lost, true)
  await lost.start([piece('select 1')])
  assert.equal(lost.look().run?.state.phase, 'ended')
  assert.deepEqual(kept, [undefined, 'new-1'])
  await lost.close()
  assert.deepEqual([...has.keys()], ['old'])
})

test('what was meant for a transaction that is gone does not run outside of it', async () => {
  const has = new Map<string, SqlSession>()
  const server = serverWith(has)
  const tab = new LiveTab({
    targetId: 't',
    sessionId: undefined,
    server,
    onFrame: now,
    onSession: () => undefined,
  })
  await tab.start([piece('begin')])
  assert.equal(tab.look().transaction, 'open')
  has.clear()
  await tab.start([piece('delete from t')])
  assert.equal(tab.look().run?.state.phase, 'failed')
  assert.equal(tab.look().transaction, 'none')
  assert.deepEqual(server.ran, ['new-0: begin'])
})

test('what is run: the selection, the statement at the cursor, or everything', () => {
  const text = 'select 1;\nselect 2'
  const at = (from: number, to = from) =>
    chooseText(text, { from, to, head: to }, 'statement', 'postgres')?.text
  assert.equal(at(0), 'select 1')
  assert.equal(at(12), 'select 2')
  assert.equal(at(7, 8), '1')
  assert.equal(chooseText(text, { from: 0, to: 0, head: 0 }, 'all', 'postgres')?.text, text)
  assert.equal(chooseText('  ', { from: 0, to: 0, head: 0 }, 'all', 'postgres'), undefined)
})

test('texts with parameters are sent statement by statement, others at once', () => {
  const wishes = { protocol: 'postgres', commit: 'auto', rowsMax: 5, values: new Map([[':a', 'x']]) } as const
  assert.equal(makePieces({ text: 'select 1; select 2', from: 0 }, wishes).length, 1)
  const chosen = { text: 'select :a; select 2', from: 100 }
  assert.deepEqual(askedKeys(chosen, 'postgres'), [':a'])
  const pieces = makePieces(chosen, wishes)
  assert.deepEqual(
    pieces.map(({ input }) => [input.sql, input.parameters]),
    [
      ['select $1', ['x']],
      ['select 2', undefined],
    ],
  )
  assert.equal(pieces[1]?.written(0), 111)
})

test('after a refusal MySQL goes on where it stood, PostgreSQL begins again', async () => {
  const run = new QueryRun([piece('insert into a values (1); delete from b', 5)], now)
  await run.follow(
    async () => told(done(0), failure({ statement: 1, refused: true })),
    () => undefined,
  )
  const again = (protocol: 'mysql' | 'postgres') => piecesAgain(run, protocol, 'ticket 7')[0]
  assert.equal(again('mysql')?.input.sql, 'delete from b')
  assert.equal(again('mysql')?.written(0), 31)
  assert.equal(again('postgres')?.input.sql, 'insert into a values (1); delete from b')
  assert.equal(again('postgres')?.input.reason, 'ticket 7')
})

test('only what reads is run again without being asked', () => {
  assert.equal(isReading('-- all\nselect * from t'), true)
  assert.equal(isReading('with x as (delete from t returning *) select * from x'), false)
  assert.equal(isReading('update t set a = 1'), false)
  assert.deepEqual(tableOf('select * from shop.orders o where id = 1', 'postgres'), ['shop', 'orders'])
  assert.deepEqual(tableOf('select * from a, b', 'postgres'), [])
})

const cells = {
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'note', type: 'text' },
    { name: 'id', type: 'jsonb' },
  ],
  rows: [
    ['7', `it's | a "test"\n<b>`, '{"a":[1]}'],
    [null, '', null],
  ],
  protocol: 'postgres',
  table: ['public', 'Notes'],
} as const
const copied = (format: CopyFormat) => copyCells(cells, format)

test('cells are copied as every format wants them', () => {
  assert.equal(copied('tsvHead').split('\n')[0], 'id\tnote\tid')
  assert.deepEqual(JSON.parse(copied('json')), [
    { id: 7, note: `it's | a "test"\n<b>`, id_2: { a: [1] } },
    { id: null, note: '', id_2: null },
  ])
  assert.equal(
    copied('insert'),
    `INSERT INTO public."Notes" (id, note, id) VALUES\n  (7, 'it''s | a "test"\n<b>', '{"a":[1]}'),\n  (NULL, '', NULL);`,
  )
  assert.match(copied('markdown'), /\| 7 \| it's \\\| a "test"<br>&lt;b> \|/)
  assert.ok(copied('csv').includes('"it\'s | a ""test""\n<b>"'))
  const mysql = copyCells(
    {
      columns: [
        { name: 'a b', type: 'varbinary' },
        { name: 'c', type: 'varchar' },
      ],
      rows: [['0x4142', "\\'"]],
      protocol: 'mysql',
      table: [],
    },
    'insert',
  )
  assert.equal(mysql, "INSERT INTO table_name (`a b`, c) VALUES\n  (0x4142, '\\\\''');")
  // A numeral beyond what a JSON number holds stays text.
  const long = copyCells({ ...cells, rows: [['12345678901234567890', null, null]] }, 'json')
  assert.ok(long.includes('"12345678901234567890"'))
})

test('loaded rows are sorted as numbers or text, NULL last, and filtered', () => {
  const columns = [{ type: 'integer' }, { type: 'text' }]
  const rows = [
    ['10', 'b'],
    ['9', 'A'],
    [null, 'c'],
  ]
  assert.equal(rowOrder(rows, columns, undefined, ' '), undefined)
  assert.deepEqual(rowOrder(rows, columns, { column: 0, down: false }, ''), [1, 0, 2])
  assert.deepEqual(rowOrder(rows, columns, { column: 0, down: true }, ''), [0, 1, 2])
  assert.deepEqual(rowOrder(rows, columns, undefined, 'a'), [1])
})

test('a value is shown as what it is', () => {
  assert.equal(cellKind(null, 'text').kind, 'null')
  assert.deepEqual(cellKind('\\x4142', 'bytea'), { kind: 'bytes', bytes: Uint8Array.of(0x41, 0x42) })
  assert.equal(cellKind('{"a":1}', 'text').kind, 'json')
  assert.equal(cellKind('[not json', 'text').kind, 'text')
  assert.deepEqual(cellKind('2026-01-02 03:04:05.678901+09', 'timestamp with time zone'), {
    kind: 'time',
    atMs: Date.UTC(2026, 0, 1, 18, 4, 5, 678),
  })
  assert.deepEqual(cellKind('infinity', 'timestamp'), { kind: 'time', atMs: undefined })
  const [line] = hexLines(new TextEncoder().encode('Hello\n関所'), 10)
  assert.equal(line, '00000000  48 65 6c 6c 6f 0a e9 96  a2 e6 89 80              Hello.......')
})

test('plans of PostgreSQL and MariaDB become one kind of tree', () => {
  const postgres = readPlan(
    JSON.stringify([
      {
        Plan: {
          'Node Type': 'Hash Join',
          'Total Cost': 100,
          'Plan Rows': 5,
          Plans: [
            { 'Node Type': 'Seq Scan', 'Relation Name': 'orders', 'Total Cost': 80, 'Plan Rows': 1000 },
            { 'Node Type': 'Hash', 'Total Cost': 5, 'Plan Rows': 3 },
          ],
        },
      },
    ]),
  )
  assert.equal(postgres?.unit, 'cost')
  assert.equal(postgres && hottest(postgres.root).about, 'orders')
  assert.equal(postgres?.root.share, 15)
  const mariadb = readPlan(
    JSON.stringify({
      query_block: {
        select_id: 1,
        nested_loop: [
          { table: { table_name: 'a', access_type: 'ALL', rows: 3 } },
          { table: { table_name: 'b', access_type: 'ref', key: 'by_a', rows: 900 } },
        ],
      },
    }),
  )
  assert.equal(mariadb?.unit, 'rows')
  assert.equal(mariadb && hottest(mariadb.root).about, 'b · by_a')
  assert.equal(readPlan('Seq Scan on t'), undefined)
  assert.equal(readPlan('{"a":1}'), undefined)
  assert.equal(explainText('select 1', 'mysql'), 'EXPLAIN FORMAT=JSON select 1')
})

test('a chart begins with what is likely wanted', () => {
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'day', type: 'date' },
    { name: 'total', type: 'numeric' },
  ]
  assert.deepEqual(defaultChart(columns), { kind: 'line', x: 1, y: [2] })
  assert.equal(defaultChart([{ name: 'a', type: 'text' }]), undefined)
  const points = chartPoints(
    columns,
    [
      ['1', '2026-01-02', '5'],
      ['2', '2026-01-01', null],
      ['3', null, '7'],
    ],
    { kind: 'line', x: 1, y: [2] },
  )
  assert.deepEqual(points.xs, [Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 0, 2) / 1000])
  assert.deepEqual(points.ys, [[null, 5]])
  const bars = chartPoints(columns, [['1', 'x', '5']], { kind: 'bar', x: 1, y: [2] })
  assert.deepEqual(bars.labels, ['x'])
})

test('the tree draws only what it knows, and waits for the rest', () => {
  const object = (name: string): SqlObject => ({
    schema: 'public',
    name,
    kind: 'table',
    comment: undefined,
    hides: false,
  })
  const column = { name: 'id', type: 'int', notNull: true, tags: [], inherited: [], hiddenAs: undefined }
  const state = {
    schemas: [
      { name: 'public', objects: 5 },
      { name: 'other', objects: 9 },
    ],
    opened: new Set(['public', 'public\u0000b']),
    loaded: new Map([['public', { pages: new Map([[0, [object('a'), object('b')]]]), total: 5 }]]),
    columns: new Map([
      [
        'public\u0000b',
        { schema: 'public', table: 'b', kind: 'table', comment: undefined, columns: [column] } as const,
      ],
    ]),
    pageSize: 2,
  }
  const kinds = treeLines(state).map(line => line.kind)
  assert.deepEqual(kinds, ['schema', 'object', 'object', 'column', 'waiting', 'waiting', 'waiting', 'schema'])
  assert.deepEqual(
    treeLines(state).flatMap(line => (line.kind === 'waiting' ? [line.page] : [])),
    [1, 1, 2],
  )
  assert.deepEqual(
    foundLines([object('b')], state).map(line => line.kind),
    ['object', 'column'],
  )
})

test('columns of a file find those of a table', () => {
  assert.deepEqual(matchColumns(['ID', 'e-mail', 'name', 'x'], ['id', 'Email', 'name']), {
    ID: 'id',
    'e-mail': 'Email',
    name: 'name',
    x: '',
  })
})

test('the number of a request is found where it is told', () => {
  assert.equal(requestNumberOf({ message: '', hint: undefined, request: 3 }), 3)
  assert.equal(requestNumberOf({ message: 'It needs approval.', hint: 'It is request #12; see it.' }), 12)
  assert.equal(requestNumberOf({ message: 'no number', hint: undefined }), undefined)
})
