// What writes the rows of a result into a file, whatever its format.

export interface FileColumn {
  readonly name: string
  /** As the target calls it. */
  readonly type: string
}

/** Where the bytes go; settles once more can be written. */
export interface FileOut {
  write(chunk: Uint8Array | string): Promise<void>
}

export interface TableWriter {
  begin(columns: readonly FileColumn[]): Promise<void>
  rows(rows: readonly (readonly (string | null)[])[]): Promise<void>
  end(): Promise<void>
}

export type CreateWriter = (out: FileOut, about: WriterWish) => TableWriter

export interface WriterWish {
  readonly protocol: 'postgres' | 'mysql'
  /** What rows are inserted into, of a file of SQL. */
  readonly table: string
  /** Begins with a byte order mark, without which Excel takes CSV for another encoding. */
  readonly byteOrderMark: boolean
}

/** Types whose values are numbers in every program that reads them. */
const numbers =
  /^(?:smallint|integer|int|tinyint|mediumint|real|double precision|double|float|year)(?: unsigned)?$/
/** Exact ones, of any length: numbers in SQL, text where a program would round them. */
const longNumbers = /^(?:bigint|numeric|decimal|oid)(?: unsigned)?$/

export const isPlainNumber = (type: string, value: string): boolean =>
  numbers.test(type) && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)

export const isExactNumber = (type: string, value: string): boolean =>
  isPlainNumber(type, value) || (longNumbers.test(type) && /^-?\d+(?:\.\d+)?$/.test(value))
