// What `information_schema` tells of tables from which something is hidden: NULL in place of what counts their rows, or really changed.

import { quoteName, quoteText } from './quote.ts'
import type { Rewriting } from './rewriting.ts'
import { type RelationSight, sightOf } from './sights.ts'
import { ofChanges, ofRows } from './system-relations.ts'

/** More are not named one by one: nothing is told of any table then. */
const namedMax = 200

/** What stands for a column of `information_schema.tables`; `undefined`: it may be seen as it is. */
export function toldOf(rewriting: Rewriting, column: string): string | undefined {
  const name = column.toLowerCase()
  const hides = (sight: RelationSight): boolean =>
    ofChanges.has(name) || (ofRows.has(name) && sight.filter !== undefined)
  if (!ofRows.has(name) && !ofChanges.has(name)) return undefined
  const { index, sight, surroundings } = rewriting
  const tables = index.snapshot.relations.filter(relation => {
    const own = sightOf(sight, relation)
    return own !== undefined && hides(own)
  })
  if (tables.length === 0) return undefined
  const quoted = quoteName(column)
  if (tables.length > namedMax) return `IF(1, NULL, ${quoted})`
  const literal = (text: string): string => quoteText(text, surroundings.sqlMode)
  const names = tables.map(table => `(${literal(table.schema)}, ${literal(table.name)})`).join(', ')
  return `IF((TABLE_SCHEMA, TABLE_NAME) IN (${names}), NULL, ${quoted})`
}
