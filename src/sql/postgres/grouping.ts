// `GROUP BY` a key: columns that follow from it may be selected of a table, but not of the sub-query that stands in for it.

import { columnMention } from './column-text.ts'
import type { Token } from './parse.ts'
import type { Relation } from '../schema.ts'
import { quoteName } from './quote.ts'
import type { Splice } from './splice.ts'
import { type Reference, type Survey, star } from './survey-facts.ts'

/** Types without an order or equality, which cannot be grouped by. */
const ungroupable = /^(?:json|xml|point|line|lseg|box|path|polygon|circle)(?:\[\])?$/

/**
 * Adds the columns that the statement uses to the grouping. They follow from the key, so the groups stay the same: whole
 * unique keys of columns that are never NULL are required, as the server requires the primary key.
 */
export function groupingSplices(
  tokens: readonly Token[],
  survey: Survey,
  reference: Reference,
  relation: Relation,
): Splice[] {
  const splices: Splice[] = []
  for (const grouping of survey.groupings) {
    if (!grouping.from.includes(reference.at)) continue
    const own = grouping.columns.filter(
      ({ fields }) => fields.length === 1 || fields.at(-2) === reference.alias,
    )
    const grouped = new Set(own.map(({ fields }) => fields.at(-1)))
    const anchor = own.at(-1)
    if (!anchor || !hasKey(relation, grouped)) continue
    const added = usedColumns(survey, reference, relation).filter(name => !grouped.has(name))
    if (added.length === 0) continue
    const { end } = columnMention(tokens, anchor.at)
    const list = added.map(name => `, ${quoteName(reference.alias)}.${quoteName(name)}`).join('')
    splices.push({ start: end, end, text: list })
  }
  return splices
}

function hasKey(relation: Relation, grouped: ReadonlySet<string | undefined>): boolean {
  return relation.uniqueKeys.some(
    key =>
      key.length > 0 &&
      key.every(name => grouped.has(name) && relation.columns.some(one => one.name === name && one.notNull)),
  )
}

function usedColumns(survey: Survey, reference: Reference, relation: Relation): readonly string[] {
  const names = new Set<string>()
  let all = survey.everything
  for (const { fields } of survey.columns) {
    const last = fields.at(-1) ?? ''
    if (fields.length > 1 && fields.at(-2) !== reference.alias) continue
    if (last === star) all = true
    names.add(last)
  }
  return relation.columns
    .filter(column => (all || names.has(column.name)) && !ungroupable.test(column.type))
    .map(column => column.name)
}
