// RFC 4180. Values stay exactly what they are: a program that takes one for a formula is told so in the documentation. NULL is
// an empty field, an empty text a quoted one.

import type { CreateWriter } from './table-writer.ts'

export const csvWriter: CreateWriter = (out, { byteOrderMark }) => ({
  begin: columns => out.write((byteOrderMark ? '\u{feff}' : '') + lineOf(columns.map(column => column.name))),
  rows: rows => out.write(rows.map(lineOf).join('')),
  end: () => Promise.resolve(),
})

const lineOf = (values: readonly (string | null)[]): string => `${values.map(fieldOf).join(',')}\r\n`

function fieldOf(value: string | null): string {
  if (value === null) return ''
  return value === '' || /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
