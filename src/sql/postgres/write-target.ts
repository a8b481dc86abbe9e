// The table that a statement writes to, as the rules of writing see it.

import type { Relation } from '../schema.ts'
import type { RelationSight } from './sights.ts'
import { star } from './survey-facts.ts'
import { systemColumns } from './wrap.ts'

export interface Target {
  readonly relation: Relation
  readonly sight: RelationSight
  /** Names by which its columns may be qualified. */
  readonly names: ReadonlySet<string>
  /** Whether a name without qualifier is not known to be anything else. */
  readonly isStray: (name: string) => boolean
}

/** With a stray name somewhere in the statement, every name that is no column of the target could be it. */
export function isStray(name: string, relation: Relation): boolean {
  return name !== star && !relation.columns.some(column => column.name === name) && !systemColumns.has(name)
}

export function tagOf(column: string, target: Target): string {
  const tag = target.sight.hidden.get(column)?.tag
  return tag === undefined ? '' : ` (${tag})`
}
