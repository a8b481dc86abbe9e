// What of one relation is hidden, all told: tags of its own, of parents and children, generated columns, row filters.

import type { HiddenColumn, Sight } from '../../core/verdict.ts'
import type { Relation } from '../schema.ts'
import { isSystemSchema } from './names.ts'
import { parseText } from './parse.ts'
import { Refusal } from './refusal.ts'
import type { PgIndex } from './schema-index.ts'
import { systemSight } from './system-relations.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, nodeOf } from './tree.ts'

export interface RelationSight {
  readonly hidden: ReadonlyMap<string, HiddenColumn>
  /** SQL condition, each filter in parentheses; checked to be one expression. */
  readonly filter: string | undefined
  /** Why rows of it cannot be read at all. */
  readonly refusal: string | undefined
  /** A hidden column decides which partition holds a row, so that the place of a row tells its value. */
  readonly placeTells?: boolean
}

const cache = new WeakMap<Sight, WeakMap<Relation, RelationSight | null>>()

/** `undefined`: nothing of it is hidden. */
export function sightOf(index: PgIndex, sight: Sight, relation: Relation): RelationSight | undefined {
  if (!sight.hidesAnything) return undefined
  let ofSight = cache.get(sight)
  if (!ofSight) {
    ofSight = new WeakMap()
    cache.set(sight, ofSight)
  }
  const kept = ofSight.get(relation)
  if (kept !== undefined) return kept ?? undefined
  const computed = compute(index, sight, relation)
  ofSight.set(relation, computed ?? null)
  return computed
}

function compute(index: PgIndex, sight: Sight, relation: Relation): RelationSight | undefined {
  if (isSystemSchema(relation.schema) || relation.kind === 'view') {
    const system = systemSight(relation.schema, relation.name)
    if (system) return { hidden: system.hidden, filter: system.rowFilter, refusal: undefined }
  }
  const hidden = new Map<string, HiddenColumn>()
  const filters = new Set<string>()
  let refusal: string | undefined
  for (const one of [relation, ...index.ancestors(relation)]) {
    const own = sight.table(one.schema, one.name)
    if (!own) continue
    for (const [column, how] of own.hidden) if (!hidden.has(column)) hidden.set(column, how)
    if (own.rowFilter !== undefined) filters.add(own.rowFilter)
  }
  for (const one of index.descendants(relation)) {
    const own = sight.table(one.schema, one.name)
    if (!own) continue
    for (const [column, how] of own.hidden) if (!hidden.has(column)) hidden.set(column, how)
    if (own.rowFilter !== undefined && !filters.has(own.rowFilter)) {
      refusal = `"${relation.name}" holds rows of "${one.name}", of which you may see only some. Query "${one.name}" itself.`
    }
  }
  if (relation.kind !== 'view') hideHeldRows(index, sight, relation, hidden)
  hideGenerated(relation, hidden)
  if (hidden.size === 0 && filters.size === 0 && refusal === undefined) return undefined
  const divides = (one: Relation): boolean => (one.partitionKey ?? []).some(column => hidden.has(column))
  const whole = index.ancestors(relation).find(divides)
  if (whole) {
    refusal = `Which rows "${relation.name}" holds is decided by a column that is hidden from you. Query "${whole.name}" instead.`
  }
  for (const filter of filters) checkFilter(filter)
  const filter = filters.size > 0 ? [...filters].map(one => `(${one}\n)`).join(' AND ') : undefined
  const placeTells = divides(relation) || index.descendants(relation).some(divides)
  return { hidden, filter, refusal, placeTells }
}

/** A value that may be a whole row of a table of which something is hidden. */
function hideHeldRows(
  index: PgIndex,
  sight: Sight,
  relation: Relation,
  hidden: Map<string, HiddenColumn>,
): void {
  for (const column of relation.columns) {
    if (hidden.has(column.name)) continue
    for (const { schema, name } of column.holdsRowsOf ?? []) {
      const held = index.relation(schema, name)
      const named = held ? [held, ...index.ancestors(held), ...index.descendants(held)] : [{ schema, name }]
      const own = named.map(one => sight.table(one.schema, one.name)).find(one => one !== undefined)
      if (own)
        hidden.set(column.name, { mask: 'null', tag: [...own.hidden.values()][0]?.tag ?? 'row filter' })
    }
  }
}

/** A generated column that reads a hidden one is hidden, too. */
function hideGenerated(relation: Relation, hidden: Map<string, HiddenColumn>): void {
  if (hidden.size === 0) return
  for (const column of relation.columns) {
    if (column.generated === undefined || hidden.has(column.name)) continue
    const names = columnsMentioned(`SELECT ${column.generated}`)
    const source =
      names === undefined ? [...hidden.values()][0] : [...hidden].find(([name]) => names.has(name))?.[1]
    if (source) hidden.set(column.name, { mask: 'null', tag: source.tag })
  }
}

/** Names in a text; `undefined` if it cannot be read, or mentions a whole row. */
function columnsMentioned(text: string): ReadonlySet<string> | undefined {
  try {
    const names = new Set<string>()
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) visit(item)
      if (!isTree(value)) return
      for (const name of namesOf(value, 'fields')) names.add(name)
      for (const key in value) visit(value[key])
    }
    for (const parsed of parseText(text)) visit(parsed.body)
    return names
  } catch {
    return undefined
  }
}

/** The condition as it stands in the tree. @throws Refusal if it is not exactly one condition */
export function filterTree(filter: string): unknown {
  let parsed: ReturnType<typeof parseText> = []
  try {
    parsed = parseText(`SELECT 1 WHERE ${filter}\n`)
  } catch {
    throw badFilter()
  }
  const [only] = parsed
  if (parsed.length !== 1 || only?.kind !== 'SelectStmt' || !isPlainWhere(only.body)) throw badFilter()
  return only.body['whereClause']
}

function checkFilter(filter: string): void {
  filterTree(filter)
}

function isPlainWhere(body: Tree): boolean {
  const expected = new Set(['targetList', 'whereClause', 'limitOption', 'op'])
  return (
    Object.keys(body).every(key => expected.has(key)) &&
    body['op'] === 'SETOP_NONE' &&
    nodeOf(body['whereClause']) !== undefined &&
    bodyOf(listOf(body, 'targetList')[0], 'ResTarget') !== undefined
  )
}

function badFilter(): Refusal {
  return new Refusal(
    'statement.unsafe',
    'A row filter that a policy sets for you here cannot be read. Tell an administrator.',
  )
}
