// Results as the SQL page is told them: in batches, up to its limits, each with its end.

import type { Limits } from '../core/limits.ts'
import type { QueryEvent } from './contract.ts'

export interface ResultListener {
  event(event: QueryEvent): void
  /** So many rows were left out that the rest is not worth waiting for. */
  enough(): void
}

type Columns = Extract<QueryEvent, { readonly kind: 'columns' }>['columns']

/** Rows beyond those shown that are read to find the end of a statement, in multiples of those shown. */
const readOnFactor = 10

export class ToldResults {
  readonly #limits: Limits
  readonly #listener: ResultListener
  readonly #nowMs: () => number
  #statement = 0
  #startedMs: number
  #batch: (readonly (string | null)[])[] = []
  #rows = 0
  #bytes = 0
  #truncated = false

  constructor(limits: Limits, nowMs: () => number, listener: ResultListener) {
    this.#limits = limits
    this.#listener = listener
    this.#nowMs = nowMs
    this.#startedMs = nowMs()
  }

  columns(columns: Columns): void {
    this.#listener.event({ kind: 'columns', statement: this.#statement, columns })
  }

  row(row: readonly (string | null)[]): void {
    this.#rows += 1
    for (const value of row) this.#bytes += value?.length ?? 0
    if (this.#rows > this.#limits.editorRowsMax || this.#bytes > this.#limits.editorBytesMax) {
      this.#truncated = true
      if (this.#rows === this.#limits.editorRowsMax * readOnFactor) this.#listener.enough()
      return
    }
    this.#batch.push(row)
    if (this.#batch.length >= this.#limits.editorBatchRowsMax) this.flush()
  }

  flush(): void {
    if (this.#batch.length === 0) return
    this.#listener.event({ kind: 'rows', statement: this.#statement, rows: this.#batch })
    this.#batch = []
  }

  /** @param rows  how many the statement gave or changed; those told if not given */
  done(command: string, rows = this.#rows): void {
    this.flush()
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
  }
}
