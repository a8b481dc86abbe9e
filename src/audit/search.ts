// Finds entries in the server database, and opens the texts that the journal sealed.

import type { AuditEntry, AuditFilter } from './audit.ts'
import type { AuditStore, StoredEntry } from './audit-store.ts'
import type { Sealing } from './sealing.ts'

const limitDefault = 100
const limitMax = 500

export async function findEntries(
  store: AuditStore,
  sealing: Sealing,
  filter: AuditFilter,
): Promise<readonly AuditEntry[]> {
  const asked = Number.isFinite(filter.limit) ? Math.trunc(filter.limit ?? limitDefault) : limitDefault
  const limit = Math.min(limitMax, Math.max(1, asked))
  return openEntries(await store.find({ ...filter, limit }), sealing)
}

export async function getEntry(
  store: AuditStore,
  sealing: Sealing,
  id: string,
): Promise<AuditEntry | undefined> {
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
