// Tables of the server's own catalog that tell of values: refused, or without the columns and rows that tell.

import { starReaches } from './mentions.ts'
import { quoteName } from './quote.ts'
import { unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import type { Reference, Survey } from './survey-facts.ts'
import { systemSight } from './system-relations.ts'
import { toldOf } from './told-tables.ts'
import { wrapSplices } from './wrap.ts'

/** @throws Refusal */
export function rewriteSystem(rewriting: Rewriting, survey: Survey, reference: Reference): void {
  const { target, node } = reference
  const sight = systemSight(target.schema, target.name)
  if (!sight || target.kind !== 'system' || !node) return
  if (sight.refused) {
    throw unsafe(
      `"${target.schema}.${target.name}" holds values, statements or statistics of what is hidden from you, so it is not let through.`,
      reference.at,
    )
  }
  const columns = target.relation?.columns ?? []
  const isTables = target.schema === 'information_schema' && target.name === 'tables'
  const told = (name: string): string | undefined => {
    if (sight.hidden.has(name.toLowerCase())) return `IF(0, ${quoteName(name)}, NULL)`
    return isTables ? toldOf(rewriting, name) : undefined
  }
  const isHidden = (name: string): boolean => told(name) !== undefined
  const reached =
    survey.everything ||
    starReaches(survey, reference) ||
    survey.stray ||
    survey.columns.some(
      ({ fields }) =>
        isHidden(fields.at(-1) ?? '') && (fields.length === 1 || fields.at(-2) === reference.alias),
    ) ||
    [...survey.names].some(isHidden)
  if (!sight.empty && sight.filter === undefined && !reached) return
  const from = `${quoteName(target.schema)}.${quoteName(node.name.text)}`
  const list = columns
    .map(({ name }) => {
      const instead = told(name)
      return instead === undefined ? quoteName(name) : `${instead} AS ${quoteName(name)}`
    })
    .join(', ')
  const empty = sight.empty || columns.length === 0
  rewriting.splices.push(
    ...wrapSplices(rewriting, reference, node, tail =>
      empty
        ? `(SELECT * FROM ${from}${tail} WHERE 0)`
        : `(SELECT ${list} FROM ${from}${tail}${sight.filter === undefined ? '' : ` WHERE ${sight.filter}`})`,
    ),
  )
  if (!reference.hasAlias) dropSchemas(rewriting, survey, reference)
  rewriting.changed = true
}

/** `shop.customers.id` cannot be written of a sub-query; `customers.id` can. */
export function dropSchemas(rewriting: Rewriting, survey: Survey, reference: Reference): void {
  const { index } = rewriting
  for (const { fields, node } of survey.columns) {
    if (fields.length < 3 || fields.at(-2) !== reference.alias) continue
    const [schema, table] = node.parts
    if (!schema || !table || node.parts.length !== (node.kind === 'star' ? 2 : 3)) continue
    if (index.fold(schema.text) !== index.fold(reference.target.schema)) continue
    rewriting.splices.push({ start: schema.start, end: table.start, text: '' })
  }
}
