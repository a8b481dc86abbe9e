// Who is signed in, for pages: they are only rendered for somebody.

import { useSuspenseQuery } from '@tanstack/react-query'
import type { Me } from '../../../src/console/contract.ts'
import { meQuery } from '../api/queries.ts'

export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery)
  if (data === null) throw new Error('Nobody is signed in.')
  return data
}

export function useIsAdministrator(): boolean {
  return useMe().user.role === 'administrator'
}
