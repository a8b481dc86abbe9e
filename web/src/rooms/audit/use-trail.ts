// The list of entries: the newest are asked for again and again, older ones when somebody scrolls down to them.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AuditEntry } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { noticeSignedOut } from '../../api/queries.ts'
import { auditFilter, mergeTrail, type TrailSearch } from './trail-filter.ts'

const pageEntries = 100
const refreshMs = 3_000

export interface Trail {
  readonly entries: readonly AuditEntry[] | undefined
  readonly error: unknown
  readonly loadingOlder: boolean
  /** Whether the beginning of the record has been reached. */
  readonly complete: boolean
  readonly loadOlder: () => void
  readonly reload: () => void
}

interface Loaded {
  readonly filter: string
  readonly entries: readonly AuditEntry[]
  readonly complete: boolean
}

/** Newly arrived entries join those that are there, unless so many came that some in between are missing. */
function join(present: Loaded | undefined, filter: string, arrived: readonly AuditEntry[]): Loaded {
  const fresh: Loaded = { filter, entries: arrived, complete: arrived.length < pageEntries }
  if (present === undefined || present.filter !== filter) return fresh
  const known = new Set(present.entries.map(entry => entry.id))
  const overlaps = arrived.length < pageEntries || arrived.some(entry => known.has(entry.id))
  return overlaps ? { ...present, entries: mergeTrail(present.entries, arrived) } : fresh
}

export function useTrail(search: TrailSearch, live: boolean): Trail {
  const { entry: _, ...looked } = search
  const filter = JSON.stringify(looked)
  const [loaded, setLoaded] = useState<Loaded>()
  const [error, setError] = useState<unknown>()
  const [loadingOlder, setLoadingOlder] = useState(false)
  const asking = useRef(false)

  const ask = useCallback(
    async (before: string | undefined, signal: AbortSignal | undefined) => {
      const input = { ...auditFilter(JSON.parse(filter) as TrailSearch, Date.now()), limit: pageEntries }
      return call('GET /api/audit', {
        in: before === undefined ? input : { ...input, before },
        ...(signal === undefined ? {} : { signal }),
      })
    },
    [filter],
  )
  const refresh = useCallback(
    async (signal: AbortSignal | undefined) => {
      try {
        const arrived = await ask(undefined, signal)
        setLoaded(present => join(present, filter, arrived))
        setError(undefined)
      } catch (problem) {
        if (signal?.aborted === true) return
        noticeSignedOut(problem)
        setError(problem)
      }
    },
    [ask, filter],
  )

  useEffect(() => {
    const abort = new AbortController()
    void refresh(abort.signal)
    const timer = live
      ? setInterval(() => document.visibilityState === 'visible' && void refresh(abort.signal), refreshMs)
      : undefined
    return () => {
      abort.abort()
      clearInterval(timer)
    }
  }, [refresh, live])

  const present = loaded?.filter === filter ? loaded : undefined
  const last = present?.entries.at(-1)?.id
  const loadOlder = useCallback(() => {
    if (asking.current || last === undefined || present?.complete === true) return
    asking.current = true
    setLoadingOlder(true)
    ask(last, undefined)
      .then(older =>
        setLoaded(now =>
          now?.filter === filter
            ? { ...now, entries: mergeTrail(now.entries, older), complete: older.length < pageEntries }
            : now,
        ),
      )
      .catch(setError)
      .finally(() => {
        asking.current = false
        setLoadingOlder(false)
      })
  }, [ask, filter, last, present?.complete])

  return useMemo(
    () => ({
      entries: present?.entries,
      error,
      loadingOlder,
      complete: present?.complete ?? false,
      loadOlder,
      reload: () => void refresh(undefined),
    }),
    [present, error, loadingOlder, loadOlder, refresh],
  )
}
