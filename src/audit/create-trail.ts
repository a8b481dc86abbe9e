// Puts the audit together: what a former life left, the trail, the carrier, the search.

import type { AuditSearch, Trail } from './audit.ts'
import type { AuditReading, AuditStore } from './audit-store.ts'
import { Carrier, type CarrierParts } from './carrier.ts'
import type { Carrying, CarrySource } from './carrying.ts'
import { recoverJournal } from './recover.ts'
import { findEntries, findPage, getEntry, summarize } from './search.ts'
import { JournalTrail, type TrailParts } from './trail.ts'

export interface AuditParts extends Omit<TrailParts, 'limits'> {
  /** Where entries are found unless `reading` is given, and carried to unless `carrying` is. */
  readonly store: AuditStore
  /** Looks for entries instead of this thread. */
  readonly reading?: AuditReading
  /** Makes what carries instead of this thread. */
  readonly carrying?: (source: () => CarrySource) => Carrying
  readonly limits: TrailParts['limits'] & CarrierParts['limits']
}

export interface Audit {
  readonly trail: Trail
  readonly search: AuditSearch
}

/**
 * Reads the end of the journal and goes on behind it, in a new segment. If it cannot be written, the trail says so
 * (`writable`) and tries again by itself.
 * @throws Error  if the journal cannot be read
 */
export async function createTrail(parts: AuditParts): Promise<Audit> {
  const { file, store, sealing, clock, limits, after, log } = parts
  const recovered = await recoverJournal(file)
  const trail = new JournalTrail(parts, recovered)
  const source = () => ({ chain: trail.end.chain, synced: trail.synced })
  const carrier = parts.carrying?.(source) ?? new Carrier({ file, store, clock, limits, after, log, source })
  trail.onSynced(() => carrier.wake())
  trail.beforeClosing(async () => {
    await parts.reading?.close()
    await carrier.close()
  })
  // What a former life did not carry.
  carrier.wake()
  const searched = { store: parts.reading ?? store, sealing, clock }
  return {
    trail,
    search: {
      find: filter => findEntries(searched, filter),
      page: filter => findPage(searched, filter),
      summary: filter => summarize(searched, filter),
      get: id => getEntry(searched, id),
      chain: () => ({
        writable: trail.writable,
        sequence: trail.end.sequence,
        hash: trail.end.hash,
        waiting: Math.max(0, trail.end.sequence - carrier.carried),
      }),
    },
  }
}
