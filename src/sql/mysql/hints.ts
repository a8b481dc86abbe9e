// Optimizer hints in comments: some of them undo what is sent in place of a table.

import { unsafe } from './refusal.ts'

/** Only say how joins and sub-queries are done, and for how long. */
const harmless = new Set(
  `MAX_EXECUTION_TIME BKA NO_BKA BNL NO_BNL HASH_JOIN NO_HASH_JOIN MERGE NO_MERGE SEMIJOIN NO_SEMIJOIN SUBQUERY JOIN_ORDER
  JOIN_PREFIX JOIN_SUFFIX JOIN_FIXED_ORDER QB_NAME DERIVED_CONDITION_PUSHDOWN NO_DERIVED_CONDITION_PUSHDOWN`.split(
    /\s+/,
  ),
)

/** @throws Refusal for hints that choose indexes or set variables */
export function refuseHints(text: string): void {
  for (let at = text.indexOf('/*+'); at >= 0; at = text.indexOf('/*+', at + 3)) {
    const end = text.indexOf('*/', at)
    const body = text.slice(at + 3, end < 0 ? undefined : end)
    for (const [, word = ''] of body.matchAll(/(\w+)\s*\(/g)) {
      if (harmless.has(word.toUpperCase())) continue
      throw unsafe(
        `The hint ${word.toUpperCase()} is not let through, because some columns of this database are hidden from you.`,
        at,
      )
    }
  }
}
