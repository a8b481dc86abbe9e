// The step that lets targets be without a port: what was there before stays, with the tags of its columns.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Kysely } from 'kysely'
import { storedTarget } from '../catalog/stores.contract.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { createSqliteDialect, openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'
import { openDatabase } from './database.ts'
import { createTagStore } from './tag-store.ts'
import { createTargetStore } from './target-store.ts'

test('on SQLite targets and tags from before are still there, and go together', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-exposed-'))
  const file = join(folder, 'a.db')
  try {
    const before = new Kysely<Tables>({ dialect: createSqliteDialect(openSqlite(file)) })
    const at = migrations.findIndex(step => step.name === '010-exposed-targets')
    await migrate(before, 'sqlite', migrations.slice(0, at))
    await before
      .insertInto('targets')
      .values({
        id: 'id-of-a',
        name: 'a',
        protocol: 'postgres',
        host: 'db.example',
        port: 5432,
        database_name: 'shop',
        account: 'gateway',
        tls: 'prefer',
        tls_ca: null,
        tags: '{}',
        listen_port: 40_007,
        disabled: 0,
        sealed_password: 'sealed',
        jump: null,
        sealed_jump_secret: null,
        send_proxy: null,
        snapshot_rows_max: null,
      })
      .execute()
    const place = { schema: 's', table: 't', column: 'c', tags: ['pii'] }
    await before
      .insertInto('column_tags')
      .values({
        target_id: 'id-of-a',
        column_key: 'k',
        schema_name: 's',
        table_name: 't',
        column_name: 'c',
        relation_oid: null,
        column_number: null,
        tags: '["pii"]',
      })
      .execute()
    await before.destroy()
    const database = await openDatabase({ kind: 'sqlite', file })
    const targets = createTargetStore(database)
    const [kept] = await targets.list()
    assert.ok(kept)
    assert.equal(kept.target.listenPort, 40_007)
    const tags = createTagStore(database)
    const [tagged] = await tags.columns(kept.target.id)
    assert.deepEqual({ ...place, relationOid: undefined, columnNumber: undefined }, tagged)
    assert.equal(await targets.add(storedTarget('b', undefined)), 'added')
    assert.equal(await targets.add(storedTarget('c', 40_007)), 'port taken')
    await targets.remove(kept.target.id)
    assert.deepEqual(await tags.columns(kept.target.id), [])
    await database.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
