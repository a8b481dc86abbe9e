// The stores of devices, on every kind of database.

import { deviceStoresContract } from '../access/devices.contract.ts'
import type { Database } from './database.ts'
import { createAuthorityStore, createDeviceGrantStore, createDeviceStore } from './device-store.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { createUserStore } from './user-store.ts'

onEveryDatabase('device stores', ({ open }) => {
  let opened: Promise<Database> | undefined
  deviceStoresContract(async () => {
    opened ??= open()
    const database = await opened
    for (const table of ['devices', 'device_grants', 'device_authority', 'users'] as const) {
      await database.query.deleteFrom(table).execute()
    }
    return {
      devices: createDeviceStore(database),
      grants: createDeviceGrantStore(database),
      authority: createAuthorityStore(database),
      users: createUserStore(database),
    }
  })
})
