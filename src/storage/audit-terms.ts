// By what statements of one shape are found: tables, masked columns, policies, code, command word.

import type { PlanRecord } from '../audit/record.ts'

export type TermField = 'table' | 'column' | 'policy' | 'code' | 'verb'

/** As wide as the indexed column; the ends of longer names are not told apart. */
const termCharsMax = 255

export const searchable = (text: string): string => text.toLowerCase()

/** As a term is kept, and looked for. */
export const asTerm = (text: string): string =>
  searchable(text)
    .slice(0, termCharsMax)
    .replace(/[\ud800-\udbff]$/, '')

/** Names are found whole, and by their last part: `public.customers` by `customers`, a column with its table too. */
export function planTerms(
  plan: Pick<PlanRecord, 'verb' | 'tables' | 'hidden' | 'code' | 'by'>,
): readonly (readonly [field: TermField, term: string])[] {
  const terms: [TermField, string][] = [
    ...plan.tables.flatMap(table => endings(table).map((end): [TermField, string] => ['table', end])),
    ...plan.hidden.flatMap(column => endings(column).map((end): [TermField, string] => ['column', end])),
    ...plan.by.map(([name]): [TermField, string] => ['policy', name]),
    ...plan.verb
      .split(/;\s*/)
      .flatMap(verb => [verb, verb.split(' ')[0] ?? ''].map((word): [TermField, string] => ['verb', word])),
    ...(plan.code === null ? [] : [['code', plan.code] as [TermField, string]]),
  ]
  const known = new Map<string, readonly [TermField, string]>()
  for (const [field, text] of terms) {
    const term = asTerm(text)
    if (term !== '') known.set(`${field}\n${term}`, [field, term])
  }
  return [...known.values()]
}

function endings(name: string): readonly string[] {
  const parts = name.split('.')
  return parts.map((_, index) => parts.slice(index).join('.'))
}
