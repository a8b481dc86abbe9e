// What is kept of changed rows: the right rows, sealed, on record by their hash, opened by few and not whole; and no change without it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { AuditEntry, SnapshotShown } from '../../src/console/contract.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

/** Planted in values that must not be found anywhere. */
const marker = 'zq7secret'

const policies = `
@id("all")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"define"], resource)
unless { principal.name == "ben" };

@id("ben")
@row_filter("region = 'eu'")
permit(principal, action in [Action::"connect", Action::"select", Action::"update", Action::"delete"], resource)
when { principal.name == "ben" };
`

/** One product: how it is asked directly, and through Sekisho. */
interface Place {
  readonly name: string
  readonly schema: string
  direct(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** One session. @returns for each text what it answered, or the error's text */
  through(person: Person, ...texts: readonly string[]): Promise<readonly string[]>
}

let postgres: RunningPostgres
let mariadb: Mariadb
let sekisho: RunningSekisho
let ann: Person
let ben: Person
let places: readonly Place[]

const rows = Array.from(
  { length: 6 },
  (_, n) => `(${n + 1}, 'p${n + 1}', '${marker}${n + 1}', '${n < 3 ? 'eu' : 'us'}', 0)`,
).join()

before(async () => {
  postgres = await startPostgres()
  mariadb = await startMariadb()
  await postgres.run(`
    create table people (id int primary key, name text, email text, region text, version int);
    insert into people values ${rows};
    create function step() returns trigger language plpgsql as $$ begin new.version := 41; return new; end $$;
    create trigger step before update on people for each row execute function step();`)
  await mariadb.asRoot(
    'use sekisho',
    'create table people (id int primary key, name varchar(40), email varchar(40), region varchar(40), version int)',
    `insert into people values ${rows}`,
    'create trigger step before update on people for each row set new.version = 41',
  )
  sekisho = await startSekisho()
  const targets = [
    await sekisho.addTarget('pg', postgres, { snapshotRowsMax: 3 }),
    await sekisho.addTarget('my', mariadb, { protocol: 'mysql', snapshotRowsMax: 3 }),
  ]
  for (const { id, name } of targets) {
    const schema = name === 'pg' ? 'public' : 'sekisho'
    const tag = { schema, table: 'people', column: 'email', tags: ['pii.email'] }
    await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id })
  }
  await sekisho.savePolicies(policies)
  ann = await sekisho.addPerson('ann', [])
  ben = await sekisho.addPerson('ben', [])
  places = [
    {
      name: 'pg',
      schema: 'public',
      direct: async sql => (await postgres.run(sql)).rows as readonly Readonly<Record<string, unknown>>[],
      async through(person, ...texts) {
        const client = new pg.Client(person.connection('pg'))
        await client.connect()
        const ask = (text: string) =>
          client.query(text).then(
            ({ rowCount }) => String(rowCount),
            (error: unknown) => (error as Error).message,
          )
        try {
          return await inTurn(texts, ask)
        } finally {
          await client.end()
        }
      },
    },
    {
      name: 'my',
      schema: 'sekisho',
      direct: async sql => mariadb.asRoot('use sekisho', sql),
      async through(person, ...texts) {
        const client = await createConnection(person.connection('my'))
        const ask = (text: string) =>
          client.query(text).then(
            ([result]) => String((result as { affectedRows?: number }).affectedRows),
            (error: unknown) => (error as Error).message,
          )
        return inTurn(texts, ask).finally(() => client.destroy())
      },
    },
  ]
})

after(async () => {
  await sekisho?.stop()
  await postgres?.stop()
  await mariadb?.stop()
})

async function inTurn(texts: readonly string[], ask: (text: string) => Promise<string>): Promise<string[]> {
  const said: string[] = []
  for (const text of texts) said.push(await ask(text))
  return said
}

async function statementOf(place: Place, text: string): Promise<AuditEntry> {
  await sekisho.auditCarried()
  const entries = await sekisho.admin.call('GET /api/audit', { targetName: place.name, limit: 500 })
  const found = entries.find(entry => entry.kind === 'statement' && entry.text === text)
  assert.ok(found, text)
  return found
}

async function shown(place: Place, text: string): Promise<SnapshotShown> {
  const { id } = await statementOf(place, text)
  return sekisho.admin.call('GET /api/audit/:id/snapshot', undefined, { id })
}

const hidden = { hidden: true }

const idOf = ({ before: row }: SnapshotShown['rows'][number]): string => JSON.stringify(row?.[0])

test('rows are those before and after, what triggers make of them included', async () => {
  for (const place of places) {
    const text = "update people set name = 'new' where id <= 2"
    assert.deepEqual(await place.through(ann, text), ['2'])
    const { columns, rows: kept, hasAfter, schema, table } = await shown(place, text)
    assert.deepEqual([schema, table, hasAfter], [place.schema, 'people', true])
    assert.deepEqual(
      columns.map(({ name, isKey, hidden: isHidden }) => [name, isKey, isHidden]),
      [
        ['id', true, false],
        ['name', false, false],
        ['email', false, true],
        ['region', false, false],
        ['version', false, false],
      ],
    )
    const sorted = kept.toSorted((a, b) => idOf(a).localeCompare(idOf(b)))
    assert.deepEqual(sorted[0], {
      before: ['1', 'p1', hidden, 'eu', '0'],
      after: ['1', 'new', hidden, 'eu', '41'],
      changed: [1, 4],
    })
    assert.equal(sorted.length, 2)
    const deletion = 'delete from people where id = 2'
    assert.deepEqual(await place.through(ann, deletion), ['1'])
    const gone = await shown(place, deletion)
    assert.equal(gone.hasAfter, false)
    assert.deepEqual(
      gone.rows,
      [{ before: ['2', 'new', hidden, 'eu', '41'], after: undefined, changed: [] }].map(
        row => JSON.parse(JSON.stringify(row)) as unknown,
      ),
    )
  }
})

test('of a person with a row filter only the rows are kept that they could change', async () => {
  for (const place of places) {
    const text = "update people set name = 'ben' where id in (3, 4, 5, 6)"
    assert.deepEqual(await place.through(ben, text), ['1'])
    assert.deepEqual(
      (await shown(place, text)).rows.map(({ before: row }) => row?.[0]),
      ['3'],
    )
  }
})

test('opening is on record first, for administrators alone, and leaves out what is hidden from them', async () => {
  for (const place of places) {
    const { id } = await statementOf(place, "update people set name = 'ben' where id in (3, 4, 5, 6)")
    for (const person of [ann, ben])
      await assert.rejects(
        person.api.call('GET /api/audit/:id/snapshot', undefined, { id }),
        /request.forbidden|not permitted/,
      )
    const answer = JSON.stringify(await sekisho.admin.call('GET /api/audit/:id/snapshot', undefined, { id }))
    assert.ok(!answer.includes(marker), answer)
    const opened = await sekisho.auditUntil({ kinds: ['changed'] }, entries =>
      entries.some(({ what, fields }) => what === 'snapshot.opened' && fields?.['statement']?.[1] === id),
    )
    const entry = opened.find(({ fields }) => fields?.['statement']?.[1] === id)
    assert.deepEqual(entry?.fields?.['hidden']?.[1], ['email'])
  }
  await assert.rejects(
    sekisho.admin.call('GET /api/audit/:id/snapshot', undefined, {
      id: '01a1ed0d-5600-7000-8000-000000000000',
    }),
    /not-found|no such/,
  )
})

test('whoever may see a column sees its values, and nobody sees one that is not known any more', async () => {
  const [place] = places
  assert.ok(place)
  const text = 'delete from people where id = 6'
  await place.through(ann, text)
  await sekisho.savePolicies(`${policies}
@id("reveal")
permit(principal, action == Action::"reveal", resource);`)
  const whole = await shown(place, text)
  assert.equal(whole.rows[0]?.before?.[2], `${marker}6`)
  const [away, back] = ['email to mail', 'mail to email'].map(
    names => `alter table people rename column ${names}`,
  )
  await place.through(ann, away ?? '')
  assert.deepEqual((await shown(place, text)).rows[0]?.before?.[2], hidden)
  await place.through(ann, back ?? '')
  assert.equal((await shown(place, text)).rows[0]?.before?.[2], `${marker}6`)
  await sekisho.savePolicies(policies)
})

test('values are nowhere in clear, and the chain has the hash of what is sealed', async () => {
  await sekisho.auditCarried()
  const files = (folder: string): readonly string[] =>
    readdirSync(folder).flatMap(name => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? files(path) : [path]
    })
  for (const path of files(sekisho.dataDir)) assert.ok(!readFileSync(path).includes(marker), path)
  const database = new DatabaseSync(join(sekisho.dataDir, 'sekisho.db'), { readOnly: true })
  const stored = database.prepare('select statement_id, part, sealed, hash from snapshots').all()
  database.close()
  const recorded = await sekisho.admin.call('GET /api/audit', { kinds: ['statement.snapshot'], limit: 500 })
  assert.ok(stored.length >= 8)
  for (const { statement_id: id, part, sealed, hash } of stored) {
    assert.equal(createHash('sha256').update(String(sealed)).digest('hex'), hash)
    const event = recorded.find(entry => entry.object === id && entry.what === part)
    assert.equal(event?.fields?.['hash']?.[1], hash)
  }
})

test('a snapshot that was changed is not opened', async () => {
  const [place] = places
  assert.ok(place)
  const text = "update people set name = 'forged' where id = 1"
  await place.through(ann, text)
  const { id } = await statementOf(place, text)
  const database = new DatabaseSync(join(sekisho.dataDir, 'sekisho.db'))
  database
    .prepare(
      'update snapshots set sealed = (select max(sealed) from snapshots where statement_id <> ?) where statement_id = ?',
    )
    .run(id, id)
  database.close()
  await assert.rejects(
    sekisho.admin.call('GET /api/audit/:id/snapshot', undefined, { id }),
    /internal|went wrong/,
  )
})

for (const part of ['before', 'after'])
  test(`without the rows ${part} a change there is no change`, async () => {
    const database = new DatabaseSync(join(sekisho.dataDir, 'sekisho.db'))
    database.exec(
      `create trigger full before insert on snapshots when new.part = '${part}' begin select raise(abort, 'full'); end`,
    )
    try {
      for (const place of places) {
        const [alone, begun, within, later, ended] = await place.through(
          ann,
          "update people set name = 'lost' where id = 1",
          'begin',
          "update people set name = 'lost' where id = 3",
          "update people set region = 'xx' where id = 4711",
          'commit',
        )
        assert.match(alone ?? '', /could not be kept, therefore they were not changed/)
        assert.match(within ?? '', /could not be kept, therefore they were not changed/)
        assert.deepEqual(
          await place
            .direct("select count(*) as n from people where name = 'lost'")
            .then(found => Number(found[0]?.['n'])),
          0,
          String([begun, later, ended]),
        )
        if (place.name === 'pg') assert.match(later ?? '', /aborted|not in the state/)
      }
    } finally {
      database.exec('drop trigger full')
      database.close()
    }
    for (const place of places)
      assert.deepEqual(await place.through(ann, "update people set name = 'kept' where id = 1"), ['1'])
  })

test('errors of our own questions are worded by us', async () => {
  for (const place of places) {
    const slow = place.name === 'pg' ? "set statement_timeout = '300ms'" : 'set innodb_lock_wait_timeout = 1'
    const holder = place.name === 'pg' ? 'pg' : 'my'
    const locked = lockRow(holder)
    const release = await locked
    const [, said] = await place.through(ann, slow, "update people set name = 'waits' where id = 1")
    await release()
    assert.match(
      said ?? '',
      place.name === 'pg'
        ? /^canceling statement due to/
        : /^The rows to be changed could not be locked or read/,
    )
  }
})

/** Holds a row of a target from outside. @returns what lets it go */
async function lockRow(name: string): Promise<() => Promise<void>> {
  if (name === 'pg') {
    const { host, port, database, user, password } = postgres
    const client = new pg.Client({ host, port, database, user, password })
    await client.connect()
    await client.query('begin; select * from people where id = 1 for update')
    return () => client.end()
  }
  const client = await createConnection({ socketPath: mariadb.socketPath, user: 'root', database: 'sekisho' })
  await client.query('begin')
  await client.query('select * from people where id = 1 for update')
  return () => client.end()
}

test('several statements at once are refused, and other kinds of change say that nothing is kept', async () => {
  const [place] = places
  assert.ok(place)
  const [said, merged] = await place.through(
    ann,
    "update people set name = 'a' where id = 1; update people set name = 'b' where id = 1",
    "insert into people values (1, 'a') on conflict (id) do update set name = 'again'",
  )
  assert.match(said ?? '', /the rows are kept as they were before/)
  assert.equal(merged, '1')
  const { id } = await statementOf(
    place,
    "insert into people values (1, 'a') on conflict (id) do update set name = 'again'",
  )
  const [event] = await sekisho.admin.call('GET /api/audit', { kinds: ['statement.snapshot'], search: id })
  assert.match(`${event?.what}: ${event?.reason}`, /^none: INSERT/)
})
