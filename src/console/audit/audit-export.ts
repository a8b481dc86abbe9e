// Entries of the audit as a file: CSV, JSON or Parquet, a batch at a time.

import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { AuditEntry } from '../../audit/audit.ts'
import type { AuditExportFormat } from './audit-contract.ts'

/** Writes a file piece by piece; each gives the bytes that go out next. */
export interface EntryWriter {
  begin(): Uint8Array | string
  batch(entries: readonly AuditEntry[]): Uint8Array | string
  end(): Uint8Array | string
}

export const entryWriters: Readonly<Record<AuditExportFormat, () => EntryWriter>> = {
  csv: csvWriter,
  json: jsonWriter,
  parquet: parquetWriter,
}

type Cell = string | number | undefined

interface Column {
  readonly name: string
  readonly type: 'STRING' | 'INT64' | 'DOUBLE' | 'TIMESTAMP'
  readonly of: (entry: AuditEntry) => Cell
}

const list = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : names.join(', ')

const columns: readonly Column[] = [
  { name: 'at', type: 'TIMESTAMP', of: entry => entry.atMs },
  { name: 'id', type: 'STRING', of: entry => entry.id },
  { name: 'kind', type: 'STRING', of: entry => entry.kind },
  { name: 'user', type: 'STRING', of: entry => entry.userName },
  { name: 'target', type: 'STRING', of: entry => entry.targetName },
  { name: 'session', type: 'STRING', of: entry => entry.sessionId },
  { name: 'address', type: 'STRING', of: entry => entry.address },
  { name: 'program', type: 'STRING', of: entry => entry.program },
  { name: 'credential', type: 'STRING', of: entry => entry.credential },
  { name: 'verb', type: 'STRING', of: entry => entry.verb },
  { name: 'statement', type: 'STRING', of: entry => entry.text },
  { name: 'shape', type: 'STRING', of: entry => entry.shape },
  { name: 'tables', type: 'STRING', of: entry => list(entry.tables) },
  { name: 'masked', type: 'STRING', of: entry => list(entry.hidden) },
  { name: 'verdict', type: 'STRING', of: entry => entry.verdict },
  { name: 'code', type: 'STRING', of: entry => entry.code },
  { name: 'reason', type: 'STRING', of: entry => entry.reason },
  {
    name: 'decided_by',
    type: 'STRING',
    of: entry => list(entry.decidedBy.map(({ name, version }) => `${name} (${version})`)),
  },
  { name: 'rows', type: 'INT64', of: entry => entry.rows },
  { name: 'bytes', type: 'INT64', of: entry => entry.bytes },
  { name: 'duration_ms', type: 'DOUBLE', of: entry => entry.durationMs },
  { name: 'result', type: 'STRING', of: entry => entry.result },
  { name: 'change', type: 'STRING', of: entry => entry.what },
  { name: 'object', type: 'STRING', of: entry => entry.object },
  {
    name: 'fields',
    type: 'STRING',
    of: entry => (entry.fields === undefined ? undefined : JSON.stringify(entry.fields)),
  },
  { name: 'sequence', type: 'INT64', of: entry => entry.sequence },
  { name: 'hash', type: 'STRING', of: entry => entry.hash },
]

/** RFC 4180, with a mark that tells spreadsheets the encoding. */
function csvWriter(): EntryWriter {
  return {
    begin: () => `\ufeff${columns.map(({ name }) => name).join(',')}\r\n`,
    batch: entries =>
      entries
        .map(entry => `${columns.map(column => csvCell(csvValue(column, entry))).join(',')}\r\n`)
        .join(''),
    end: () => '',
  }
}

function csvValue({ type, of }: Column, entry: AuditEntry): string {
  const value = of(entry)
  if (value === undefined) return ''
  return type === 'TIMESTAMP' ? new Date(Number(value)).toISOString() : String(value)
}

/** A spreadsheet takes what begins like this for a formula, and what others wrote must not be one. */
const csvCell = (text: string): string => {
  const tame = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

/** One array of entries, as the API gives them. */
function jsonWriter(): EntryWriter {
  let first = true
  return {
    begin: () => '[',
    batch(entries) {
      const text = entries.map(entry => `\n${JSON.stringify(entry)}`).join(',')
      if (text === '') return ''
      const joined = first ? text : `,${text}`
      first = false
      return joined
    },
    end: () => '\n]\n',
  }
}

function parquetWriter(): EntryWriter {
  const bytes = new ByteWriter()
  const columnData = (entries: readonly AuditEntry[]): ColumnSource[] =>
    columns.map(({ name, type, of }) => ({
      name,
      type,
      data: entries.map(entry => parquetValue(type, of(entry))),
      nullable: true,
    }))
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnData([]) }),
    createdBy: 'Sekisho',
  })
  /** What was written since the last time; positions in the file go on. */
  const taken = (): Uint8Array => {
    const piece = new Uint8Array(bytes.getBytes())
    bytes.index = 0
    return piece
  }
  return {
    begin: taken,
    batch(entries) {
      if (entries.length > 0)
        void writer.write({ columnData: columnData(entries), rowGroupSize: entries.length })
      return taken()
    },
    end() {
      void writer.finish()
      return taken()
    },
  }
}

function parquetValue(type: Column['type'], value: Cell): string | number | bigint | Date | null {
  if (value === undefined) return null
  if (type === 'TIMESTAMP') return new Date(Number(value))
  return type === 'INT64' ? BigInt(Math.trunc(Number(value))) : value
}
