// A session of the SQL editor at a PostgreSQL, by the `pg` driver over a stream that is open already.

import { Client } from 'pg'
import { containThrows } from '../../wire/contain-throws.ts'
import { watchMessageSizes } from '../../wire/message-sizes.ts'
import { asUnconnected } from '../../wire/as-unconnected.ts'
import { describePostgresError, PostgresRun, type TargetError } from './postgres-run.ts'
import {
  type ConnectionParts,
  connectionLost,
  RunFailure,
  type RunError,
  type TargetConnection,
  type Transaction,
} from './target-connection.ts'

/** What the driver does not show in its types. */
interface Inside {
  readonly processID: number | null
  readonly secretKey: number | null
  readonly connection: {
    on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): void
  }
}

/** The driver makes one text of each value, and everybody else waits for as long as that takes. */
const messageBytesMax = 32 * 1024 * 1024
const tooLong: RunError = {
  sqlState: '54000',
  message: `A row is larger than the ${messageBytesMax} bytes that are read here, so the session was ended.`,
  hint: 'Ask for a part of it, or use a native client.',
  position: undefined,
  refused: false,
}

const transactions: Readonly<Record<string, Transaction>> = { I: 'none', T: 'open', E: 'failed' }

export function createPostgresConnection(parts: ConnectionParts): TargetConnection {
  const client = new Client({
    // The protocol knows who comes from the console: there is no password.
    stream: () => containThrows(asUnconnected(parts.stream)),
    user: parts.userName,
    password: '',
    database: parts.database,
    host: 'console',
    port: 1,
    ssl: false,
    application_name: parts.program,
  })
  let current: PostgresRun | undefined
  let isOver = false
  const lose = (error: TargetError | undefined): void => {
    if (isOver) return
    isOver = true
    parts.lost(error === undefined ? connectionLost : describePostgresError(error))
  }
  // Before the driver, which would wait for all of it.
  const watch = watchMessageSizes(messageBytesMax, () => {
    if (isOver) return
    isOver = true
    parts.lost(tooLong)
  })
  parts.stream.on('data', watch)
  return {
    async open() {
      client.on('error', error => lose(error))
      client.on('end', () => lose(current?.error))
      client.on('notice', notice => current?.notice(notice.message ?? ''))
      try {
        await client.connect()
      } catch (error) {
        isOver = true
        throw new RunFailure(describePostgresError(error instanceof Error ? error : new Error(String(error))))
      }
      const { connection } = client as unknown as Inside
      // The driver forgets a query that has failed; the target is ready only when it says so.
      connection.on('readyForQuery', ({ status }) => {
        const run = current
        current = undefined
        run?.ready(transactions[status] ?? 'failed')
      })
    },
    run(text, listener) {
      current = new PostgresRun(text, listener)
      client.query(current)
    },
    cancel: () => sendCancel(parts, client),
    end() {
      isOver = true
      void client.end().catch(() => undefined)
    },
  }
}

/** A cancel request goes in by a stream of its own, with the key that the session was given. */
function sendCancel(parts: ConnectionParts, client: Client): void {
  const { processID, secretKey } = client as unknown as Inside
  if (processID === null || secretKey === null) return
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const stream = parts.openAnother()
  stream.on('error', () => undefined)
  stream.resume().end(request)
}
