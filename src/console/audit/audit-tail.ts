// New entries of the audit as they come, as lines of JSON for one watcher: asked for every moment, each told once.

import { Readable } from 'node:stream'
import type { AuditEntry, AuditFilter, AuditSearch } from '../../audit/audit.ts'
import type { Clock } from '../../core/clock.ts'
import type { TailEvent } from '../contract.ts'

const lookEveryMs = 1_000
/** Several servers carry what they record at their own pace: what is younger is looked at again. */
const overlapMs = 15_000
const atOnceMax = 200
/** Looks without news after which a line says so. */
const stillLooks = 15

interface TailParts {
  readonly auditSearch: Pick<AuditSearch, 'page'>
  readonly clock: Clock
  /** Calls again and again until the returned function is called. */
  readonly every?: (ms: number, act: () => void) => () => void
}

const everyDefault = (ms: number, act: () => void) => {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}

export function tailEntries(
  { auditSearch, clock, every = everyDefault }: TailParts,
  filter: AuditFilter,
): Readable {
  /** What was told, and with which outcome: only of the time that is looked at again. */
  const told = new Map<string, string | undefined>()
  let busy = false
  let full = false
  let quiet = 0
  let isFirst = true
  const stop = every(lookEveryMs, () => {
    if (busy || full) return
    busy = true
    look()
      .catch((error: unknown) => lines.destroy(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        busy = false
      })
  })
  const lines = new Readable({
    read() {
      full = false
    },
    destroy(error, done) {
      stop()
      done(error)
    },
  })
  const push = (event: TailEvent) => {
    if (!lines.destroyed) full = !lines.push(`${JSON.stringify(event)}\n`)
  }
  async function look(): Promise<void> {
    const fromMs = Math.max(filter.fromMs ?? 0, clock.nowMs() - overlapMs)
    const { entries, next } = await auditSearch.page({ ...filter, fromMs, limit: atOnceMax })
    const fresh = entries.filter(entry => !told.has(entry.id) || told.get(entry.id) !== entry.result)
    const young = new Set(entries.map(({ id }) => id))
    for (const id of told.keys()) if (!young.has(id)) told.delete(id)
    for (const entry of entries) told.set(entry.id, entry.result)
    if (!isFirst && next !== undefined && fresh.length >= atOnceMax) push({ kind: 'dropped' })
    else tell(fresh)
    isFirst = false
  }
  function tell(fresh: readonly AuditEntry[]): void {
    quiet = fresh.length > 0 ? 0 : quiet + 1
    for (const entry of fresh.toReversed()) push({ kind: 'entry', entry })
    if (quiet % stillLooks === stillLooks - 1) push({ kind: 'still' })
  }
  push({ kind: 'still' })
  return lines
}
