// Which table a statement changes, as the record names it.

import type { TableUse } from '../core/action.ts'

/** `schema.table`; empty if it changes none, or several. */
export function changedTable(uses: readonly TableUse[]): string {
  const written = uses.filter(({ effects }) => effects.some(effect => effect !== 'select'))
  const [only] = written
  return only && written.length === 1 ? `${only.schema}.${only.table}` : ''
}
