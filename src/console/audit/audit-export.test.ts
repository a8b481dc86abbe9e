// Exports of the audit: each format read back, what is hostile in them tamed, and who may have what.

import assert from 'node:assert/strict'
import { after, before, describe, it, test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import type { AuditEntry } from '../../audit/audit.ts'
import type { AuditExportFormat } from './audit-contract.ts'
import { entryWriters } from './audit-export.ts'
import { type Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

const entry = (n: number, over: Partial<AuditEntry> = {}): AuditEntry => ({
  id: `id-${n}`,
  atMs: 1_795_000_000_000 + n,
  kind: 'statement',
  userName: 'ada',
  targetName: 'shop',
  sessionId: 's',
  address: '192.0.2.7',
  program: 'psql',
  credential: undefined,
  verb: 'SELECT',
  shape: 'SELECT $1',
  text: `SELECT '関所, "x"\n${n}'`,
  tables: ['public.a', 'public.b'],
  hidden: [],
  verdict: 'allowed',
  code: undefined,
  reason: undefined,
  decidedBy: [{ name: 'p', version: 3 }],
  strength: 'written',
  rows: n,
  bytes: 2 ** 40,
  durationMs: 0.5,
  result: 'ok',
  what: undefined,
  object: undefined,
  fields: undefined,
  sequence: n,
  hash: 'ab',
  ...over,
})

function written(format: AuditExportFormat, batches: readonly (readonly AuditEntry[])[]): Buffer {
  const writer = entryWriters[format]()
  const pieces = [writer.begin(), ...batches.map(batch => writer.batch(batch)), writer.end()]
  return Buffer.concat(pieces.map(piece => Buffer.from(piece as string)))
}

const batches = [[entry(1), entry(2, { userName: '=cmd()', text: undefined })], [], [entry(3)]]

test('Parquet is read back as it was written, over several row groups', async () => {
  const bytes = written('parquet', batches)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const rows = await parquetReadObjects({ file })
  assert.equal(rows.length, 3)
  assert.deepEqual(
    [
      rows[0]?.['at'],
      rows[0]?.['statement'],
      rows[0]?.['bytes'],
      rows[0]?.['duration_ms'],
      rows[0]?.['tables'],
    ],
    [new Date(1_795_000_000_001), `SELECT '関所, "x"\n1'`, BigInt(2 ** 40), 0.5, 'public.a, public.b'],
  )
  assert.equal(rows[1]?.['statement'] ?? undefined, undefined)
  assert.equal(rows[1]?.['user'], '=cmd()')
  assert.equal(rows[2]?.['rows'], 3n)
})

test('an empty file of each format is a whole one', async () => {
  const bytes = written('parquet', [[]])
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  assert.deepEqual(await parquetReadObjects({ file }), [])
  assert.deepEqual(JSON.parse(written('json', []).toString()), [])
  assert.equal(written('csv', []).toString().split('\r\n').length, 2)
})

test('JSON is one array', () => {
  const found = JSON.parse(written('json', batches).toString()) as readonly AuditEntry[]
  assert.deepEqual(
    found.map(({ id }) => id),
    ['id-1', 'id-2', 'id-3'],
  )
})

test('CSV quotes what needs it, and no cell is a formula', () => {
  const text = written('csv', batches).toString()
  assert.ok(text.startsWith('\ufeffat,id,kind,user,'))
  assert.ok(text.includes(`"SELECT '関所, ""x""\n1'"`))
  assert.ok(text.includes(`,'=cmd(),`))
  assert.ok(text.includes('2026-11-18T'))
})

describe('export', () => {
  let opened: OpenedConsole
  let admin: Browser
  let user: Browser
  before(async () => {
    opened = await openConsole()
    admin = await opened.person('root', 'administrator')
    user = await opened.person('ann', 'user')
    opened.entries.push(entry(1))
  })
  after(() => opened.close())

  const finished = async (browser: Browser, id: string) => {
    for (;;) {
      const job = (await browser.call('GET /api/jobs')).find(one => one.id === id)
      if (job === undefined || job.endedAtMs !== undefined) return job
    }
  }

  it('is on record first, writes what its owner may see, and is for its owner alone', async () => {
    const job = await user.call('POST /api/audit/exports', { filter: { userName: 'root' }, format: 'json' })
    const recorded = opened.events.find(event => event.kind === 'changed' && event.what === 'audit.exported')
    assert.ok(recorded?.kind === 'changed')
    assert.deepEqual(recorded.fields['userName'], [undefined, 'ann'])
    assert.equal(opened.asked.at(-1)?.userName, 'ann')
    const done = await finished(user, job.id)
    assert.deepEqual([done?.state, done?.done, done?.kind], ['done', 1, 'audit-export'])
    const file = await user.fetch('GET /api/jobs/:id/file', undefined, { id: job.id })
    assert.equal(((await file.json()) as readonly AuditEntry[])[0]?.id, 'id-1')
    assert.equal((await admin.fetch('GET /api/jobs/:id/file', undefined, { id: job.id })).status, 404)
  })

  it('takes only filters that there are', async () => {
    await assert.rejects(
      admin.call('POST /api/audit/exports', { filter: { drop: '1' }, format: 'csv' }),
      /400/,
    )
  })
})
