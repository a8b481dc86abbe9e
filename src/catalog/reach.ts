// Whether targets can be reached: looked at now and then, gently, those that somebody uses or looks at.

import type { Clock } from '../core/clock.ts'
import type { TargetId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Target } from '../core/target.ts'

/** What came of one look. `port`: it answers there, nobody logged in. */
export type Look =
  | {
      readonly kind: 'reached'
      readonly latencyMs: number
      readonly serverVersion?: string
      readonly tls?: string
      readonly certificateEndsAtMs?: number
    }
  /** `heard`: it answered, and did not let us in. */
  | { readonly kind: 'failed'; readonly message: string; readonly heard: boolean }

/** How deep a look goes: as far as the port, or a login and out again. */
export type Depth = 'port' | 'login'

export interface StateChange {
  readonly atMs: number
  readonly state: 'reachable' | 'unreachable'
  readonly message?: string
}

export interface TargetState {
  readonly state: 'reachable' | 'unreachable' | 'unknown'
  readonly checkedAtMs?: number
  readonly sinceMs?: number
  readonly latencyMs?: number
  readonly serverVersion?: string
  readonly tls?: string
  readonly certificateEndsAtMs?: number
  /** Why not, in words for administrators. */
  readonly message?: string
  /** Newest first. */
  readonly changes: readonly StateChange[]
}

export interface ReachParts {
  readonly all: () => Promise<readonly Target[]>
  readonly look: (target: Target, depth: Depth) => Promise<Look>
  readonly clock: Clock
  readonly limits: Limits
  readonly warn: (error: unknown) => void
}

export interface Reach {
  /** As far as is known; never waits. */
  state(id: TargetId): TargetState
  /** Goes up whenever any state changes. */
  readonly version: number
  /** Somebody uses it or looks at it: it is looked after for a day. */
  wanted(id: TargetId): void
  /** Logs in now; those who ask while one runs get its answer. */
  check(target: Target): Promise<TargetState>
  /** Looks at the next ones, as many as may be; called every second. */
  tick(): Promise<void>
  forget(id: TargetId): void
  /** Looks that run or are due. */
  readonly waiting: number
  /** Targets that cannot be reached, with their states. */
  unreachable(): ReadonlyMap<TargetId, TargetState>
  states(): ReadonlyMap<TargetId, TargetState>
}

interface Known {
  readonly state: TargetState
  /** Where and as whom was looked: elsewhere it is another matter. */
  readonly place: string
  /** Attempts to log in are counted, whatever came of them. */
  readonly loginAtMs: number
  readonly login: 'worked' | 'refused' | 'unknown'
}

const nothing: TargetState = { state: 'unknown', changes: [] }
const dayMs = 24 * 60 * 60 * 1000

export function createReach(parts: ReachParts): Reach {
  const { clock, limits } = parts
  const known = new Map<TargetId, Known>()
  const wantedAt = new Map<TargetId, number>()
  const running = new Map<TargetId, Promise<TargetState>>()
  let version = 0
  let due: readonly Target[] = []

  const look = async (target: Target, depth: Depth): Promise<TargetState> => {
    const before = known.get(target.id)
    const atMs = clock.nowMs()
    const loginAtMs = depth === 'login' ? atMs : (before?.loginAtMs ?? Number.NEGATIVE_INFINITY)
    const found = await parts.look(target, depth)
    const login = loginAfter(before?.login ?? 'unknown', found, depth)
    const state = after(before?.state ?? nothing, found, depth, clock.nowMs(), limits.targetChangesMax)
    known.set(target.id, { state, place: placeOf(target), loginAtMs, login })
    version += 1
    return state
  }
  const once = (target: Target, depth: Depth): Promise<TargetState> => {
    const already = running.get(target.id)
    if (already !== undefined) return already
    const started = look(target, depth).finally(() => running.delete(target.id))
    running.set(target.id, started)
    return started
  }
  /** What to do about it now; `undefined`: nothing. */
  const depthNow = (target: Target): Depth | undefined => {
    const one = known.get(target.id)
    const now = clock.nowMs()
    if (one === undefined || one.place !== placeOf(target)) return 'login'
    if (now - one.loginAtMs >= limits.targetLoginEveryMs) return 'login'
    if (now - (one.state.checkedAtMs ?? 0) < limits.targetCheckEveryMs) return undefined
    // Servers count connections that end before a login, and lock out who makes too many; a login that works clears that.
    if (one.login === 'worked') return 'port'
    return one.login === 'unknown' && one.state.state === 'unreachable' ? 'port' : undefined
  }
  const isWanted = (id: TargetId, now: number): boolean => {
    const at = wantedAt.get(id)
    return at !== undefined && now - at < dayMs
  }

  return {
    state: id => known.get(id)?.state ?? nothing,
    get version() {
      return version
    },
    wanted(id) {
      wantedAt.delete(id)
      wantedAt.set(id, clock.nowMs())
      for (const oldest of wantedAt.keys()) {
        if (wantedAt.size <= limits.targetsCheckedMax) break
        wantedAt.delete(oldest)
      }
    },
    check: target => once(target, 'login'),
    async tick() {
      const all = await parts.all()
      const now = clock.nowMs()
      const few = all.length <= limits.targetsAlwaysCheckedMax
      due = all.filter(
        target =>
          !target.disabled &&
          !running.has(target.id) &&
          (few || isWanted(target.id, now)) &&
          depthNow(target) !== undefined,
      )
      const room = Math.min(limits.targetChecksPerSecondMax, limits.targetChecksAtOnceMax - running.size)
      for (const target of due.slice(0, Math.max(0, room))) {
        const depth = depthNow(target)
        if (depth !== undefined) once(target, depth).catch(parts.warn)
      }
    },
    forget(id) {
      known.delete(id)
      wantedAt.delete(id)
      version += 1
    },
    get waiting() {
      return due.length + running.size
    },
    unreachable: () => new Map(statesOf(known).filter(([, { state }]) => state === 'unreachable')),
    states: () => new Map(statesOf(known)),
  }
}

const statesOf = (known: ReadonlyMap<TargetId, Known>): [TargetId, TargetState][] =>
  [...known].map(([id, { state }]) => [id, state])

const placeOf = ({ host, port, database, account, tls, tlsCa, jump, sendProxy }: Target): string =>
  JSON.stringify([host, port, database, account, tls, tlsCa, jump, sendProxy])

function loginAfter(before: Known['login'], found: Look, depth: Depth): Known['login'] {
  if (found.kind === 'failed') return found.heard ? 'refused' : 'unknown'
  return depth === 'login' ? 'worked' : before
}

function after(
  before: TargetState,
  found: Look,
  depth: Depth,
  nowMs: number,
  changesMax: number,
): TargetState {
  const state = found.kind === 'reached' ? 'reachable' : 'unreachable'
  const message = found.kind === 'failed' ? found.message : undefined
  // A port that answers says nothing about a login that was refused.
  const isOnlyPort = depth === 'port' && found.kind === 'reached'
  const isChange = before.state !== state
  const change: StateChange = { atMs: nowMs, state, ...(message !== undefined && { message }) }
  const { serverVersion, tls, certificateEndsAtMs } = found.kind === 'reached' && !isOnlyPort ? found : before
  return {
    state,
    checkedAtMs: nowMs,
    sinceMs: isChange ? nowMs : (before.sinceMs ?? nowMs),
    ...(found.kind === 'reached' && { latencyMs: found.latencyMs }),
    ...(serverVersion !== undefined && { serverVersion }),
    ...(tls !== undefined && { tls }),
    ...(certificateEndsAtMs !== undefined && { certificateEndsAtMs }),
    ...(message !== undefined && { message }),
    changes: isChange ? [change, ...before.changes].slice(0, changesMax) : before.changes,
  }
}
