// All targets in memory, without their secrets: what lists, searches and free ports are made from.

import type { TargetId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { TargetStore } from './target-store.ts'

/** Rows read at a time, so that many targets do not hold up what runs beside. */
const pageRows = 2_000

export class TargetDirectory {
  readonly #store: TargetStore
  #byId = new Map<TargetId, Target>()
  #sorted: readonly Target[] | undefined
  #reading: Promise<unknown> = Promise.resolve()

  constructor(store: TargetStore) {
    this.#store = store
  }

  /** Reads them all anew. */
  async load(): Promise<void> {
    const found = new Map<TargetId, Target>()
    let after = ''
    for (;;) {
      const page = await this.#store.page(after, pageRows)
      // What has not changed stays the same value, so that what is known of it stays known.
      for (const target of page) found.set(target.id, sameOr(this.#byId.get(target.id), target))
      after = page.at(-1)?.name ?? ''
      if (page.length < pageRows) break
    }
    this.#byId = found
    this.#sorted = undefined
  }

  /** Sorted by name; the same array until something changes. */
  get all(): readonly Target[] {
    this.#sorted ??= [...this.#byId.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return this.#sorted
  }

  /** Sees one change: what the database has now counts. */
  refresh(id: TargetId): Promise<void> {
    const read = this.#reading.then(async () => {
      const stored = await this.#store.get(id)
      if (stored === undefined) this.forget(id)
      else this.put(stored.target)
    })
    this.#reading = read.catch(() => undefined)
    return read
  }

  put(target: Target): void {
    const known = this.#byId.get(target.id)
    const next = sameOr(known, target)
    if (next === known) return
    this.#byId.set(target.id, next)
    this.#sorted = undefined
  }

  forget(id: TargetId): void {
    if (this.#byId.delete(id)) this.#sorted = undefined
  }

  /** Resolves once every change that was heard of is seen. */
  async settled(): Promise<void> {
    await this.#reading
  }

  takenPorts(): Set<number> {
    const taken = new Set<number>()
    for (const { listenPort } of this.#byId.values()) if (listenPort !== undefined) taken.add(listenPort)
    return taken
  }
}

const sameOr = (known: Target | undefined, next: Target): Target =>
  known !== undefined && JSON.stringify(known) === JSON.stringify(next) ? known : next
