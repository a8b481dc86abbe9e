// The list of entries: new ones come as they are recorded, older ones when somebody scrolls down to them.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AuditEntry, AuditFilter, AuditPage, TailEvent } from '../../../../src/console/contract.ts'
import { call, send } from '../../api/http.ts'
import { noticeSignedOut } from '../../api/queries.ts'
import { readEvents } from '../../api/query-stream.ts'
import { auditFilter, mergeTrail, type TrailSearch } from './trail-filter.ts'

const pageEntries = 100
/** Before new entries are waited for: those that are there have just been asked for. */
const tailAfterMs = 1_500
const tailAgainMs = 3_000
/** More are not kept; who wants to see older ones scrolls down again. */
const keptMax = 20_000

export interface Trail {
  readonly entries: readonly AuditEntry[] | undefined
  readonly error: unknown
  /** Whether the beginning of the record has been reached. */
  readonly complete: boolean
  /** How far back it was looked, when nothing was found for a while. */
  readonly loadOlder: () => void
  readonly reload: () => void
}

interface Loaded {
  readonly filter: string
  readonly entries: readonly AuditEntry[]
  /** Where to go on; `undefined`: there is no more. */
  readonly next: string | undefined
}

const searched = (filter: string): AuditFilter => auditFilter(JSON.parse(filter) as TrailSearch, Date.now())

function ask(filter: string, before: string | undefined, signal?: AbortSignal): Promise<AuditPage> {
  const input = { ...searched(filter), limit: pageEntries }
  return call('GET /api/audit/page', {
    in: before === undefined ? input : { ...input, before },
    ...(signal === undefined ? {} : { signal }),
  })
}

export function useTrail(search: TrailSearch, live: boolean): Trail {
  const { entry: _, figures: _figures, ...looked } = search
  const filter = JSON.stringify(looked)
  const [loaded, setLoaded] = useState<Loaded>()
  const [error, setError] = useState<unknown>()
  const asking = useRef(false)

  const refresh = useCallback(
    async (signal: AbortSignal | undefined) => {
      try {
        const { entries, next } = await ask(filter, undefined, signal)
        setLoaded({ filter, entries, next })
        setError(undefined)
      } catch (problem) {
        if (signal?.aborted === true) return
        noticeSignedOut(problem)
        setError(problem)
      }
    },
    [filter],
  )
  useEffect(() => {
    const abort = new AbortController()
    void refresh(abort.signal)
    return () => abort.abort()
  }, [refresh])

  const arrive = useCallback(
    (entries: readonly AuditEntry[]) =>
      setLoaded(present => {
        if (present?.filter !== filter) return present
        const merged = mergeTrail(present.entries, entries)
        if (merged.length <= keptMax) return { ...present, entries: merged }
        const kept = merged.slice(0, keptMax)
        return { ...present, entries: kept, next: kept.at(-1)?.id }
      }),
    [filter],
  )
  useTail(filter, live, arrive, refresh)

  const present = loaded?.filter === filter ? loaded : undefined
  const next = present?.next
  const loadOlder = useCallback(() => {
    if (asking.current || next === undefined) return
    asking.current = true
    ask(filter, next)
      .then(older =>
        setLoaded(now =>
          now?.filter === filter
            ? { ...now, entries: mergeTrail(now.entries, older.entries), next: older.next }
            : now,
        ),
      )
      .catch(setError)
      .finally(() => {
        asking.current = false
      })
  }, [filter, next])

  return useMemo(
    () => ({
      entries: present?.entries,
      error,
      complete: present !== undefined && present.next === undefined,
      loadOlder,
      reload: () => void refresh(undefined),
    }),
    [present, error, loadOlder, refresh],
  )
}

/** Entries as they come, for as long as somebody looks; a page that was in the background looks anew. */
function useTail(
  filter: string,
  live: boolean,
  arrive: (entries: readonly AuditEntry[]) => void,
  refresh: (signal: AbortSignal | undefined) => Promise<void>,
): void {
  useEffect(() => {
    // What ended in the past has no news.
    if (!live || searched(filter).toMs !== undefined) return undefined
    const abort = new AbortController()
    let timer = setTimeout(() => void watch(), tailAfterMs)
    const again = () => {
      if (!abort.signal.aborted) timer = setTimeout(() => void watch(), tailAgainMs)
    }
    async function watch(): Promise<void> {
      if (document.visibilityState !== 'visible') return again()
      try {
        const response = await send('GET /api/audit/tail', { in: searched(filter), signal: abort.signal })
        if (response.body !== null)
          for await (const event of readEvents<TailEvent>(response.body)) {
            if (event.kind === 'entry') arrive([event.entry])
            else if (event.kind === 'dropped') await refresh(abort.signal)
          }
        await refresh(abort.signal)
      } catch (problem) {
        if (!abort.signal.aborted) noticeSignedOut(problem)
      }
      again()
    }
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [filter, live, arrive, refresh])
}
