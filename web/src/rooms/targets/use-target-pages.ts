// The pages of a long list of targets that are in sight, and those around them.

import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { TargetFilter, TargetPage, TargetRow } from '../../../../src/console/contract.ts'
import { targetPageQuery, targetPageRows } from '../../api/queries.ts'

export interface TargetPages {
  /** Total, groups and the like; of the first page. */
  readonly head: TargetPage | undefined
  readonly error: unknown
  readonly isPending: boolean
  readonly refetch: () => void
  readonly at: (index: number) => TargetRow | undefined
  /** Rows of the list (not of the screen) that are needed. */
  readonly need: (first: number, last: number) => void
}

export function useTargetPages(filter: TargetFilter): TargetPages {
  const [range, setRange] = useState({ first: 0, last: 0 })
  const head = useQuery({ ...targetPageQuery(filter, 0), placeholderData: keepPreviousData })
  const pages: number[] = []
  for (let page = range.first; page <= range.last; page += 1) if (page > 0) pages.push(page)
  const others = useQueries({
    queries: pages.map(page => ({ ...targetPageQuery(filter, page), staleTime: 60_000 })),
  })
  const loaded = new Map<number, TargetPage | undefined>([[0, head.data]])
  for (const [index, page] of pages.entries()) loaded.set(page, others[index]?.data)
  const need = useCallback((first: number, last: number) => {
    const next = { first: Math.floor(first / targetPageRows), last: Math.floor(last / targetPageRows) }
    setRange(known => (known.first === next.first && known.last === next.last ? known : next))
  }, [])
  return {
    head: head.data,
    error: head.error ?? others.find(one => one.isError)?.error,
    isPending: head.isPending,
    refetch: () => void head.refetch(),
    at: index => loaded.get(Math.floor(index / targetPageRows))?.targets[index % targetPageRows],
    need,
  }
}
