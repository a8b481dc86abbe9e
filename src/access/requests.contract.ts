// What every implementation of the stores of requests and API tokens has to do.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { TargetId, UserId } from '../core/ids.ts'
import type { ApiToken, ApiTokenId, ApiTokenStore } from './api-tokens.ts'
import type { RequestStore, StoredRequest } from './request-store.ts'
import type { RequestId } from './requests.ts'
import { code, storedUser } from './stores.contract.ts'
import type { UserStore } from './user-store.ts'

export interface RequestStores {
  readonly requests: RequestStore
  readonly apiTokens: ApiTokenStore
  readonly users: UserStore
}

type Drafted = Parameters<RequestStore['draft']>[0]

function drafted(id: string, more: Partial<Drafted> = {}): Drafted {
  return {
    id: id as RequestId,
    key: `key of ${id}`,
    kind: 'statement',
    userId: 'hana' as UserId,
    userName: 'hana',
    targetId: 'shop' as TargetId,
    targetName: 'shop',
    sealedSubject: '承認',
    approvers: 'dba',
    createdAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_000_060_000,
    decidedBy: undefined,
    decidedAtMs: undefined,
    note: '',
    validUntilMs: undefined,
    once: false,
    ...more,
  }
}

/** @param empty  gives stores over an empty database, for each test anew */
export function requestStoresContract(empty: () => Promise<RequestStores>): void {
  let stores: RequestStores
  beforeEach(async () => {
    stores = await empty()
  })
  const opened = async (given: Drafted): Promise<number> => {
    const number = await stores.requests.draft(given)
    assert.ok(number !== undefined)
    await stores.requests.open(number)
    return number
  }
  const numbers = (found: readonly StoredRequest[]) => found.map(one => one.number)

  describe('requests', () => {
    test('a draft is seen by nobody, and comes back as it was once it is open', async () => {
      const { requests } = stores
      const number = await requests.draft(drafted('a'))
      assert.ok(number !== undefined)
      assert.equal(await requests.get(number), undefined)
      assert.deepEqual([await requests.pending(), await requests.newest('key of a')], [[], undefined])
      await requests.open(number)
      assert.deepEqual(await requests.get(number), { ...drafted('a'), number, state: 'pending' })
      assert.deepEqual(numbers(await requests.pending()), [number])
      assert.equal(await requests.pendingOf('hana' as UserId), 1)
    })

    test('the same wish is open once only, and can be made again when it is decided', async () => {
      const { requests } = stores
      const both = await Promise.all([
        requests.draft(drafted('a', { key: 'k' })),
        requests.draft(drafted('b', { key: 'k' })),
      ])
      const [first] = both.filter(number => number !== undefined)
      assert.ok(first !== undefined && both.includes(undefined))
      await requests.open(first)
      assert.equal(await requests.draft(drafted('c', { key: 'k' })), undefined)
      assert.equal(await requests.change(first, 'pending', { state: 'refused', decidedBy: 'ken' }), true)
      const second = await opened(drafted('d', { key: 'k' }))
      assert.ok(second > first)
      assert.equal((await requests.newest('k'))?.number, second)
    })

    test('a draft that is left behind goes', async () => {
      const { requests } = stores
      const number = await requests.draft(drafted('a', { key: 'k' }))
      await requests.discardDrafts(1_800_000_000_000)
      assert.equal(await requests.draft(drafted('b', { key: 'k' })), undefined)
      await requests.discardDrafts(1_800_000_000_001)
      const next = await requests.draft(drafted('b', { key: 'k' }))
      assert.ok(next !== undefined && number !== undefined && next >= number)
      await requests.discard(next)
      assert.ok((await requests.draft(drafted('c', { key: 'k' }))) !== undefined)
    })

    test('of many that change it at once, one does', async () => {
      const { requests } = stores
      const number = await opened(drafted('a'))
      const decided = { state: 'approved', decidedBy: 'ken', decidedAtMs: 7, validUntilMs: 9 } as const
      assert.equal(await requests.change(number, 'pending', { ...decided, note: 'よし', once: true }), true)
      assert.equal(await requests.change(number, 'pending', decided), false)
      const all = Array.from({ length: 5 }, () => requests.change(number, 'approved', { state: 'used' }))
      assert.deepEqual((await Promise.all(all)).filter(Boolean).length, 1)
      const { decidedBy, note, validUntilMs, once, state } = (await requests.get(number)) ?? {}
      assert.deepEqual([decidedBy, note, validUntilMs, once, state], ['ken', 'よし', 9, true, 'used'])
    })

    test('lists are newest first, those that wait oldest first', async () => {
      const { requests } = stores
      const [a, b, c] = [await opened(drafted('a')), await opened(drafted('b')), await opened(drafted('c'))]
      const other = await opened(drafted('d', { userId: 'ken' as UserId }))
      assert.deepEqual(numbers(await requests.ofUser('hana' as UserId, 2)), [c, b])
      assert.deepEqual(numbers(await requests.pending()), [a, b, c, other])
      await requests.change(a, 'pending', { state: 'refused' })
      await requests.change(c, 'pending', { state: 'withdrawn' })
      assert.deepEqual(numbers(await requests.decided(5)), [c, a])
      assert.deepEqual(numbers(await requests.pending()), [b, other])
    })
  })

  test('API tokens are found by their hash, and go with their user', async () => {
    const user = storedUser('hana')
    await stores.users.add(user)
    const token: ApiToken = {
      id: 'token' as ApiTokenId,
      userId: user.id,
      label: 'パイプライン',
      createdAtMs: 1,
      expiresAtMs: 1_800_000_000_000,
      lastUsedAtMs: undefined,
    }
    await stores.apiTokens.add(token, 'f'.repeat(64))
    assert.deepEqual(await stores.apiTokens.byHash('f'.repeat(64)), token)
    assert.equal(await stores.apiTokens.byHash('e'.repeat(64)), undefined)
    await stores.apiTokens.touch(token.id, 5)
    assert.deepEqual(await stores.apiTokens.ofUser(user.id), [{ ...token, lastUsedAtMs: 5 }])
    await stores.users.remove(user.id)
    assert.equal(await stores.apiTokens.byHash('f'.repeat(64)), undefined)
    await assert.rejects(stores.apiTokens.remove(token.id), code('not-found'))
  })
}
