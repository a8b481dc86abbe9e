// What a target answers to a text of the SQL page, told as events; called by the `pg` driver, message by message.

import type { Submittable } from 'pg'
import { type ErrorCode, told } from '../core/errors.ts'
import type { QueryEvent } from './contract.ts'
import { type ClientParts, connectionLost } from './target-client.ts'
import type { ToldResults } from './told-results.ts'
import { typeName } from './type-name.ts'

type PostgresListener = Pick<ClientParts, 'failed' | 'ended'>

interface Wire {
  query(text: string): void
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
export class ResultEvents implements Submittable {
  readonly #sql: string
  readonly #results: ToldResults
  readonly #listener: PostgresListener
  #copying = false

  constructor(sql: string, results: ToldResults, listener: PostgresListener) {
    this.#sql = sql
    this.#results = results
    this.#listener = listener
  }

  submit(connection: unknown): void {
    ;(connection as Wire).query(this.#sql)
  }

  handleRowDescription(message: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  }): void {
    this.#results.columns(
      message.fields.map(field => ({ name: field.name, type: typeName(field.dataTypeID) })),
    )
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#results.row(message.fields)
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const [, command = message.text, count] = /^(.*?)((?: \d+)*)$/.exec(message.text) ?? []
    const counted = count?.trim().split(' ').at(-1)
    this.#done(command, counted === undefined || counted === '' ? undefined : Number(counted))
  }

  handleEmptyQuery(): void {
    this.#done('', 0)
  }

  handleCopyInResponse(connection: unknown): void {
    ;(connection as Wire).sendCopyFail('the SQL page has no rows to send; use psql for COPY FROM')
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (!this.#copying) {
      this.#copying = true
      this.#results.columns([{ name: 'copy', type: 'text' }])
    }
    this.#results.row([message.chunk.toString('utf8').replace(/\n$/, '')])
  }

  handleError(error: TargetError): void {
    this.#results.flush()
    // Nothing of the text is run after an error, and the driver does not tell us when the target is ready again.
    this.#listener.failed(describeError(error))
  }

  handleReadyForQuery(): void {
    this.#listener.ended()
  }

  #done(command: string, rows?: number): void {
    this.#results.done(command, rows)
    this.#copying = false
  }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(told, code)

export function describeError(error: TargetError): QueryEvent {
  const fromTarget = error.code !== undefined
  // The gateway names itself where PostgreSQL names the routine that raised the error.
  const [, code] = /^sekisho\.(.*)$/.exec(error.routine ?? '') ?? []
  return {
    kind: 'error',
    sqlState: error.code ?? '08006',
    // Errors of sockets name addresses of the inside.
    message: fromTarget ? error.message : connectionLost,
    hint: error.hint,
    position: error.position === undefined ? undefined : Number(error.position),
    refused: code !== undefined,
    ...(code !== undefined && isErrorCode(code) ? { code } : {}),
  }
}
