// What keeps the rows of a table: itself, or something else that it only stands in front of (MERGE, FEDERATED, CONNECT, SPIDER and others).

import type { Relation } from '../schema.ts'
import { unsafe } from './refusal.ts'

/** As `ENGINE =` and `information_schema` name them, in lower case. */
export const ownEngines: ReadonlySet<string> = new Set(
  'innodb myisam aria memory heap csv archive blackhole rocksdb columnstore ndb ndbcluster tokudb s3'.split(
    ' ',
  ),
)

/** Whether reading it is reading its own rows. Tables behind another have tags of their own, which would not be looked at. */
const keepsItsRows = (relation: Relation): boolean =>
  (relation.kind !== 'table' && relation.kind !== 'partitioned') || ownEngines.has(relation.engine ?? '')

/** Which tables are behind it, and what of them is hidden, is not known. */
export function refuseOthersRows(relation: Relation, at: number): void {
  if (keepsItsRows(relation)) return
  throw unsafe(
    `"${relation.name}" shows rows of other tables (engine ${relation.engine || 'not known'}), of which something may be hidden from ` +
      'you. Ask those tables themselves, or a view.',
    at,
  )
}
