// What is looked for in the audit, as it stands in the address of the page.

import type { AuditFilter, AuditEntry } from '../../../../src/console/contract.ts'

export type TrailKind = AuditEntry['kind']

const groups = {
  statements: ['statement', 'statement.noise', 'statement.snapshot'],
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

/** Fields of a filter that are one text. */
export const trailTexts = [
  'user',
  'target',
  'session',
  'policy',
  'code',
  'table',
  'column',
  'verb',
  'program',
  'address',
] as const
export type TrailText = (typeof trailTexts)[number]

/** Fields that are a least or a most. */
export const trailBounds = ['rowsMin', 'rowsMax', 'msMin', 'msMax'] as const
export type TrailBound = (typeof trailBounds)[number]

/** Only what differs from the usual stands in the address. */
export type TrailSearch = {
  readonly range?: TrailRange
  readonly from?: number
  readonly to?: number
  readonly kinds?: readonly TrailGroup[]
  readonly verdict?: 'allowed' | 'denied'
  readonly masked?: true
  readonly q?: string
  /** Whether figures are drawn above the list. */
  readonly figures?: true
  /** The entry whose details are open. */
  readonly entry?: string
} & { readonly [Name in TrailText]?: string } & { readonly [Name in TrailBound]?: number }

/** What can be given in a change of the search: `undefined` takes a field away. */
export type TrailChange = { readonly [Key in keyof TrailSearch]: TrailSearch[Key] | undefined }

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

const figure = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined

export function cleaned(change: TrailChange): TrailSearch {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as TrailSearch
}

/** Reads what stands in an address; what makes no sense is left out. */
export function parseTrailFilter(search: Record<string, unknown>): TrailSearch {
  const known = (value: unknown): value is TrailGroup => trailGroups.includes(value as TrailGroup)
  const kinds = Array.isArray(search['kinds']) ? search['kinds'].filter(known) : []
  return cleaned({
    range: trailRanges.find(range => range === search['range']),
    from: figure(search['from']),
    to: figure(search['to']),
    kinds: kinds.length > 0 ? kinds : undefined,
    ...Object.fromEntries(trailTexts.map(name => [name, text(search[name])])),
    ...Object.fromEntries(trailBounds.map(name => [name, figure(search[name])])),
    verdict:
      search['verdict'] === 'allowed' || search['verdict'] === 'denied' ? search['verdict'] : undefined,
    masked: search['masked'] === true ? true : undefined,
    q: text(search['q']),
    figures: search['figures'] === true ? true : undefined,
    entry: text(search['entry']),
  })
}

const named: { readonly [Name in TrailText]: keyof AuditFilter } = {
  user: 'userName',
  target: 'targetName',
  session: 'sessionId',
  policy: 'policy',
  code: 'code',
  table: 'table',
  column: 'column',
  verb: 'verb',
  program: 'program',
  address: 'address',
}

/** The filter as the server takes it. */
export function auditFilter(search: TrailSearch, nowMs: number): AuditFilter {
  const { range = 'all' } = search
  const since = range === 'custom' ? search.from : range === 'all' ? undefined : nowMs - spans[range]
  const until = range === 'custom' ? search.to : undefined
  // Outcomes are told with their statement; alone they would only double the list.
  const kinds = (search.kinds ?? trailGroups).flatMap((group): readonly TrailKind[] => groups[group])
  return Object.fromEntries(
    Object.entries({
      kinds,
      fromMs: since,
      toMs: until,
      ...Object.fromEntries(trailTexts.map(name => [named[name], search[name]])),
      rowsMin: search.rowsMin,
      rowsMax: search.rowsMax,
      durationMinMs: search.msMin,
      durationMaxMs: search.msMax,
      verdict: search.verdict,
      masked: search.masked,
      search: search.q,
    }).filter(([, value]) => value !== undefined),
  )
}

/** Newest first, each once; what was asked later wins. */
export function mergeTrail(
  present: readonly AuditEntry[],
  arrived: readonly AuditEntry[],
): readonly AuditEntry[] {
  const byId = new Map([...present, ...arrived].map(entry => [entry.id, entry]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
}
