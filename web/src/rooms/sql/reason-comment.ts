// A reason as the comment that stands in front of a statement, and the number of a request in what is told.

import type { QueryError } from './query-run.ts'

/** The comment must not end before the reason does, nor begin another one or a version of it. */
export function withReason(text: string, reason: string): { readonly text: string; readonly added: number } {
  const words = reason.replace(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll('/*', '/ *').trim()
  const before = `/* reason: ${words} */ `
  return { text: before + text, added: before.length }
}

export function requestNumberOf(error: Pick<QueryError, 'message' | 'hint'>): number | undefined {
  const [, number] = /\brequest #(\d+)/.exec(`${error.message} ${error.hint ?? ''}`) ?? []
  return number === undefined ? undefined : Number(number)
}
