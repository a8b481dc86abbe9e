// Carries the audit to SQLite in a thread of its own: SQLite works within a call, and the relays must not wait for it.

import { Worker } from 'node:worker_threads'
import type { Carrying, CarrySource } from '../audit/carrying.ts'
import type { AuditLog } from '../audit/trail.ts'
import type { Limits } from '../core/limits.ts'

export interface CarryThreadParts {
  readonly databaseFile: string
  readonly journalFolder: string
  readonly limits: Limits
  /** @returns a function that calls it off */
  readonly after: (ms: number, run: () => void) => () => void
  readonly log: AuditLog
}

/** What the thread is given when it starts. */
export type CarryOrders = Pick<CarryThreadParts, 'databaseFile' | 'journalFolder' | 'limits'>

export interface ToCarryThread {
  readonly kind: 'synced' | 'close'
  readonly source: CarrySource
}

export type FromCarryThread =
  | { readonly kind: 'carried'; readonly sequence: number }
  | { readonly kind: 'info'; readonly message: string; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly message: string; readonly error: unknown }

/** A batch is small, and forgotten as soon as it is carried. */
const youngMegabytes = 4

/** For `createTrail`. */
export function carryInThread(parts: CarryThreadParts): (source: () => CarrySource) => Carrying {
  return source => new CarryThread(parts, source)
}

class CarryThread implements Carrying {
  readonly #parts: CarryThreadParts
  readonly #source: () => CarrySource
  #worker: Worker | undefined
  #carried = 0
  #closing = false
  #callOff: (() => void) | undefined
  #onExit: () => void = () => undefined

  constructor(parts: CarryThreadParts, source: () => CarrySource) {
    this.#parts = parts
    this.#source = source
  }

  get carried(): number {
    return this.#carried
  }

  wake(): void {
    this.#later(this.#parts.limits.journalSyncMs)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#callOff?.()
    const worker = this.#worker ?? this.#start()
    worker.ref()
    const exited = new Promise<void>(resolve => {
      this.#onExit = resolve
    })
    this.#tell('close')
    await exited
  }

  #later(ms: number): void {
    if (this.#closing) return
    this.#callOff ??= this.#parts.after(ms, () => {
      this.#callOff = undefined
      this.#worker ??= this.#start()
      this.#tell('synced')
    })
  }

  #tell(kind: ToCarryThread['kind']): void {
    this.#worker?.postMessage({ kind, source: this.#source() } satisfies ToCarryThread)
  }

  #start(): Worker {
    const { databaseFile, journalFolder, limits, log } = this.#parts
    const workerData: CarryOrders = { databaseFile, journalFolder, limits }
    const worker = new Worker(new URL('./carry-thread-work.ts', import.meta.url), {
      workerData,
      name: 'audit carrier',
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    // A server that stops waits in `close`; nothing else waits for this thread.
    worker.unref()
    worker.on('message', (message: FromCarryThread) => this.#hear(message))
    worker.on('error', error => log.error('the thread that carries the audit failed', error))
    worker.once('exit', () => {
      this.#worker = undefined
      this.#onExit()
      // It ends by itself only when it is told to; otherwise what it left waits in the journal for the next one.
      this.#later(this.#parts.limits.carryRetryMaxMs)
    })
    this.#worker = worker
    return worker
  }

  #hear(message: FromCarryThread): void {
    const { log } = this.#parts
    if (message.kind === 'carried') this.#carried = message.sequence
    else if (message.kind === 'info') log.info(message.message, message.facts)
    // Under `node --watch` the runtime sends words of its own on the same way.
    else if (message.kind === 'error') log.error(message.message, message.error)
  }
}
