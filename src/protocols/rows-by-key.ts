// Whether rows that were asked for by their keys are those that were meant.

import type { RowImage } from '../gate/snapshots.ts'

/** Keys of rows, each the values of its key in order. */
export function keysOf({ columns, key, rows }: RowImage): readonly (readonly (string | null)[])[] {
  const places = key.map(name => columns.findIndex(column => column.name === name))
  return rows.map(row => places.map(place => row[place] ?? null))
}

/** Every row is one of those before, and none is there twice. */
export function areByKey(now: RowImage, before: RowImage): boolean {
  const known = new Set(keysOf(before).map(key => JSON.stringify(key)))
  const found = new Set(keysOf(now).map(key => JSON.stringify(key)))
  const isUnique = known.size === before.rows.length && found.size === now.rows.length
  return isUnique && [...found].every(key => known.has(key))
}
