// By which columns a row is found again after it changed.

import type { Relation } from './schema.ts'

export interface KeyFound {
  /** Empty: there is none. */
  readonly key: readonly string[]
  readonly why: string | undefined
}

/** The shortest unique key whose columns are always filled and are not written. */
export function keyFor(
  { uniqueKeys, columns }: Relation,
  written: readonly string[],
  fold: (name: string) => string = name => name,
): KeyFound {
  const filled = new Set(columns.filter(column => column.notNull).map(column => column.name))
  const keys = uniqueKeys.filter(key => key.length > 0 && key.every(column => filled.has(column)))
  if (keys.length === 0) return { key: [], why: 'The table has no unique key that is always filled.' }
  const [best] = keys
    .filter(key => !key.some(column => written.includes(fold(column))))
    .sort((one, other) => one.length - other.length)
  return best ? { key: best, why: undefined } : { key: [], why: 'The key itself is changed.' }
}
