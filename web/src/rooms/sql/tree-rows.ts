// The tree of a target's objects as the flat list that is drawn: schemas, tables, and the columns of opened tables.

import type { TableRow } from '../../../../src/console/contract.ts'
import { listTables } from '../targets/list-tables.ts'

export type TreeRow =
  | { readonly kind: 'schema'; readonly key: string; readonly schema: string }
  | { readonly kind: 'table'; readonly key: string; readonly table: TableRow; readonly open: boolean }
  | {
      readonly kind: 'column'
      readonly key: string
      readonly table: TableRow
      readonly column: TableRow['columns'][number]
    }

/** Tables found by one of their columns are open. */
export function treeRows(
  tables: readonly TableRow[],
  search: string,
  opened: ReadonlySet<string>,
): readonly TreeRow[] {
  return listTables(tables, search).flatMap((item): TreeRow[] => {
    if (item.kind === 'schema') return [{ kind: 'schema', key: item.key, schema: item.schema }]
    const { key, table, matching } = item
    const open = opened.has(key) !== matching.length > 0
    const columns = open
      ? table.columns
          .filter(column => matching.length === 0 || matching.includes(column.name))
          .map(column => ({ kind: 'column' as const, key: `${key}\u0000${column.name}`, table, column }))
      : []
    return [{ kind: 'table', key, table, open }, ...columns]
  })
}
