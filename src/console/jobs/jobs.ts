// Work that goes on without the page: a few at a time for each person, with progress, a file at the end, and an expiry.

import { randomUUID } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import type { UserId } from '../../core/ids.ts'
import type { Limits } from '../../core/limits.ts'
import type { User } from '../../core/user.ts'
import type { JobRow } from '../contract.ts'
import type { ConsoleLog } from '../parts.ts'
import type { GrowingFile, JobFiles, KeptFile } from './job-files.ts'

export interface JobWish {
  readonly kind: JobRow['kind']
  /** What it is about, in words of its owner. */
  readonly title: string
  readonly unit: JobRow['unit']
  /** What its file is called; missing: it writes none. */
  readonly fileName?: string
}

/** What the work of a job gets. */
export interface JobRun {
  /** @param total  in all, where that is known */
  readonly progress: (done: number, total?: number) => void
  /** Somebody stopped it, or the server stops: throw, or return early. */
  readonly signal: AbortSignal
  /** Its file; empty files are kept, too. @throws GatewayError `limit.exceeded` */
  readonly out: { write(chunk: Uint8Array | string): Promise<void> }
}

export type JobWork = (run: JobRun) => Promise<void>

interface Job {
  readonly id: string
  readonly userId: UserId
  readonly wish: JobWish
  readonly work: JobWork
  readonly stopping: AbortController
  readonly startedAtMs: number
  state: JobRow['state']
  done: number
  total: number | undefined
  endedAtMs: number | undefined
  problem: JobRow['problem']
  file: KeptFile | undefined
}

export interface JobsParts {
  readonly files: JobFiles
  readonly clock: Clock
  readonly limits: Limits
  readonly log: ConsoleLog
}

const lookEveryMs = 60_000
const hourMs = 60 * 60 * 1000

export class Jobs {
  readonly #parts: JobsParts
  /** Oldest first. */
  readonly #jobs = new Map<string, Job>()
  readonly #looking: NodeJS.Timeout

  /** @param closing  the server stops */
  constructor(parts: JobsParts, closing: AbortSignal) {
    this.#parts = parts
    this.#looking = setInterval(() => this.#forgetOld(), lookEveryMs)
    this.#looking.unref()
    closing.addEventListener('abort', () => {
      clearInterval(this.#looking)
      for (const job of this.#jobs.values()) this.#stop(job)
    })
  }

  /** @throws GatewayError `limit.exceeded` if too many of theirs wait */
  start(user: Pick<User, 'id'>, wish: JobWish, work: JobWork): JobRow {
    const { limits, clock } = this.#parts
    const theirs = this.#of(user.id)
    const open = theirs.filter(job => job.endedAtMs === undefined)
    if (open.length >= limits.jobsPerUserMax)
      throw new GatewayError('limit.exceeded', `${open.length} of your jobs are not done yet.`)
    // The oldest that is done makes room.
    const [oldest] = theirs.filter(job => job.endedAtMs !== undefined)
    if (theirs.length >= limits.jobsPerUserMax && oldest) this.#forget(oldest)
    const job: Job = {
      id: randomUUID(),
      userId: user.id,
      wish,
      work,
      stopping: new AbortController(),
      startedAtMs: clock.nowMs(),
      state: 'waiting',
      done: 0,
      total: undefined,
      endedAtMs: undefined,
      problem: undefined,
      file: undefined,
    }
    this.#jobs.set(job.id, job)
    this.#next(user.id)
    return rowOf(job)
  }

  /** Newest first. */
  list(userId: UserId): readonly JobRow[] {
    return this.#of(userId).map(rowOf).reverse()
  }

  /** Stops it if it is not done, and forgets it with its file if it is. @throws GatewayError `not-found` */
  remove(userId: UserId, id: string): void {
    const job = this.#find(userId, id)
    if (job.endedAtMs === undefined) this.#stop(job)
    else this.#forget(job)
  }

  /** @throws GatewayError `not-found`, also for what is somebody else's, not done, or without a file */
  file(userId: UserId, id: string): { readonly file: KeptFile; readonly name: string } {
    const { file, wish } = this.#find(userId, id)
    if (file === undefined) throw new GatewayError('not-found', 'file')
    return { file, name: wish.fileName ?? 'file' }
  }

  #find(userId: UserId, id: string): Job {
    const job = this.#jobs.get(id)
    if (job === undefined || job.userId !== userId) throw new GatewayError('not-found', 'job')
    return job
  }

  #of(userId: UserId): readonly Job[] {
    return [...this.#jobs.values()].filter(job => job.userId === userId)
  }

  #next(userId: UserId): void {
    const theirs = this.#of(userId)
    const running = theirs.filter(job => job.state === 'running').length
    const waiting = theirs.filter(job => job.state === 'waiting')
    for (const job of waiting.slice(0, Math.max(0, this.#parts.limits.jobsRunningPerUserMax - running))) {
      job.state = 'running'
      void this.#run(job)
    }
  }

  async #run(job: Job): Promise<void> {
    const growing: { file: GrowingFile | undefined } = { file: undefined }
    const { signal } = job.stopping
    try {
      if (job.wish.fileName !== undefined) growing.file = await this.#parts.files.create()
      const { file } = growing
      await job.work({
        progress(done, total) {
          job.done = done
          job.total = total ?? job.total
        },
        signal,
        out: {
          async write(chunk) {
            signal.throwIfAborted()
            if (file === undefined) throw new Error('this job has no file')
            await file.write(chunk)
          },
        },
      })
      signal.throwIfAborted()
      job.file = await file?.finish()
      growing.file = undefined
      this.#end(job, 'done')
    } catch (error) {
      await growing.file?.discard().catch(() => undefined)
      if (signal.aborted) this.#end(job, 'stopped')
      else this.#fail(job, error)
    }
    this.#next(job.userId)
  }

  #fail(job: Job, error: unknown): void {
    const known = error instanceof GatewayError && error.code !== 'internal' ? error : undefined
    if (known === undefined) this.#parts.log.error({ err: error, job: job.id }, 'a job failed')
    const told = known ?? new GatewayError('internal', job.id)
    job.problem = { code: told.code, message: told.message }
    this.#end(job, 'failed')
  }

  #end(job: Job, state: 'done' | 'failed' | 'stopped'): void {
    job.state = state
    job.endedAtMs = this.#parts.clock.nowMs()
    // It may have been forgotten meanwhile.
    if (this.#jobs.get(job.id) !== job) void job.file?.remove().catch(() => undefined)
  }

  #stop(job: Job): void {
    if (job.endedAtMs !== undefined) return
    const isWaiting = job.state === 'waiting'
    job.stopping.abort(new GatewayError('statement.stopped', 'it was stopped in the console'))
    if (isWaiting) this.#end(job, 'stopped')
  }

  #forget(job: Job): void {
    this.#jobs.delete(job.id)
    void job.file?.remove().catch(() => undefined)
  }

  #forgetOld(): void {
    const before = this.#parts.clock.nowMs() - this.#parts.limits.jobFileHours * hourMs
    for (const job of this.#jobs.values())
      if (job.endedAtMs !== undefined && job.endedAtMs < before) this.#forget(job)
  }
}

function rowOf(job: Job): JobRow {
  const { id, wish, state, done, total, startedAtMs, endedAtMs, file, problem } = job
  return {
    id,
    kind: wish.kind,
    title: wish.title,
    state,
    done,
    total,
    unit: wish.unit,
    startedAtMs,
    endedAtMs,
    fileName: file === undefined ? undefined : wish.fileName,
    fileBytes: file?.bytes,
    problem,
  }
}
