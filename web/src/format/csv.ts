// Rows as text for other programs: CSV for files (RFC 4180), TSV for pasting into spreadsheets.

export type Row = readonly (string | null)[]

/** A field that could be read as more than one, or as NULL, is put in quotes; NULL is an empty field without quotes. */
function csvField(value: string | null): string {
  if (value === null) return ''
  return value === '' || /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** CSV with a header line and CRLF line ends. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  return [columns, ...rows].map(row => `${row.map(csvField).join(',')}\r\n`).join('')
}

/** A spreadsheet takes a quoted field as one cell, whatever line ends and tabs it holds. */
function tsvField(value: string | null): string {
  if (value === null) return ''
  return /[\t\r\n"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** TSV, with a header line unless it is `undefined`. */
export function toTsv(columns: readonly string[] | undefined, rows: readonly Row[]): string {
  const lines = columns === undefined ? rows : [columns, ...rows]
  return lines.map(row => row.map(tsvField).join('\t')).join('\n')
}
