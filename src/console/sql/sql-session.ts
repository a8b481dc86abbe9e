// One session of the SQL editor at a target: held by the server for one person, running one text after another.

import { type Duplex, Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target, TargetProtocol } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { VisitNews } from '../../gate/gate.ts'
import type { RunEvent, RunInput, SqlSession } from '../contract.ts'
import type { ConsoleParts } from '../parts.ts'
import { createConnection } from './create-connection.ts'
import { reasonComment } from './reason-comment.ts'
import { sessionProblem } from './session-problem.ts'
import {
  type RunError,
  RunFailure,
  type RunListener,
  type TargetConnection,
  type Transaction,
} from './target-connection.ts'
import { ToldRun } from './told-run.ts'

export interface SessionWish {
  readonly id: string
  readonly target: Target
  readonly user: User
  readonly address: string
  /** What the session calls itself at the target. */
  readonly program: string
  readonly bulk?: 'export' | 'import' | undefined
  /** How long one text may take; as the page waits if not given. */
  readonly timeoutMs?: number
  /** It is over, for whatever reason. */
  readonly closed: () => void
}

type Parts = Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits'>

/** How long a stopped statement may take to end, and a goodbye to be heard, before the session is cut. */
const cancelGraceMs = 10_000
const goodbyeMs = 2_000

const begin: Readonly<Record<TargetProtocol, string>> = { postgres: 'BEGIN', mysql: 'START TRANSACTION' }
/** Texts that begin or end a transaction themselves, or may not be in one. */
const controlsItself = /^\s*(?:begin|start|commit|rollback|end|abort)\b/i

/** What runs at the moment. */
interface Running {
  readonly listener: RunListener
  /** Somebody wanted it to stop. */
  stopping: boolean
  timer: NodeJS.Timeout
}

export class OpenSqlSession {
  readonly id: string
  readonly target: Target
  readonly user: User
  readonly openedAtMs: number
  lastUsedMs: number
  readonly #wish: SessionWish
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #stream: Duplex
  readonly #connection: TargetConnection
  #transaction: Transaction = 'none'
  #schema: string | undefined
  #running: Running | undefined
  #told: ToldRun | undefined
  readonly #declared = new Set<string>()
  #closed = false

  constructor(parts: Parts, wish: SessionWish) {
    const { target, user, address, bulk } = wish
    this.id = wish.id
    this.target = target
    this.user = user
    this.#wish = wish
    this.#limits = parts.limits
    this.#clock = parts.clock
    this.openedAtMs = this.#clock.nowMs()
    this.lastUsedMs = this.openedAtMs
    const companion = { bulk, told: (news: VisitNews) => this.#hear(news) }
    this.#stream = parts.openTarget(target, user, address, companion)
    this.#connection = createConnection(target.protocol, {
      stream: this.#stream,
      userName: user.name,
      database: target.database,
      program: wish.program,
      openAnother: () => parts.openTarget(target, user, address),
      lost: error => this.#lost(error),
    })
    if (target.protocol === 'mysql') this.#schema = target.database
  }

  /** @throws GatewayError what the gateway or the target said on the way in */
  async open(): Promise<void> {
    try {
      await this.#connection.open()
    } catch (error) {
      this.close()
      throw error instanceof RunFailure ? sessionProblem(error.told) : error
    }
  }

  get #timeoutMs(): number {
    return this.#wish.timeoutMs ?? this.#limits.editorTimeoutMs
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  get isClosed(): boolean {
    return this.#closed
  }

  describe(): SqlSession {
    return {
      id: this.id,
      targetId: this.target.id,
      openedAtMs: this.openedAtMs,
      transaction: this.#transaction,
      schema: this.#schema,
      running: this.isRunning,
    }
  }

  /**
   * Lines of JSON, one per event, at the speed at which they are read. Destroying the stream stops the text at the target.
   * @throws GatewayError `conflict` while something runs
   */
  run(input: RunInput): Readable {
    const { editorRowsMax, editorBytesMax, editorBatchRowsMax } = this.#limits
    const rowsMax = Math.min(input.rowsMax ?? editorRowsMax, editorRowsMax)
    const lines = new Readable({
      read: () => void this.#stream.resume(),
      destroy: (error, done) => {
        // Whoever does not read any more must not keep the session from going on.
        if (this.#told === told) this.stop()
        this.#stream.resume()
        done(error)
      },
    })
    const tell = (event: RunEvent): void => {
      if (lines.destroyed) return
      // Nobody reads at the moment: neither do we.
      if (!lines.push(`${JSON.stringify(event)}\n`)) this.#stream.pause()
    }
    const prefix = reasonComment(input.reason)
    const runLimits = { rowsMax, bytesMax: editorBytesMax, batchRowsMax: editorBatchRowsMax }
    const told: ToldRun = new ToldRun(
      runLimits,
      () => this.#clock.monotonicMs(),
      {
        event: tell,
        enough: () => {
          // Stopping it would fail the transaction: read on, and leave the rows out.
          if (this.#transaction !== 'none') return
          told.done('')
          told.notice(tooLong)
          told.silence()
          this.stop()
        },
        settled: () => {
          tell({ kind: 'session', transaction: this.#transaction, schema: this.#schema })
          if (!lines.destroyed) lines.push(null)
          this.#stream.resume()
        },
      },
      Array.from(prefix).length,
      this.#declared,
    )
    const text = { sql: prefix + input.sql, parameters: input.parameters }
    const begins =
      input.commit === 'manual' && this.#transaction === 'none' && !controlsItself.test(input.sql)
    if (begins) this.#begin(told, () => this.send(text, told))
    else this.send(text, told)
    return lines
  }

  /** Runs a text and tells what comes back. @throws GatewayError `conflict` while something runs */
  send(text: { readonly sql: string; readonly parameters?: RunInput['parameters'] }, listener: RunListener) {
    if (this.#closed) throw new GatewayError('not-found', 'session')
    if (this.#running) throw new GatewayError('conflict', 'something runs in this session')
    this.lastUsedMs = this.#clock.nowMs()
    this.#told = listener instanceof ToldRun ? listener : undefined
    const timer = setTimeout(() => this.#timeOut(), this.#timeoutMs)
    this.#running = { listener, stopping: false, timer }
    this.#connection.run(text, {
      columns: columns => listener.columns(columns),
      row: values => listener.row(values),
      done: (command, rows) => listener.done(command, rows),
      notice: message => listener.notice(message),
      failed: error => listener.failed(error),
      settled: transaction => this.#settled(transaction),
    })
  }

  /** Takes no more of the answer for now. */
  pause(): void {
    if (this.#running && !this.#running.stopping) this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Stops what runs at the target; cuts the session if it does not. */
  stop(): void {
    const running = this.#running
    if (running === undefined || running.stopping) return
    running.stopping = true
    this.#connection.cancel()
    this.#stream.resume()
    clearTimeout(running.timer)
    running.timer = setTimeout(() => this.close(), cancelGraceMs)
  }

  /** Says goodbye; what was not committed is taken back by the target. */
  close(): void {
    if (this.#closed) return
    this.#end()
    this.#connection.end()
    this.#stream.resume()
    // Whatever does not answer the goodbye is cut.
    const cut = setTimeout(() => this.#stream.destroy(), goodbyeMs)
    this.#stream.once('close', () => clearTimeout(cut))
  }

  #begin(told: ToldRun, then: () => void): void {
    let failed = false
    this.send(
      { sql: begin[this.target.protocol] },
      {
        columns: () => undefined,
        row: () => undefined,
        done: () => undefined,
        notice: message => told.notice(message),
        failed: error => {
          failed = true
          told.failed(error)
        },
        settled: transaction => (failed || this.#closed ? told.settled(transaction) : then()),
      },
    )
    this.#told = told
  }

  #hear(news: VisitNews): void {
    if (news.kind === 'judged') this.#told?.judged(news)
    else if (news.schema !== undefined || this.target.protocol === 'postgres') this.#schema = news.schema
  }

  #settled(transaction: Transaction): void {
    const running = this.#running
    this.#running = undefined
    this.#transaction = transaction
    this.lastUsedMs = this.#clock.nowMs()
    clearTimeout(running?.timer)
    const told = this.#told
    running?.listener.settled(transaction)
    if (this.#told === told && !this.#running) this.#told = undefined
  }

  #timeOut(): void {
    const seconds = Math.round(this.#timeoutMs / 1000)
    this.#running?.listener.failed({
      sqlState: '57014',
      message: `The statement took longer than the ${seconds} s that this page waits.`,
      hint: 'Ask for less, or use a native client.',
      position: undefined,
      refused: false,
    })
    this.#told?.silence()
    this.stop()
  }

  #lost(error: RunError): void {
    if (this.#closed) return
    this.#running?.listener.failed(error)
    this.#end()
    this.#stream.destroy()
  }

  #end(): void {
    this.#closed = true
    this.#transaction = 'none'
    const running = this.#running
    this.#running = undefined
    clearTimeout(running?.timer)
    running?.listener.settled('none')
    this.#wish.closed()
  }
}

const tooLong =
  'The result is longer than this page reads: it was cut, and what stood after it was not run. Export it to have all of it.'
