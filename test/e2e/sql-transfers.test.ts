// Results into files, as jobs: at a real PostgreSQL and a real MariaDB, judged as exports, and without anything hidden.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ExportFormat, ImportPreview, JobRow } from '../../src/console/contract.ts'
import { type ApiClient, ApiFailure } from '../support/api-client.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type MysqlShop, mysqlServers, mysqlShopTags } from './mysql-shop.ts'
import { customersCount, marker, shopTags, startShop } from './shop.ts'

const policies = `
@id("staff")
permit(principal in Group::"staff", action in [Action::"connect", Action::"select", Action::"call", Action::"insert", Action::"define"], resource);
@id("exporters")
permit(principal in Group::"exporters", action in [Action::"export", Action::"import"], resource);
`

let shop: RunningPostgres
let mariadb: MysqlShop
let sekisho: RunningSekisho
let ann: Person
let bob: Person
const ids: Record<string, string> = {}

before(async () => {
  const [, startMariadb] = mysqlServers[0] ?? assert.fail()
  ;[shop, mariadb] = await Promise.all([startShop(), startMariadb()])
  sekisho = await startSekisho()
  ids['postgres'] = (await sekisho.addTarget('shop', shop)).id
  ids['mysql'] = (await sekisho.addTarget('kaufhaus', mariadb, { protocol: 'mysql' })).id
  for (const [id, all] of [
    [ids['postgres'], shopTags],
    [ids['mysql'], mysqlShopTags],
  ] as const)
    for (const { tags, ...where } of all)
      await sekisho.admin.call('PUT /api/targets/:id/tags', { ...where, tags }, { id: id ?? '' })
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', ['staff', 'exporters'])
  bob = await sekisho.addPerson('bob', ['staff'])
})

after(async () => {
  await sekisho?.stop()
  await Promise.all([shop?.stop(), mariadb?.stop()])
})

const begin = (api: ApiClient, target: string, sql: string, format: ExportFormat = 'csv') =>
  api.call(
    'POST /api/targets/:id/exports',
    { sql, format, fileName: '../ex/port' },
    { id: ids[target] ?? '' },
  )

async function ended(api: ApiClient, id: string): Promise<JobRow> {
  const end = performance.now() + 20_000
  for (;;) {
    const job = (await api.call('GET /api/jobs')).find(one => one.id === id) ?? assert.fail('no such job')
    if (job.endedAtMs !== undefined) return job
    assert.ok(performance.now() < end, JSON.stringify(job))
    await pause(20)
  }
}

async function fileOf(api: ApiClient, id: string): Promise<string> {
  const response = await api.fetch('GET /api/jobs/:id/file', undefined, { id })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename\*=UTF-8''_ex_port\./)
  return response.text()
}

for (const target of ['postgres', 'mysql'])
  describe(`exports from ${target}`, () => {
    for (const format of ['csv', 'json', 'sql', 'xlsx'] as const)
      it(`${format}: all rows, and nothing hidden`, async () => {
        const { id } = await begin(ann.api, target, 'select * from customers order by id', format)
        const job = await ended(ann.api, id)
        assert.deepEqual([job.state, job.done, job.problem], ['done', customersCount, undefined])
        assert.equal(job.fileName, `_ex_port.${format}`)
        const text = await fileOf(ann.api, id)
        assert.ok(!text.includes(marker))
        if (format === 'csv') assert.equal(text.split('\r\n').length, customersCount + 2)
        if (format === 'json') assert.equal((JSON.parse(text) as unknown[]).length, customersCount)
        if (format === 'sql') assert.match(text, target === 'mysql' ? /INSERT INTO `/ : /INSERT INTO "/)
        if (format === 'xlsx') assert.equal(text.slice(0, 2), 'PK')
      })

    it('policy decides, and it is on record as an export', async () => {
      const { id } = await begin(bob.api, target, 'select * from customers')
      const job = await ended(bob.api, id)
      assert.deepEqual([job.state, job.problem?.code], ['failed', 'statement.denied'])
      assert.match(job.problem?.message ?? '', /may not export/)
      await assert.rejects(fileOf(bob.api, id))
      const { id: good } = await begin(ann.api, target, 'select id from customers')
      await ended(ann.api, good)
      const name = target === 'mysql' ? 'kaufhaus' : 'shop'
      const recorded = (parts: readonly string[]) =>
        sekisho.auditUntil({ limit: 200 }, found =>
          found.some(entry => parts.every(part => JSON.stringify(entry).includes(part))),
        )
      const here = `"object":"${name}"`
      await recorded([here, '"what":"export.ended"', '"rows":[null,500]', '"format":[null,"csv"]', '"ok"'])
      await recorded([
        here,
        '"what":"export.ended"',
        '"userName":"bob"',
        '"result":[null,"statement.denied"]',
      ])
    })

    it('a job that is stopped stops the statement at the target, and leaves no file', async () => {
      const sleep = target === 'mysql' ? 'select sleep(61)' : 'select pg_sleep(61)'
      const { id } = await begin(ann.api, target, sleep)
      await until(async () => (await runs(target)) > 0)
      await ann.api.call('DELETE /api/jobs/:id', undefined, { id })
      assert.equal((await ended(ann.api, id)).state, 'stopped')
      await until(async () => (await runs(target)) === 0)
      await assert.rejects(fileOf(ann.api, id))
    })

    it('a text without a result, or with two, gives no file', async () => {
      for (const sql of [
        'select 1; select 2',
        'create temporary table gone (a int)',
        'select nothere from customers',
      ]) {
        const { id } = await begin(ann.api, target, sql)
        assert.equal((await ended(ann.api, id)).state, 'failed', sql)
      }
    })
  })

async function upload(
  api: ApiClient,
  target: string,
  name: string,
  body: string | Buffer,
): Promise<Response> {
  const path = `POST /api/targets/:id/uploads?name=${encodeURIComponent(name)}`
  return api.fetch(path, typeof body === 'string' ? Buffer.from(body) : body, { id: ids[target] ?? '' })
}

async function uploaded(
  api: ApiClient,
  target: string,
  name: string,
  body: string | Buffer,
): Promise<ImportPreview> {
  const response = await upload(api, target, name, body)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return JSON.parse(text) as ImportPreview
}

for (const target of ['postgres', 'mysql'])
  describe(`imports into ${target}`, () => {
    const schema = target === 'mysql' ? 'sekisho' : 'public'
    const table = { schema, name: 'stock' }
    const columns = [
      { from: 'id', to: 'id' },
      { from: 'what', to: 'label' },
    ]
    const ask = async (sql: string): Promise<unknown> => {
      if (target === 'mysql')
        return (await mariadb.asRoot(sql.replaceAll('stock', 'sekisho.stock')))[0]?.['n']
      return ((await shop.run(sql)).rows as readonly { readonly n: unknown }[])[0]?.n
    }
    const count = async (): Promise<number> => Number(await ask('select count(*) as n from stock'))
    const run = async (person: Person, preview: ImportPreview, more: object = {}): Promise<JobRow> => {
      const input = { uploadId: preview.uploadId, table, columns, ...more }
      const { id } = await person.api.call('POST /api/targets/:id/imports', input, { id: ids[target] ?? '' })
      return ended(person.api, id)
    }

    before(async () => {
      const sql = 'create table stock (id int primary key, label varchar(20))'
      if (target === 'mysql')
        await mariadb.asRoot(`${sql.replace('stock', 'sekisho.stock')} character set utf8mb4`)
      else await shop.run(sql)
    })

    it('CSV: shown first, then brought in as a whole', async () => {
      const lines = Array.from({ length: 1_000 }, (_, n) => `${n},"日本 ${n}; '--"`)
      const preview = await uploaded(ann.api, target, 'stock.csv', `id,what\n${lines.join('\n')}\n5000,\n`)
      assert.deepEqual(preview.columns, ['id', 'what'])
      assert.deepEqual(
        [preview.format, preview.rows.length, preview.rows[1]],
        ['csv', 50, ['1', "日本 1; '--"]],
      )
      const job = await run(ann, preview)
      assert.deepEqual([job.state, job.done, job.problem], ['done', 1_001, undefined])
      assert.equal(await count(), 1_001)
      assert.equal(await ask(`select label as n from stock where id = 7`), "日本 7; '--")
      assert.equal(await ask(`select label as n from stock where id = 5000`), null)
    })

    it('a bad row is named, and nothing of the file stays', async () => {
      const before = await count()
      const rows = Array.from({ length: 500 }, (_, n) => `${10_000 + n},x`)
      rows[456] = `10456,${'too long '.repeat(5)}`
      const preview = await uploaded(ann.api, target, 'stock.csv', `id,what\n${rows.join('\n')}`)
      const job = await run(ann, preview)
      assert.equal(job.state, 'failed')
      assert.match(job.problem?.message ?? '', /line 458: /)
      const collides = await run(
        ann,
        await uploaded(ann.api, target, 'stock.csv', 'id,what\n20000,a\n20001,b\n7,c\n'),
      )
      assert.match(collides.problem?.message ?? '', /line 4: /)
      assert.equal(await count(), before)
    })

    it('SQL: statement by statement, as one transaction', async () => {
      const before = await count()
      const name = target === 'mysql' ? '`stock`' : '"stock"'
      const good = `-- a dump;\nBEGIN;\ninsert into ${name} (id, label) values (30000, 'a;b');\ninsert into ${name} values (30001, null);\nCOMMIT;\n`
      const preview = await uploaded(ann.api, target, 'stock.sql', good)
      assert.deepEqual([preview.format, preview.statements.length], ['sql', 4])
      const sql = { table: undefined, columns: undefined }
      assert.equal((await run(ann, preview, sql)).state, 'done')
      assert.equal(await count(), before + 2)
      const bad = `insert into ${name} values (30002, null);\n\ninsert into ${name} values (30002, null)`
      const job = await run(ann, await uploaded(ann.api, target, 'stock.sql', bad), sql)
      assert.match(job.problem?.message ?? '', /line 3: /)
      assert.equal(await count(), before + 2)
    })

    it('what was exported to Excel comes back', async () => {
      const { id } = await begin(
        ann.api,
        target,
        `select id + 40000 as id, 'x' as what from orders order by id limit 300`,
        'xlsx',
      )
      await ended(ann.api, id)
      const response = await ann.api.fetch('GET /api/jobs/:id/file', undefined, { id })
      const bytes = Buffer.from(await response.arrayBuffer())
      const preview = await uploaded(ann.api, target, 'stock.xlsx', bytes)
      assert.deepEqual([preview.format, preview.columns], ['xlsx', ['id', 'what']])
      const before = await count()
      assert.deepEqual([(await run(ann, preview)).state, await count()], ['done', before + 300])
    })

    it('policy decides, and others do not see the file', async () => {
      const before = await count()
      const preview = await uploaded(bob.api, target, 'stock.csv', 'id,what\n50000,x\n')
      const job = await run(bob, preview)
      assert.deepEqual([job.state, job.problem?.code], ['failed', 'statement.denied'])
      assert.match(job.problem?.message ?? '', /may not import/)
      assert.equal(await count(), before)
      const input = { uploadId: preview.uploadId, table, columns }
      const other = await ann.api.fetch('POST /api/targets/:id/imports', input, { id: ids[target] ?? '' })
      assert.equal(other.status, 404)
      const elsewhere = ids[target === 'mysql' ? 'postgres' : 'mysql'] ?? ''
      const there = await bob.api.fetch('POST /api/targets/:id/imports', input, { id: elsewhere })
      assert.equal(there.status, 404)
    })
  })

it('no other route takes files', async () => {
  const response = await ann.api.fetch('POST /api/sql/saved', Buffer.from('{}'))
  assert.equal(response.status, 400)
})

it('a job is seen by its owner alone', async () => {
  const { id } = await begin(ann.api, 'postgres', 'select 1')
  await ended(ann.api, id)
  for (const api of [bob.api, sekisho.admin])
    for (const route of ['GET /api/jobs/:id/file', 'DELETE /api/jobs/:id'] as const)
      assert.equal((await api.fetch(route, undefined, { id })).status, 404)
  assert.deepEqual(
    (await bob.api.call('GET /api/jobs')).filter(job => job.id === id),
    [],
  )
  assert.ok((await fileOf(ann.api, id)).length > 0)
  await ann.api.call('DELETE /api/jobs/:id', undefined, { id })
  await assert.rejects(ann.api.call('DELETE /api/jobs/:id', undefined, { id }), ApiFailure)
})

async function until(wanted: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await wanted())) {
    assert.ok(performance.now() < end)
    await pause(20)
  }
}

/** How many statements of ours the target works on. */
async function runs(target: string): Promise<number> {
  if (target === 'mysql') {
    const [row] = await mariadb.asRoot(
      `select count(*) as n from information_schema.processlist where info like '%sleep(61)%' and info not like '%processlist%'`,
    )
    return Number(row?.['n'])
  }
  const { rows } = await shop.run(
    `select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(61)%' and state = 'active' and pid <> pg_backend_pid()`,
  )
  return Number((rows as readonly { readonly n: number }[])[0]?.n)
}
