// Finds entries in the server database, and opens the texts that the journal sealed.

import type { Clock } from '../core/clock.ts'
import type { AuditEntry, AuditFilter, AuditPage, AuditSummary } from './audit.ts'
import type { AuditStore, StoredEntry } from './audit-store.ts'
import type { Sealing } from './sealing.ts'

const limitDefault = 100
const limitMax = 500
/** How long one page is looked for before it is told as far as it is. */
const pageMs = 1_500
const summaryMs = 2_000
const dayMs = 24 * 60 * 60 * 1000
const bucketsMax = 96
/** Steps of time that people think in. */
const bucketSizes = [
  1_000,
  5_000,
  15_000,
  60_000,
  300_000,
  900_000,
  3_600_000,
  10_800_000,
  21_600_000,
  dayMs,
  7 * dayMs,
]

/** What searching takes: where, with which key, and what time it is. */
export interface SearchParts {
  readonly store: Pick<AuditStore, 'find' | 'summarize' | 'get'>
  readonly sealing: Sealing
  readonly clock: Clock
}

/** All that was asked for, however long it takes. */
export async function findEntries(parts: SearchParts, filter: AuditFilter): Promise<readonly AuditEntry[]> {
  const limit = limitOf(filter)
  const stored: StoredEntry[] = []
  let from: AuditFilter = filter
  for (;;) {
    const page = await parts.store.find({ ...from, limit: limit - stored.length }, () => false)
    stored.push(...page.entries)
    if (page.next === undefined || stored.length >= limit) return openEntries(stored, parts.sealing)
    from = filter.after === undefined ? { ...filter, before: page.next } : { ...filter, after: page.next }
  }
}

export async function findPage(parts: SearchParts, filter: AuditFilter): Promise<AuditPage> {
  const asked = { ...filter, limit: limitOf(filter) }
  const { entries, next } = await parts.store.find(asked, timeIsUp(parts.clock, pageMs))
  return { entries: openEntries(entries, parts.sealing), next }
}

export function summarize({ store, clock }: SearchParts, filter: AuditFilter): Promise<AuditSummary> {
  const toMs = Math.min(filter.toMs ?? clock.nowMs(), clock.nowMs())
  const fromMs = Math.min(filter.fromMs ?? toMs - dayMs, toMs)
  const smallest = (toMs - fromMs) / bucketsMax
  const bucketMs = bucketSizes.find(size => size >= smallest) ?? Math.ceil(smallest / dayMs) * dayMs
  const span = { fromMs, toMs, bucketMs }
  return store.summarize({ ...filter, fromMs, toMs }, span, timeIsUp(clock, summaryMs))
}

function timeIsUp(clock: Clock, ms: number): () => boolean {
  const untilMs = clock.monotonicMs() + ms
  return () => clock.monotonicMs() > untilMs
}

function limitOf({ limit }: AuditFilter): number {
  const asked = Number.isFinite(limit) ? Math.trunc(limit ?? limitDefault) : limitDefault
  return Math.min(limitMax, Math.max(1, asked))
}

export async function getEntry({ store, sealing }: SearchParts, id: string): Promise<AuditEntry | undefined> {
  const stored = await store.get(id)
  return stored === undefined ? undefined : openEntries([stored], sealing)[0]
}

function openEntries(stored: readonly StoredEntry[], sealing: Sealing): readonly AuditEntry[] {
  // Statements of one turn share a sealed array.
  const opened = new Map<string, readonly string[]>()
  return stored.map(({ sealed, textIndex, ...entry }) => {
    if (textIndex < 0) return { ...entry, text: entry.shape }
    if (sealed === undefined) return { ...entry, text: undefined }
    let texts = opened.get(sealed)
    if (texts === undefined) {
      texts = openTexts(sealed, sealing)
      opened.set(sealed, texts)
    }
    return { ...entry, text: texts[textIndex] }
  })
}

/** Without the key the entry is still worth showing. */
function openTexts(sealed: string, sealing: Sealing): readonly string[] {
  try {
    const texts: unknown = JSON.parse(
      Buffer.from(sealing.open(Buffer.from(sealed, 'base64'))).toString('utf8'),
    )
    return Array.isArray(texts) ? texts.map(String) : []
  } catch {
    return []
  }
}
