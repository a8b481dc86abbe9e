// The tables of a target as one flat list to scroll through: schemas as headings, tables below, filtered by words.

import type { TableRow } from '../../../../src/console/contract.ts'

export type TableListItem =
  | { readonly kind: 'schema'; readonly key: string; readonly schema: string; readonly tables: number }
  | {
      readonly kind: 'table'
      readonly key: string
      readonly table: TableRow
      readonly matching: readonly string[]
    }

export function tableKey(table: { readonly schema: string; readonly table: string }): string {
  return `${table.schema}\u0000${table.table}`
}

/** Columns of a table whose name or tag holds the word. */
function matchingColumns(table: TableRow, word: string): readonly string[] {
  return table.columns
    .filter(({ name, tags }) => name.toLowerCase().includes(word) || tags.some(tag => tag.includes(word)))
    .map(({ name }) => name)
}

/** `public` first: most people look for their tables there. */
function compareTables(a: TableRow, b: TableRow): number {
  const byPublic = Number(b.schema === 'public') - Number(a.schema === 'public')
  return byPublic || a.schema.localeCompare(b.schema) || a.table.localeCompare(b.table)
}

/** Tables whose name, or one of whose columns or tags, holds the word; in order of schema and name. */
export function listTables(tables: readonly TableRow[], search: string): readonly TableListItem[] {
  const word = search.trim().toLowerCase()
  const bySchema = new Map<string, TableListItem[]>()
  const sorted = [...tables].sort(compareTables)
  for (const table of sorted) {
    const byName = word === '' || `${table.schema}.${table.table}`.toLowerCase().includes(word)
    const matching = word === '' ? [] : matchingColumns(table, word)
    if (!byName && matching.length === 0) continue
    const items = bySchema.get(table.schema) ?? []
    items.push({ kind: 'table', key: tableKey(table), table, matching })
    bySchema.set(table.schema, items)
  }
  return [...bySchema].flatMap(([schema, items]) => [
    { kind: 'schema' as const, key: `schema:${schema}`, schema, tables: items.length },
    ...items,
  ])
}
