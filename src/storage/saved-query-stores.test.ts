// The store of saved queries, on every kind of database.

import { savedQueriesContract } from '../access/saved-queries.contract.ts'
import type { Database } from './database.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { createSavedQueryStore } from './saved-query-store.ts'

onEveryDatabase('saved queries', ({ open }) => {
  let opened: Promise<Database> | undefined
  savedQueriesContract(async () => {
    opened ??= open()
    const database = await opened
    for (const table of ['saved_query_groups', 'saved_queries'] as const)
      await database.query.deleteFrom(table).execute()
    return createSavedQueryStore(database)
  })
})
