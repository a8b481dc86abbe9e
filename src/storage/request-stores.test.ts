// The stores of requests and API tokens, on every kind of database.

import { requestStoresContract } from '../access/requests.contract.ts'
import { createApiTokenStore } from './api-token-store.ts'
import type { Database } from './database.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { createRequestStore } from './request-store.ts'
import { createUserStore } from './user-store.ts'

onEveryDatabase('request stores', ({ open }) => {
  let opened: Promise<Database> | undefined
  requestStoresContract(async () => {
    opened ??= open()
    const database = await opened
    for (const table of ['requests', 'users'] as const) await database.query.deleteFrom(table).execute()
    return {
      requests: createRequestStore(database),
      apiTokens: createApiTokenStore(database),
      users: createUserStore(database),
    }
  })
})
