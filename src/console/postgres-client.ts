// Runs a text of the SQL page at a PostgreSQL, by the `pg` driver over a stream that is open already.

import type { Duplex } from 'node:stream'
import { Client } from 'pg'
import { containThrows } from '../wire/contain-throws.ts'
import { describeError, ResultEvents } from './result-events.ts'
import type { ClientParts, TargetClient } from './target-client.ts'

export function createPostgresClient(parts: ClientParts): TargetClient {
  const client = new Client({
    // The protocol knows who comes from the console: there is no password.
    stream: () => containThrows(asSocket(parts.stream)),
    user: parts.userName,
    password: '',
    database: parts.database,
    host: 'console',
    port: 1,
    ssl: false,
    application_name: parts.program,
  })
  const fail = (error: unknown): void =>
    parts.failed(describeError(error instanceof Error ? error : new Error(String(error))))
  return {
    start() {
      client.on('notice', notice => parts.notice(notice.message ?? ''))
      client.on('error', fail)
      client.on('end', () => fail(new Error('the connection ended')))
      client.connect().then(() => void client.query(new ResultEvents(parts.sql, parts.results, parts)), fail)
    },
    cancel: () => sendCancel(parts, client),
    end: () => void client.end().catch(() => undefined),
  }
}

/** A cancel request goes in by a stream of its own, with the key that the session was given. */
function sendCancel(parts: ClientParts, client: Client): void {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null }
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

/** The driver expects a socket that is not yet connected. */
function asSocket(stream: Duplex): Duplex {
  const socket = Object.assign(stream, {
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
    connect: () => {
      queueMicrotask(() => stream.emit('connect'))
      return socket
    },
  })
  return socket
}
