// What is looked for in the audit, as it stands in the address of the page.

import type { AuditFilter, AuditEntry } from '../../../../src/console/contract.ts'

export type TrailKind = AuditEntry['kind']

const groups = {
  statements: ['statement', 'statement.noise'],
  sessions: ['session.opened', 'session.refused', 'session.closed'],
  access: ['sign-in', 'sign-in.failed', 'sign-out'],
  changes: ['changed'],
  server: ['server.started', 'server.stopped'],
} as const satisfies Readonly<Record<string, readonly TrailKind[]>>

export type TrailGroup = keyof typeof groups
export const trailGroups = Object.keys(groups) as readonly TrailGroup[]

const spans = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const

export type TrailRange = keyof typeof spans | 'all' | 'custom'
export const trailRanges: readonly TrailRange[] = ['15m', '1h', '24h', '7d', 'all', 'custom']

/** Only what differs from the usual stands in the address. */
export interface TrailSearch {
  readonly range?: TrailRange
  readonly from?: number
  readonly to?: number
  readonly kinds?: readonly TrailGroup[]
  readonly user?: string
  readonly target?: string
  readonly session?: string
  readonly verdict?: 'allowed' | 'denied'
  readonly masked?: true
  readonly q?: string
  /** The entry whose details are open. */
  readonly entry?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** Reads what stands in an address; what makes no sense is left out. */
export function parseTrailFilter(search: Record<string, unknown>): TrailSearch {
  const known = (value: unknown): value is TrailGroup => trailGroups.includes(value as TrailGroup)
  const kinds = Array.isArray(search['kinds']) ? search['kinds'].filter(known) : []
  const parsed: { -readonly [Key in keyof TrailSearch]: TrailSearch[Key] | undefined } = {
    range: trailRanges.find(range => range === search['range']),
    from: typeof search['from'] === 'number' ? search['from'] : undefined,
    to: typeof search['to'] === 'number' ? search['to'] : undefined,
    kinds: kinds.length > 0 ? kinds : undefined,
    user: text(search['user']),
    target: text(search['target']),
    session: text(search['session']),
    verdict:
      search['verdict'] === 'allowed' || search['verdict'] === 'denied' ? search['verdict'] : undefined,
    masked: search['masked'] === true ? true : undefined,
    q: text(search['q']),
    entry: text(search['entry']),
  }
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined)) as TrailSearch
}

/** The filter as the server takes it. */
export function auditFilter(search: TrailSearch, nowMs: number): AuditFilter {
  const { range = 'all' } = search
  const since = range === 'custom' ? search.from : range === 'all' ? undefined : nowMs - spans[range]
  const until = range === 'custom' ? search.to : undefined
  // Outcomes are told with their statement; alone they would only double the list.
  const kinds = (search.kinds ?? trailGroups).flatMap((group): readonly TrailKind[] => groups[group])
  return {
    kinds,
    ...(since === undefined ? {} : { fromMs: since }),
    ...(until === undefined ? {} : { toMs: until }),
    ...(search.user === undefined ? {} : { userName: search.user }),
    ...(search.target === undefined ? {} : { targetName: search.target }),
    ...(search.session === undefined ? {} : { sessionId: search.session }),
    ...(search.verdict === undefined ? {} : { verdict: search.verdict }),
    ...(search.masked === undefined ? {} : { masked: true }),
    ...(search.q === undefined ? {} : { search: search.q }),
  }
}

/** Newest first, each once; what was asked later wins. */
export function mergeTrail(
  present: readonly AuditEntry[],
  arrived: readonly AuditEntry[],
): readonly AuditEntry[] {
  const byId = new Map([...present, ...arrived].map(entry => [entry.id, entry]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
}
