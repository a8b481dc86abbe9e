// Rows as text for other programs: what is copied from a result.

import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { type Row, toCsv, toTsv } from '../../format/csv.ts'
import { sqlName } from '../../format/product.ts'
import { isNumberType } from './column-widths.ts'

export type CopyFormat = 'tsv' | 'tsvHead' | 'csv' | 'json' | 'insert' | 'markdown'
export const copyFormats: readonly CopyFormat[] = ['tsv', 'tsvHead', 'csv', 'json', 'insert', 'markdown']

export interface CopiedCells {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly Row[]
  readonly protocol: TargetProtocol
  /** For `insert`: the path of the table, as far as it is known. */
  readonly table: readonly string[]
}

const isNumeral = (value: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)

/** A numeral that a JSON number holds exactly stays one. */
function jsonValue(value: string | null, type: string): unknown {
  if (value === null) return null
  if (/^(boolean|bool)$/.test(type) && /^(t|f|true|false)$/.test(value)) return value.startsWith('t')
  if (isNumberType(type) && isNumeral(value) && String(Number(value)) === value) return Number(value)
  if (/^jsonb?$/.test(type)) {
    try {
      return JSON.parse(value)
    } catch {
      return value
    }
  }
  return value
}

/** Two columns of the same name would be one in an object: the second is told apart. */
function uniqueNames(columns: CopiedCells['columns']): readonly string[] {
  const seen = new Map<string, number>()
  return columns.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

function toJson({ columns, rows }: CopiedCells): string {
  const names = uniqueNames(columns)
  const lines = rows.map(row => {
    const members = columns.map(
      ({ type }, at) => `${JSON.stringify(names[at])}: ${JSON.stringify(jsonValue(row[at] ?? null, type))}`,
    )
    return `  { ${members.join(', ')} }`
  })
  return rows.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`
}

const binaryTypes = /^(bytea|bit|geometry|vector|(?:var)?binary|(?:tiny|medium|long)?blob)\b/

export function isBinaryType(type: string): boolean {
  return binaryTypes.test(type)
}

function literal(value: string | null, type: string, protocol: TargetProtocol): string {
  if (value === null) return 'NULL'
  if (isNumberType(type) && isNumeral(value)) return value
  if (protocol === 'mysql') {
    if (isBinaryType(type) && /^0x(?:[0-9A-F]{2})+$/i.test(value)) return value
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')}'`
  }
  const quoted = `'${value.replaceAll("'", "''")}'`
  // A backslash means itself whatever `standard_conforming_strings` says.
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

function toInsert({ columns, rows, protocol, table }: CopiedCells): string {
  const name = (table.length === 0 ? ['table_name'] : table).map(part => sqlName(protocol, part)).join('.')
  const names = columns.map(column => sqlName(protocol, column.name)).join(', ')
  const values = rows.map(
    row => `  (${columns.map(({ type }, at) => literal(row[at] ?? null, type, protocol)).join(', ')})`,
  )
  return rows.length === 0 ? '' : `INSERT INTO ${name} (${names}) VALUES\n${values.join(',\n')};`
}

const markdownCell = (value: string | null): string =>
  (value ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\r?\n/g, '<br>')

function toMarkdown({ columns, rows }: CopiedCells): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ name }) => markdownCell(name))),
    line(columns.map(({ type }) => (isNumberType(type) ? '--:' : '---'))),
    ...rows.map(row => line(columns.map((_, at) => markdownCell(row[at] ?? null)))),
  ].join('\n')
}

const writers: Readonly<Record<CopyFormat, (cells: CopiedCells) => string>> = {
  tsv: ({ rows }) => toTsv(undefined, rows),
  tsvHead: ({ columns, rows }) =>
    toTsv(
      columns.map(({ name }) => name),
      rows,
    ),
  csv: ({ columns, rows }) =>
    toCsv(
      columns.map(({ name }) => name),
      rows,
    ),
  json: toJson,
  insert: toInsert,
  markdown: toMarkdown,
}

export function copyCells(cells: CopiedCells, format: CopyFormat): string {
  return writers[format](cells)
}
