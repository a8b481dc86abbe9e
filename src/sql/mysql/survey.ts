// One walk over a statement: which tables, columns and functions it mentions, and what it writes.

import { limits } from '../../core/limits.ts'
import { type Resolved, isSystemSchema, resolveTable } from './names.ts'
import { unreadable, unsafe } from './refusal.ts'
import { foldColumn } from './schema-index.ts'
import { surroundings } from './state.ts'
import type { Draft, Place, Reference, Scope, Survey, SurveyOptions, Write } from './survey-facts.ts'
import { visitDelete, visitInsert, visitLoad, visitUpdate } from './survey-writes.ts'
import type { Call, Column, Join, Name, Query, Star, Statement, Table, With } from './syntax.ts'

/** @throws Refusal */
export function surveyStatement(statement: Statement | readonly unknown[], options: SurveyOptions): Survey {
  const draft: Draft = {
    options,
    pending: [],
    defined: new Set(),
    references: [],
    columns: [],
    names: new Set(),
    calls: [],
    systemVariables: [],
    assigns: [],
    writes: [],
    sequences: [],
    matched: new Set(),
    everything: false,
    stray: false,
    rowColumns: [],
  }
  walk(draft, statement, { scope: undefined, inWrite: false, locked: false, depth: 0 })
  const feeds = draft.writes.length > 0
  for (const { reference, inWrite } of draft.pending) {
    draft.references.push({ ...reference, feedsWrite: inWrite || (feeds && reference.role === 'target') })
  }
  draft.stray = !options.hasParameters && hasStray(draft)
  return draft
}

const ofCall = new Set(['args', 'parts'])
const ofQuery = new Set(['with', 'locks', 'into'])

interface Node {
  readonly kind: string
}

function isNode(value: unknown): value is Node & Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
}

/** @param value a node, or an array of such */
export function walk(draft: Draft, value: unknown, place: Place): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(draft, item, place)
    return
  }
  if (!isNode(value)) return
  if (place.depth > limits.statementDepthMax) throw unreadable('The statement is nested too deeply.')
  visit(draft, value as unknown as Visited, { ...place, depth: place.depth + 1 })
}

type Visited = Query | Table | Join | Column | Star | Call | Write['node'] | Other

/** Whatever has no rule here. */
interface Other {
  readonly kind: 'other'
}

function visit(draft: Draft, node: Visited, place: Place): void {
  switch (node.kind) {
    case 'query':
      return visitQuery(draft, node, place)
    case 'table':
      refer(draft, node, place, 'read')
      return
    case 'join':
      if (node.natural) draft.everything = true
      for (const name of node.using ?? []) draft.names.add(foldColumn(name.text))
      return children(draft, node, place)
    case 'column':
      return visitColumn(draft, node)
    case 'star':
      return visitStar(draft, node)
    case 'call':
      draft.calls.push(node)
      // `count(*)` counts rows; it reads no column.
      for (const argument of node.args) if (argument.kind !== 'star') walk(draft, argument, place)
      return walkOthers(draft, node, place, ofCall)
    case 'insert':
      return visitInsert(draft, node, place)
    case 'update':
      return visitUpdate(draft, node, place)
    case 'delete':
      return visitDelete(draft, node, place)
    case 'load':
      return visitLoad(draft, node, place)
    default:
      return visitSmall(draft, node as unknown as Record<string, unknown> & Node, place)
  }
}

/** Nodes that define names or say something besides their children. */
function visitSmall(draft: Draft, node: Node & Readonly<Record<string, unknown>>, place: Place): void {
  switch (node.kind) {
    case 'name':
    case 'literal':
      return
    case 'select-item':
      define(draft, node['alias'])
      return children(draft, node, place)
    case 'derived':
    case 'json-table':
      define(draft, node['alias'])
      define(draft, node['columns'])
      return children(draft, node, place)
    case 'common-table':
      define(draft, node['name'])
      define(draft, node['columns'])
      return children(draft, node, place)
    case 'routine-parameter':
      define(draft, node['name'])
      return children(draft, node, place)
    case 'system-variable':
      draft.systemVariables.push(node as unknown as Draft['systemVariables'][number])
      return
    case 'table-query':
      draft.everything = true
      return children(draft, node, place)
    case 'match':
      for (const { parts } of node['columns'] as readonly Column[]) {
        draft.matched.add(foldColumn(parts.at(-1)?.text ?? ''))
      }
      return children(draft, node, place)
    case 'assign':
      draft.assigns.push(node as unknown as Draft['assigns'][number])
      return children(draft, node, place)
    case 'sequence-value':
      return visitSequence(draft, node, place)
    default:
      return children(draft, node, place)
  }
}

export function define(draft: Draft, name: unknown): void {
  if (Array.isArray(name)) {
    for (const one of name) define(draft, one)
    return
  }
  if (isNode(name) && typeof name['text'] === 'string') draft.defined.add(foldColumn(name['text']))
}

function children(draft: Draft, node: object, place: Place): void {
  const record = node as Readonly<Record<string, unknown>>
  for (const key in record) {
    const value = record[key]
    if (typeof value === 'object' && value !== null) walk(draft, value, place)
  }
}

export function walkOthers(draft: Draft, node: object, place: Place, except: ReadonlySet<string>): void {
  const record = node as Readonly<Record<string, unknown>>
  for (const key in record) {
    const value = record[key]
    if (typeof value === 'object' && value !== null && !except.has(key)) walk(draft, value, place)
  }
}

function visitSequence(draft: Draft, node: Readonly<Record<string, unknown>>, place: Place): void {
  const sequence = node['sequence'] as { schema: Name | undefined; name: Name; start: number }
  const target = resolveTable(draft.options.index, draft.options.state, sequence.schema, sequence.name)
  draft.sequences.push({ target, sets: node['operation'] === 'SET', at: sequence.start })
  walk(draft, node['args'], place)
}

function visitQuery(draft: Draft, query: Query, place: Place): void {
  const inner = withClause(draft, query.with, place)
  const here = query.locks.length > 0 ? { ...inner, locked: true } : inner
  walkOthers(draft, query, here, ofQuery)
}

/** Walks the common tables, and gives the place for the rest of the statement. */
export function withClause(draft: Draft, clause: With | undefined, place: Place): Place {
  if (!clause) return place
  const all = new Map(clause.expressions.map(one => [foldColumn(one.name.text), one.name]))
  const isMariadb = surroundings(draft.options.state, draft.options.index).product === 'mariadb'
  let scope = place.scope
  for (const one of clause.expressions) {
    const own: Scope = { names: new Map([[foldColumn(one.name.text), one.name]]), outer: scope }
    // RECURSIVE: in MariaDB every name of this WITH is visible in every query of it, in MySQL its own too; else those before.
    const recursive = isMariadb ? { names: all, outer: place.scope } : own
    walk(draft, one, { ...place, scope: clause.recursive ? recursive : scope })
    scope = own
  }
  return { ...place, scope: { names: all, outer: place.scope } }
}

function visitColumn(draft: Draft, node: Column): void {
  const fields = node.parts.map(part => foldColumn(part.text))
  if (draft.options.inTrigger && fields.length === 2 && (fields[0] === 'new' || fields[0] === 'old')) {
    draft.rowColumns.push(fields[1] ?? '')
    return
  }
  draft.columns.push({ fields, node })
}

function visitStar(draft: Draft, node: Star): void {
  if (node.parts.length === 0) draft.everything = true
  draft.columns.push({ fields: [...node.parts.map(part => foldColumn(part.text)), star], node })
}

/** Last field of a mention that is a star. No folded name has a control character in front. */
export const star = '\u0001*'

export function refer(
  draft: Draft,
  node: Table,
  place: Place,
  role: Reference['role'],
): Reference | undefined {
  if (node.alias) define(draft, node.alias)
  for (const expression of node.period?.expressions ?? []) walk(draft, expression, place)
  if (role === 'read' && node.schema === undefined && isCommonTable(draft, place.scope, node.name))
    return undefined
  const { index, state } = draft.options
  const target = resolveTable(index, state, node.schema, node.name)
  if (role === 'target' && isSystemSchema(target.schema)) {
    throw unsafe(`Tables of the server's own catalog cannot be changed ("${target.name}").`, node.nameStart)
  }
  const reference = {
    target,
    node,
    at: node.nameStart,
    alias: foldColumn(node.alias?.text ?? node.name.text),
    aliasName: node.alias?.text ?? node.name.text,
    hasAlias: node.alias !== undefined,
    role,
    locked: place.locked,
  }
  draft.pending.push({ reference, inWrite: place.inWrite })
  return { ...reference, feedsWrite: place.inWrite }
}

/** @throws Refusal where it depends on the server whether letter case makes two names one */
function isCommonTable(draft: Draft, scope: Scope | undefined, name: Name): boolean {
  for (let one = scope; one; one = one.outer) {
    const defined = one.names.get(foldColumn(name.text))
    if (!defined) continue
    if (
      defined.text !== name.text &&
      (!draft.options.index.foldsNames || !sameAscii(defined.text, name.text))
    ) {
      throw unsafe(`Write the name "${defined.text}" the same way wherever you mean it.`, name.start)
    }
    return true
  }
  return false
}

function sameAscii(a: string, b: string): boolean {
  return /^[ -~]*$/.test(a + b) && a.toLowerCase() === b.toLowerCase()
}

export function columnNames(target: Resolved): readonly string[] {
  if (target.kind === 'session') return target.table.columns ?? []
  return target.relation?.columns.map(column => column.name) ?? []
}

function hasStray(draft: Draft): boolean {
  const known = new Set(draft.defined)
  for (const { target } of draft.references) {
    for (const name of columnNames(target)) known.add(foldColumn(name))
    // Of what only the session or the server knows, any name may be a column; nothing of it is hidden by name.
  }
  for (const name of draft.names) if (!known.has(name)) return true
  return draft.columns.some(
    ({ fields }) => fields.length === 1 && !known.has(fields[0] ?? '') && fields[0] !== star,
  )
}
