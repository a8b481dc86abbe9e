// What the relations of a FROM are made of: tables, sub-queries, joins.

import { joined, LineageUnknown, nothing, renamed, type Scope, type Source, starOf } from '../lineage.ts'
import { columnsOfQuery, columnsOfRelation, type Following, madeOf, type Place } from './outputs.ts'
import { foldColumn } from './schema-index.ts'
import type { Table, TableReference } from './syntax.ts'

/** Sides of a join are named, but a star gives what the join makes of them. */
interface Joined extends Source {
  readonly isSide?: true
}

export const visible = (sources: readonly Joined[]): readonly Source[] =>
  sources.filter(source => !source.isSide)

export function sourcesOf(
  following: Following,
  items: readonly TableReference[],
  place: Place,
): readonly Joined[] {
  const sources: Joined[] = []
  for (const item of items) {
    const beside: Scope = { sources: [...sources], outer: place.scope }
    sources.push(...sourcesOfItem(following, item, place, beside))
  }
  return sources
}

/** @param beside what LATERAL sees */
function sourcesOfItem(
  following: Following,
  item: TableReference,
  place: Place,
  beside: Scope,
): readonly Joined[] {
  switch (item.kind) {
    case 'table':
      return [sourceOfTable(following, item, place)]
    case 'derived': {
      const columns = columnsOfQuery(
        following,
        item.query,
        item.lateral ? { ...place, scope: beside } : place,
      )
      const names = item.columns.map(name => foldColumn(name.text))
      return [{ alias: foldColumn(item.alias?.text ?? ''), columns: renamed(columns, names) }]
    }
    case 'nested':
      return item.tables.flatMap(one => sourcesOfItem(following, one, place, beside))
    case 'json-table': {
      const made = madeOf(following, [item.document, item.expressions], { ...place, scope: beside })
      const columns = item.columns.map(name => ({ name: foldColumn(name.text), made }))
      return [{ alias: foldColumn(item.alias?.text ?? ''), columns }]
    }
    case 'join': {
      const left = sourcesOfItem(following, item.left, place, beside)
      const further: Scope = { sources: [...beside.sources, ...left], outer: beside.outer }
      const right = sourcesOfItem(following, item.right, place, further)
      const [ours, theirs] = [visible(left), visible(right)]
      const using = item.natural
        ? sharedNames(ours, theirs)
        : (item.using ?? []).map(name => foldColumn(name.text))
      if (using.length === 0) return [...left, ...right]
      // RIGHT JOIN puts the columns of its right side first.
      const { star } = item.type === 'RIGHT' ? joined(theirs, ours, using) : joined(ours, theirs, using)
      const sides = [...left, ...right].map(source => ({ ...source, isSide: true as const }))
      return [{ alias: '', columns: star }, ...sides]
    }
    default:
      throw new LineageUnknown(item.kind)
  }
}

const sharedNames = (left: readonly Source[], right: readonly Source[]): readonly string[] => {
  const theirs = new Set(starOf(right).map(column => column.name))
  return starOf(left)
    .map(column => column.name)
    .filter(name => theirs.has(name))
}

export function sourceOfTable(following: Following, table: Table, place: Place): Source {
  const alias = foldColumn(table.alias?.text ?? table.name.text)
  const target = following.named.get(table)
  if (target === undefined) {
    const columns = table.schema ? undefined : place.ctes.get(foldColumn(table.name.text))
    if (!columns) throw new LineageUnknown(alias)
    return { alias, columns }
  }
  if (target.kind === 'session') {
    const columns = target.table.columns?.map(name => ({ name: foldColumn(name), made: nothing }))
    return columns ? { alias, columns } : { alias, columns: [], open: nothing }
  }
  if (target.relation === undefined) return { alias, columns: [], open: nothing }
  return { alias, columns: columnsOfRelation(following, target.relation) }
}
