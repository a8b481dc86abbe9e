// Which of all targets somebody may connect to: asked of the policies once, and again only for those that changed.

import { setImmediate as breathe } from 'node:timers/promises'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ConsoleParts } from '../parts.ts'

type Parts = Pick<ConsoleParts, 'catalog' | 'mayConnect' | 'policyBook' | 'clock' | 'limits'>

interface Seen {
  /** What the answers were made for. */
  readonly policies: object
  readonly person: string
  readonly atMs: number
  readonly all: readonly Target[]
  /** 1: may connect; in the order of `all`. */
  readonly flags: Uint8Array
  readonly visible: readonly Target[]
}

/** People whose targets are remembered, the last ones to ask. */
const peopleMax = 100
/** Targets judged before others have their turn. */
const turn = 1_000

export class TargetSight {
  readonly #parts: Parts
  readonly #seen = new Map<string, Seen>()
  readonly #running = new Map<string, Promise<Seen>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Sorted by name; the same array until something changes. Administrators see all. */
  async visible(user: User, address: string): Promise<readonly Target[]> {
    const all = await this.#parts.catalog.targets.list()
    if (user.role === 'administrator') return all
    const key = `${user.id} ${address}`
    const known = this.#seen.get(key)
    if (known !== undefined && this.#isGood(known, user, all)) return known.visible
    // Two pages of one person wait for the same answer.
    const running = this.#running.get(key)
    if (running !== undefined) return (await running).visible
    const looking = this.#look(user, address, all, known).finally(() => this.#running.delete(key))
    this.#running.set(key, looking)
    const seen = await looking
    this.#seen.delete(key)
    this.#seen.set(key, seen)
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= peopleMax) break
      this.#seen.delete(oldest)
    }
    return seen.visible
  }

  #isGood(seen: Seen, user: User, all: readonly Target[]): boolean {
    return seen.all === all && this.#isInForce(seen, user)
  }

  #isInForce(seen: Seen, user: User): boolean {
    const { policyBook, clock, limits } = this.#parts
    const { inForce } = policyBook
    if (seen.policies !== inForce || seen.person !== personKey(user)) return false
    return !inForce.volatile || clock.monotonicMs() - seen.atMs < limits.viewAgeMaxMs
  }

  async #look(user: User, address: string, all: readonly Target[], known: Seen | undefined): Promise<Seen> {
    const { policyBook, clock, mayConnect } = this.#parts
    const policies = policyBook.inForce
    const person = personKey(user)
    const atMs = clock.monotonicMs()
    const before = known !== undefined && this.#isInForce(known, user) ? known : undefined
    const flags = new Uint8Array(all.length)
    const visible: Target[] = []
    let judged = 0
    let place = 0
    for (const [index, target] of all.entries()) {
      while ((before?.all[place]?.name ?? '￿') < target.name) place += 1
      const same = before?.all[place] === target
      const may = same ? before?.flags[place] === 1 : !target.disabled && mayConnect(user, target, address)
      if (may) {
        flags[index] = 1
        visible.push(target)
      }
      if (!same && ++judged % turn === 0) await breathe()
    }
    return { policies, person, atMs, all, flags, visible }
  }
}

const personKey = ({ id, name, email, role, groups, disabled }: User): string =>
  JSON.stringify([id, name, email, role, groups, disabled])
