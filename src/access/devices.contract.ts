// What every implementation of the stores of devices has to do.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { UserId } from '../core/ids.ts'
import type {
  AuthorityStore,
  Device,
  DeviceGrant,
  DeviceGrantStore,
  DeviceId,
  DeviceStore,
} from './device-store.ts'
import { code, storedUser } from './stores.contract.ts'
import type { UserStore } from './user-store.ts'

export interface DeviceStores {
  readonly devices: DeviceStore
  readonly grants: DeviceGrantStore
  readonly authority: AuthorityStore
  readonly users: UserStore
}

/** @param empty  gives stores over an empty database, for each test anew */
export function deviceStoresContract(empty: () => Promise<DeviceStores>): void {
  let stores: DeviceStores
  beforeEach(async () => {
    stores = await empty()
    await stores.users.add(storedUser('hana'))
  })
  const hana = storedUser('hana').id
  const device = (id: string, createdAtMs: number): Device => ({
    id: id as DeviceId,
    userId: hana,
    name: 'ノート of hana',
    system: 'Linux 6.1',
    publicKey: 'MFkw',
    createdAtMs,
    signedInUntilMs: createdAtMs + 100,
    lastSeenAtMs: createdAtMs,
    lastAddress: '10.0.0.1',
  })
  const grant = (hash: string, more: Partial<DeviceGrant> = {}): DeviceGrant => ({
    hash: hash.repeat(64),
    userCode: `BCDF${hash.toUpperCase()}`,
    challenge: 'x'.repeat(43),
    name: 'laptop',
    system: 'Linux',
    address: '10.0.0.1',
    state: 'pending',
    userId: undefined,
    expiresAtMs: 1_800_000_000_000,
    ...more,
  })

  describe('devices', () => {
    test('come back as they were, newest first, and go alone, by age and with their user', async () => {
      const { devices } = stores
      const [one, two, three] = [device('1', 10), device('2', 20), device('3', 30)]
      for (const added of [one, two, three]) await devices.add(added)
      assert.deepEqual(await devices.list(), [three, two, one])
      assert.deepEqual(await devices.ofUser(hana), [three, two, one])
      assert.deepEqual(await devices.ofUser('nobody' as UserId), [])
      await devices.seen(two.id, 99, '10.0.0.2')
      assert.deepEqual(await devices.get(two.id), { ...two, lastSeenAtMs: 99, lastAddress: '10.0.0.2' })
      await devices.removeOlder(110)
      assert.equal(await devices.get(one.id), undefined)
      await devices.remove(two.id)
      await assert.rejects(devices.remove(two.id), code('not-found'))
      await stores.users.add(storedUser('ken', { role: 'administrator' }))
      await stores.users.remove(hana)
      assert.deepEqual(await devices.list(), [])
    })
  })

  describe('sign-ins of devices', () => {
    test('are found by both codes, decided once, and taken once', async () => {
      const { grants } = stores
      const pending = grant('a')
      await grants.add(pending)
      await grants.add(grant('b', { userCode: undefined }))
      await grants.add(grant('c', { userCode: undefined }))
      assert.deepEqual(await grants.byHash(pending.hash), pending)
      assert.deepEqual(await grants.byUserCode('BCDFA'), pending)
      assert.equal(await grants.byUserCode('BCDFX'), undefined)
      assert.equal(await grants.count(), 3)
      await assert.rejects(grants.add({ ...grant('d'), userCode: 'BCDFA' }), code('conflict'))
      const decided = await Promise.all([
        grants.decide(pending.hash, 'allowed', hana),
        grants.decide(pending.hash, 'refused', hana),
      ])
      assert.deepEqual(decided.filter(Boolean), [true])
      assert.equal((await grants.byHash(pending.hash))?.userId, hana)
      const taken = await Promise.all([grants.take(pending.hash), grants.take(pending.hash)])
      assert.deepEqual(taken.filter(Boolean), [true])
      assert.equal(await grants.byHash(pending.hash), undefined)
    })

    test('are forgotten when their time is over', async () => {
      await stores.grants.add(grant('a', { expiresAtMs: 10 }))
      await stores.grants.add(grant('b', { expiresAtMs: 11 }))
      await stores.grants.removeOlder(10)
      assert.equal(await stores.grants.count(), 1)
    })
  })

  describe('the authority of devices', () => {
    test('is there once: whoever comes second finds the first', async () => {
      assert.equal(await stores.authority.get(), undefined)
      await Promise.all([
        stores.authority.add({ sealedKey: 's', certificate: 'c' }),
        stores.authority.add({ sealedKey: 's', certificate: 'c' }),
      ])
      await stores.authority.add({ sealedKey: 'other', certificate: 'other' })
      assert.deepEqual(await stores.authority.get(), { sealedKey: 's', certificate: 'c' })
    })
  })
}
