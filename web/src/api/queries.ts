// What the pages read from the server, with the keys under which it is kept.

import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { Me, TargetFilter } from '../../../src/console/contract.ts'
import { ConsoleError, call, keepCsrfToken } from './http.ts'

const retriesMax = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Only what may have been a passing trouble is asked again.
      retry: (count, error) => count < retriesMax && isPassing(error),
    },
  },
})

function isPassing(error: unknown): boolean {
  return error instanceof ConsoleError && (error.code === 'unreachable' || error.code === 'server.draining')
}

/** Who is signed in; `null` when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<Me | null> => {
    try {
      return rememberMe(await call('GET /api/me'))
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'sign-in.required') return null
      throw error
    }
  },
})

/** Keeps what the session needs for its next requests. */
export function rememberMe(me: Me): Me {
  keepCsrfToken(me.csrfToken)
  return me
}

/** Nobody is signed in any more: what was read for somebody is gone from memory before the next one comes. */
export function forgetSession(): void {
  queryClient.setQueryData(meQuery.queryKey, null)
  queryClient.removeQueries({ predicate: query => query.queryKey[0] !== 'me' })
}

/** A session that ended while the page was open leads back to the sign-in page. */
export function noticeSignedOut(error: unknown): void {
  if (!(error instanceof ConsoleError)) return
  if (error.code === 'sign-in.required') forgetSession()
  if (error.code === 'password.must-change')
    void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
}

queryClient.getQueryCache().config.onError = noticeSignedOut
queryClient.getMutationCache().config.onError = noticeSignedOut

/** What is kept of targets begins with it: for when one of them has changed. */
export const targetsKey = ['targets'] as const

const searchRows = 50

/** The first that fit some words; of no words, the first of all. */
export const targetSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['targets', 'search', search],
    queryFn: async ({ signal }) =>
      (await call('GET /api/targets', { in: { search, limit: searchRows }, signal })).targets,
  })

/** Those with these ids, for their names. */
export const namedTargetsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['targets', 'named', ids],
    enabled: ids.length > 0,
    queryFn: async () => (await call('GET /api/targets', { in: { ids: ids.join(',') } })).targets,
  })

export const targetPageRows = 100

/** One page of a list of targets. */
export const targetPageQuery = (filter: TargetFilter, page: number) =>
  queryOptions({
    queryKey: ['targets', 'page', filter, page],
    queryFn: ({ signal }) =>
      call('GET /api/targets', {
        in: { ...filter, offset: page * targetPageRows, limit: targetPageRows },
        signal,
      }),
  })

export const tagKeysQuery = queryOptions({
  queryKey: ['targets', 'tag-keys'],
  queryFn: () => call('GET /api/targets/tag-keys'),
})

export const targetStateQuery = (id: string) =>
  queryOptions({
    queryKey: ['targets', id, 'state'],
    refetchInterval: 10_000,
    queryFn: () => call('GET /api/targets/:id/state', { params: { id } }),
  })

export const healthQuery = queryOptions({
  queryKey: ['health'],
  refetchInterval: 5_000,
  queryFn: () => call('GET /api/health'),
})

/** What needs an administrator; of the home page and the health page. */
export const attentionQuery = queryOptions({
  queryKey: ['attention'],
  refetchInterval: 15_000,
  queryFn: () => call('GET /api/attention'),
})

export const userTokensQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', id, 'tokens'],
    queryFn: () => call('GET /api/users/:id/tokens', { params: { id } }),
  })

export const targetQuery = (id: string) =>
  queryOptions({ queryKey: ['targets', id], queryFn: () => call('GET /api/targets/:id', { params: { id } }) })

export const tablesQuery = (id: string) =>
  queryOptions({
    queryKey: ['targets', id, 'tables'],
    queryFn: () => call('GET /api/targets/:id/tables', { params: { id } }),
  })

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  staleTime: 60_000,
  queryFn: () => call('GET /api/tags'),
})

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => call('GET /api/tokens') })
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => call('GET /api/users') })
export const groupsQuery = queryOptions({ queryKey: ['groups'], queryFn: () => call('GET /api/groups') })
export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: () => call('GET /api/policies'),
})

export const templatesQuery = queryOptions({
  queryKey: ['policies', 'templates'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => call('GET /api/policy-templates'),
})

export const rulesQuery = queryOptions({ queryKey: ['rules'], queryFn: () => call('GET /api/rules') })

export const policyVersionQuery = (version: number) =>
  queryOptions({
    queryKey: ['policies', version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call('GET /api/policies/:version', { params: { version: String(version) } }),
  })

export const chainQuery = queryOptions({
  queryKey: ['audit', 'chain'],
  refetchInterval: 5_000,
  queryFn: () => call('GET /api/audit/chain'),
})

export const auditEntryQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit', 'entry', id],
    queryFn: () => call('GET /api/audit/:id', { params: { id } }),
  })

/** How often a page looks again at what others may change at any moment. */
const freshMs = 1_000
const countMs = 3_000

export const waitingQuery = queryOptions({
  queryKey: ['requests', 'waiting'],
  refetchInterval: countMs,
  queryFn: async () => (await call('GET /api/requests/waiting')).waiting,
})

export const requestsQuery = queryOptions({
  queryKey: ['requests', 'lists'],
  refetchInterval: freshMs,
  queryFn: () => call('GET /api/requests'),
})

export const requestQuery = (number: number) =>
  queryOptions({
    queryKey: ['requests', 'one', number],
    refetchInterval: freshMs,
    queryFn: () => call('GET /api/requests/:number', { params: { number: String(number) } }),
  })

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  refetchInterval: freshMs,
  queryFn: () => call('GET /api/sessions'),
})

export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: () => call('GET /api/api-tokens'),
})
