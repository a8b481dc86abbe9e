// Whether a statement mentions what is hidden of one table, or anything that could reach it.

import type { RelationSight } from './sights.ts'
import { star } from './survey.ts'
import type { Reference, Survey } from './survey-facts.ts'
import { foldColumn } from './schema-index.ts'
import type { Relation } from '../schema.ts'

/** Hidden columns (folded) that the statement reaches through a reference; all where it cannot be told. */
export function hiddenReached(
  survey: Survey,
  reference: Reference,
  relation: Relation,
  sight: RelationSight,
): readonly string[] {
  const all = [...sight.hidden.keys()]
  if (all.length === 0 || survey.everything || survey.stray) return all
  const known = new Set(relation.columns.map(column => foldColumn(column.name)))
  const reached = new Set<string>()
  for (const { fields } of survey.columns) {
    const last = fields.at(-1) ?? ''
    if (fields.length > 1) {
      // A mention qualified by something else cannot mean this table.
      if (fields.at(-2) !== reference.alias) continue
      if (last === star || !known.has(last)) return all
    }
    if (sight.hidden.has(last)) reached.add(last)
  }
  for (const name of survey.names) if (sight.hidden.has(name)) reached.add(name)
  return [...reached]
}

/** Whether a star may expand to the columns of a reference. */
export function starReaches(survey: Survey, reference: Reference): boolean {
  return (
    survey.everything ||
    survey.columns.some(({ fields }) => fields.at(-1) === star && fields.at(-2) === reference.alias)
  )
}

/** Columns that `*` leaves out and the statement asks for by name. */
export function invisibleAsked(survey: Survey, reference: Reference, relation: Relation): readonly string[] {
  const asked = new Set<string>(survey.names)
  for (const { fields } of survey.columns) {
    if (fields.length === 1 || fields.at(-2) === reference.alias) asked.add(fields.at(-1) ?? '')
  }
  return relation.columns
    .filter(column => column.invisible === true && asked.has(foldColumn(column.name)))
    .map(column => column.name)
}
