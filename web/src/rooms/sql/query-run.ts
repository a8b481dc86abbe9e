// One run of a text: what has arrived so far. Rows are kept as they come; who looks is told at most once a frame.

import type { QueryEvent } from '../../../../src/console/contract.ts'
import type { Row } from '../../format/csv.ts'

export interface QueryResult {
  readonly statement: number
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Grows while the statement runs. */
  readonly rows: Row[]
  done: Extract<QueryEvent, { kind: 'done' }> | undefined
}

export type QueryError = Extract<QueryEvent, { kind: 'error' }>

export interface RunState {
  readonly phase: 'running' | 'ended' | 'stopped' | 'failed'
  readonly results: readonly QueryResult[]
  /** Statements that give no rows, in order. */
  readonly commands: readonly Extract<QueryEvent, { kind: 'done' }>[]
  readonly notices: readonly string[]
  readonly error: QueryError | undefined
  /** What failed before or beside the query: no server, no right. */
  readonly problem: unknown
  /** Grows with every change, so that a look can be compared. */
  readonly version: number
}

const first: RunState = {
  phase: 'running',
  results: [],
  commands: [],
  notices: [],
  error: undefined,
  problem: undefined,
  version: 0,
}

export class QueryRun {
  /** The text that was run, and where in the editor it began. */
  readonly text: string
  readonly offset: number
  readonly #onFrame: (callback: () => void) => void
  readonly #abort = new AbortController()
  readonly #listeners = new Set<() => void>()
  #state: RunState = first
  #frameAsked = false

  /** @param onFrame  calls back at the next drawing; `requestAnimationFrame` in a browser */
  constructor(text: string, offset: number, onFrame: (callback: () => void) => void) {
    this.text = text
    this.offset = offset
    this.#onFrame = onFrame
  }

  get state(): RunState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly look = (): RunState => this.#state

  /** Closing the request cancels the query at the target. */
  stop(): void {
    if (this.#state.phase !== 'running') return
    this.#abort.abort()
    this.#change({ phase: 'stopped' })
  }

  /** Takes events until there are no more; never throws. */
  async follow(open: (signal: AbortSignal) => Promise<AsyncIterable<QueryEvent>>): Promise<void> {
    try {
      for await (const event of await open(this.#abort.signal)) this.#take(event)
      if (this.#state.phase === 'running') {
        this.#change({ phase: this.#state.error === undefined ? 'ended' : 'failed' })
      }
    } catch (problem) {
      if (this.#state.phase === 'running') this.#change({ phase: 'failed', problem })
    }
  }

  #take(event: QueryEvent): void {
    const { results, commands, notices } = this.#state
    switch (event.kind) {
      case 'columns': {
        const { statement, columns } = event
        this.#change({ results: [...results, { statement, columns, rows: [], done: undefined }] })
        break
      }
      case 'rows': {
        const rows = results.at(-1)?.rows
        for (const row of event.rows) rows?.push(row)
        this.#change({})
        break
      }
      case 'done': {
        const result = results.find(({ statement }) => statement === event.statement)
        if (result === undefined) this.#change({ commands: [...commands, event] })
        else {
          result.done = event
          this.#change({})
        }
        break
      }
      case 'notice':
        this.#change({ notices: [...notices, event.message] })
        break
      case 'error':
        this.#change({ error: event })
    }
  }

  #change(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change, version: this.#state.version + 1 }
    if (this.#frameAsked) return
    this.#frameAsked = true
    this.#onFrame(() => {
      this.#frameAsked = false
      for (const listener of this.#listeners) listener()
    })
  }
}
