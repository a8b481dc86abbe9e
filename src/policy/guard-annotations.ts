// Annotations that guard statements: limits of time, bytes, rows and sessions, and what must be given before.

import type { ActionName } from './schema.ts'

/** What a permit asks in return; absent: nothing of the kind. */
export interface GuardAnnotations {
  readonly requireWhere?: true
  readonly requireReason?: true
  readonly readOnly?: true
  /** Group whose members approve; `administrators` for those. */
  readonly approval?: string
  readonly timeLimitMs?: number
  readonly byteLimit?: number
  readonly rowsPerDay?: number
  readonly bytesPerDay?: number
  readonly maxSessions?: number
  readonly idleTimeoutMs?: number
}

export const limitNames = [
  ...(['timeLimitMs', 'byteLimit', 'rowsPerDay', 'bytesPerDay', 'maxSessions', 'idleTimeoutMs'] as const),
]

export type LimitName = (typeof limitNames)[number]

export type GuardUnfit = 'true-unfit' | 'time-unfit' | 'bytes-unfit' | 'count-unfit' | 'approvers-unfit'

interface Guard {
  readonly name: keyof GuardAnnotations
  readonly unfit: GuardUnfit
  /** Questions whose permits may ask it. */
  readonly actions: readonly ActionName[]
  readonly read: (text: string) => true | number | string | undefined
}

const reading: readonly ActionName[] = ['select', 'export']
const working: readonly ActionName[] = [
  ...reading,
  ...(['insert', 'update', 'delete', 'define', 'administer', 'call', 'import'] as const),
]

const isTrue = (text: string) => (text === 'true' ? true : undefined)

/** `500ms`, `30s`, `15m`, `2h`. */
function milliseconds(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,6})(ms|s|m|h)$/.exec(text) ?? []
  if (count === undefined || unit === undefined) return undefined
  const ms = Number(count) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? Number.NaN)
  return ms <= timeMsMax ? ms : undefined
}

/** Timers of the platform reach 24 days; nobody needs more than a week. */
const timeMsMax = 7 * 24 * 3_600_000

/** `500kB`, `100MB`, `2GB`: thousands, as the console shows sizes. */
function bytes(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,8})(B|kB|MB|GB)$/.exec(text) ?? []
  if (count === undefined || unit === undefined) return undefined
  return Number(count) * ({ B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[unit] ?? Number.NaN)
}

const count = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined)

const approvers = (text: string) =>
  text.length > 0 && text.length <= 64 && !/\p{C}/u.test(text) ? text : undefined

export const guards: Readonly<Record<string, Guard>> = {
  require_where: { name: 'requireWhere', unfit: 'true-unfit', actions: ['update', 'delete'], read: isTrue },
  require_reason: { name: 'requireReason', unfit: 'true-unfit', actions: working, read: isTrue },
  read_only: { name: 'readOnly', unfit: 'true-unfit', actions: ['connect', 'select'], read: isTrue },
  approval: { name: 'approval', unfit: 'approvers-unfit', actions: working, read: approvers },
  time_limit: {
    name: 'timeLimitMs',
    unfit: 'time-unfit',
    actions: ['connect', ...working],
    read: milliseconds,
  },
  byte_limit: { name: 'byteLimit', unfit: 'bytes-unfit', actions: reading, read: bytes },
  rows_per_day: { name: 'rowsPerDay', unfit: 'count-unfit', actions: reading, read: count },
  bytes_per_day: { name: 'bytesPerDay', unfit: 'bytes-unfit', actions: reading, read: bytes },
  max_sessions: { name: 'maxSessions', unfit: 'count-unfit', actions: ['connect'], read: count },
  idle_timeout: { name: 'idleTimeoutMs', unfit: 'time-unfit', actions: ['connect'], read: milliseconds },
}

export const guardActions = Object.fromEntries(
  Object.values(guards).map(({ name, actions }) => [name, new Set(actions)]),
) as unknown as Readonly<Record<keyof GuardAnnotations, ReadonlySet<ActionName>>>

export type GuardProblem = 'guard-idle' | GuardUnfit

/** @returns what the annotations ask; `undefined` if nothing */
export function readGuards(
  annotations: Readonly<Record<string, string | null>>,
  actions: ReadonlySet<string>,
  report: (annotation: string, code: GuardProblem, detail: string) => void,
): GuardAnnotations | undefined {
  const found: Record<string, true | number | string> = {}
  for (const [annotation, guard] of Object.entries(guards)) {
    if (!Object.hasOwn(annotations, annotation)) continue
    const value = guard.read(annotations[annotation] ?? (guard.name === 'approval' ? 'administrators' : ''))
    if (value === undefined) report(annotation, guard.unfit, annotation)
    else found[guard.name] = value
    if (!guard.actions.some(action => actions.has(action)))
      report(annotation, 'guard-idle', `@${annotation} (${guard.actions.join(', ')})`)
  }
  return Object.keys(found).length === 0 ? undefined : (found as GuardAnnotations)
}
