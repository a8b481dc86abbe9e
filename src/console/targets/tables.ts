// The tables of a target as one person sees them in the console. Pure.

import type { TaggedColumn } from '../../catalog/catalog.ts'
import type { Sight } from '../../core/verdict.ts'
import type { ColumnTags } from '../../policy/policy.ts'
import type { Relation, SchemaSnapshot } from '../../sql/schema.ts'
import type { TableRow } from '../contract.ts'

/** Schemas of the server's own, which nobody tags. */
const mysqlSystem = new Set(['information_schema', 'performance_schema', 'mysql', 'sys'])
export const isSystem = (product: SchemaSnapshot['product'], schema: string): boolean =>
  product === 'postgresql'
    ? schema === 'information_schema' || schema.startsWith('pg_')
    : mysqlSystem.has(schema.toLowerCase())

type TableRelation = Relation & { readonly kind: TableRow['kind'] }
const isTable = (relation: Relation): relation is TableRelation => relation.kind !== 'sequence'

export function describeTables(
  snapshot: SchemaSnapshot,
  effective: ColumnTags,
  byHand: readonly TaggedColumn[],
  sight: Sight,
): readonly TableRow[] {
  const key = (...names: readonly string[]) => names.join('\0')
  const inForce = new Map(effective.tables.map(table => [key(table.schema, table.table), table.columns]))
  const given = new Map(byHand.map(one => [key(one.schema, one.table, one.column), one.tags]))
  return snapshot.relations
    .filter(isTable)
    .filter(relation => !isSystem(snapshot.product, relation.schema))
    .map(relation => {
      const { schema, name: table, kind, comment } = relation
      const tags = inForce.get(key(schema, table))
      const hidden = sight.table(schema, table)?.hidden
      const columns = relation.columns.map(({ name, type, notNull }) => {
        const all = (tags?.get(name) ?? []).map(tag => tag.name)
        const own = given.get(key(schema, table, name)) ?? []
        const inherited = all.filter(tag => !own.includes(tag))
        return { name, type, notNull, tags: all, inherited, hiddenAs: hidden?.get(name)?.mask }
      })
      return { schema, table, kind, comment, columns }
    })
    .sort((a, b) => compare(a.schema, b.schema) || compare(a.table, b.table))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
