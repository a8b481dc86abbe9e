// What of one table is hidden, all told: tags of its own, columns computed from hidden ones, row filters.

import type { HiddenColumn, Sight } from '../../core/verdict.ts'
import type { Relation } from '../schema.ts'
import { isSystemSchema } from './names.ts'
import { readExpression } from './read-expression.ts'
import { foldColumn } from './schema-index.ts'

export interface RelationSight {
  /** By folded name. */
  readonly hidden: ReadonlyMap<string, HiddenColumn>
  /** SQL condition, as a policy has it. */
  readonly filter: string | undefined
  /** A hidden column decides which partition holds a row, so that the place of a row tells its value. */
  readonly placeTells: boolean
  /** Indexes that hold a hidden column: rows that are read by one come in the order of its values. */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** Rows are kept in the order of a hidden column. */
  readonly keptInOrder: boolean
}

const cache = new WeakMap<Sight, WeakMap<Relation, RelationSight | null>>()

/** `undefined`: nothing of it is hidden. */
export function sightOf(sight: Sight, relation: Relation): RelationSight | undefined {
  if (!sight.hidesAnything || isSystemSchema(relation.schema)) return undefined
  let ofSight = cache.get(sight)
  if (!ofSight) {
    ofSight = new WeakMap()
    cache.set(sight, ofSight)
  }
  const kept = ofSight.get(relation)
  if (kept !== undefined) return kept ?? undefined
  const computed = compute(sight, relation)
  ofSight.set(relation, computed ?? null)
  return computed
}

function compute(sight: Sight, relation: Relation): RelationSight | undefined {
  const own = sight.table(relation.schema, relation.name)
  if (!own) return undefined
  const hidden = new Map<string, HiddenColumn>()
  for (const [column, how] of own.hidden) hidden.set(foldColumn(column), how)
  hideComputed(relation, hidden)
  if (hidden.size === 0 && own.rowFilter === undefined) return undefined
  const placeTells = (relation.partitionKey ?? []).some(column => hidden.has(foldColumn(column)))
  const holds = (columns: readonly string[]): boolean =>
    columns.some(column => hidden.has(foldColumn(column)))
  const all = relation.indexes ?? []
  const primary = all.find(index => index.name.toUpperCase() === 'PRIMARY')
  // Without a primary key, rows are kept by the first unique one.
  const keptInOrder = primary ? holds(primary.columns) : relation.uniqueKeys.some(holds)
  const indexes = all
    .filter(index => index !== primary && holds(index.columns))
    .map(({ name, columns }) => ({ name, columns: columns.map(foldColumn) }))
  return { hidden, filter: own.rowFilter, placeTells, indexes, keptInOrder: keptInOrder || placeTells }
}

/** Generated columns, and those whose default reads others: hidden as soon as one that they read is. */
function hideComputed(relation: Relation, hidden: Map<string, HiddenColumn>): void {
  if (hidden.size === 0) return
  // One may be computed from another.
  for (let before = -1; before !== hidden.size; ) {
    before = hidden.size
    for (const column of relation.columns) {
      const name = foldColumn(column.name)
      if (hidden.has(name)) continue
      for (const expression of [column.generated, column.defaultExpression]) {
        if (expression === undefined) continue
        const mentioned = readExpression(expression)
        const source = mentioned
          ? [...hidden].find(([one]) => mentioned.has(one))?.[1]
          : [...hidden.values()][0]
        if (source) hidden.set(name, { mask: 'null', tag: source.tag })
      }
    }
  }
}
