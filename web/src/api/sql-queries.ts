// What the SQL page reads from the server, with the keys under which it is kept.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from './http.ts'

const catalogFreshMs = 60_000
export const objectsPage = 200
const historyPage = 50
const jobsFreshMs = 700

export const schemasQuery = (targetId: string) =>
  queryOptions({
    queryKey: ['targets', targetId, 'schemas'],
    staleTime: catalogFreshMs,
    queryFn: () => call('GET /api/targets/:id/schemas', { params: { id: targetId } }),
  })

/** These targets, as far as they are in reach. */
export const targetsOfQuery = (ids: readonly string[]) => {
  const sorted = [...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1))
  return queryOptions({
    queryKey: ['targets', 'of', sorted],
    staleTime: catalogFreshMs,
    queryFn: async () =>
      sorted.length === 0
        ? []
        : (await call('GET /api/targets', { in: { ids: sorted.join(','), limit: sorted.length } })).targets,
  })
}

export interface ObjectsAsked {
  readonly schema?: string
  readonly search?: string
  readonly offset?: number
  readonly limit?: number
}

export const objectsQuery = (targetId: string, asked: ObjectsAsked) =>
  queryOptions({
    queryKey: ['targets', targetId, 'objects', asked],
    staleTime: catalogFreshMs,
    queryFn: ({ signal }) =>
      call('GET /api/targets/:id/objects', {
        params: { id: targetId },
        query: { limit: objectsPage, ...asked },
        signal,
      }),
  })

export const objectQuery = (targetId: string, schema: string, name: string) =>
  queryOptions({
    queryKey: ['targets', targetId, 'object', schema, name],
    staleTime: catalogFreshMs,
    queryFn: () => call('GET /api/targets/:id/object', { params: { id: targetId }, query: { schema, name } }),
  })

export const savedQueriesQuery = queryOptions({
  queryKey: ['sql', 'saved'],
  queryFn: () => call('GET /api/sql/saved'),
})

export const historyQuery = (search: string, target: string) =>
  infiniteQueryOptions({
    queryKey: ['sql', 'history', search, target],
    staleTime: 0,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/sql/history', {
        query: { search, target, before: pageParam, limit: historyPage },
        signal,
      }),
    getNextPageParam: page => (page.length < historyPage ? undefined : page.at(-1)?.id),
  })

/** Looked at again while something goes on. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  refetchInterval: query =>
    query.state.data?.some(({ state }) => state === 'waiting' || state === 'running') === true
      ? jobsFreshMs
      : false,
  queryFn: () => call('GET /api/jobs'),
})
