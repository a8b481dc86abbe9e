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
import { canonicalise } from './canonical.ts'
import type { Resolved } from './names.ts'
import { sourceOfTable, sourcesOf, visible } from './outputs-from.ts'
import { parse } from './parse.ts'
import { foldColumn, type MysqlIndex } from './schema-index.ts'
import { sightOf } from './sights.ts'
import { initialState, type Surroundings, surroundings } from './state.ts'
import { readStatement } from './statements.ts'
import type { StatementReading } from './statement-reading.ts'
import { sqlModeUsual } from './syntax.ts'
import type { Column, Query, QueryBody, SelectItem, Star, Table, With } from './syntax.ts'

export interface Following {
  readonly index: MysqlIndex
  readonly sight: Sight
  readonly shapes: Map<string, MaskShape>
  readonly named: ReadonlyMap<Table, Resolved>
  /** Views that are looked into. */
  readonly within: readonly string[]
}

export interface Place {
  readonly scope: Scope | undefined
  readonly ctes: ReadonlyMap<string, readonly MadeColumn[]>
}

const depthMax = 50
const nowhere: Place = { scope: undefined, ctes: new Map() }

/** Never throws. */
export function outputsOf(statement: StatementReading, index: MysqlIndex, sight: Sight): Outputs {
  if (!sight.hidesAnything) return []
  try {
    const shapes = new Map<string, MaskShape>()
    const following = { index, sight, shapes, named: namesIn(statement), within: [] }
    return columnsOfStatement(following, statement).map(({ made }) => maskOf(made, shapes))
  } catch {
    return 'unknown'
  }
}

const namesIn = (statement: StatementReading): ReadonlyMap<Table, Resolved> =>
  new Map(
    (statement.survey?.references ?? []).flatMap(({ node, target }) =>
      node ? [[node, target] as const] : [],
    ),
  )

function columnsOfStatement(following: Following, { node }: StatementReading): readonly MadeColumn[] {
  if (node.kind === 'query') return columnsOfQuery(following, node, nowhere)
  if (node.kind === 'update' || node.kind === 'load') return []
  const tables = node.kind === 'insert' ? [node.table] : node.kind === 'delete' ? node.tables : undefined
  if (tables === undefined || (node.kind !== 'insert' && node.kind !== 'delete'))
    throw new LineageUnknown(node.kind)
  if (node.returning.length === 0) return []
  if (node.kind === 'delete' && node.with) throw new LineageUnknown(node.kind)
  const sources = sourcesOf(following, tables, nowhere)
  return columnsOfItems(following, node.returning, { ...nowhere, scope: { sources, outer: undefined } })
}

/** @throws LineageUnknown */
export function columnsOfQuery(following: Following, query: Query, place: Place): readonly MadeColumn[] {
  if (query.procedure) throw new LineageUnknown('PROCEDURE')
  return columnsOfBody(following, query.body, withCtes(following, query.with, place))
}

function columnsOfBody(following: Following, body: QueryBody, place: Place): readonly MadeColumn[] {
  switch (body.kind) {
    case 'bracketed':
      return columnsOfQuery(following, body.query, place)
    case 'set-operation':
      return sideBySide(
        columnsOfBody(following, body.left, place),
        columnsOfBody(following, body.right, place),
      )
    case 'values': {
      const rows = body.rows.map(row =>
        row.map((item, at) => ({ name: `column_${at}`, made: madeOf(following, item, place) })),
      )
      return rows.slice(1).reduce<readonly MadeColumn[]>(sideBySide, rows[0] ?? [])
    }
    case 'table-query':
      return starOf([sourceOfTable(following, body.table, place)])
    default: {
      const sources = sourcesOf(following, body.from, place)
      return columnsOfItems(following, body.items, { ...place, scope: { sources, outer: place.scope } })
    }
  }
}

function columnsOfItems(
  following: Following,
  items: readonly SelectItem[],
  place: Place,
): readonly MadeColumn[] {
  return items.flatMap(({ expression, alias }) => {
    if (expression.kind === 'star') return starColumns(expression, place)
    const own = expression.kind === 'column' ? expression.parts.at(-1)?.text : undefined
    const name = foldColumn(alias?.text ?? own ?? '')
    return [{ name, made: madeOf(following, expression, place) }]
  })
}

function starColumns(star: Star, place: Place): readonly MadeColumn[] {
  const [alias] = star.parts.slice(-1)
  const sources = place.scope?.sources ?? []
  return starOf(alias ? [sourceNamed(place.scope, foldColumn(alias.text))] : visible(sources))
}

function sourceNamed(scope: Scope | undefined, alias: string): Source {
  for (let here = scope; here; here = here.outer) {
    const found = here.sources.find(source => source.alias === alias)
    if (found) return found
  }
  throw new LineageUnknown(alias)
}

interface Node {
  readonly kind: string
}

/** What an expression is made of: everything that it mentions. */
export function madeOf(following: Following, value: unknown, place: Place): Made {
  if (Array.isArray(value)) return union(value.map(item => madeOf(following, item, place)))
  if (typeof value !== 'object' || value === null) return nothing
  const { kind } = value as Partial<Node>
  if (kind === 'name' || kind === 'literal') return nothing
  if (kind === 'column') {
    const { parts } = value as Column
    return madeOfName(
      place.scope,
      parts.map(part => foldColumn(part.text)),
    )
  }
  if (kind === 'star') return union(visible(place.scope?.sources ?? []).map(wholeOf))
  if (kind === 'query') return union(columnsOfQuery(following, value as Query, place).map(({ made }) => made))
  if (kind === 'select' || kind === 'set-operation' || kind === 'table') throw new LineageUnknown(kind)
  // `count(*)` counts rows; it reads no column.
  const isCall = kind === 'call'
  const parts: Made[] = []
  for (const [key, child] of Object.entries(value)) {
    if (typeof child !== 'object' || child === null) continue
    const read =
      isCall && key === 'args' ? (child as readonly Node[]).filter(one => one.kind !== 'star') : child
    parts.push(madeOf(following, read, place))
  }
  return union(parts)
}

export function columnsOfRelation(following: Following, relation: Relation): readonly MadeColumn[] {
  const own = sightOf(following.sight, relation)
  const behind = relation.kind === 'view' ? columnsOfView(following, relation) : undefined
  return relation.columns.map((column, at) => {
    const name = foldColumn(column.name)
    const unlisted = column.invisible === true
    const hidden = own?.hidden.get(name)
    const made = behind?.[at]?.made ?? nothing
    if (!hidden) return { name, made, unlisted }
    const key = `${relation.schema}.${relation.name}.${column.name}`
    following.shapes.set(key, hidden.mask)
    return { name, made: union([new Set([key]), made]), unlisted }
  })
}

/** `undefined`: nothing is known of what it reads. @throws LineageUnknown */
function columnsOfView(following: Following, relation: Relation): readonly MadeColumn[] | undefined {
  const { index, within } = following
  const name = `${relation.schema}.${relation.name}`
  const definition = relation.definition?.trim().replace(/;$/, '')
  if (definition === undefined || definition === '') return undefined
  if (within.length > depthMax || within.includes(name)) throw new LineageUnknown(name)
  // The server keeps definitions in its own words, to be read in the usual mode.
  const state = { ...initialState, sqlMode: '', database: undefined }
  const usual: Surroundings = {
    ...surroundings(state, index),
    sqlMode: sqlModeUsual,
    modeText: '',
    database: undefined,
  }
  const canonical = canonicalise(definition, usual)
  const parsed = canonical.problem ?? parse(canonical.text, usual)
  const [node] = parsed.kind === 'problem' ? [] : parsed.statements
  if (node?.kind !== 'query') throw new LineageUnknown(name)
  const context = { index, state, surroundings: usual, factsOf: () => ({ effects: [], tables: [] }) }
  const reading = readStatement(node, context, canonical.text)
  const inner = { ...following, named: namesIn(reading), within: [...within, name] }
  const columns = columnsOfQuery(inner, node, nowhere)
  if (columns.length !== relation.columns.length) throw new LineageUnknown(name)
  return columns
}

function withCtes(following: Following, clause: With | undefined, place: Place): Place {
  if (!clause) return place
  const ctes = new Map(place.ctes)
  for (const one of clause.expressions) {
    if (one.cycle.length > 0) throw new LineageUnknown('CYCLE')
    const name = foldColumn(one.name.text)
    const names = one.columns.map(column => foldColumn(column.text))
    const all = (): readonly MadeColumn[] =>
      renamed(columnsOfQuery(following, one.query, { ...place, ctes }), names)
    const { body } = one.query
    if (clause.recursive && body.kind === 'set-operation') {
      // What it begins with; then what it makes of itself, until nothing is added.
      ctes.set(name, renamed(columnsOfBody(following, firstOf(body), { ...place, ctes }), names))
      for (let size = -1; size !== sizeOf(ctes.get(name)); ) {
        size = sizeOf(ctes.get(name))
        ctes.set(name, all())
      }
    } else ctes.set(name, all())
  }
  return { ...place, ctes }
}

const firstOf = (body: QueryBody): QueryBody => (body.kind === 'set-operation' ? firstOf(body.left) : body)

const sizeOf = (columns: readonly MadeColumn[] | undefined): number =>
  (columns ?? []).reduce((all, { made }) => all + made.size, 0)
