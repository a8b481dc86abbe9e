// Devices, their unfinished sign-ins and their authority, in the server database.

import type {
  AuthorityStore,
  Device,
  DeviceGrant,
  DeviceGrantStore,
  DeviceId,
  DeviceStore,
} from '../access/device-store.ts'
import { GatewayError } from '../core/errors.ts'
import type { UserId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { isDuplicate, orUndefined } from './rows.ts'
import type { DeviceGrantsTable, DevicesTable } from './tables.ts'

export function createDeviceStore({ query }: Database): DeviceStore {
  const newestFirst = () =>
    query.selectFrom('devices').selectAll().orderBy('created_at_ms', 'desc').orderBy('id', 'desc')
  return {
    async list() {
      return (await newestFirst().execute()).map(device)
    },
    async ofUser(userId) {
      return (await newestFirst().where('user_id', '=', userId).execute()).map(device)
    },
    async get(id) {
      const row = await query.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst()
      return row && device(row)
    },
    async add(added) {
      await query
        .insertInto('devices')
        .values({
          id: added.id,
          user_id: added.userId,
          name: added.name,
          system_name: added.system,
          public_key: added.publicKey,
          created_at_ms: added.createdAtMs,
          signed_in_until_ms: added.signedInUntilMs,
          last_seen_at_ms: added.lastSeenAtMs,
          last_address: added.lastAddress,
        })
        .execute()
    },
    async seen(id, atMs, address) {
      await query
        .updateTable('devices')
        .set({ last_seen_at_ms: atMs, last_address: address })
        .where('id', '=', id)
        .execute()
    },
    async remove(id) {
      const gone = await query.deleteFrom('devices').where('id', '=', id).executeTakeFirst()
      if (gone.numDeletedRows === 0n) throw new GatewayError('not-found', 'device')
    },
    async removeOlder(signedInUntilMs) {
      await query.deleteFrom('devices').where('signed_in_until_ms', '<=', signedInUntilMs).execute()
    },
  }
}

function device(row: DevicesTable): Device {
  return {
    id: row.id as DeviceId,
    userId: row.user_id as UserId,
    name: row.name,
    system: row.system_name,
    publicKey: row.public_key,
    createdAtMs: row.created_at_ms,
    signedInUntilMs: row.signed_in_until_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    lastAddress: row.last_address,
  }
}

export function createDeviceGrantStore({ query }: Database): DeviceGrantStore {
  const grants = () => query.selectFrom('device_grants').selectAll()
  return {
    async add(added) {
      try {
        await query
          .insertInto('device_grants')
          .values({
            hash: added.hash,
            user_code: added.userCode ?? null,
            challenge: added.challenge,
            name: added.name,
            system_name: added.system,
            address: added.address,
            state: added.state,
            user_id: added.userId ?? null,
            expires_at_ms: added.expiresAtMs,
          })
          .execute()
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', 'device code', { cause: error })
        throw error
      }
    },
    async byHash(hash) {
      const row = await grants().where('hash', '=', hash).executeTakeFirst()
      return row && grant(row)
    },
    async byUserCode(userCode) {
      const row = await grants().where('user_code', '=', userCode).executeTakeFirst()
      return row && grant(row)
    },
    async decide(hash, state, userId) {
      const written = await query
        .updateTable('device_grants')
        .set({ state, user_id: userId })
        .where('hash', '=', hash)
        .where('state', '=', 'pending')
        .executeTakeFirst()
      return written.numUpdatedRows === 1n
    },
    async take(hash) {
      const gone = await query.deleteFrom('device_grants').where('hash', '=', hash).executeTakeFirst()
      return gone.numDeletedRows === 1n
    },
    async count() {
      const row = await query
        .selectFrom('device_grants')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return Number(row.n)
    },
    async removeOlder(expiresAtMs) {
      await query.deleteFrom('device_grants').where('expires_at_ms', '<=', expiresAtMs).execute()
    },
  }
}

function grant(row: DeviceGrantsTable): DeviceGrant {
  return {
    hash: row.hash,
    userCode: orUndefined(row.user_code),
    challenge: row.challenge,
    name: row.name,
    system: row.system_name,
    address: row.address,
    state: row.state as DeviceGrant['state'],
    userId: orUndefined(row.user_id) as UserId | undefined,
    expiresAtMs: row.expires_at_ms,
  }
}

/** There is one for each database. */
const onlyId = 1

export function createAuthorityStore({ query }: Database): AuthorityStore {
  return {
    async get() {
      const row = await query
        .selectFrom('device_authority')
        .selectAll()
        .where('id', '=', onlyId)
        .executeTakeFirst()
      return row && { sealedKey: row.sealed_key, certificate: row.certificate }
    },
    async add({ sealedKey, certificate }) {
      try {
        await query
          .insertInto('device_authority')
          .values({ id: onlyId, sealed_key: sealedKey, certificate })
          .execute()
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    },
  }
}
