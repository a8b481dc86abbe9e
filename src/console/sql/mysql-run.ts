// One text on its way through a MySQL or MariaDB; follows what the `mysql2` driver tells of it.

import type { FieldPacket, QueryError } from 'mysql2'
import { mysqlTypeName, mysqlValue } from './mysql-type-name.ts'
import { connectionLost, isErrorCode, type RunError, type RunListener } from './target-connection.ts'

/** What the server says of a statement that gives no rows. */
interface Changed {
  readonly affectedRows: number
  readonly info?: string
  readonly serverStatus?: number
}

/** The events of a query that the driver has started. */
export interface StartedQuery {
  on(event: 'fields', listener: (fields: readonly FieldPacket[] | undefined) => void): void
  on(event: 'result', listener: (result: readonly unknown[] | Changed | null) => void): void
  on(event: 'error', listener: (error: QueryError) => void): void
  on(event: 'end', listener: () => void): void
}

export class MysqlRun {
  readonly #sql: string
  readonly #listener: RunListener
  readonly #stands: (status: number) => void
  /** The first words of the statements that have not answered yet. */
  readonly #commands: string[]
  #fields: readonly FieldPacket[] | undefined
  #gave = 'SELECT'
  /** Of the current result, how many of its two ends have passed. */
  #ends = 0
  #error: QueryError | undefined

  /** @param stands told the status flags of the session */
  constructor(sql: string, listener: RunListener, stands: (status: number) => void) {
    this.#sql = sql
    this.#listener = listener
    this.#stands = stands
    this.#commands = firstWords(sql)
  }

  /** The driver tells when a result begins; that it has ended shows in what comes next. */
  follow(query: StartedQuery, settled: (error: QueryError | undefined) => void): void {
    let over = false
    query.on('fields', fields => {
      this.#close()
      if (fields === undefined) return
      this.#gave = this.#commands.shift() ?? ''
      this.#fields = fields
      this.#ends = 0
      this.#listener.columns(fields.map(field => ({ name: field.name, type: mysqlTypeName(field) })))
    })
    query.on('result', result => this.#result(result))
    query.on('error', error => {
      this.#error = error
      this.#listener.failed(describeMysqlError(error, this.#sql))
    })
    query.on('end', () => {
      if (over) return
      over = true
      if (this.#error === undefined) this.#close()
      settled(this.#error)
    })
  }

  /** The server ended the definitions of columns, or the rows that follow them. */
  passedEnd(): void {
    if (this.#fields === undefined) return
    this.#ends += 1
    // Whatever fails now is another statement.
    if (this.#ends === 2) this.#close()
  }

  #close(): void {
    if (this.#fields !== undefined) this.#listener.done(this.#gave)
    this.#fields = undefined
  }

  #result(result: readonly unknown[] | Changed | null): void {
    const fields = this.#fields
    if (fields !== undefined && Array.isArray(result)) {
      this.#listener.row(result.map((value: unknown, at) => textOf(fields[at], value)))
      return
    }
    const { affectedRows = 0, info, serverStatus } = (result ?? {}) as Partial<Changed>
    if (serverStatus !== undefined) this.#stands(serverStatus)
    this.#listener.done(this.#commands.shift() ?? '', affectedRows)
    if (info) this.#listener.notice(info)
  }
}

/** Of the text protocol all are bytes; of prepared statements the driver makes what it takes for their type. */
function textOf(field: FieldPacket | undefined, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) return mysqlValue(field, value)
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value as number | bigint | boolean)
}

/** The first word of each statement, as far as they can be told apart without reading them; for show only. */
function firstWords(sql: string): string[] {
  const bare = sql.replace(
    /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?:--\s|#)[^\n]*/g,
    ' ',
  )
  return bare
    .split(';')
    .map(statement => /[a-z]+/i.exec(statement)?.[0]?.toUpperCase() ?? '')
    .filter(word => word !== '')
}

export function describeMysqlError(error: QueryError, sql = ''): RunError {
  // Only the target and the gateway have a number; errors of sockets name addresses of the inside.
  if (error.errno === undefined || error.sqlState === undefined) return connectionLost
  const said = (error as { readonly sqlMessage?: string }).sqlMessage ?? error.message
  // The gateway names its own code before what it says to the console.
  const [, code, rest] = /^\(sekisho\.([a-z.-]+)\) (.*)$/s.exec(said) ?? []
  return {
    sqlState: error.sqlState,
    message: rest ?? said,
    hint: code === undefined ? `${error.code} (${error.errno})` : undefined,
    position: code === undefined ? placeOf(said, sql) : undefined,
    refused: code !== undefined,
    ...(code !== undefined && isErrorCode(code) ? { code } : {}),
  }
}

/** A syntax error says what stands there, and in which line: `… near 'FRM t' at line 2`. */
function placeOf(message: string, sql: string): number | undefined {
  const [, near, line] = / near '([\s\S]*)' at line (\d+)$/.exec(message) ?? []
  if (near === undefined || near === '' || line === undefined) return undefined
  let from = 0
  for (let passed = 1; passed < Number(line); passed++) {
    const next = sql.indexOf('\n', from)
    if (next < 0) return undefined
    from = next + 1
  }
  const at = sql.indexOf(near, from)
  return at < 0 ? undefined : Array.from(sql.slice(0, at)).length + 1
}
