// The names in a target for the object tree: sorted once for each picture of it, found by parts, told a page at a time.

import type { Sight } from '../../core/verdict.ts'
import type { SchemaSnapshot } from '../../sql/schema.ts'
import type { ObjectPage, SqlObject } from '../contract.ts'
import { isSystem } from '../targets/tables.ts'

interface Named {
  readonly object: Omit<SqlObject, 'hides'>
  /** What is searched in. */
  readonly words: string
}

interface Tree {
  /** By schema, then by name. */
  readonly all: readonly Named[]
  readonly bySchema: ReadonlyMap<string, readonly Named[]>
}

const trees = new WeakMap<SchemaSnapshot, Tree>()

export interface ObjectQuestion {
  readonly schema: string | undefined
  readonly search: string | undefined
  readonly offset: number
  readonly limit: number
}

export function schemasOf(snapshot: SchemaSnapshot): readonly { name: string; objects: number }[] {
  const { bySchema } = treeOf(snapshot)
  const names = new Set([...bySchema.keys(), ...snapshot.schemas])
  return [...names]
    .filter(name => !isSystem(snapshot.product, name))
    .sort(compare)
    .map(name => ({ name, objects: bySchema.get(name)?.length ?? 0 }))
}

export function objectsOf(snapshot: SchemaSnapshot, sight: Sight, asked: ObjectQuestion): ObjectPage {
  const { all, bySchema } = treeOf(snapshot)
  const within = asked.schema === undefined ? all : (bySchema.get(asked.schema) ?? [])
  const words = asked.search?.toLowerCase() ?? ''
  const found = words === '' ? within : within.filter(one => one.words.includes(words))
  const objects = found.slice(asked.offset, asked.offset + asked.limit).map(({ object }) => ({
    ...object,
    hides: (sight.table(object.schema, object.name)?.hidden.size ?? 0) > 0,
  }))
  return { objects, total: found.length }
}

function treeOf(snapshot: SchemaSnapshot): Tree {
  const known = trees.get(snapshot)
  if (known !== undefined) return known
  const relations = snapshot.relations.map(({ schema, name, kind, comment }) => ({
    schema,
    name,
    kind,
    comment,
  }))
  // Routines of one name differ in what they take: the tree shows the name once.
  const routines = new Map(
    snapshot.routines
      .filter(routine => routine.extension === undefined)
      .map(({ schema, name }) => [
        `${schema}\0${name}`,
        { schema, name, kind: 'routine' as const, comment: undefined },
      ]),
  )
  const all = [...relations, ...routines.values()]
    .filter(object => !isSystem(snapshot.product, object.schema))
    .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name) || compare(a.kind, b.kind))
    .map(object => ({ object, words: `${object.schema}.${object.name}`.toLowerCase() }))
  const made = { all, bySchema: Map.groupBy(all, one => one.object.schema) }
  trees.set(snapshot, made)
  return made
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
