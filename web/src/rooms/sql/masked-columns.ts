// Which columns of a result are shown with a lock: those named like a column that is hidden from me, of a table that the text names.
// Only a sign for the eye. What is hidden was decided and masked long before, at the source.

import type { TableRow } from '../../../../src/console/contract.ts'

export function maskedColumns(
  columns: readonly { readonly name: string }[],
  sql: string,
  tables: readonly TableRow[],
): readonly boolean[] {
  const words = new Set(sql.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [])
  const hidden = new Set(
    tables
      .filter(({ table }) =>
        (table.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []).every(word => words.has(word)),
      )
      .flatMap(table =>
        table.columns.filter(({ hiddenAs }) => hiddenAs !== undefined).map(({ name }) => name),
      ),
  )
  return columns.map(({ name }) => hidden.has(name))
}
