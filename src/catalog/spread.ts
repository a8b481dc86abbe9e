// Where the tags of a target apply in one picture of its tables: found by name or number, and spread over inheritance. Pure.

import { createHash } from 'node:crypto'
import type { ColumnTags, TagDefinition } from '../policy/policy.ts'
import type { Relation, RelationName, SchemaSnapshot } from '../sql/schema.ts'
import type { StoredColumnTags } from './tag-store.ts'

/** A tagged column where it is now. */
export interface Placed {
  readonly relation: Relation
  readonly column: string
  readonly tags: readonly string[]
}

interface Graph {
  readonly byName: ReadonlyMap<string, Relation>
  readonly byOid: ReadonlyMap<number, Relation>
  readonly children: ReadonlyMap<Relation, readonly Relation[]>
}

const graphs = new WeakMap<SchemaSnapshot, Graph>()

/** The tags in force: given and inherited. */
export function spreadTags(
  snapshot: SchemaSnapshot,
  rows: readonly StoredColumnTags[],
  definitions: ReadonlyMap<string, TagDefinition>,
): ColumnTags {
  const graph = graphOf(snapshot)
  const found = new Map<Relation, Map<string, Set<string>>>()
  for (const placed of rows.flatMap(row => place(graph, row))) {
    for (const relation of kin(graph, placed.relation, placed.column)) {
      const columns = found.get(relation) ?? new Map<string, Set<string>>()
      found.set(relation, columns)
      const tags = columns.get(placed.column) ?? new Set<string>()
      columns.set(placed.column, tags)
      for (const tag of placed.tags) tags.add(tag)
    }
  }
  const tables = [...found].map(([relation, columns]) => ({
    schema: relation.schema,
    table: relation.name,
    columns: new Map([...columns].map(([column, tags]) => [column, defined(tags, definitions)] as const)),
  }))
  return { version: versionOf(tables), tables }
}

/** Where the tags given by hand are now; tables and columns that are gone are left out. */
export function placeTags(snapshot: SchemaSnapshot, row: StoredColumnTags): readonly Placed[] {
  return place(graphOf(snapshot), row)
}

/**
 * By name, and by the server's own number if that is another table now: after two tables swapped their names both hold
 * what was tagged.
 */
function place(graph: Graph, row: StoredColumnTags): readonly Placed[] {
  const named = graph.byName.get(keyOf({ schema: row.schema, name: row.table }))
  const numbered = row.relationOid === undefined ? undefined : graph.byOid.get(row.relationOid)
  const relations = new Set([named, numbered].filter(relation => relation !== undefined))
  return [...relations].flatMap(relation => {
    return columnsIn(relation, row).map(column => ({ relation, column, tags: row.tags }))
  })
}

function columnsIn(relation: Relation, row: StoredColumnTags): readonly string[] {
  const columns = new Set<string>()
  for (const column of relation.columns) {
    if (column.name === row.column) columns.add(column.name)
    // Numbers are those of one table only; in another of the same name they mean other columns.
    const sameTable = relation.oid === row.relationOid
    if (sameTable && column.number !== undefined && column.number === row.columnNumber)
      columns.add(column.name)
  }
  return columns.size > 0 ? [...columns] : inItsPlace(relation, row)
}

/**
 * Of a server without numbers for columns: a column that is gone was renamed, for all we know. If it was dropped, the one
 * that moved up hides more than it must, until somebody takes its tags away.
 */
function inItsPlace(relation: Relation, row: StoredColumnTags): readonly string[] {
  if (row.columnNumber === undefined) return []
  return relation.columns
    .filter(column => column.number === undefined && column.place === row.columnNumber)
    .map(column => column.name)
}

/** The relation and all that share the column with it by inheritance or partition, at any distance. */
function kin(graph: Graph, start: Relation, column: string): ReadonlySet<Relation> {
  const reached = new Set([start])
  for (const relation of reached) {
    const parents = relation.parents.map(parent => graph.byName.get(keyOf(parent)))
    for (const next of [...parents, ...(graph.children.get(relation) ?? [])]) {
      if (next?.columns.some(one => one.name === column)) reached.add(next)
    }
  }
  return reached
}

/** A tag that nobody defined hides as much as there is: unknown is never harmless. */
function defined(
  names: ReadonlySet<string>,
  definitions: ReadonlyMap<string, TagDefinition>,
): readonly TagDefinition[] {
  return [...names].sort().map(name => {
    return definitions.get(name) ?? { name, description: '', sensitive: true, mask: 'null' }
  })
}

function versionOf(tables: ColumnTags['tables']): string {
  const facts = tables.map(({ schema, table, columns }) =>
    JSON.stringify([schema, table, [...columns].sort(([one], [other]) => (one < other ? -1 : 1))]),
  )
  return createHash('sha256').update(facts.sort().join()).digest('hex').slice(0, 32)
}

function graphOf(snapshot: SchemaSnapshot): Graph {
  const known = graphs.get(snapshot)
  if (known !== undefined) return known
  const byName = new Map(snapshot.relations.map(relation => [keyOf(relation), relation]))
  const byOid = new Map(snapshot.relations.map(relation => [relation.oid, relation]))
  const children = new Map<Relation, Relation[]>()
  for (const relation of snapshot.relations) {
    for (const name of relation.parents) {
      const parent = byName.get(keyOf(name))
      if (parent === undefined) continue
      const others = children.get(parent)
      if (others === undefined) children.set(parent, [relation])
      else others.push(relation)
    }
  }
  const graph = { byName, byOid, children }
  graphs.set(snapshot, graph)
  return graph
}

function keyOf(name: RelationName): string {
  return `${name.schema}\0${name.name}`
}
