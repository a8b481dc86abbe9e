// Tags of a target's columns, ready to be looked up.

import { tagKeys } from './entity.ts'
import type { ColumnTags, TagDefinition } from './policy.ts'

export type Columns = ReadonlyMap<string, readonly TagDefinition[]>

export const tableKey = (schema: string, table: string) => `${schema}\0${table}`

const tagKeySets = new WeakMap<readonly TagDefinition[], ReadonlySet<string>>()

/** Keys of the tags and of all that they are in. */
export function keysOf(tags: readonly TagDefinition[]): ReadonlySet<string> {
  let keys = tagKeySets.get(tags)
  if (keys === undefined) tagKeySets.set(tags, (keys = tagKeys(tags.map(({ name }) => name))))
  return keys
}

const tableMaps = new WeakMap<ColumnTags, ReadonlyMap<string, Columns>>()

/** A table that is listed twice has the tags of both. */
export function tablesOf(tags: ColumnTags): ReadonlyMap<string, Columns> {
  const known = tableMaps.get(tags)
  if (known !== undefined) return known
  const tables = new Map<string, Columns>()
  for (const { schema, table, columns } of tags.tables) {
    const key = tableKey(schema, table)
    const other = tables.get(key)
    if (other === undefined) {
      tables.set(key, columns)
      continue
    }
    const both = new Map(other)
    for (const [name, more] of columns) both.set(name, [...(both.get(name) ?? []), ...more])
    tables.set(key, both)
  }
  tableMaps.set(tags, tables)
  return tables
}
