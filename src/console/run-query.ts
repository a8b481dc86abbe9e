// Runs a text of the SQL page at a target, through the gate like everybody else, and streams what comes back.

import { type Duplex, Readable } from 'node:stream'
import { Client } from 'pg'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { QueryEvent } from './contract.ts'
import type { ConsoleParts } from './parts.ts'
import { describeError, ResultEvents } from './result-events.ts'

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

class Run {
  readonly lines: Readable
  readonly #parts: RunParts
  readonly #job: QueryJob
  readonly #stream: Duplex
  readonly #client: Client
  readonly #events: ResultEvents
  #over = false
  /** We cancelled it ourselves: what the target still says about it is no news. */
  #cancelled = false
  #timer: NodeJS.Timeout

  constructor(parts: RunParts, job: QueryJob) {
    this.#parts = parts
    this.#job = job
    this.#stream = asSocket(parts.openTarget(job.target, job.user, job.address))
    this.lines = new Readable({
      read: () => void this.#stream.resume(),
      destroy: (error, done) => {
        this.#abandon()
        done(error)
      },
    })
    this.#client = createClient(this.#stream, job)
    this.#events = new ResultEvents(job.sql, parts.limits, () => parts.clock.monotonicMs(), {
      event: event => this.#tell(event),
      enough: () => this.#enough(),
      ended: () => this.#end(),
    })
    this.#timer = setTimeout(() => this.#timeOut(), parts.limits.editorTimeoutMs)
    this.#start()
  }

  #start(): void {
    this.#client.on('notice', notice => this.#tell({ kind: 'notice', message: notice.message ?? '' }))
    this.#client.on('error', error => this.#fail(error))
    this.#client.on('end', () => this.#fail(new Error('the connection ended')))
    this.#client.connect().then(
      () => void this.#client.query(this.#events),
      (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))),
    )
  }

  #tell(event: QueryEvent): void {
    if (this.#over || this.#cancelled) return
    // Nobody reads at the moment: neither do we.
    if (!this.lines.push(`${JSON.stringify(event)}\n`)) this.#stream.pause()
  }

  #fail(error: Error): void {
    if (this.#over) return
    this.#tell(describeError(error))
    this.#end()
  }

  #enough(): void {
    this.#events.cut()
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
    sendCancel(this.#parts, this.#job, this.#client)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(), cancelGraceMs)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.lines.push(null)
    this.#stream.resume()
    this.#client.end().catch(() => undefined)
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

function createClient(stream: Duplex, job: QueryJob): Client {
  return new Client({
    // The protocol knows who comes from the console: there is no password.
    stream: () => stream,
    user: job.user.name,
    password: '',
    database: job.target.database,
    host: 'console',
    port: 1,
    ssl: false,
    application_name: job.program ?? 'Sekisho console',
  })
}

/** A cancel request goes in by a stream of its own, with the key that the session was given. */
function sendCancel(parts: RunParts, job: QueryJob, client: Client): void {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null }
  if (processID === null || secretKey === null) return
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const stream = parts.openTarget(job.target, job.user, job.address)
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
