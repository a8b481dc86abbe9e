// What the relations of a FROM are made of: tables, sub-queries, joins, functions.

import {
  joined,
  LineageUnknown,
  type MadeColumn,
  nothing,
  renamed,
  type Scope,
  type Source,
  starOf,
} from '../lineage.ts'
import { columnsOfRelation, columnsOfSelect, type Following, madeOf, type Place } from './outputs.ts'
import { bodyOf, isTree, namesOf, nodeOf, numberOf, textOf, type Tree, treeOf } from './tree.ts'

/** Sides of a join are named, but a star gives what the join makes of them. */
interface Joined extends Source {
  readonly isSide?: true
}

export const visible = (sources: readonly Joined[]): readonly Source[] =>
  sources.filter(source => !source.isSide)

export function sourcesOf(following: Following, items: readonly unknown[], place: Place): readonly Joined[] {
  const sources: Joined[] = []
  for (const item of items) {
    const beside: Scope = { sources: [...sources], outer: place.scope }
    sources.push(...sourcesOfItem(following, item, place, beside))
  }
  return sources
}

/** @param beside what LATERAL sees */
function sourcesOfItem(following: Following, item: unknown, place: Place, beside: Scope): readonly Joined[] {
  const node = nodeOf(item)
  if (!node) throw new LineageUnknown('relation')
  const { kind, body } = node
  switch (kind) {
    case 'RangeVar':
      return [sourceOfRange(following, body, place)]
    case 'RangeTableSample':
      return sourcesOfItem(following, body['relation'], place, beside)
    case 'RangeSubselect': {
      const query = bodyOf(body['subquery'], 'SelectStmt')
      if (!query) throw new LineageUnknown('sub-query')
      const seen = body['lateral'] === true ? { ...place, scope: beside } : place
      return [aliased(treeOf(body, 'alias'), columnsOfSelect(following, query, seen), '')]
    }
    case 'JoinExpr':
      return sourcesOfJoin(following, body, place, beside)
    case 'RangeFunction':
    case 'RangeTableFunc':
    case 'JsonTable':
      return [sourceOfFunction(following, body, { ...place, scope: beside })]
    default:
      throw new LineageUnknown(kind)
  }
}

function sourcesOfJoin(following: Following, body: Tree, place: Place, beside: Scope): readonly Joined[] {
  const left = sourcesOfItem(following, body['larg'], place, beside)
  const further: Scope = { sources: [...beside.sources, ...left], outer: beside.outer }
  const right = sourcesOfItem(following, body['rarg'], place, further)
  const alias = treeOf(body, 'alias')
  const using = namesOf(body, 'usingClause')
  const isNatural = body['isNatural'] === true
  if (!alias && using.length === 0 && !isNatural) return [...left, ...right]
  const [ours, theirs] = [visible(left), visible(right)]
  const shared = isNatural ? sharedNames(ours, theirs) : using
  const { star } = joined(ours, theirs, shared)
  if (alias) return [aliased(alias, star, '')]
  const sides = [...left, ...right].map(source => ({ ...source, isSide: true as const }))
  const usingAlias = textOf(treeOf(body, 'join_using_alias') ?? {}, 'aliasname')
  return [{ alias: usingAlias ?? '', columns: star }, ...sides]
}

const sharedNames = (left: readonly Source[], right: readonly Source[]): readonly string[] => {
  const theirs = new Set(starOf(right).map(column => column.name))
  return starOf(left)
    .map(column => column.name)
    .filter(name => theirs.has(name))
}

function aliased(alias: Tree | undefined, columns: readonly MadeColumn[], name: string): Source {
  if (!alias) return { alias: name, columns }
  return { alias: textOf(alias, 'aliasname') ?? '', columns: renamed(columns, namesOf(alias, 'colnames')) }
}

/** How many columns a function gives is known from its alias at best. */
function sourceOfFunction(following: Following, body: Tree, place: Place): Source {
  const { alias: aliasTree, ...rest } = body
  const made = madeOf(following, rest, place)
  const alias = isTree(aliasTree) ? (textOf(aliasTree, 'aliasname') ?? '') : ''
  return { alias, columns: [], open: made }
}

export function sourceOfRange(following: Following, range: Tree, place: Place): Source {
  const name = textOf(range, 'relname') ?? ''
  const alias = treeOf(range, 'alias')
  const target = following.named.get(numberOf(range, 'location'))
  if (target === undefined) {
    const columns = range['schemaname'] === undefined ? place.ctes.get(name) : undefined
    if (!columns) throw new LineageUnknown(name)
    return aliased(alias, columns, name)
  }
  if (target.kind === 'relation') return aliased(alias, columnsOfRelation(following, target.relation), name)
  const known = target.table.columns
  if (!known) return { alias: alias ? (textOf(alias, 'aliasname') ?? '') : name, columns: [], open: nothing }
  return aliased(
    alias,
    known.map(column => ({ name: column, made: nothing })),
    name,
  )
}
