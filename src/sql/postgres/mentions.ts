// Whether a statement mentions what is hidden of one relation, or anything that could reach it.

import type { RelationSight } from './sights.ts'
import { isWholeRow } from './table-uses.ts'
import { type Reference, type Survey, star } from './survey-facts.ts'
import { type Tree, isTree, listOf, bodyOf, numberOf, textOf } from './tree.ts'
import { systemColumns } from './wrap.ts'
import type { Relation } from '../schema.ts'
import { isSystemSchema } from './names.ts'

/** Hidden columns that the statement reaches through a reference; all where it cannot be told. */
export function hiddenReached(
  survey: Survey,
  reference: Reference,
  relation: Relation,
  sight: RelationSight,
): readonly string[] {
  const { hidden } = sight
  if (hidden.size === 0) return []
  const all = [...hidden.keys()]
  if (survey.everything || reference.renames) return all
  if (survey.stray && !isSystemSchema(relation.schema)) return all
  const known = new Set([...relation.columns.map(column => column.name), ...systemColumns])
  const reached = new Set<string>()
  for (const { fields } of survey.columns) {
    if (isWholeRow(fields, reference.alias, known)) return all
    const last = fields.at(-1) ?? ''
    // A mention qualified by something else cannot mean this relation.
    const here = fields.length === 1 || fields.at(-2) === reference.alias
    if (here && hidden.has(last)) reached.add(last)
  }
  for (const name of survey.names) if (hidden.has(name)) reached.add(name)
  return [...reached]
}

/** System columns (`ctid` …) that the statement asks of a reference. */
export function systemColumnsReached(survey: Survey, reference: Reference): readonly string[] {
  const reached = new Set<string>()
  for (const { fields } of survey.columns) {
    const last = fields.at(-1) ?? ''
    if (!systemColumns.has(last)) continue
    if (fields.length === 1 || fields.at(-2) === reference.alias) reached.add(last)
  }
  return [...reached]
}

/** Whether a star may expand to the columns of a reference. */
export function starReaches(survey: Survey, reference: Reference): boolean {
  return (
    survey.everything ||
    reference.renames ||
    survey.columns.some(({ fields }) => fields.at(-1) === star && fields.at(-2) === reference.alias)
  )
}

export interface Mention {
  readonly fields: readonly string[]
  readonly at: number
}

export interface Mentions {
  readonly columns: readonly Mention[]
  readonly hasSubquery: boolean
}

/** The column mentions anywhere in a subtree. */
export function mentionsIn(tree: unknown): Mentions {
  const columns: Mention[] = []
  let hasSubquery = false
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item)
      return
    }
    if (!isTree(value)) return
    if ('SubLink' in value) hasSubquery = true
    const column = bodyOf(value, 'ColumnRef')
    if (column) columns.push({ fields: fieldsOf(column), at: numberOf(column, 'location') })
    else for (const key in value) visit(value[key])
  }
  visit(tree)
  return { columns, hasSubquery }
}

export function fieldsOf(column: Tree): string[] {
  return listOf(column, 'fields').map(field => {
    const name = bodyOf(field, 'String')
    return name ? (textOf(name, 'sval') ?? '') : star
  })
}

/** Whether a mention reaches hidden columns of a relation that is known by any of some names. */
export function reachesHidden(
  mention: Mention,
  qualifiers: ReadonlySet<string>,
  relation: Relation,
  hidden: ReadonlyMap<string, unknown>,
  isStray: (name: string) => boolean,
): 'no' | 'column' | 'row' {
  const { fields } = mention
  const last = fields.at(-1) ?? ''
  if (fields.length === 1) {
    if (hidden.has(last)) return 'column'
    return qualifiers.has(last) || isStray(last) ? 'row' : 'no'
  }
  if (!qualifiers.has(fields.at(-2) ?? '')) return 'no'
  if (hidden.has(last)) return 'column'
  const isColumn = relation.columns.some(column => column.name === last) || systemColumns.has(last)
  return isColumn ? 'no' : 'row'
}
