// What every implementation of the store of saved queries has to do, and who sees what of them.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { GroupId, TargetId, UserId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import {
  createSavedQueries,
  type SavedQueries,
  type SavedQueryId,
  type SavedQueryStore,
} from './saved-queries.ts'

const person = (name: string, groups: readonly string[]): User => ({
  id: name as UserId,
  name,
  displayName: '',
  email: undefined,
  role: 'user',
  disabled: false,
  groups,
})
const ann = person('ann', ['readers', 'writers'])
const bob = person('bob', ['readers'])
const eve = person('eve', [])
const people = new Map([ann, bob, eve].map(user => [user.id, user]))
const groups = ['readers', 'writers'].map(name => ({
  id: `id of ${name}` as GroupId,
  name,
  description: '',
  members: [],
}))

export function savedQueriesContract(open: () => Promise<SavedQueryStore>): void {
  describe('saved queries', () => {
    let store: SavedQueryStore
    let queries: SavedQueries
    let nowMs: number
    beforeEach(async () => {
      store = await open()
      nowMs = 1_800_000_000_000
      let ids = 0
      const newId = (() => `query ${ids++}`) as never
      queries = createSavedQueries({
        store,
        vault: {
          seal: (secret, purpose) => Buffer.from(`${purpose} ${secret.reveal()}`).toString('base64'),
          open(sealed, purpose) {
            const text = Buffer.from(sealed, 'base64').toString()
            assert.ok(text.startsWith(`${purpose} `))
            return new Secret(text.slice(purpose.length + 1))
          },
        },
        users: { get: id => Promise.resolve(people.get(id)) },
        groups: { list: () => Promise.resolve(groups) },
        clock: { nowMs: () => nowMs++, monotonicMs: () => nowMs },
        newId,
        limits: { ...limits, savedQueriesPerUserMax: 3 },
      })
    })

    const wish = (name: string, more: Partial<Parameters<SavedQueries['add']>[1]> = {}) => ({
      name,
      text: `select '${name}' -- 検索`,
      targetId: 'shop' as TargetId,
      groups: [],
      ...more,
    })
    const namesFor = async (user: User) => (await queries.list(user)).map(query => query.name)

    test('they are told to their owner, and to the groups that they are shared with', async () => {
      await queries.add(ann, wish('mine'))
      const shared = await queries.add(
        ann,
        wish('ours', { groups: ['readers', 'writers'], targetId: undefined }),
      )
      assert.deepEqual(await namesFor(ann), ['ours', 'mine'])
      assert.deepEqual(await namesFor(eve), [])
      const [seen, ...more] = await queries.list(bob)
      assert.deepEqual(more, [])
      assert.deepEqual(seen, {
        id: shared.id,
        name: 'ours',
        text: "select 'ours' -- 検索",
        targetId: undefined,
        // Of the other group bob need not know.
        groups: ['readers'],
        ownerName: 'ann',
        mine: false,
        changedAtMs: 1_800_000_000_001,
      })
      // Whoever leaves the group sees it no more.
      assert.deepEqual(await namesFor({ ...bob, groups: [] }), [])
    })

    test('nobody shares with a group that they are not in', async () => {
      await assert.rejects(queries.add(bob, wish('x', { groups: ['writers'] })), isCode('request.invalid'))
      await assert.rejects(queries.add(bob, wish('x', { groups: ['nobody'] })), isCode('request.invalid'))
      assert.deepEqual(await namesFor(bob), [])
    })

    test('only their owner changes and removes them', async () => {
      const { id } = await queries.add(ann, wish('ours', { groups: ['readers'] }))
      await assert.rejects(queries.change(bob, id, wish('his')), isCode('not-found'))
      await assert.rejects(queries.remove(bob, id), isCode('not-found'))
      await assert.rejects(queries.remove(ann, 'other' as SavedQueryId), isCode('not-found'))
      const changed = await queries.change(ann, id, wish('hers'))
      assert.deepEqual([changed.name, changed.groups], ['hers', []])
      assert.deepEqual(await namesFor(bob), [])
      await queries.remove(ann, id)
      assert.deepEqual(await namesFor(ann), [])
    })

    test('there are only so many', async () => {
      for (let count = 0; count < 3; count++) await queries.add(ann, wish(`${count}`))
      await assert.rejects(queries.add(ann, wish('3')), isCode('limit.exceeded'))
      assert.equal(await store.countOf(ann.id), 3)
      assert.equal((await store.visible(ann.id, [], 2)).length, 2)
    })

    test('what is kept does not say what it is', async () => {
      const { id } = await queries.add(ann, wish('payroll'))
      assert.ok(!JSON.stringify(await store.get(id)).includes('payroll'))
      assert.equal(await store.get('none' as SavedQueryId), undefined)
    })
  })
}

const isCode = (code: GatewayError['code']) => (error: unknown) =>
  error instanceof GatewayError && error.code === code
