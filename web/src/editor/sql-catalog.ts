// What completion knows of a target, asked for when it is needed: schemas, objects by their beginning, columns of one object.

import type { SqlObject, TableRow } from '../../../src/console/contract.ts'
import { queryClient } from '../api/queries.ts'
import { objectQuery, objectsQuery, schemasQuery } from '../api/sql-queries.ts'

export interface SqlCatalog {
  schemas(): Promise<readonly string[]>
  objects(schema: string | undefined, beginning: string): Promise<readonly SqlObject[]>
  /** `undefined`: there is no such object, or it has no columns. */
  columns(schema: string, name: string): Promise<TableRow['columns'] | undefined>
}

const objectsOffered = 100

export function catalogOf(targetId: string): SqlCatalog {
  return {
    async schemas() {
      return (await queryClient.fetchQuery(schemasQuery(targetId))).map(({ name }) => name)
    },
    async objects(schema, beginning) {
      const asked = { ...(schema === undefined ? {} : { schema }), search: beginning, limit: objectsOffered }
      return (await queryClient.fetchQuery(objectsQuery(targetId, asked))).objects
    },
    async columns(schema, name) {
      try {
        return (await queryClient.fetchQuery(objectQuery(targetId, schema, name))).columns
      } catch {
        // A name that is still being written, or of something without columns.
        return undefined
      }
    },
  }
}
