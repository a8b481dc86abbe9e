// What the columns of a statement's result are made of, followed through sub-queries, WITH, joins and views.

import type { MaskShape, Sight } from '../../core/verdict.ts'
import type { Outputs } from '../dialect.ts'
import {
  LineageUnknown,
  type Made,
  type MadeColumn,
  madeOfName,
  maskOf,
  nothing,
  renamed,
  type Scope,
  sideBySide,
  type Source,
  starOf,
  union,
  wholeOf,
} from '../lineage.ts'
import type { Relation } from '../schema.ts'
import type { Resolved } from './names.ts'
import { sourceOfRange, sourcesOf, visible } from './outputs-from.ts'
import { parseText } from './parse.ts'
import type { PgIndex } from './schema-index.ts'
import { sightOf } from './sights.ts'
import { initialState } from './state.ts'
import { readStatement } from './statements.ts'
import type { StatementReading } from './statement-reading.ts'
import { bodyOf, isTree, listOf, namesOf, nodeOf, textOf, type Tree, treeOf } from './tree.ts'

export interface Following {
  readonly index: PgIndex
  readonly sight: Sight
  readonly shapes: Map<string, MaskShape>
  /** What the names at these bytes mean. */
  readonly named: ReadonlyMap<number, Resolved>
  /** Views that are looked into. */
  readonly within: readonly string[]
}

/** The tables of a WITH, by name. */
type Ctes = ReadonlyMap<string, readonly MadeColumn[]>

export interface Place {
  readonly scope: Scope | undefined
  readonly ctes: Ctes
}

const depthMax = 50

/** Never throws. */
export function outputsOf(statement: StatementReading, index: PgIndex, sight: Sight): Outputs {
  if (!sight.hidesAnything) return []
  try {
    const shapes = new Map<string, MaskShape>()
    const following = { index, sight, shapes, named: namesIn(statement), within: [] }
    const columns = columnsOf(following, statement.kind, statement.body, {
      scope: undefined,
      ctes: new Map(),
    })
    return columns.map(column => maskOf(column.made, shapes))
  } catch {
    return 'unknown'
  }
}

function namesIn(statement: StatementReading): ReadonlyMap<number, Resolved> {
  return new Map((statement.survey?.references ?? []).map(({ at, target }) => [at, target]))
}

/** @throws LineageUnknown */
function columnsOf(following: Following, kind: string, body: Tree, place: Place): readonly MadeColumn[] {
  if (kind === 'SelectStmt') return columnsOfSelect(following, body, place)
  if (!/^(?:Insert|Update|Delete|Merge)Stmt$/.test(kind)) throw new LineageUnknown(kind)
  const clause = treeOf(body, 'returningClause')
  const items = clause ? listOf(clause, 'exprs') : listOf(body, 'returningList')
  if (items.length === 0) return []
  const inner = withCtes(following, body, place)
  const range = treeOf(body, 'relation')
  const target = range ? [sourceOfRange(following, range, inner)] : []
  const others = [...listOf(body, 'fromClause'), ...listOf(body, 'usingClause')]
  const joinedTo = bodyOf(body['sourceRelation'], 'RangeVar') ? [body['sourceRelation']] : others
  if (kind === 'MergeStmt' && joinedTo === others && body['sourceRelation'] !== undefined)
    throw new LineageUnknown(kind)
  const versions = target.flatMap(source => ['old', 'new'].map(alias => ({ ...source, alias })))
  const sources = [...target, ...sourcesOf(following, joinedTo, inner)]
  // OLD and NEW are named, and no part of a star.
  const scope: Scope = { sources, outer: { sources: versions, outer: inner.scope } }
  return columnsOfTargets(following, items, { ...inner, scope }, sources)
}

export function columnsOfSelect(following: Following, body: Tree, place: Place): readonly MadeColumn[] {
  const inner = withCtes(following, body, place)
  const [left, right] = [treeOf(body, 'larg'), treeOf(body, 'rarg')]
  if (left && right)
    return sideBySide(columnsOfSelect(following, left, inner), columnsOfSelect(following, right, inner))
  const rows = listOf(body, 'valuesLists')
  if (rows.length > 0) return columnsOfValues(following, rows, inner)
  const sources = sourcesOf(following, listOf(body, 'fromClause'), inner)
  const scope: Scope = { sources, outer: inner.scope }
  return columnsOfTargets(following, listOf(body, 'targetList'), { ...inner, scope }, sources)
}

function columnsOfValues(
  following: Following,
  rows: readonly unknown[],
  place: Place,
): readonly MadeColumn[] {
  const columns = rows.map(row =>
    listOf(bodyOf(row, 'List') ?? {}, 'items').map((item, at) => ({
      name: `column${at + 1}`,
      made: madeOf(following, item, place),
    })),
  )
  return columns.slice(1).reduce<readonly MadeColumn[]>(sideBySide, columns[0] ?? [])
}

function columnsOfTargets(
  following: Following,
  items: readonly unknown[],
  place: Place,
  sources: readonly Source[],
): readonly MadeColumn[] {
  return items.flatMap(item => {
    const target = bodyOf(item, 'ResTarget')
    if (!target) throw new LineageUnknown('target')
    const column = bodyOf(target['val'], 'ColumnRef')
    const fields = column ? listOf(column, 'fields') : []
    if (fields.length > 0 && bodyOf(fields.at(-1), 'A_Star') !== undefined) {
      if (fields.length === 1) return starOf(visible(sources))
      const alias = namesOf(column ?? {}, 'fields').at(-1) ?? ''
      return starOf([sourceNamed(place.scope, alias)])
    }
    // `(c).*` gives as many columns as the row has.
    const indirection = bodyOf(target['val'], 'A_Indirection')
    if (indirection && listOf(indirection, 'indirection').some(one => bodyOf(one, 'A_Star')))
      throw new LineageUnknown('row')
    const name = textOf(target, 'name') ?? impliedName(target['val'])
    return [{ name, made: madeOf(following, target['val'], place) }]
  })
}

function sourceNamed(scope: Scope | undefined, alias: string): Source {
  for (let here = scope; here; here = here.outer) {
    const found = here.sources.find(source => source.alias === alias)
    if (found) return found
  }
  throw new LineageUnknown(alias)
}

function impliedName(value: unknown): string {
  const node = nodeOf(value)
  if (node?.kind === 'ColumnRef') return namesOf(node.body, 'fields').at(-1) ?? ''
  if (node?.kind === 'FuncCall') return namesOf(node.body, 'funcname').at(-1) ?? ''
  if (node?.kind === 'TypeCast') {
    const name = impliedName(node.body['arg'])
    return name === '?column?' ? (namesOf(treeOf(node.body, 'typeName') ?? {}, 'names').at(-1) ?? '') : name
  }
  return node?.kind === 'CoalesceExpr' ? 'coalesce' : node?.kind === 'CaseExpr' ? 'case' : '?column?'
}

/** What an expression is made of: everything that it mentions. */
export function madeOf(following: Following, value: unknown, place: Place): Made {
  if (Array.isArray(value)) return union(value.map(item => madeOf(following, item, place)))
  if (!isTree(value)) return nothing
  const column = bodyOf(value, 'ColumnRef')
  if (column) return madeOfColumn(column, place)
  const link = bodyOf(value, 'SubLink')
  if (link) {
    const rows = bodyOf(link['subselect'], 'SelectStmt')
    if (!rows) throw new LineageUnknown('sub-query')
    const inner = columnsOfSelect(following, rows, place)
    return union([madeOf(following, link['testexpr'], place), ...inner.map(({ made }) => made)])
  }
  if (bodyOf(value, 'SelectStmt')) throw new LineageUnknown('sub-query')
  const parts: Made[] = []
  for (const key in value) {
    const child = value[key]
    if (typeof child === 'object' && child !== null) parts.push(madeOf(following, child, place))
  }
  return union(parts)
}

/** They say where a row is, not what is in it. */
const systemColumns = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax'])

function madeOfColumn(column: Tree, place: Place): Made {
  const fields = namesOf(column, 'fields')
  const star = listOf(column, 'fields').some(field => bodyOf(field, 'A_Star'))
  if (star && fields.length === 0) return union(visible(place.scope?.sources ?? []).map(wholeOf))
  if (star) return wholeOf(sourceNamed(place.scope, fields.at(-1) ?? ''))
  if (systemColumns.has(fields.at(-1) ?? '')) return nothing
  return madeOfName(place.scope, fields)
}

export function columnsOfRelation(following: Following, relation: Relation): readonly MadeColumn[] {
  const { index, sight, shapes } = following
  const own = sightOf(index, sight, relation)
  const isView = relation.kind === 'view' || relation.kind === 'materialized'
  const behind = isView ? columnsOfView(following, relation) : undefined
  return relation.columns.map((column, at) => {
    const hidden = own?.hidden.get(column.name)
    const made = behind?.[at]?.made ?? nothing
    if (!hidden) return { name: column.name, made }
    const key = `${relation.schema}.${relation.name}.${column.name}`
    shapes.set(key, hidden.mask)
    return { name: column.name, made: union([new Set([key]), made]) }
  })
}

/** `undefined`: it reads nothing of which something is hidden, as far as that can be known. @throws LineageUnknown */
function columnsOfView(following: Following, relation: Relation): readonly MadeColumn[] | undefined {
  const { index, within } = following
  const name = `${relation.schema}.${relation.name}`
  const definition = relation.definition?.trim().replace(/;$/, '')
  if (definition === undefined || definition === '') return undefined
  if (within.length > depthMax || within.includes(name)) throw new LineageUnknown(name)
  const [parsed] = parseText(definition)
  if (parsed?.kind !== 'SelectStmt') throw new LineageUnknown(name)
  const context = {
    index,
    state: { ...initialState, path: [] },
    routineFacts: () => ({ effects: [], tables: [] }),
  }
  const reading = readStatement(parsed, context, definition)
  const inner = { ...following, named: namesIn(reading), within: [...within, name] }
  const columns = columnsOf(inner, reading.kind, reading.body, { scope: undefined, ctes: new Map() })
  if (columns.length !== relation.columns.length) throw new LineageUnknown(name)
  return columns
}

function withCtes(following: Following, body: Tree, place: Place): Place {
  const clause = treeOf(body, 'withClause')
  if (!clause) return place
  const ctes = new Map(place.ctes)
  for (const item of listOf(clause, 'ctes')) {
    const cte = bodyOf(item, 'CommonTableExpr')
    const query = nodeOf(cte?.['ctequery'])
    if (!cte || !query) throw new LineageUnknown('WITH')
    if (treeOf(cte, 'search_clause') || treeOf(cte, 'cycle_clause')) throw new LineageUnknown('WITH')
    const name = textOf(cte, 'ctename') ?? ''
    const names = namesOf(cte, 'aliascolnames')
    const columns = (): readonly MadeColumn[] =>
      renamed(columnsOf(following, query.kind, query.body, { ...place, ctes }), names)
    const first = treeOf(query.body, 'larg')
    if (clause['recursive'] === true && first) {
      // What it begins with; then what it makes of itself, until nothing is added.
      ctes.set(name, renamed(columnsOfSelect(following, first, { ...place, ctes }), names))
      for (let size = -1; size !== sizeOf(ctes.get(name)); ) {
        size = sizeOf(ctes.get(name))
        ctes.set(name, columns())
      }
    } else ctes.set(name, columns())
  }
  return { ...place, ctes }
}

const sizeOf = (columns: readonly MadeColumn[] | undefined): number =>
  (columns ?? []).reduce((all, { made }) => all + made.size, 0)
