// Rows before and after a change: kept, sealed, on record, and unnoticed by the client that makes the change.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import type { AuditEntry } from '../../src/console/contract.ts'
import { says } from '../../src/protocols/postgres/conversation.test-part.ts'
import { ByteWriter } from '../../src/wire/byte-writer.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

const run = promisify(execFile)
const rowsMax = 5

const seed = `
create table people (id integer primary key, name text not null, email text, version integer not null default 0);
insert into people select n, 'p' || n, 'p' || n || '@zq7.example', 0 from generate_series(1, 20) n;
create table keyless (id integer, note text);
insert into keyless values (1, 'one'), (2, 'two');
create function step() returns trigger language plpgsql as $$ begin new.version := new.version + 1; return new; end $$;
create trigger step before update on people for each row execute function step();
create table pairs (a integer, b integer, c text, primary key (a, b), unique (c) deferrable initially deferred);
insert into pairs values (1, 1, 'x'), (1, 2, 'y'), (2, 1, 'z');
create schema other;
create table other.people (id integer, email text);
insert into other.people values (1, 'elsewhere');
create function step_back() returns void language sql as 'update pairs set c = c || c where a = 2';
create procedure step_on() language sql as 'update pairs set c = c || c where a = 2';
`

const policies = `
@id("all")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"import", Action::"export"], resource);

@id("ben-sees-few")
@row_filter("id < 10")
permit(principal == User::"ben", action in [Action::"select", Action::"update"], resource == Table::"public.people");
`

let plain: RunningPostgres
let kept: RunningPostgres
let sekisho: RunningSekisho
let ann: Person

before(async () => {
  ;[plain, kept] = await Promise.all([startPostgres(), startPostgres()])
  await Promise.all([plain.run(seed), kept.run(seed)])
  sekisho = await startSekisho()
  await sekisho.addTarget('plain', plain)
  await sekisho.addTarget('kept', kept, { snapshotRowsMax: rowsMax })
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', [])
})

after(async () => {
  await sekisho?.stop()
  await Promise.all([plain?.stop(), kept?.stop()])
})

/** Messages of a client, up to the next moment at which it waits. */
type Step = readonly Buffer[]

const bind = (portal: string, name: string, values: readonly (string | null)[]): Buffer => {
  const body = new ByteWriter().zeroEnded(portal).zeroEnded(name).int16(0).int16(values.length)
  for (const value of values) {
    if (value === null) body.int32(-1)
    else body.int32(Buffer.byteLength(value)).text(value)
  }
  const rest = body.int16(0).take()
  return Buffer.concat([
    new ByteWriter()
      .text('B')
      .int32(rest.length + 4)
      .take(),
    rest,
  ])
}

const parse = (name: string, text: string): Buffer => says.parse(name, text)
const { query, execute, describe: ask, sync, flush } = says

/** All that a client hears from its first step to its last, each step up to so many `ReadyForQuery`. */
async function hears(target: string, steps: readonly Step[], person = ann): Promise<readonly string[]> {
  const client = new pg.Client(person.connection(target))
  await client.connect()
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  client.on('error', () => {})
  stream.removeAllListeners('data')
  const heard: string[] = []
  try {
    for (const step of steps) {
      stream.write(Buffer.concat(step))
      const wanted = step.filter(one => one[0] === 0x51 || one[0] === 0x53).length
      heard.push(await untilReady(stream, wanted))
    }
  } finally {
    stream.removeAllListeners('data')
    stream.destroy()
  }
  return heard
}

async function untilReady(stream: Socket, wanted: number): Promise<string> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    let at = 0
    let ready = 0
    while (bytes.length - at >= 5 && bytes.length - at > bytes.readInt32BE(at + 1)) {
      if (bytes[at] === 0x5a) ready += 1
      at += 1 + bytes.readInt32BE(at + 1)
    }
    if (ready === wanted) return bytes.toString('latin1')
    const [chunk] = (await once(stream, 'data')) as [Buffer]
    bytes = Buffer.concat([bytes, chunk])
  }
}

const snapshotsOf = async (text: string): Promise<readonly AuditEntry[]> => {
  await sekisho.auditCarried()
  const entries = await sekisho.admin.call('GET /api/audit', { targetName: 'kept', limit: 500 })
  const of = entries
    .filter(entry => entry.kind === 'statement' && entry.text?.includes(text))
    .map(({ id }) => id)
  assert.ok(of.length > 0, text)
  return entries
    .filter(({ kind, object }) => kind === 'statement.snapshot' && of.includes(object ?? ''))
    .toReversed()
}

const inWords = (entries: readonly AuditEntry[]): readonly string[] =>
  entries.map(({ what, reason, fields }) =>
    what === 'none'
      ? `none: ${reason}`
      : `${what} ${String(fields?.['table']?.[1])} ${String(fields?.['rows']?.[1])}`,
  )

/** The same to a target that keeps rows and to one that does not. */
async function same(steps: readonly Step[], person = ann): Promise<void> {
  const [without, withRows] = [await hears('plain', steps, person), await hears('kept', steps, person)]
  steps.forEach((_, at) => assert.equal(withRows[at], without[at], `step ${at}`))
  const table = 'select * from people order by id'
  assert.deepEqual(await kept.run(table), await plain.run(table))
}

describe('PostgreSQL', () => {
  test('simple queries, alone and in a transaction', async () => {
    await same([
      [query("update people set name = 'simple1' where id = 1")],
      [query("update people set name = 'simple2' where id in (2, 3) returning *")],
      [query("delete from people where name = 'simple1'")],
      [query('begin')],
      [query("update people set name = 'inside' where id = 4")],
      [query('update people set name = 1 / 0 where id = 4')],
      [query("update people set name = 'late' where id = 4")],
      [query('rollback')],
      [query('begin')],
      [query("update people set name = 'committed' where id = 4")],
      [query('savepoint s')],
      [query('delete from people where id = 5')],
      [query('rollback to s')],
      [query('commit')],
      [query("update people set name = 'nobody' where id = 4711")],
      [query('update people set name = null where id = 6')],
      [query('update people set nothing = 1 where id = 6')],
      [query("update people set name = 'x' where 1 / (id - 7) > 0")],
      [query("update people set name = 'many'")],
      [query("update pairs set c = 'x' where b = 2")],
      [query('delete from keyless where id = 1; -- gone')],
      [query("update keyless set note = 'zwei' where id = 2")],
    ])
    assert.deepEqual(inWords(await snapshotsOf('simple1')), [
      'before public.people 1',
      'after public.people 1',
      'before public.people 1',
    ])
    assert.deepEqual(inWords(await snapshotsOf('simple2')), [
      'before public.people 2',
      'after public.people 2',
    ])
    assert.deepEqual(inWords(await snapshotsOf("'many'")), ['none: More than 5 rows change.'])
    assert.deepEqual(inWords(await snapshotsOf("'nobody'")), [])
    assert.match(
      inWords(await snapshotsOf("'zwei'")).join(),
      /^before public.keyless 1,none: Not kept.*no unique key/,
    )
  })

  test('the extended protocol: parameters, pipelines, portals and errors', async () => {
    await same([
      [
        parse('u', 'update people set name = $2 where id = $1'),
        ask('S', 'u'),
        bind('', 'u', ['8', 'ext8']),
        execute(''),
        sync,
      ],
      [bind('', 'u', ['9', 'ext9']), execute(''), bind('', 'u', ['10', 'ext10']), execute(''), sync],
      [bind('', 'u', ['9', 'lost']), execute(''), bind('', 'u', ['ten', 'x']), execute(''), sync],
      [
        bind('', 'u', ['9', 'lost']),
        execute(''),
        bind('', 'u', ['9', null]),
        execute(''),
        bind('', 'u', ['9', 'z']),
        execute(''),
        sync,
      ],
      [
        parse('', 'update people set name = $1 where id > $2 returning id, version'),
        bind('p', '', ['cursor', '18']),
        ask('P', 'p'),
        execute('p', 1),
        execute('p', 1),
        execute('p', 5),
        sync,
      ],
      [query('begin')],
      [
        parse('', 'delete from people where id = any($1)'),
        bind('', '', ['{11,12}']),
        flush,
        execute(''),
        sync,
        parse('', 'select count(*) from people'),
        bind('', '', []),
        execute(''),
        sync,
      ],
      [query('commit')],
      [parse('', "update pairs set c = 'z' where a = 1 and b = 1"), bind('', '', []), execute(''), sync],
      [parse('', 'begin'), bind('', '', []), execute(''), bind('', 'u', ['13', 'ext13']), execute(''), sync],
      [parse('', 'commit'), bind('', '', []), execute(''), sync],
    ])
    assert.deepEqual(inWords(await snapshotsOf('name = $2 where id = $1')).slice(0, 2), [
      'before public.people 1',
      'after public.people 1',
    ])
    assert.deepEqual(inWords(await snapshotsOf('id = any($1)')), ['before public.people 2'])
  })

  test('what could change others than those that are kept is on record', async () => {
    const alone = (text: string): Step => [parse('', text), bind('', '', []), execute('')]
    await same([
      [query('begin')],
      [query('savepoint s')],
      [query('select 1 / 0')],
      [...alone('rollback to savepoint s'), ...alone("update people set name = 'back' where id = 15"), sync],
      [query('commit')],
      [query('begin')],
      [...alone('commit and/**/chain'), ...alone("update people set name = 'chained' where id = 16"), sync],
      [query('rollback')],
      [query("update people set name = 'chosen' where id = (select min(a) + 16 from pairs)")],
      [query('select step_back()')],
      [query('call step_on()')],
      [
        parse('', "update people set name = 'parts' where id in (17, 18) returning id"),
        bind('', '', []),
        execute('', 1),
        sync,
      ],
    ])
    assert.deepEqual(inWords(await snapshotsOf("'back'")), [
      'before public.people 1',
      'after public.people 1',
    ])
    assert.match(
      inWords(await snapshotsOf("'chosen'")).join(),
      /none: Other rows may have .* reads other tables/,
    )
    assert.match(inWords(await snapshotsOf('select step_back')).join(), /none: What the function step_back/)
    assert.match(inWords(await snapshotsOf('call step_on')).join(), /none: What a procedure changes/)
    assert.match(inWords(await snapshotsOf("'parts'")).join(), /none: How many rows changed is not known/)
  })

  test('what was set within a pipeline that cannot be committed is not taken for set', async () => {
    const alone = (text: string): Step => [parse('', text), bind('', '', []), execute('')]
    const taken = alone("update public.pairs set c = 'x' where a = 1 and b = 2")
    for (const pipeline of [
      [...alone('set search_path = other'), ...taken],
      [...taken, ...alone('set search_path = other')],
    ])
      await same([[...pipeline, sync], [query('select email from people where id = 1')]])
  })

  test('psql notices nothing', async () => {
    const said = async (target: string) => {
      const args = ['-X', '-a', '-v', 'ON_ERROR_STOP=0']
      const script = [
        "update people set name = 'psql' where id = 14;",
        'begin;',
        'delete from people where id = 14 returning name;',
        'rollback;',
      ].flatMap(text => ['-c', text])
      return run('psql', [...args, ...script], { env: { ...process.env, ...ann.environment(target) } })
    }
    assert.deepEqual(await said('kept'), await said('plain'))
    assert.deepEqual(inWords(await snapshotsOf("'psql'")), [
      'before public.people 1',
      'after public.people 1',
    ])
  })
})
