// Every store of this room, on every kind of database, against the contracts of the rooms that need them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TargetId, UserId } from '../core/ids.ts'
import { accessStoresContract, code } from '../access/stores.contract.ts'
import { catalogStoresContract } from '../catalog/stores.contract.ts'
import type { Database } from './database.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { createGroupStore } from './group-store.ts'
import { createKeyStore } from './key-store.ts'
import { createPolicyStore } from './policy-store.ts'
import { createRuleStore } from './rule-store.ts'
import { createAttemptStore, createSessionStore } from './sign-in-store.ts'
import { createTagStore } from './tag-store.ts'
import { createTargetStore } from './target-store.ts'
import { createTokenStore } from './token-store.ts'
import { createUsageStore } from './usage-store.ts'
import { createUserStore } from './user-store.ts'

/** Cheaper than a database for each test. */
async function emptied(database: Database): Promise<Database> {
  const tables = [
    'users',
    'sign_in_attempts',
    'user_groups',
    'targets',
    'tag_definitions',
    'policies',
    'query_rules',
    'daily_usage',
    'sealed_keys',
  ] as const
  for (const table of tables) await database.query.deleteFrom(table).execute()
  return database
}

onEveryDatabase('stores', ({ open }) => {
  let opened: Promise<Database> | undefined
  const empty = async () => {
    opened ??= open()
    return emptied(await opened)
  }

  accessStoresContract(async () => {
    const database = await empty()
    return {
      users: createUserStore(database),
      groups: createGroupStore(database),
      sessions: createSessionStore(database),
      attempts: createAttemptStore(database),
      tokens: createTokenStore(database),
      keys: createKeyStore(database),
    }
  })

  catalogStoresContract(async () => {
    const database = await empty()
    return { targetStore: createTargetStore(database), tagStore: createTagStore(database) }
  })

  test('policies: versions are added once, the newest is current', async () => {
    const policies = createPolicyStore(await empty())
    assert.equal(await policies.current(), undefined)
    const saved = (version: number) => ({
      version,
      text: `permit ${version} 許可`,
      note: 'n',
      savedBy: 'hana',
      savedAtMs: 5,
    })
    for (const version of [1, 2, 10]) await policies.add(saved(version))
    await assert.rejects(policies.add(saved(2)), code('conflict'))
    assert.deepEqual(await policies.current(), saved(10))
    assert.deepEqual(await policies.get(2), saved(2))
    assert.equal(await policies.get(3), undefined)
    const { text: _, ...newest } = saved(10)
    assert.deepEqual((await policies.list())[0], newest)
    assert.deepEqual(
      (await policies.list()).map(one => one.version),
      [10, 2, 1],
    )
  })

  test('query rules: versions, the newest counts, none is saved twice', async () => {
    const rules = createRuleStore(await empty())
    assert.equal(await rules.current(), undefined)
    const rule = { name: 'r', verdict: 'deny', match: 'pattern', value: 'select *', note: '註' } as const
    const saved = (version: number) => ({ version, rules: [rule], savedBy: 'hana', savedAtMs: 5 })
    for (const version of [1, 2, 10]) await rules.add(saved(version))
    await assert.rejects(rules.add(saved(2)), code('conflict'))
    assert.deepEqual(await rules.current(), saved(10))
  })

  test('usage of a day adds up, and days before are forgotten', async () => {
    const usage = createUsageStore(await empty())
    const of = (rows: number, bytes: number) => ({
      userId: 'u1' as UserId,
      targetId: 't1' as TargetId,
      rows,
      bytes,
    })
    await usage.add('2026-07-01', [of(1, 10), { ...of(5, 5), userId: 'u2' as UserId }])
    await usage.add('2026-07-01', [of(2, 20_000_000_000)])
    const sums = (await usage.load('2026-07-01')).toSorted((a, b) => a.rows - b.rows)
    assert.deepEqual(sums, [of(3, 20_000_000_010), { ...of(5, 5), userId: 'u2' }])
    await usage.add('2026-07-02', [of(7, 0)])
    assert.deepEqual(await usage.load('2026-07-01'), [])
    assert.deepEqual(await usage.load('2026-07-02'), [of(7, 0)])
  })
})
