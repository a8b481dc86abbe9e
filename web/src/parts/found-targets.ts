// The first targets that fit what somebody types, found at the server.

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { TargetRow } from '../../../src/console/contract.ts'
import { targetSearchQuery } from '../api/queries.ts'

const debounceMs = 150

export function useFoundTargets(typed: string): readonly TargetRow[] {
  const [asked] = useDebouncedValue(typed, debounceMs)
  return useQuery({ ...targetSearchQuery(asked), placeholderData: keepPreviousData }).data ?? []
}
