// The server database on both kinds: opening, migrating at once from many sides, writing checks, strictness.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { type Database, type DatabaseConfig, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { onEveryDatabase } from './every-database.contract.ts'

const run = promisify(execFile)

/** The text of a program that opens the database, writes once, and closes it. */
function serverOf(config: DatabaseConfig): string {
  const password = config.kind === 'mysql' ? config.password.reveal() : ''
  return `
    import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)}
    import { Secret } from ${JSON.stringify(new URL('../core/secret.ts', import.meta.url).href)}
    const config = ${JSON.stringify(config)}
    const database = await openDatabase({ ...config, password: new Secret(${JSON.stringify(password)}) })
    await database.ping()
    await database.close()`
}

/** The connection that holds a named lock of MySQL. */
async function holderOf(database: Database, name: string): Promise<number | null | undefined> {
  const found = await sql<{ holder: number | null }>`select is_used_lock(${name}) as holder`.execute(
    database.query,
  )
  return found.rows[0]?.holder
}

onEveryDatabase('database', ({ place, open }) => {
  test('many servers that start at once migrate once', async () => {
    const config = await place()
    // Processes of their own, as servers are: the wait of SQLite for its lock stops a whole process.
    await Promise.all(
      [1, 2, 3, 4].map(() => run(process.execPath, ['--input-type=module', '-e', serverOf(config)])),
    )
    const database = await openDatabase(config)
    try {
      const row = await database.query.selectFrom('write_checks').selectAll().execute()
      assert.deepEqual(row, [{ id: 1, beats: 4 }])
      const ran = await sql<{ name: string }>`select name from migrations order by name`.execute(
        database.query,
      )
      assert.deepEqual(
        ran.rows.map(one => one.name),
        migrations.map(step => step.name),
      )
    } finally {
      await database.close()
    }
  })

  test('opening again finds what was written', async () => {
    const config = await place()
    const first = await openDatabase(config)
    await first.ping()
    await first.close()
    const second = await openDatabase(config)
    assert.equal((await second.query.selectFrom('write_checks').selectAll().executeTakeFirst())?.beats, 1)
    await second.close()
  })

  test('a database of a newer version is not touched', async () => {
    const database = await open()
    await sql`insert into migrations (name, timestamp) values ('999-later', '2030-01-01T00:00:00Z')`.execute(
      database.query,
    )
    await assert.rejects(migrate(database.query, database.kind), /newer version of Sekisho/)
  })

  test('a failed step says so and can be run again', async () => {
    const database = await open()
    let broken = true
    const step = {
      name: '999-broken',
      async up(schemaless: Parameters<(typeof migrations)[0]['up']>[0]) {
        await schemaless.schema.createTable('half').ifNotExists().addColumn('id', 'integer').execute()
        if (broken) throw new Error('disk full')
      },
    }
    await assert.rejects(migrate(database.query, database.kind, [...migrations, step]), /step 999-broken/)
    if (database.kind === 'sqlite') {
      await assert.rejects(sql`select id from half`.execute(database.query), /no such table/)
    }
    broken = false
    await migrate(database.query, database.kind, [...migrations, step])
    await sql`select id from half`.execute(database.query)
  })

  test('nobody else can write while a step runs, or migrate', async () => {
    const config = await place()
    const database = await openDatabase(config)
    let looked = false
    const step = {
      name: '999-slow',
      async up() {
        looked = true
        if (config.kind === 'sqlite') {
          const other = new DatabaseSync(config.file, { timeout: 0 })
          assert.throws(() => other.exec('begin immediate'), /locked/)
          other.close()
        } else {
          // The name is Kysely's own.
          const lock = 'ea586330-2c93-47c8-908d-981d9d270f9d'
          const other = await holderOf(database, lock)
          assert.ok(other !== null, 'nobody holds the lock')
        }
      },
    }
    await migrate(database.query, database.kind, [...migrations, step])
    assert.ok(looked)
    await database.close()
  })

  test('ping fails when the row cannot be written', async () => {
    const database = await open()
    await database.ping()
    await database.query.deleteFrom('write_checks').execute()
    await assert.rejects(database.ping())
  })

  test('foreign keys hold, texts compare byte by byte and keep every character', async () => {
    const { query } = await open()
    await assert.rejects(query.insertInto('memberships').values({ user_id: 'a', group_id: 'b' }).execute())
    const row = { note: '', saved_by: 'x', saved_at_ms: 1_900_000_000_000 }
    const text = '関所 😀 \\ \' " \n'.repeat(50_000)
    await query
      .insertInto('policies')
      .values({ version: 1, text, ...row })
      .execute()
    const found = await query.selectFrom('policies').selectAll().executeTakeFirstOrThrow()
    assert.equal(found.text, text)
    assert.equal(found.saved_at_ms, 1_900_000_000_000)
    const groups = query.insertInto('user_groups')
    await groups.values({ id: '1', name: 'ops', description: '' }).execute()
    await groups.values({ id: '2', name: 'OPS', description: '' }).execute()
    await assert.rejects(groups.values({ id: '3', name: 'ops', description: '' }).execute())
  })

  test('a repeatable transaction commits as a whole or not at all', async () => {
    const database = await open()
    const group = (id: string) => ({ id, name: id, description: '' })
    await database.repeatable(work => work.insertInto('user_groups').values(group('a')).execute())
    await assert.rejects(
      database.repeatable(async work => {
        await work.insertInto('user_groups').values(group('b')).execute()
        throw new Error('cut off')
      }),
      /cut off/,
    )
    const rows = await database.query.selectFrom('user_groups').select('id').execute()
    assert.deepEqual(rows, [{ id: 'a' }])
  })

  test('the session is strict and nobody else reads the file', async () => {
    const config = await place()
    const database = await openDatabase(config)
    if (config.kind === 'sqlite') {
      assert.equal(statSync(config.file).mode & 0o777, 0o600)
      const after = await database
        .repeatable(async () => undefined)
        .then(() =>
          sql<{
            synchronous: number
          }>`pragma synchronous`.execute(database.query),
        )
      assert.equal(after.rows[0]?.synchronous, 2)
    } else {
      const long = { id: '1', name: 'x'.repeat(65), description: '' }
      await assert.rejects(database.query.insertInto('user_groups').values(long).execute())
      const mode = await sql<{ zone: string }>`select @@time_zone as zone`.execute(database.query)
      assert.equal(mode.rows[0]?.zone, '+00:00')
    }
    await database.close()
  })
})
