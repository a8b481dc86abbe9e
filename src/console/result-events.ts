// What a target answers to a text of the SQL page, told as events; called by the `pg` driver, message by message.

import type { Submittable } from 'pg'
import { type ErrorCode, told } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import type { QueryEvent } from './contract.ts'
import { typeName } from './type-name.ts'

export interface ResultListener {
  event(event: QueryEvent): void
  /** So many rows were left out that the rest is not worth waiting for. */
  enough(): void
  /** The target is ready for another text, or lost. */
  ended(): void
}

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

/** Rows beyond those shown that are read to find the end of a statement, in multiples of those shown. */
const readOnFactor = 10

/** The methods are those that the driver calls on a query; it has no types for them. */
export class ResultEvents implements Submittable {
  readonly #sql: string
  readonly #limits: Limits
  readonly #listener: ResultListener
  readonly #nowMs: () => number
  #statement = 0
  #startedMs: number
  #batch: (readonly (string | null)[])[] = []
  #rows = 0
  #bytes = 0
  #truncated = false
  #copying = false

  constructor(sql: string, limits: Limits, nowMs: () => number, listener: ResultListener) {
    this.#sql = sql
    this.#limits = limits
    this.#listener = listener
    this.#nowMs = nowMs
    this.#startedMs = nowMs()
  }

  submit(connection: unknown): void {
    ;(connection as Wire).query(this.#sql)
  }

  handleRowDescription(message: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  }): void {
    const columns = message.fields.map(field => ({ name: field.name, type: typeName(field.dataTypeID) }))
    this.#listener.event({ kind: 'columns', statement: this.#statement, columns })
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#row(message.fields)
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const [, command = message.text, count] = /^(.*?)((?: \d+)*)$/.exec(message.text) ?? []
    const counted = count?.trim().split(' ').at(-1)
    this.#done(command, counted === undefined || counted === '' ? this.#rows : Number(counted))
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
      this.#listener.event({
        kind: 'columns',
        statement: this.#statement,
        columns: [{ name: 'copy', type: 'text' }],
      })
    }
    this.#row([message.chunk.toString('utf8').replace(/\n$/, '')])
  }

  handleError(error: TargetError): void {
    this.#flush()
    this.#listener.event(describeError(error))
    // Nothing of the text is run after an error, and the driver does not tell us when the target is ready again.
    this.#listener.ended()
  }

  handleReadyForQuery(): void {
    this.#listener.ended()
  }

  /** For a text that is not waited for: what there is, marked as cut. */
  cut(): void {
    this.#done('', this.#rows)
  }

  #row(row: readonly (string | null)[]): void {
    this.#rows += 1
    for (const value of row) this.#bytes += value?.length ?? 0
    if (this.#rows > this.#limits.editorRowsMax || this.#bytes > this.#limits.editorBytesMax) {
      this.#truncated = true
      if (this.#rows === this.#limits.editorRowsMax * readOnFactor) this.#listener.enough()
      return
    }
    this.#batch.push(row)
    if (this.#batch.length >= this.#limits.editorBatchRowsMax) this.#flush()
  }

  #flush(): void {
    if (this.#batch.length === 0) return
    this.#listener.event({ kind: 'rows', statement: this.#statement, rows: this.#batch })
    this.#batch = []
  }

  #done(command: string, rows: number): void {
    this.#flush()
    const nowMs = this.#nowMs()
    this.#listener.event({
      kind: 'done',
      statement: this.#statement,
      command,
      rows,
      truncated: this.#truncated,
      durationMs: Math.round((nowMs - this.#startedMs) * 1000) / 1000,
    })
    this.#statement += 1
    this.#startedMs = nowMs
    this.#rows = 0
    this.#truncated = false
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
    message: fromTarget ? error.message : 'The connection to the target was lost.',
    hint: error.hint,
    position: error.position === undefined ? undefined : Number(error.position),
    refused: code !== undefined,
    ...(code !== undefined && isErrorCode(code) ? { code } : {}),
  }
}
