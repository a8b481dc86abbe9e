// What a tab has beyond its text: its connection at the server, and what runs or has run over it.

import type { RunEvent, RunInput, SqlSession } from '../../../../src/console/contract.ts'
import { QueryRun, type RunPiece } from './query-run.ts'

export interface LiveState {
  readonly run: QueryRun | undefined
  readonly running: boolean
  readonly transaction: SqlSession['transaction']
  readonly schema: string | undefined
  /** The connection of before is gone, and with it an open transaction, if there was one. */
  readonly lost: boolean
}

/** The server, as far as a tab needs it. */
export interface SessionsAtServer {
  open(targetId: string): Promise<SqlSession>
  /** `undefined`: the server does not have it any more. */
  find(id: string): Promise<SqlSession | undefined>
  run(id: string, input: RunInput, signal: AbortSignal): Promise<AsyncIterable<RunEvent>>
  stop(id: string): Promise<void>
  close(id: string): Promise<void>
  /** Whether a problem says that the session is not there any more. */
  isGone(problem: unknown): boolean
}

interface LiveTabParts {
  readonly targetId: string
  readonly sessionId: string | undefined
  readonly server: SessionsAtServer
  readonly onFrame: (callback: () => void) => void
  readonly onSession: (id: string | undefined) => void
}

const stopPatienceMs = 3_000

export class LiveTab {
  readonly #parts: LiveTabParts
  readonly #listeners = new Set<() => void>()
  #sessionId: string | undefined
  #attached: Promise<void> | undefined
  #ended: Promise<void> = Promise.resolve()
  #impatience: ReturnType<typeof setTimeout> | undefined
  #state: LiveState = {
    run: undefined,
    running: false,
    transaction: 'none',
    schema: undefined,
    lost: false,
  }

  constructor(parts: LiveTabParts) {
    this.#parts = parts
    this.#sessionId = parts.sessionId
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly look = (): LiveState => this.#state

  get sessionId(): string | undefined {
    return this.#sessionId
  }

  /** Finds the connection of before again, once. */
  attach(): Promise<void> {
    this.#attached ??= this.#findAgain()
    return this.#attached
  }

  async #findAgain(): Promise<void> {
    if (this.#sessionId === undefined) return
    const id = this.#sessionId
    const found = await this.#parts.server.find(id).catch(() => undefined)
    if (this.#sessionId !== id) return
    if (found === undefined) {
      this.#keep(undefined)
      this.#change({ lost: true })
    } else this.#change({ transaction: found.transaction, schema: found.schema })
  }

  /** Something runs that nobody has stopped. */
  get isBusy(): boolean {
    return this.#state.running && this.#state.run?.state.phase === 'running'
  }

  /** Runs the pieces one after the other. */
  async start(pieces: readonly RunPiece[]): Promise<void> {
    if (this.isBusy) return
    // What is being stopped comes to its end first.
    if (this.#state.running) await this.#ended
    if (this.#state.running) return
    this.#ended = this.#run(pieces)
    await this.#ended
  }

  async #run(pieces: readonly RunPiece[]): Promise<void> {
    const run = new QueryRun(pieces, this.#parts.onFrame)
    this.#change({ run, running: true, lost: false })
    await this.attach()
    await run.follow(
      (input, signal) => this.#send(input, signal),
      ({ transaction, schema }) => this.#change({ transaction, schema }),
    )
    clearTimeout(this.#impatience)
    if (run.wasCut) await this.#findAgain()
    if (this.#state.run === run) this.#change({ running: false })
  }

  /** Opens a connection where there is none; one that has gone is replaced once, as nothing was run over it. */
  async #send(input: RunInput, signal: AbortSignal): Promise<AsyncIterable<RunEvent>> {
    const known = this.#sessionId
    if (known !== undefined) {
      try {
        return await this.#parts.server.run(known, input, signal)
      } catch (problem) {
        if (!this.#parts.server.isGone(problem)) throw problem
        this.#keep(undefined)
        const hadTransaction = this.#state.transaction !== 'none'
        this.#change({ transaction: 'none', lost: true })
        // What was meant for an open transaction must not run outside of it.
        if (hadTransaction) throw problem
      }
    }
    const session = await this.#parts.server.open(this.#parts.targetId)
    this.#keep(session.id)
    this.#change({ transaction: session.transaction, schema: session.schema })
    if (signal.aborted) throw new Error('stopped')
    return this.#parts.server.run(session.id, input, signal)
  }

  /** Stops what runs, at the target; what has arrived stays. */
  async stop(): Promise<void> {
    const { run, running } = this.#state
    if (!running || run === undefined || !this.isBusy) return
    const id = this.#sessionId
    run.stop()
    if (id !== undefined) await this.#parts.server.stop(id).catch(() => undefined)
    if (id === undefined) run.abort()
    // How the transaction stands comes with the last line; whoever does not say it in time is cut.
    this.#impatience = setTimeout(() => run.abort(), stopPatienceMs)
  }

  /** Gives the connection back; an open transaction is rolled back with it. */
  async close(): Promise<void> {
    this.#state.run?.abort()
    const id = this.#sessionId
    this.#keep(undefined)
    this.#change({ run: undefined, running: false, transaction: 'none' })
    if (id !== undefined) await this.#parts.server.close(id).catch(() => undefined)
  }

  #keep(id: string | undefined): void {
    this.#sessionId = id
    this.#parts.onSession(id)
  }

  #change(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
