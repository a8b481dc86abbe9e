// Clients that bend the protocol: no message order makes a statement be seen, recorded or answered as another.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import {
  bind,
  execute,
  fieldsOf,
  flush,
  type Message,
  message,
  parse,
  query,
  RawClient,
  run,
  sync,
  textOf,
} from './hostile/raw-client.ts'
import { marker, shopTags, startShop } from './shop.ts'

const policies = `
@id("all-work")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define", Action::"call", Action::"export", Action::"import"], resource);
`

let shop: RunningPostgres
let sekisho: RunningSekisho
let ann: Person
let targetId: string

before(async () => {
  shop = await startShop({ settings: { log_statement: 'all' } })
  await shop.run(`
    create table memo (id integer primary key, body text);
    create schema other;
    create table other.memo (id integer primary key, body text);
    insert into public.memo values (1, 'public');
    insert into other.memo values (1, 'other');
  `)
  sekisho = await startSekisho()
  const target = await sekisho.addTarget('shop', shop)
  targetId = target.id
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: target.id })
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', [])
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

const open = (): Promise<RawClient> => RawClient.open(ann.connection('shop'))
const errorIn = (heard: readonly Message[]): Readonly<Record<string, string>> => {
  const error = heard.find(one => one.type === 'E')
  assert.ok(error, `no error in ${textOf(heard)}`)
  return fieldsOf(error)
}

/** What the audit says became of a text. */
async function resultOf(text: string): Promise<string | undefined> {
  const entries = await sekisho.auditUntil(
    { kinds: ['statement'], userName: 'ann', limit: 200 } as never,
    all => all.some(entry => entry.text === text && entry.result !== undefined),
  )
  return entries.find(entry => entry.text === text)?.result
}

test('statements behind an error without a Sync are not sent, and what follows keeps its own answers', async () => {
  const client = await open()
  client.send(run('select 1 / 0'), flush)
  assert.equal(errorIn(await client.until('E'))['C'], '22012')
  client.send(query("select 'left out'"), query("select 'left out too'"), sync)
  await client.until('Z')
  const refused = await client.ask(query('no statement at all'))
  assert.match(errorIn(refused)['R'] ?? '', /^sekisho\./, 'the refusal belongs to another statement')
  const answered = await client.ask(query("select 'in step'"))
  assert.match(textOf(answered), /in step/)
  client.close()
  assert.ok(!shop.log().includes('left out'), 'the target saw what it was to leave out')
})

test('bytes behind a message that has none end the session', async () => {
  for (const type of ['H', 'S', 'c']) {
    const client = await open()
    client.send(message(type, 'junk'), query('select 1'), sync)
    assert.equal(errorIn(await client.until('E'))['C'], '08P01')
    await client.until('Z')
    assert.ok(client.isClosed)
  }
})

test('the search path is followed through commits and errors in one message', async () => {
  const client = await open()
  await client.ask(query('set search_path = other'))
  await client.ask(query('begin; set search_path = public; commit; select 1 / 0'))
  assert.match(textOf(await client.ask(query('select body from memo'))), /public/)
  await client.ask(query('begin; set search_path = other'))
  await client.ask(query('select 1 / 0'))
  await client.ask(query("commit; select 'afterwards'"))
  assert.match(textOf(await client.ask(query('select body from memo'))), /public/)
  client.close()
})

test('a rollback takes along what came before BEGIN in the same pipeline', async () => {
  const client = await open()
  client.send(run('set search_path = other'), run('begin'), run('select 1'), run('rollback'), sync)
  await client.until('Z')
  assert.match(textOf(await client.ask(query('select body from memo'))), /public/)
  client.close()
})

test('a message cannot put another statement behind a name that PREPARE gave', async () => {
  const client = await open()
  await client.ask(query('prepare p as select 1'))
  const closed = message('C', 'Sp\0')
  const heard = await client.ask(
    Buffer.concat([closed, parse('p', "insert into memo values (66, 'unseen')"), sync]),
  )
  assert.equal(errorIn(heard)['C'], '42P05')
  await client.ask(query('execute p'))
  client.close()
  assert.equal((await shop.run('select 1 from memo where id = 66')).rowCount, 0)
})

test('a portal cannot take the name of a cursor that SQL fetches from', async () => {
  const client = await open()
  await client.ask(query('begin; declare c cursor for select 1; rollback; begin'))
  client.send(parse('', "select 'through the portal'"), bind('c', ''), sync)
  assert.equal(errorIn(await client.until('Z'))['C'], '42P05')
  assert.doesNotMatch(textOf(await client.ask(query('fetch all from c'))), /through the portal/)
  client.close()
})

test('refusals in the middle of a pipeline never reach the target, and the rest behaves as after an error', async () => {
  const client = await open()
  const heard = await client.ask(
    Buffer.concat([
      run("insert into memo values (71, 'before')"),
      run('select pg_read_file(\'/etc/passwd\') as "never 71"'),
      run("insert into memo values (72, 'behind')"),
      sync,
      query("insert into memo values (73, 'after')"),
    ]),
    2,
  )
  assert.match(errorIn(heard)['R'] ?? '', /^sekisho\./)
  client.close()
  const { rows } = await shop.run('select id from memo where id > 70 order by id')
  assert.deepEqual(rows, [{ id: 73 }])
  assert.ok(!shop.log().includes('never 71'))
  assert.equal(await resultOf("insert into memo values (73, 'after')"), 'ok')
})

test('a portal that was bound before a column was hidden gives nothing more afterwards', async () => {
  const column = { schema: 'other', table: 'memo', column: 'body' }
  const client = await open()
  await client.ask(query('set search_path = other'))
  await client.ask(query('begin'))
  client.send(parse('', 'select body from memo'), bind('kept', ''), sync)
  await client.until('Z')
  await client.ask(query('set search_path = public'))
  await sekisho.admin.call('PUT /api/targets/:id/tags', { ...column, tags: ['pii.email'] }, { id: targetId })
  const heard = await client.ask(Buffer.concat([execute('kept'), sync]))
  assert.equal(errorIn(heard)['C'], '42501')
  assert.ok(!heard.some(one => one.type === 'D'))
  client.close()
  await sekisho.admin.call('PUT /api/targets/:id/tags', { ...column, tags: [] }, { id: targetId })
})

test('notifications of others carry no rows to somebody from whom columns are hidden', async () => {
  const client = await open()
  const listened = await client.ask(query('listen changes'))
  if (listened.some(one => one.type === 'C')) {
    await shop.run("select pg_notify('changes', row_to_json(c)::text) from customers c where id = 1")
    const heard = textOf(await client.ask(query('select 1')))
    assert.ok(!heard.includes(marker), 'a row came along with a notification')
  }
  client.close()
})

test('an account whose literals have backslashes by default does not change what a text means', async () => {
  await shop.run(`alter role ${shop.user} set standard_conforming_strings = off`)
  try {
    const client = await open()
    const heard = await client.ask(query(`select '\\', email, ' from customers order by id limit 1 --'`))
    assert.ok(!textOf(heard).includes(marker))
    assert.match(textOf(await client.ask(query('show standard_conforming_strings'))), /D:.*on/s)
    await client.ask(query('reset all'))
    assert.match(textOf(await client.ask(query('show standard_conforming_strings'))), /D:.*on/s)
    client.close()
  } finally {
    await shop.run(`alter role ${shop.user} reset standard_conforming_strings`)
  }
})

test('data behind a refused or failed COPY is not taken for anything', async () => {
  const client = await open()
  const data = message('d', '1\tx\n')
  client.send(query('copy customers from stdin'), data, message('c'), query("select 'still in step'"))
  const heard = await client.until('Z', 2)
  assert.match(textOf(heard), /still in step/)
  client.send(
    query('copy memo from stdin'),
    message('d', 'not a number\tx\n'),
    message('c'),
    data,
    message('f', 'x\0'),
  )
  await client.until('Z')
  assert.match(textOf(await client.ask(query("select 'in step again'"))), /in step again/)
  client.close()
})

test('every statement of random pipelines that the target ran is on record, with its outcome', async () => {
  let state = 42
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
  let count = 0
  for (let round = 0; round < 12; round++) {
    const client = await open()
    for (let turn = 0; turn < 6; turn++) {
      const messages: Buffer[] = []
      for (let part = 0; part < 8; part++) {
        const mark = `pipeline ${count++}`
        const kinds = [
          () => run(`select '${mark}'`),
          () => query(`select '${mark}'; select '${mark} twice'`),
          () => run(`select '${mark}', 1 / 0`),
          () => run(`select pg_read_file('${mark}')`),
          () => query(`selec '${mark}'`),
          () => sync,
          () => flush,
          () => query(random(2) === 0 ? 'begin' : 'rollback'),
          () => message('c'),
          () => message('d', `${mark}\n`),
        ]
        messages.push(kinds[random(kinds.length)]?.() ?? sync)
      }
      messages.push(sync)
      // A simple query at the end is answered whatever stands before it.
      client.send(...messages, query('rollback'), query(`select 'end ${round}.${turn}'`))
      await untilText(client, `end ${round}.${turn}`)
    }
    client.close()
  }
  await sekisho.auditCarried()
  const entries: string[] = []
  let before: string | undefined
  for (;;) {
    const page = await sekisho.admin.call('GET /api/audit', {
      kinds: 'statement',
      userName: 'ann',
      limit: 500,
      ...(before === undefined ? {} : { before }),
    } as never)
    for (const entry of page) {
      assert.notEqual(entry.result, undefined, `no outcome of ${entry.text ?? ''}`)
      if (entry.verdict === 'allowed') entries.push(entry.text ?? '')
    }
    before = page.at(-1)?.id
    if (page.length < 500) break
  }
  const recorded = entries.join('\n')
  const ran = [...shop.log().matchAll(/(?:execute [^:]*|statement): (select '(?:pipeline|end) [\d.]+'.*)$/gm)]
  assert.ok(ran.length > 100)
  for (const [, text = ''] of ran) assert.ok(recorded.includes(text), `not on record: ${text}`)
  assert.doesNotMatch(shop.log(), /pg_read_file|selec '/)
})

async function untilText(client: RawClient, text: string): Promise<void> {
  let heard = ''
  while (!heard.includes(text)) {
    const more = await client.until('Z')
    assert.ok(more.length > 0 && !client.isClosed, `the session was ended: ${textOf(more)}`)
    heard += textOf(more)
  }
}
