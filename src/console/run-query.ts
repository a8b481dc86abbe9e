// Runs a text of the SQL page at a target, through the gate like everybody else, and streams what comes back.

import { type Duplex, Readable } from 'node:stream'
import type { Target, TargetProtocol } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { QueryEvent } from './contract.ts'
import { createMysqlClient } from './mysql-client.ts'
import type { ConsoleParts } from './parts.ts'
import { createPostgresClient } from './postgres-client.ts'
import type { ClientParts, TargetClient } from './target-client.ts'
import { ToldResults } from './told-results.ts'

export interface QueryJob {
  readonly target: Target
  readonly user: User
  readonly address: string
  readonly sql: string
  /** What the session calls itself; the console if not given. */
  readonly program?: string
}

type RunParts = Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits'>

/** How long a cancelled statement may take to end before its session is cut. */
const cancelGraceMs = 2_000

/**
 * Lines of JSON, one per event, at the speed at which they are read. Destroying the stream cancels the statement.
 */
export function runQuery(parts: RunParts, job: QueryJob): Readable {
  const run = new Run(parts, job)
  return run.lines
}

const clients: Readonly<Record<TargetProtocol, (parts: ClientParts) => TargetClient>> = {
  postgres: createPostgresClient,
  mysql: createMysqlClient,
}

class Run {
  readonly lines: Readable
  readonly #parts: RunParts
  readonly #stream: Duplex
  readonly #client: TargetClient
  readonly #results: ToldResults
  #over = false
  /** We cancelled it ourselves: what the target still says about it is no news. */
  #cancelled = false
  #timer: NodeJS.Timeout

  constructor(parts: RunParts, job: QueryJob) {
    this.#parts = parts
    const open = (): Duplex => parts.openTarget(job.target, job.user, job.address)
    this.#stream = open()
    this.lines = new Readable({
      read: () => void this.#stream.resume(),
      destroy: (error, done) => {
        this.#abandon()
        done(error)
      },
    })
    this.#results = new ToldResults(parts.limits, () => parts.clock.monotonicMs(), {
      event: event => this.#tell(event),
      enough: () => this.#enough(),
    })
    this.#client = clients[job.target.protocol]({
      stream: this.#stream,
      userName: job.user.name,
      database: job.target.database,
      program: job.program ?? 'Sekisho console',
      sql: job.sql,
      results: this.#results,
      openAnother: open,
      notice: message => this.#tell({ kind: 'notice', message }),
      failed: event => this.#fail(event),
      ended: () => this.#end(),
    })
    this.#timer = setTimeout(() => this.#timeOut(), parts.limits.editorTimeoutMs)
    this.#client.start()
  }

  #tell(event: QueryEvent): void {
    if (this.#over || this.#cancelled) return
    // Nobody reads at the moment: neither do we.
    if (!this.lines.push(`${JSON.stringify(event)}\n`)) this.#stream.pause()
  }

  #fail(event: QueryEvent): void {
    if (this.#over) return
    this.#tell(event)
    this.#end()
  }

  #enough(): void {
    this.#results.done('')
    this.#tell({
      kind: 'notice',
      message: 'The result is longer than this page reads: it was cut, and what stood after it was not run.',
    })
    this.#cancel()
  }

  #timeOut(): void {
    const seconds = Math.round(this.#parts.limits.editorTimeoutMs / 1000)
    this.#tell({
      kind: 'error',
      sqlState: '57014',
      message: `The statement took longer than the ${seconds} s that this page waits.`,
      hint: 'Ask for less, or use a native client.',
      position: undefined,
      refused: false,
    })
    this.#cancel()
    // Whoever does not read must not keep us from ending.
    this.#stream.resume()
  }

  /** Asks the target to stop, and cuts the session if it does not. */
  #cancel(): void {
    if (this.#cancelled || this.#over) return
    this.#cancelled = true
    this.#client.cancel()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(), cancelGraceMs)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.lines.push(null)
    this.#stream.resume()
    this.#client.end()
    // The goodbye is on its way; whatever does not answer it is cut.
    const cut = setTimeout(() => this.#stream.destroy(), cancelGraceMs)
    this.#stream.once('close', () => clearTimeout(cut))
  }

  /** The reader has gone. */
  #abandon(): void {
    if (this.#over) return
    this.#cancel()
    this.#over = true
    clearTimeout(this.#timer)
    this.#stream.destroy()
  }
}
