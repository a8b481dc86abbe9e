// Rows come in the order of the index by which they are read: indexes that hold a hidden column are not to be used.

import type { Relation } from '../schema.ts'
import type { Rewriting } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import type { RelationSight } from './sights.ts'
import type { Reference, Survey } from './survey-facts.ts'
import { readColumns } from './table-uses.ts'
import { ignoredIndexes } from './wrap.ts'

/** The server may read a table by any index that has all that is asked for, or that begins with a column that is. */
export function ignoreIndexes(
  rewriting: Rewriting,
  survey: Survey,
  reference: Reference,
  relation: Relation,
  sight: RelationSight,
): void {
  const { node } = reference
  if (!node || sight.indexes.length === 0) return
  const asked = new Set(readColumns(reference, survey).map(foldColumn))
  const primary =
    relation.indexes?.find(index => index.name.toUpperCase() === 'PRIMARY')?.columns.map(foldColumn) ?? []
  const tells = sight.indexes.filter(({ columns }) => {
    if (node.indexHints.length > 0 || asked.has(columns[0] ?? '')) return true
    return [...asked].every(name => columns.includes(name) || primary.includes(name))
  })
  const hint = ignoredIndexes(tells.map(index => index.name))
  if (hint !== '') rewriting.splices.push({ start: node.end, end: node.end, text: hint })
}
