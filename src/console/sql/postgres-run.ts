// One text on its way through a PostgreSQL; called by the `pg` driver, message by message.

import type { Submittable } from 'pg'
import { typeName } from './type-name.ts'
import {
  type ConnectionText,
  connectionLost,
  isErrorCode,
  type RunError,
  type RunListener,
  type Transaction,
} from './target-connection.ts'

interface Wire {
  query(text: string): void
  parse(statement: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void
  bind(values: { readonly values: readonly (string | null)[] }): void
  describe(what: { readonly type: 'P'; readonly name: string }): void
  execute(portal: { readonly portal: string; readonly rows: number }): void
  sync(): void
  sendCopyFail(reason: string): void
}

/** The fields of an error that users read. */
export interface TargetError extends Error {
  readonly code?: string
  readonly hint?: string
  readonly position?: string
  readonly routine?: string
}

/** The methods are those that the driver calls on a query; it has no types for them. */
export class PostgresRun implements Submittable {
  /** What it failed with; also what ended the session, if that came as an answer. */
  error: TargetError | undefined
  readonly #text: ConnectionText
  readonly #listener: RunListener
  #copying = false

  constructor(text: ConnectionText, listener: RunListener) {
    this.#text = text
    this.#listener = listener
  }

  submit(connection: unknown): void {
    const wire = connection as Wire
    const { sql, parameters } = this.#text
    if (parameters === undefined) return wire.query(sql)
    wire.parse({ name: '', text: sql, types: [] })
    wire.bind({ values: parameters })
    wire.describe({ type: 'P', name: '' })
    wire.execute({ portal: '', rows: 0 })
    wire.sync()
  }

  notice(message: string): void {
    this.#listener.notice(message)
  }

  handleRowDescription(message: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  }): void {
    this.#listener.columns(
      message.fields.map(field => ({ name: field.name, type: typeName(field.dataTypeID) })),
    )
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#listener.row(message.fields)
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const [, command = message.text, count] = /^(.*?)((?: \d+)*)$/.exec(message.text) ?? []
    const counted = count?.trim().split(' ').at(-1)
    this.#copying = false
    this.#listener.done(command, counted === undefined || counted === '' ? undefined : Number(counted))
  }

  handleEmptyQuery(): void {
    this.#listener.done('', 0)
  }

  handleCopyInResponse(connection: unknown): void {
    ;(connection as Wire).sendCopyFail('the SQL page has no rows to send; import a file, or use psql')
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (!this.#copying) {
      this.#copying = true
      this.#listener.columns([{ name: 'copy', type: 'text' }])
    }
    this.#listener.row([message.chunk.toString('utf8').replace(/\n$/, '')])
  }

  handleError(error: TargetError): void {
    if (this.error !== undefined) return
    this.error = error
    // Without a code it is the connection that failed: the session hears of that by itself.
    if (error.code !== undefined) this.#listener.failed(describePostgresError(error))
  }

  /** The driver calls this for queries that have not failed; `ready` counts for all. */
  handleReadyForQuery(): void {
    // See the connection.
  }

  ready(transaction: Transaction): void {
    this.#listener.settled(transaction)
  }
}

export function describePostgresError(error: TargetError): RunError {
  // Errors of sockets name addresses of the inside.
  if (error.code === undefined || !/^[0-9A-Z]{5}$/.test(error.code)) return connectionLost
  // The gateway names itself where PostgreSQL names the routine that raised the error.
  const [, code] = /^sekisho\.(.*)$/.exec(error.routine ?? '') ?? []
  return {
    sqlState: error.code,
    message: error.message,
    hint: error.hint,
    position: error.position === undefined ? undefined : Number(error.position),
    refused: code !== undefined,
    ...(code !== undefined && isErrorCode(code) ? { code } : {}),
  }
}
