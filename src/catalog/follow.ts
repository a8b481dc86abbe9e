// Writes given tags anew for a new picture of the tables: where tables and columns were renamed, made anew or swapped. Pure.

import type { Relation, SchemaSnapshot } from '../sql/schema.ts'
import type { TaggedColumn } from './catalog.ts'
import { placeTags } from './spread.ts'
import type { StoredColumnTags } from './tag-store.ts'

/**
 * @returns the rows that differ from those given. A renamed column has its tags under both names: under the new one by
 *   number, and under the old one by name alone, so that what comes back under it is covered. What is not in the picture
 *   stays as it is: it may only be out of sight for the moment.
 */
export function followTags(
  rows: readonly StoredColumnTags[],
  snapshot: SchemaSnapshot,
): readonly StoredColumnTags[] {
  const after = new Map<string, StoredColumnTags>()
  for (const row of rows) {
    const places = placeTags(snapshot, row)
    for (const { relation, column } of places) {
      const found = {
        schema: relation.schema,
        table: relation.name,
        column,
        relationOid: relation.oid,
        columnNumber: columnNumber(relation, column),
      }
      const tags = new Set([...(after.get(columnKey(found))?.tags ?? []), ...row.tags])
      after.set(columnKey(found), { ...found, tags: [...tags].sort() })
    }
    if (after.has(columnKey(row))) continue
    after.set(
      columnKey(row),
      places.length === 0 ? row : { ...row, relationOid: undefined, columnNumber: undefined },
    )
  }
  const before = new Map(rows.map(row => [columnKey(row), row]))
  return [...after].filter(([key, row]) => differs(before.get(key), row)).map(([, row]) => row)
}

/** What a column is found by when its name is gone. */
export function columnNumber(relation: Relation, name: string): number | undefined {
  const column = relation.columns.find(one => one.name === name)
  return column?.number ?? column?.place
}

/** Names one column of a target. */
export function columnKey(column: Omit<TaggedColumn, 'tags'>): string {
  return JSON.stringify([column.schema, column.table, column.column])
}

function differs(before: StoredColumnTags | undefined, after: StoredColumnTags): boolean {
  return (
    before === undefined ||
    before.relationOid !== after.relationOid ||
    before.columnNumber !== after.columnNumber ||
    before.tags.join('\0') !== after.tags.join('\0')
  )
}
