// What every implementation of the access room's stores has to do.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { GroupId, TargetId, TokenId, UserId } from '../core/ids.ts'
import type { KeyStore } from './key-store.ts'
import type { AttemptStore, SessionStore } from './sign-in-store.ts'
import type { StoredToken, TokenStore } from './token-store.ts'
import type { GroupStore, StoredUser, UserStore } from './user-store.ts'

export interface AccessStores {
  readonly users: UserStore
  readonly groups: GroupStore
  readonly sessions: SessionStore
  readonly attempts: AttemptStore
  readonly tokens: TokenStore
  readonly keys: KeyStore
}

export const code =
  (expected: GatewayError['code'], detail = /./s) =>
  (error: unknown) =>
    error instanceof GatewayError && error.code === expected && detail.test(error.message)

export function storedUser(name: string, more: Partial<StoredUser> = {}): StoredUser {
  return {
    id: `id-of-${name}` as UserId,
    name,
    displayName: `花子 ${name}`,
    email: undefined,
    role: 'user',
    disabled: false,
    groups: [],
    passwordHash: '$argon2id$',
    mustChangePassword: true,
    tokenSalt: 'c2FsdA==',
    lastSignInAtMs: undefined,
    createdAtMs: 1_800_000_000_000,
    ...more,
  }
}

/** @param empty  gives stores over an empty database, for each test anew */
export function accessStoresContract(empty: () => Promise<AccessStores>): void {
  let stores: AccessStores
  beforeEach(async () => {
    stores = await empty()
  })
  const group = (name: string) => ({ id: `group-${name}` as GroupId, name, description: 'x' })

  describe('users and groups', () => {
    test('a user comes back as it was added, with its groups sorted', async () => {
      await stores.groups.add(group('sales'))
      await stores.groups.add(group('audit'))
      const user = storedUser('hana', {
        groups: ['audit', 'sales'],
        email: 'h@example.jp',
        lastSignInAtMs: 5,
      })
      await stores.users.add(user)
      assert.deepEqual(await stores.users.get(user.id), user)
      assert.deepEqual(await stores.users.byName('hana'), user)
      assert.deepEqual(await stores.users.list(), [user])
      assert.equal(await stores.users.byName('HANA'), undefined)
      assert.equal(await stores.users.get('nobody' as UserId), undefined)
    })

    test('names are unique, groups must exist', async () => {
      await stores.users.add(storedUser('hana'))
      await assert.rejects(
        stores.users.add(storedUser('hana', { id: 'other' as UserId })),
        code('conflict', /hana/),
      )
      await assert.rejects(stores.users.add(storedUser('ken', { groups: ['none'] })), code('not-found'))
      assert.equal(await stores.users.byName('ken'), undefined, 'added in one step or not at all')
    })

    test('an update changes what it names and nothing else', async () => {
      await stores.groups.add(group('sales'))
      const user = storedUser('hana', { email: 'h@example.jp' })
      await stores.users.add(user)
      await stores.users.update(user.id, { displayName: 'Hana' })
      assert.deepEqual(await stores.users.get(user.id), { ...user, displayName: 'Hana' })
      const change = {
        email: undefined,
        role: 'administrator',
        disabled: true,
        groups: ['sales'],
        passwordHash: 'new',
        mustChangePassword: false,
        lastSignInAtMs: 9,
      } as const
      await stores.users.update(user.id, change)
      assert.deepEqual(await stores.users.get(user.id), { ...user, displayName: 'Hana', ...change })
      await stores.users.update(user.id, change)
      await assert.rejects(stores.users.update('none' as UserId, { displayName: 'x' }), code('not-found'))
    })

    test('the last administrator stays, also when two go at once', async () => {
      const one = storedUser('one', { role: 'administrator' })
      const two = storedUser('two', { role: 'administrator' })
      await stores.users.add(one)
      await stores.users.add(two)
      await stores.users.add(storedUser('off', { role: 'administrator', disabled: true }))
      const went = await Promise.allSettled([
        stores.users.update(one.id, { role: 'user' }),
        stores.users.update(two.id, { disabled: true }),
      ])
      assert.deepEqual(went.map(result => result.status).sort(), ['fulfilled', 'rejected'])
      const left = (await stores.users.list()).find(user => user.role === 'administrator' && !user.disabled)
      assert.ok(left)
      await assert.rejects(stores.users.remove(left.id), code('conflict'))
      await stores.users.update(left.id, { displayName: 'still here' })
      await assert.rejects(stores.users.remove('none' as UserId), code('not-found'))
    })

    test('groups keep their members by name', async () => {
      await stores.groups.add(group('sales'))
      await assert.rejects(stores.groups.add({ ...group('sales'), id: 'x' as GroupId }), code('conflict'))
      const ken = storedUser('ken')
      await stores.users.add(ken)
      await stores.users.add(storedUser('hana'))
      await stores.groups.update(group('sales').id, { members: ['ken', 'hana'] })
      assert.deepEqual(await stores.groups.list(), [{ ...group('sales'), members: ['hana', 'ken'] }])
      await stores.groups.update(group('sales').id, { description: 'sellers' })
      assert.deepEqual((await stores.groups.list())[0]?.members, ['hana', 'ken'])
      await assert.rejects(stores.groups.update(group('sales').id, { members: ['none'] }), code('not-found'))
      assert.deepEqual((await stores.groups.list())[0]?.members, ['hana', 'ken'], 'rolled back')
      await stores.users.remove(ken.id)
      assert.deepEqual((await stores.groups.list())[0]?.members, ['hana'])
      await stores.groups.remove(group('sales').id)
      assert.deepEqual((await stores.users.byName('hana'))?.groups, [])
      await assert.rejects(stores.groups.remove(group('sales').id), code('not-found'))
      await assert.rejects(stores.groups.update(group('sales').id, {}), code('not-found'))
    })
  })

  describe('console sessions', () => {
    test('are found by hash, touched, and removed alone, by user and by age', async () => {
      const hana = storedUser('hana')
      await stores.users.add(hana)
      const session = (hash: string, createdAtMs: number, seenAtMs: number) => ({
        hash: hash.repeat(64),
        userId: hana.id,
        createdAtMs,
        seenAtMs,
      })
      const all = [session('a', 10, 50), session('b', 20, 30), session('c', 20, 60)] as const
      for (const one of all) await stores.sessions.add(one)
      assert.deepEqual(await stores.sessions.get(all[0].hash), all[0])
      await stores.sessions.touch(all[0].hash, 70)
      assert.equal((await stores.sessions.get(all[0].hash))?.seenAtMs, 70)
      await stores.sessions.removeOlder({ createdMs: 20, seenMs: 60 })
      assert.equal(await stores.sessions.get(all[0].hash), undefined)
      assert.equal(await stores.sessions.get(all[1].hash), undefined)
      assert.ok(await stores.sessions.get(all[2].hash))
      await stores.sessions.add(all[0])
      await stores.sessions.removeOf(hana.id, all[2].hash)
      assert.equal(await stores.sessions.get(all[0].hash), undefined)
      assert.ok(await stores.sessions.get(all[2].hash))
      await stores.users.remove(hana.id)
      assert.equal(await stores.sessions.get(all[2].hash), undefined)
    })
  })

  describe('failed sign-ins', () => {
    const name = 'a'.repeat(64)
    const at = (nowMs: number) => ({ nowMs, failuresMax: 3, lockMs: 1_000 })

    test('lock at the limit, for as long as said, also when they come at once', async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => stores.attempts.admit(name, at(5_000))))
      const lockedUntil = answers.filter(answer => answer !== undefined)
      assert.deepEqual(lockedUntil, [6_000, 6_000, 6_000])
      assert.deepEqual(await stores.attempts.locked(5_999), new Set([name]))
      assert.equal(await stores.attempts.admit(name, at(5_999)), 6_000)
      assert.equal(await stores.attempts.admit('b'.repeat(64), at(5_999)), undefined)
      assert.deepEqual(await stores.attempts.locked(6_000), new Set())
      assert.equal(await stores.attempts.admit(name, at(6_000)), undefined)
      assert.equal(await stores.attempts.admit(name, at(6_001)), undefined)
      assert.equal(await stores.attempts.admit(name, at(6_002)), undefined)
      assert.equal(await stores.attempts.admit(name, at(6_003)), 7_002)
    })

    test('many names at once do not get in each other’s way', async () => {
      const names = Array.from({ length: 60 }, (_, at) => String(at).padStart(64, '0'))
      for (const round of [0, 1_000, 2_000]) {
        const answers = await Promise.all(
          names.flatMap(one => [one, one]).map(one => stores.attempts.admit(one, at(10_000 + round))),
        )
        assert.deepEqual(new Set(answers), new Set([undefined]))
        if (round === 1_000) await Promise.all(names.map(one => stores.attempts.clear(one)))
      }
    })

    test('are forgotten when cleared, and after the time of a lock', async () => {
      for (const _ of [1, 2]) await stores.attempts.admit(name, at(100))
      await stores.attempts.clear(name)
      for (const _ of [1, 2]) assert.equal(await stores.attempts.admit(name, at(100)), undefined)
      for (const _ of [1, 2]) assert.equal(await stores.attempts.admit(name, at(1_100)), undefined)
      assert.deepEqual(await stores.attempts.locked(1_100), new Set())
    })
  })

  describe('tokens', () => {
    const token = (id: string, userId: UserId, createdAtMs: number): StoredToken => ({
      id: id as TokenId,
      userId,
      label: 'DBeaver',
      targets: ['t1' as TargetId],
      createdAtMs,
      expiresAtMs: createdAtMs + 1,
      lastUsedAtMs: undefined,
      storedKey: Buffer.from([0, 1, 255]),
      serverKey: Buffer.from([9, 0]),
      // The second one was made before MySQL was spoken.
      mysqlNative: id === '2' ? undefined : Buffer.from([0, 2, 254]),
      mysqlSha2: id === '2' ? undefined : Buffer.from([3, 0, 253]),
    })

    test('come back newest first, byte by byte, and go with their user', async () => {
      const hana = storedUser('hana')
      await stores.users.add(hana)
      await stores.tokens.add(token('1', hana.id, 10))
      await stores.tokens.add(token('2', hana.id, 20))
      assert.deepEqual(await stores.tokens.ofUser(hana.id), [
        token('2', hana.id, 20),
        token('1', hana.id, 10),
      ])
      await stores.tokens.touch('1' as TokenId, 99)
      assert.deepEqual(await stores.tokens.get('1' as TokenId), {
        ...token('1', hana.id, 10),
        lastUsedAtMs: 99,
      })
      await stores.tokens.remove('1' as TokenId)
      await assert.rejects(stores.tokens.remove('1' as TokenId), code('not-found'))
      assert.equal(await stores.tokens.get('1' as TokenId), undefined)
      await stores.users.remove(hana.id)
      assert.deepEqual(await stores.tokens.ofUser(hana.id), [])
    })
  })

  describe('sealed keys', () => {
    test('are added once, and resealed only from what they were', async () => {
      const key = { id: 'data-1', sealed: 's1.a.b.c', createdAtMs: 7 }
      assert.equal(await stores.keys.add(key), true)
      assert.equal(await stores.keys.add({ ...key, sealed: 'other' }), false)
      assert.equal(await stores.keys.reseal('data-1', 'other', 'x'), false)
      assert.deepEqual(await stores.keys.list(), [key])
      assert.equal(await stores.keys.reseal('data-1', key.sealed, 's2'), true)
      assert.deepEqual(await stores.keys.list(), [{ ...key, sealed: 's2' }])
    })
  })
}
