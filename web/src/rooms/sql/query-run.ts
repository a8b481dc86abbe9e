// One run of a text: what has arrived so far. Rows are kept as they come; who looks is told at most once a frame.

import type { ResultColumn, RunEvent, RunInput } from '../../../../src/console/contract.ts'
import type { Row } from '../../format/csv.ts'
import { offsetOfPosition } from '../../format/position.ts'

export interface QueryResult {
  readonly statement: number
  readonly columns: readonly ResultColumn[]
  /** Grows while the statement runs. */
  readonly rows: Row[]
  done: Done | undefined
}

type Done = Extract<RunEvent, { kind: 'done' }>
export type QueryError = Extract<RunEvent, { kind: 'error' }>
type SessionEvent = Extract<RunEvent, { kind: 'session' }>

/** What is sent at once, and where it stands in the editor. */
export interface RunPiece {
  readonly input: RunInput
  /** From an offset in what is sent to one in the editor. */
  readonly written: (offset: number) => number
}

export interface RunState {
  readonly phase: 'running' | 'ended' | 'stopped' | 'failed'
  readonly results: readonly QueryResult[]
  /** Statements that give no rows, in order. */
  readonly commands: readonly Done[]
  readonly notices: readonly string[]
  readonly error: QueryError | undefined
  /** Of the error, in the text of the editor. */
  readonly errorOffset: number | undefined
  /** Which of the pieces the error belongs to. */
  readonly failedPiece: number
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
  errorOffset: undefined,
  failedPiece: 0,
  problem: undefined,
  version: 0,
}

/** Where MySQL says that it stumbled: it names no position, but the text from there on. */
export function placeInMessage(text: string, message: string): number | undefined {
  const [, near = '', line] = /near '([^]*?)' at line (\d+)/.exec(message) ?? []
  if (line === undefined) return undefined
  let from = 0
  for (let left = Number(line) - 1; left > 0; left -= 1) from = text.indexOf('\n', from) + 1
  if (near === '') return text.trimEnd().length - 1
  // The server cuts what it repeats.
  const found = text.indexOf(near.slice(0, 60), from)
  return found < 0 ? from : found
}

export class QueryRun {
  readonly pieces: readonly RunPiece[]
  readonly #onFrame: (callback: () => void) => void
  readonly #abort = new AbortController()
  readonly #listeners = new Set<() => void>()
  #state: RunState = first
  #frameAsked = false
  #statementsBefore = 0
  #statementsSeen = 0
  #piece: RunPiece | undefined
  /** @param onFrame  calls back at the next drawing; `requestAnimationFrame` in a browser */
  constructor(pieces: readonly RunPiece[], onFrame: (callback: () => void) => void) {
    this.pieces = pieces
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

  /** What still comes is taken, but nothing more is sent, and an error is no news. */
  stop(): void {
    if (this.#state.phase === 'running') this.#change({ phase: 'stopped' })
  }

  get wasCut(): boolean {
    return this.#abort.signal.aborted
  }

  /** Closes the request, which cancels the query at the target. */
  abort(): void {
    this.stop()
    this.#abort.abort()
  }

  /** Sends one piece after the other until one fails; never throws. */
  async follow(
    open: (input: RunInput, signal: AbortSignal) => Promise<AsyncIterable<RunEvent>>,
    onSession: (event: SessionEvent) => void,
  ): Promise<void> {
    try {
      for (const piece of this.pieces) {
        if (this.#state.phase !== 'running') break
        this.#piece = piece
        this.#statementsBefore = this.#statementsSeen
        for await (const event of await open(piece.input, this.#abort.signal)) {
          if (event.kind === 'session') onSession(event)
          else this.#take(event)
        }
        if (this.#state.error !== undefined) break
      }
      if (this.#state.phase === 'running') {
        this.#change({ phase: this.#state.error === undefined ? 'ended' : 'failed' })
      }
    } catch (problem) {
      if (this.#state.phase === 'running') this.#change({ phase: 'failed', problem })
    }
  }

  #numbered(statement: number): number {
    const number = this.#statementsBefore + statement
    this.#statementsSeen = Math.max(this.#statementsSeen, number + 1)
    return number
  }

  #take(event: RunEvent): void {
    const { results, commands, notices } = this.#state
    switch (event.kind) {
      case 'columns': {
        const { columns } = event
        const statement = this.#numbered(event.statement)
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
        const done = { ...event, statement: this.#numbered(event.statement) }
        const result = results.find(({ statement }) => statement === done.statement)
        if (result === undefined) this.#change({ commands: [...commands, done] })
        else {
          result.done = done
          this.#change({})
        }
        break
      }
      case 'notice':
        this.#change({ notices: [...notices, event.message] })
        break
      case 'error':
        if (this.#state.phase === 'running')
          this.#change({ error: event, errorOffset: this.#placeOf(event), failedPiece: this.#pieceIndex() })
    }
  }

  #pieceIndex(): number {
    return this.#piece === undefined ? 0 : this.pieces.indexOf(this.#piece)
  }

  #placeOf(error: QueryError): number | undefined {
    const piece = this.#piece
    if (piece === undefined) return undefined
    const { sql } = piece.input
    const offset =
      error.position === undefined
        ? placeInMessage(sql, error.message)
        : offsetOfPosition(sql, error.position)
    return offset === undefined ? undefined : piece.written(offset)
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
