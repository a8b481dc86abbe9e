// The picture of a target with the look-ups that reading needs.

import type { SchemaIndex } from '../dialect.ts'
import type { Callable, Relation, Routine, SchemaSnapshot } from '../schema.ts'

export interface PgIndex extends SchemaIndex {
  relation(schema: string, name: string): Relation | undefined
  relationsNamed(name: string): readonly Relation[]
  routinesNamed(name: string): readonly Routine[]
  operatorsNamed(symbol: string): readonly Callable[]
  readonly casts: readonly Callable[]
  hasSchema(name: string): boolean
  /** Parents, their parents and so on. */
  ancestors(relation: Relation): readonly Relation[]
  descendants(relation: Relation): readonly Relation[]
  /** Relations with foreign keys to it. */
  referring(relation: Relation): readonly Relation[]
  /** Relations whose rows change or go when the row of this one does that they refer to. */
  followers(relation: Relation): readonly Relation[]
  /** Columns of unique keys and of foreign keys in either direction: what is written there can be probed for. */
  probeable(relation: Relation): ReadonlySet<string>
}

const none: readonly never[] = []

export function isPgIndex(index: SchemaIndex): index is PgIndex {
  return 'relationsNamed' in index
}

export function indexSchema(snapshot: SchemaSnapshot): PgIndex {
  const byKey = new Map<string, Relation>()
  const byName = new Map<string, Relation[]>()
  const children = new Map<string, Relation[]>()
  const referenced = new Map<string, Set<string>>()
  const followers = new Map<string, Relation[]>()
  const referring = new Map<string, Relation[]>()
  for (const relation of snapshot.relations) {
    byKey.set(keyOf(relation.schema, relation.name), relation)
    push(byName, relation.name, relation)
    for (const parent of relation.parents) push(children, keyOf(parent.schema, parent.name), relation)
    for (const foreign of relation.foreignKeys) {
      const key = keyOf(foreign.references.schema, foreign.references.name)
      const columns = referenced.get(key) ?? new Set()
      for (const column of foreign.referencedColumns) columns.add(column)
      referenced.set(key, columns)
      push(referring, key, relation)
      if (foreign.cascades !== false) push(followers, key, relation)
    }
  }
  const routines = new Map<string, Routine[]>()
  for (const routine of snapshot.routines) push(routines, routine.name, routine)
  const operators = new Map<string, Callable[]>()
  const casts: Callable[] = []
  for (const callable of snapshot.callables) {
    if (callable.kind === 'operator') push(operators, callable.name, callable)
    else casts.push(callable)
  }
  const schemas = new Set(snapshot.schemas)
  for (const relation of snapshot.relations) schemas.add(relation.schema)

  const parentsOf = (relation: Relation): Relation[] =>
    relation.parents
      .map(parent => byKey.get(keyOf(parent.schema, parent.name)))
      .filter(parent => parent !== undefined)
  const childrenOf = (relation: Relation): readonly Relation[] =>
    children.get(keyOf(relation.schema, relation.name)) ?? none

  return {
    snapshot,
    casts,
    relation: (schema, name) => byKey.get(keyOf(schema, name)),
    relationsNamed: name => byName.get(name) ?? none,
    routinesNamed: name => routines.get(name) ?? none,
    operatorsNamed: symbol => operators.get(symbol) ?? none,
    hasSchema: name => schemas.has(name),
    ancestors: relation => reach(relation, parentsOf),
    descendants: relation => reach(relation, childrenOf),
    referring: relation => referring.get(keyOf(relation.schema, relation.name)) ?? none,
    followers: relation => followers.get(keyOf(relation.schema, relation.name)) ?? none,
    probeable(relation) {
      const columns = new Set<string>()
      for (const one of [relation, ...reach(relation, childrenOf)]) {
        for (const column of referenced.get(keyOf(one.schema, one.name)) ?? none) columns.add(column)
        for (const key of one.uniqueKeys) for (const column of key) columns.add(column)
        for (const foreign of one.foreignKeys) for (const column of foreign.columns) columns.add(column)
      }
      return columns
    },
  }
}

export function keyOf(schema: string, name: string): string {
  return `${schema}\0${name}`
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function reach(from: Relation, next: (relation: Relation) => readonly Relation[]): Relation[] {
  const found = new Set<Relation>()
  const open = [...next(from)]
  for (let relation = open.pop(); relation; relation = open.pop()) {
    if (found.has(relation) || relation === from) continue
    found.add(relation)
    open.push(...next(relation))
  }
  return [...found]
}
