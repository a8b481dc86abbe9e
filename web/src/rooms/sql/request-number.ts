// The number of the request that a refusal tells of.

import type { QueryError } from './query-run.ts'

export function requestNumberOf(error: Pick<QueryError, 'message' | 'hint' | 'request'>): number | undefined {
  if (error.request !== undefined) return error.request
  const [, number] = /\brequest #(\d+)/.exec(`${error.message} ${error.hint ?? ''}`) ?? []
  return number === undefined ? undefined : Number(number)
}
