// Searches the audit in SQLite in a thread of its own: SQLite works within a call, and the relays must not wait for it.

import { Worker } from 'node:worker_threads'
import type { AuditSummary } from '../audit/audit.ts'
import type { AuditReading, AuditStore, StoredPage } from '../audit/audit-store.ts'
import type { AuditLog } from '../audit/trail.ts'
import { GatewayError } from '../core/errors.ts'

export interface SearchThreadParts {
  readonly databaseFile: string
  /** A single entry is read in this thread: that takes less time than asking the other one. */
  readonly store: Pick<AuditStore, 'get'>
  /** @returns a function that calls it off */
  readonly after: (ms: number, run: () => void) => () => void
  readonly log: AuditLog
}

/** What the thread is given when it starts. */
export interface SearchOrders {
  readonly databaseFile: string
  /** One number, not 0 when the search at work is to stop. */
  readonly stop: Int32Array
}

export type ToSearchThread =
  | { readonly kind: 'find'; readonly args: readonly [Parameters<AuditStore['find']>[0]] }
  | {
      readonly kind: 'summarize'
      readonly args: readonly [Parameters<AuditStore['summarize']>[0], Parameters<AuditStore['summarize']>[1]]
    }
  | { readonly kind: 'close' }

export type FromSearchThread =
  | { readonly kind: 'found'; readonly found: StoredPage | AuditSummary }
  | {
      readonly kind: 'failed'
      readonly error: unknown
      /** What an error loses on its way between threads. */
      readonly facts: Readonly<Record<string, unknown>>
    }

interface Job {
  readonly order: ToSearchThread
  readonly enough: () => boolean
  readonly resolve: (found: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Searches that wait for the one at work; everybody has a patience of seconds. */
const waitingMax = 50
/** A thread takes some 20 MB, which a server that nobody asks should not have. */
const idleMs = 60_000
/** How often the one who asked is asked whether it is enough: about as long as a step takes. */
const lookMs = 10
const youngMegabytes = 8

export function searchInThread(parts: SearchThreadParts): AuditReading {
  const thread = new SearchThread(parts)
  return {
    find: (filter, enough) => thread.ask({ kind: 'find', args: [filter] }, enough) as Promise<StoredPage>,
    summarize: (filter, span, enough) =>
      thread.ask({ kind: 'summarize', args: [filter, span] }, enough) as Promise<AuditSummary>,
    get: id => parts.store.get(id),
    close: () => thread.close(),
  }
}

class SearchThread {
  readonly #parts: SearchThreadParts
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #waiting: Job[] = []
  #job: Job | undefined
  #worker: Worker | undefined
  #closed = false
  #callOff: () => void = () => undefined

  constructor(parts: SearchThreadParts) {
    this.#parts = parts
  }

  ask(order: ToSearchThread, enough: () => boolean): Promise<unknown> {
    if (this.#closed) return Promise.reject(new GatewayError('server.draining'))
    if (this.#waiting.length >= waitingMax)
      return Promise.reject(
        new GatewayError('limit.exceeded', 'too many searches of the audit are waiting; try again'),
      )
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, enough, resolve, reject })
      if (this.#job === undefined) this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#callOff()
    Atomics.store(this.#stop, 0, 1)
    const left = this.#waiting.splice(0)
    if (this.#job !== undefined) left.unshift(this.#job)
    this.#job = undefined
    for (const { reject } of left) reject(new GatewayError('server.draining'))
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #next(): void {
    this.#callOff()
    const job = this.#waiting.shift()
    this.#job = job
    if (job === undefined) {
      this.#rest()
      return
    }
    this.#worker ??= this.#start()
    this.#worker.ref()
    Atomics.store(this.#stop, 0, 0)
    this.#look(job)
    this.#worker?.postMessage(job.order)
  }

  /** Whoever asks decides when it is enough, and can only be asked here. */
  #look(job: Job): void {
    if (job.enough()) Atomics.store(this.#stop, 0, 1)
    else this.#callOff = this.#parts.after(lookMs, () => this.#look(job))
  }

  #rest(): void {
    this.#worker?.unref()
    this.#callOff = this.#parts.after(idleMs, () => {
      this.#worker?.postMessage({ kind: 'close' } satisfies ToSearchThread)
      // Who comes now gets a new one.
      this.#worker = undefined
    })
  }

  #start(): Worker {
    const workerData: SearchOrders = { databaseFile: this.#parts.databaseFile, stop: this.#stop }
    const worker = new Worker(new URL('./audit-search-thread-work.ts', import.meta.url), {
      workerData,
      name: 'audit search',
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    worker.on('message', (message: FromSearchThread) => {
      if (worker === this.#worker) this.#hear(message)
    })
    worker.on('error', error => {
      this.#parts.log.error('the thread that searches the audit failed', error)
      this.#lose(worker, error)
    })
    worker.once('exit', () => this.#lose(worker, new Error('the thread that searches the audit ended')))
    return worker
  }

  #hear(message: FromSearchThread): void {
    // Under `node --watch` the runtime sends words of its own on the same way.
    if (message.kind !== 'found' && message.kind !== 'failed') return
    const job = this.#job
    this.#next()
    if (message.kind === 'found') job?.resolve(message.found)
    else
      job?.reject(
        message.error instanceof Error ? Object.assign(message.error, message.facts) : message.error,
      )
  }

  /** The one it worked for is told; those who wait get another thread. */
  #lose(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    const job = this.#job
    this.#next()
    job?.reject(error)
  }
}
