// Runs a text of the SQL page at a MySQL or MariaDB, by the `mysql2` driver over a stream that is open already.

import type { Duplex } from 'node:stream'
import { type Connection, createConnection, type FieldPacket, type Query, type QueryError } from 'mysql2'
import { type ErrorCode, told } from '../core/errors.ts'
import { containThrows } from '../wire/contain-throws.ts'
import type { QueryEvent } from './contract.ts'
import { mysqlTypeName, mysqlValue } from './mysql-type-name.ts'
import { type ClientParts, connectionLost, type TargetClient } from './target-client.ts'

/** What the server says of a statement that gives no rows. */
interface Changed {
  readonly affectedRows: number
  readonly info?: string
  readonly warningStatus?: number
}

export function createMysqlClient(parts: ClientParts): TargetClient {
  const connection = connectOver(containThrows(parts.stream), parts, parts.program)
  const fail = (error: QueryError): void => parts.failed(describeMysqlError(error))
  return {
    start() {
      connection.on('error', fail)
      connection.on('end', () => fail(new Error(connectionLost) as QueryError))
      // Rows are told as they come: without a callback the driver keeps none.
      const query = connection.query({ sql: parts.sql, rowsAsArray: true, typeCast: false })
      follow(query, parts)
    },
    cancel: () => killQuery(parts, connection),
    end: () => connection.end(),
  }
}

function connectOver(stream: Duplex, parts: ClientParts, program: string): Connection {
  return createConnection({
    // The protocol knows who comes from the console: there is no password.
    stream,
    user: parts.userName,
    password: '',
    database: parts.database,
    charset: 'utf8mb4_general_ci',
    flags: ['-LOCAL_FILES', '-ODBC', '-IGNORE_SPACE', '-FOUND_ROWS'],
    connectAttributes: { program_name: program },
    connectTimeout: 0,
    multipleStatements: true,
    disableEval: true,
  })
}

/** The driver tells when a result begins; that it has ended shows in what comes next. */
function follow(query: Query, parts: ClientParts): void {
  let fields: readonly FieldPacket[] | undefined
  let gave = 'SELECT'
  const commands = firstWords(parts.sql)
  const next = (): string => commands.shift() ?? ''
  const close = (): void => {
    if (fields !== undefined) parts.results.done(gave)
    fields = undefined
  }
  query.on('fields', (given: readonly FieldPacket[] | undefined) => {
    close()
    if (given === undefined) return
    gave = next()
    fields = given
    parts.results.columns(given.map(field => ({ name: field.name, type: mysqlTypeName(field) })))
  })
  query.on('result', (result: readonly (Buffer | null)[] | Changed | null) => {
    if (fields !== undefined && Array.isArray(result)) {
      const row = result as readonly (Buffer | null)[]
      const shown = fields
      parts.results.row(row.map((value, at) => mysqlValue(shown[at], value)))
      return
    }
    const { affectedRows = 0, info } = (result ?? {}) as Partial<Changed>
    parts.results.done(next(), affectedRows)
    if (info) parts.notice(info)
  })
  query.on('error', (error: QueryError) => {
    parts.results.flush()
    parts.failed(describeMysqlError(error))
  })
  query.on('end', () => {
    close()
    parts.ended()
  })
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

/** By a session of the same person: nobody may stop what is another's. */
function killQuery(parts: ClientParts, connection: Connection): void {
  const { threadId } = connection
  if (!threadId) return
  const killer = connectOver(parts.openAnother(), parts, parts.program)
  killer.on('error', () => undefined)
  killer.query(`KILL QUERY ${threadId}`, () => killer.end())
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(told, code)

export function describeMysqlError(error: QueryError): QueryEvent {
  // Only the target and the gateway have a number; errors of sockets name addresses of the inside.
  const fromTarget = error.errno !== undefined && error.sqlState !== undefined
  const said = (error as { readonly sqlMessage?: string }).sqlMessage ?? error.message
  // The gateway names its own code before what it says to the console.
  const [, code, rest] = /^\(sekisho\.([a-z.-]+)\) (.*)$/s.exec(said) ?? []
  return {
    kind: 'error',
    sqlState: fromTarget ? (error.sqlState ?? 'HY000') : '08006',
    message: fromTarget ? (rest ?? said) : connectionLost,
    hint: fromTarget && code === undefined ? `${error.code} (${error.errno})` : undefined,
    position: undefined,
    refused: code !== undefined,
    ...(code !== undefined && isErrorCode(code) ? { code } : {}),
  }
}
