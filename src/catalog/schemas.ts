// Pictures of the targets' tables: one is kept for each target, one at most is being taken.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import type { Schemas } from './catalog.ts'

/** Takes a picture; `sources/` knows how. */
export type LoadSchema = (target: Target, password: Secret) => Promise<SchemaSnapshot>

/** Resolves after a time, or never if the signal ends it before. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>

export interface SchemasParts {
  readonly loadSchema: LoadSchema
  readonly target: (id: TargetId) => Promise<Target | undefined>
  readonly password: (id: TargetId) => Promise<Secret>
  /** Called with each new picture before anybody gets it. */
  readonly taken: (id: TargetId, snapshot: SchemaSnapshot) => Promise<void>
  readonly clock: Clock
  readonly limits: Limits
  readonly delay: Delay
}

interface Loading {
  readonly generation: number
  readonly result: Promise<SchemaSnapshot>
}

interface Kept {
  /** Grows with each `outdate`: what began before is outdated when it comes. */
  generation: number
  snapshot:
    | { readonly value: SchemaSnapshot; readonly generation: number; readonly sinceMs: number }
    | undefined
  loading: Loading | undefined
  /** The load that waits for the one under way to end. */
  next: Loading | undefined
}

export class KeptSchemas implements Schemas {
  readonly #parts: SchemasParts
  readonly #kept = new Map<TargetId, Kept>()

  constructor(parts: SchemasParts) {
    this.#parts = parts
  }

  current(id: TargetId): SchemaSnapshot | undefined {
    const kept = this.#kept.get(id)
    if (kept?.snapshot === undefined || kept.snapshot.generation !== kept.generation) return undefined
    const ageMs = this.#parts.clock.monotonicMs() - kept.snapshot.sinceMs
    return ageMs < this.#parts.limits.schemaAgeMaxMs ? kept.snapshot.value : undefined
  }

  async fresh(id: TargetId): Promise<SchemaSnapshot> {
    const current = this.current(id)
    if (current !== undefined) return current
    const kept = this.#of(id)
    const { loading, next, generation } = kept
    if (loading === undefined) return this.#start(id, kept).result
    if (loading.generation === generation) return loading.result
    if (next !== undefined) return next.result
    // One at a time: the one under way began before the change, so another follows it.
    const result = loading.result.then(
      () => this.#start(id, kept).result,
      () => this.#start(id, kept).result,
    )
    kept.next = { generation, result }
    return result
  }

  outdate(id: TargetId): void {
    const kept = this.#kept.get(id)
    if (kept !== undefined) kept.generation += 1
  }

  /** The target itself changed or is gone. */
  forget(id: TargetId): void {
    const kept = this.#kept.get(id)
    if (kept === undefined) return
    kept.generation += 1
    kept.snapshot = undefined
    if (kept.loading === undefined) this.#kept.delete(id)
  }

  #of(id: TargetId): Kept {
    const known = this.#kept.get(id)
    if (known !== undefined) return known
    const made: Kept = { generation: 0, snapshot: undefined, loading: undefined, next: undefined }
    this.#kept.set(id, made)
    return made
  }

  #start(id: TargetId, kept: Kept): Loading {
    const { generation } = kept
    const sinceMs = this.#parts.clock.monotonicMs()
    const result = this.#load(id).then(
      value => {
        kept.snapshot = { value, generation, sinceMs }
        kept.loading = undefined
        return value
      },
      (error: unknown) => {
        kept.loading = undefined
        throw unavailable(error)
      },
    )
    const loading = { generation, result }
    kept.loading = loading
    kept.next = undefined
    return loading
  }

  async #load(id: TargetId): Promise<SchemaSnapshot> {
    const target = await this.#parts.target(id)
    if (target === undefined) throw new GatewayError('not-found', 'target')
    const password = await this.#parts.password(id)
    const snapshot = await this.#inTime(this.#parts.loadSchema(target, password))
    await this.#parts.taken(id, snapshot)
    return snapshot
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { delay, limits } = this.#parts
    const done = new AbortController()
    const late = delay(limits.schemaTimeoutMs, done.signal).then((): never => {
      throw new GatewayError('target.schema-unavailable', 'the target took too long to answer')
    })
    try {
      return await Promise.race([work, late])
    } finally {
      late.catch(() => undefined)
      done.abort()
    }
  }
}

function unavailable(error: unknown): GatewayError {
  if (!(error instanceof GatewayError)) {
    return new GatewayError('target.schema-unavailable', 'reading them failed', { cause: error })
  }
  if (error.code === 'target.schema-unavailable') return error
  return new GatewayError('target.schema-unavailable', error.message, { cause: error })
}
