// A session of the SQL editor at a MySQL or MariaDB, by the `mysql2` driver over a stream that is open already.

import type { Duplex } from 'node:stream'
import { type Connection, createConnection, type QueryError } from 'mysql2'
import { containThrows } from '../../wire/contain-throws.ts'
import { describeMysqlError, MysqlRun, type StartedQuery } from './mysql-run.ts'
import {
  type ConnectionParts,
  connectionLost,
  RunFailure,
  type TargetConnection,
  type Transaction,
} from './target-connection.ts'

/** https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html, SERVER_STATUS_flags_enum */
const inTransaction = 1
/** A deadlock takes the whole transaction back. */
const deadlock = 1213

export function createMysqlConnection(parts: ConnectionParts): TargetConnection {
  const connection = connectOver(containThrows(parts.stream), parts)
  let transaction: Transaction = 'none'
  let current: MysqlRun | undefined
  let isOver = false
  let opened = false
  const lose = (error: QueryError | undefined): void => {
    if (isOver || !opened) return
    isOver = true
    parts.lost(error === undefined ? connectionLost : describeMysqlError(error))
  }
  const stands = (status: number): void => {
    transaction = (status & inTransaction) === 0 ? 'none' : 'open'
  }
  return {
    async open() {
      await new Promise<void>((resolve, reject) => {
        const fail = (error: QueryError): void => reject(new RunFailure(describeMysqlError(error)))
        connection.on('error', (error: QueryError) => (opened ? lose(error) : fail(error)))
        connection.on('end', () => (opened ? lose(undefined) : fail(new Error('it ended') as QueryError)))
        connection.once('connect', () => resolve())
      })
      opened = true
      watchStatus(connection, status => {
        stands(status)
        current?.passedEnd()
      })
    },
    run(text, listener) {
      const { sql, parameters } = text
      const run = new MysqlRun(sql, listener, stands)
      current = run
      const settled = (error: QueryError | undefined): void => {
        if (error?.errno === deadlock) transaction = 'none'
        // A statement prepared for one text is of no use to another.
        if (parameters !== undefined) connection.unprepare(sql)
        listener.settled(transaction)
      }
      const options = { sql, rowsAsArray: true }
      const started =
        parameters === undefined
          ? connection.query({ ...options, typeCast: false })
          : connection.execute({ ...options, values: [...parameters] })
      run.follow(started as unknown as StartedQuery, settled)
    },
    cancel: () => killQuery(parts, connection),
    end() {
      isOver = true
      connection.end()
    },
  }
}

/** The driver keeps to itself what the end of a result says about the session. */
function watchStatus(connection: Connection, stands: (status: number) => void): void {
  interface Packet {
    isEOF(): boolean
    eofStatusFlags(): number
  }
  const inside = connection as unknown as { handlePacket(packet?: Packet): void }
  const handle = inside.handlePacket.bind(connection)
  inside.handlePacket = packet => {
    if (packet?.isEOF() === true) stands(packet.eofStatusFlags())
    handle(packet)
  }
}

function connectOver(stream: Duplex, parts: ConnectionParts): Connection {
  return createConnection({
    // The protocol knows who comes from the console: there is no password.
    stream,
    user: parts.userName,
    password: '',
    database: parts.database,
    charset: 'utf8mb4_general_ci',
    flags: ['-LOCAL_FILES', '-ODBC', '-IGNORE_SPACE', '-FOUND_ROWS'],
    connectAttributes: { program_name: parts.program },
    connectTimeout: 0,
    multipleStatements: true,
    disableEval: true,
    // Values are shown as the server writes them.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
  })
}

/** By a session of the same person: nobody may stop what is another's. */
function killQuery(parts: ConnectionParts, connection: Connection): void {
  const { threadId } = connection
  if (!threadId) return
  const killer = connectOver(parts.openAnother(), parts)
  killer.on('error', () => undefined)
  killer.query(`KILL QUERY ${threadId}`, () => killer.end())
}
