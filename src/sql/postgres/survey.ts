// One walk over a statement that finds everything it mentions: relations, columns, functions, operators, types, writes.

import { type Resolution, type Resolved, isSystemSchema, resolveRelation } from './names.ts'
import { unreadable, unsafe } from './refusal.ts'
import type { PgIndex } from './schema-index.ts'
import type { PgState } from './state.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, numberOf, textOf, treeOf } from './tree.ts'
import { limits } from '../../core/limits.ts'
import { expressionKinds } from './node-kinds.ts'

/** Last field of a column mention that is a star. No column can be called so: names have no control characters. */
export const star = '\u0001*'

/** A place in the text that names a relation. */
export interface Reference {
  readonly target: Resolved
  readonly pin: string | undefined
  /** Byte of the name. */
  readonly at: number
  /** By which columns of it are qualified. */
  readonly alias: string
  readonly hasAlias: boolean
  /** The alias renames columns by position. */
  readonly renames: boolean
  readonly only: boolean
  readonly sample: Tree | undefined
  readonly role: 'read' | 'target' | 'definition'
  /** Whether what is read here decides what is written. */
  readonly feedsWrite: boolean
  readonly locked: boolean
}

export interface ColumnMention {
  /** `[schema, table, column]`, as long as written; the last may be `star`. */
  readonly fields: readonly string[]
  readonly at: number
}

export interface FunctionMention {
  readonly schema: string | undefined
  readonly name: string
  readonly at: number
  readonly arguments: readonly unknown[]
}

/** An INSERT, UPDATE, DELETE or MERGE, wherever it is. */
export interface Write {
  readonly kind: 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt'
  readonly body: Tree
  readonly target: Reference
  /** Within a WITH: what it returns may be used by the rest of the statement. */
  readonly inCte: boolean
}

/** A GROUP BY of plain columns. */
export interface Grouping {
  readonly columns: readonly ColumnMention[]
  /** Bytes of the relations that are grouped. */
  readonly from: readonly number[]
}

export interface Survey {
  readonly references: Reference[]
  readonly groupings: Grouping[]
  readonly columns: ColumnMention[]
  /** Names that could reach a column without being a column mention: USING, field selections, functions. */
  readonly names: Set<string>
  readonly functions: FunctionMention[]
  readonly operators: string[]
  readonly types: Set<string>
  readonly writes: Write[]
  /** A star or something like it that may expand to the columns of every relation. */
  everything: boolean
  currentOf: boolean
  /**
   * Whether a name without qualifier is neither a column of any relation here nor defined by the statement. The picture may
   * be older than a renamed column: it could be any of them.
   */
  stray: boolean
  /** Cursors and prepared statements named by the statement are not in here. */
  hasInto: Tree | undefined
}

interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

interface Place {
  readonly scope: Scope | undefined
  readonly inCte: boolean
  readonly inWrite: boolean
  readonly depth: number
}

export interface SurveyOptions {
  readonly index: PgIndex
  readonly state: PgState
  /** Whether all that is read is stored (CREATE TABLE AS, CREATE VIEW …). */
  readonly stores?: boolean
  /** Parameters of a routine are names, too, that are not known here. */
  readonly hasParameters?: boolean
}

interface Draft extends Survey {
  readonly options: SurveyOptions
  readonly pending: {
    at: number
    reference: Omit<Reference, 'feedsWrite'>
    inCte: boolean
    inWrite: boolean
  }[]
  readonly seen: Set<number>
  /** Names that the statement itself defines: aliases, CTEs, columns of functions. */
  readonly defined: Set<string>
  readonly lockedAliases: Set<string>
  lockedAll: boolean
}

/** @throws Refusal */
export function surveyTree(tree: unknown, options: SurveyOptions): Survey {
  const draft: Draft = {
    references: [],
    groupings: [],
    columns: [],
    names: new Set(),
    functions: [],
    operators: [],
    types: new Set(),
    writes: [],
    everything: false,
    currentOf: false,
    stray: false,
    hasInto: undefined,
    options,
    pending: [],
    seen: new Set(),
    defined: new Set(),
    lockedAliases: new Set(),
    lockedAll: false,
  }
  walk(draft, tree, { scope: undefined, inCte: false, inWrite: false, depth: 0 })
  const anyWrite = draft.writes.length > 0
  const stores = options.stores === true || draft.hasInto !== undefined
  for (const { reference, inCte, inWrite } of draft.pending) {
    draft.references.push({
      ...reference,
      locked: reference.locked || draft.lockedAll || draft.lockedAliases.has(reference.alias),
      feedsWrite: stores || inWrite || (anyWrite && inCte),
    })
  }
  draft.stray = options.hasParameters !== true && hasStray(draft)
  return draft
}

/** Names that the server gives to columns of expressions. */
const impliedNames = new Set(
  `array case coalesce column1 column2 column3 column4 column5 column6 column7 column8 column9 current_catalog current_date
  current_role current_schema current_time current_timestamp current_user exists greatest grouping least localtime
  localtimestamp merge_action nullif ordinality row session_user system_user user xmlconcat xmlelement xmlforest xmlparse
  xmlpi xmlroot xmlserialize ctid xmin xmax cmin cmax tableoid`.split(/\s+/),
)

function hasStray(draft: Draft): boolean {
  const unknown = draft.columns.filter(
    ({ fields }) =>
      fields.length === 1 &&
      fields[0] !== star &&
      !draft.defined.has(fields[0] ?? '') &&
      !impliedNames.has(fields[0] ?? ''),
  )
  if (unknown.length === 0) return false
  const names = new Set<string>()
  for (const { reference } of draft.pending) {
    names.add(reference.alias)
    const { target } = reference
    if (target.kind === 'session') for (const name of target.table.columns ?? []) names.add(name)
    else for (const column of target.relation.columns) names.add(column.name)
  }
  return unknown.some(({ fields }) => !names.has(fields[0] ?? ''))
}

function walk(draft: Draft, value: unknown, place: Place): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(draft, item, place)
    return
  }
  if (!isTree(value)) return
  if (place.depth > limits.statementDepthMax) throw unreadable('The statement is nested too deeply.')
  const inner = { ...place, depth: place.depth + 1 }
  // A relation where the grammar leaves the wrapping out.
  if (typeof value['relname'] === 'string') {
    refer(draft, value, inner, 'read', undefined)
    return
  }
  if (typeof value['aliasname'] === 'string') defineAlias(draft, value)
  for (const key in value) {
    const child = value[key]
    if (typeof child !== 'object' || child === null) continue
    const first = key.charCodeAt(0)
    if (first >= 65 && first <= 90 && isTree(child)) visit(draft, key, child, inner)
    else if (key === 'typeName') visitType(draft, child, inner)
    else walk(draft, child, inner)
  }
}

function visit(draft: Draft, kind: string, body: Tree, place: Place): void {
  switch (kind) {
    case 'SelectStmt':
      return visitSelect(draft, body, place)
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return visitWrite(draft, kind, body, place)
    case 'RangeVar':
      return refer(draft, body, place, 'read', undefined)
    case 'RangeTableSample':
      return visitSample(draft, body, place)
    case 'ColumnRef':
      return visitColumn(draft, body)
    case 'FuncCall':
      return visitFunction(draft, body, place)
    case 'JoinExpr':
      return visitJoin(draft, body, place)
    case 'A_Indirection':
      for (const name of namesOf(body, 'indirection')) draft.names.add(name)
      return walk(draft, body, place)
    case 'A_Expr':
      noteOperator(draft, body, 'name')
      walk(draft, body['lexpr'], place)
      return walk(draft, body['rexpr'], place)
    case 'SubLink':
      noteOperator(draft, body, 'operName')
      walk(draft, body['testexpr'], place)
      return walk(draft, body['subselect'], place)
    case 'SortBy':
      noteOperator(draft, body, 'useOp')
      return walk(draft, body['node'], place)
    case 'CurrentOfExpr':
      draft.currentOf = true
      return
    case 'MultiAssignRef':
      // The source is repeated for every column it is assigned to.
      if (numberOf(body, 'colno') <= 1) walk(draft, body['source'], place)
      return
    case 'IndexElem':
      draft.names.add(textOf(body, 'name') ?? '')
      return walk(draft, body, place)
    case 'A_Const':
    case 'String':
    case 'ParamRef':
    case 'LockingClause':
      return
    case 'ResTarget':
    case 'ColumnDef':
    case 'RangeTableFuncCol':
    case 'JsonTableColumn':
      draft.defined.add(
        textOf(body, kind === 'ResTarget' || kind === 'JsonTableColumn' ? 'name' : 'colname') ?? '',
      )
      return walk(draft, body, place)
    default:
      noteOlderCall(draft, kind, body)
      if (!expressionKinds.has(kind)) throw unsafe(`Sekisho does not let "${kind}" through here.`)
      return walk(draft, body, place)
  }
}

/** What is grammar in PostgreSQL 18 may be a call of a routine of that name in an older server. */
function noteOlderCall(draft: Draft, kind: string, body: Tree): void {
  for (const name of newerCalls[kind] ?? []) {
    if (draft.options.index.routinesNamed(name).length === 0) continue
    draft.functions.push({ schema: undefined, name, at: numberOf(body, 'location'), arguments: [] })
  }
}

const newerCalls: Readonly<Record<string, readonly string[]>> = {
  JsonFuncExpr: ['json_exists', 'json_query', 'json_value'],
  JsonScalarExpr: ['json_scalar'],
  JsonSerializeExpr: ['json_serialize'],
  JsonParseExpr: ['json'],
  JsonObjectConstructor: ['json_object'],
  JsonArrayConstructor: ['json_array'],
  JsonArrayQueryConstructor: ['json_array'],
  JsonObjectAgg: ['json_objectagg'],
  JsonArrayAgg: ['json_arrayagg'],
  JsonTable: ['json_table'],
  MergeSupportFunc: ['merge_action'],
}

function defineAlias(draft: Draft, alias: Tree): void {
  draft.defined.add(textOf(alias, 'aliasname') ?? '')
  for (const name of namesOf(alias, 'colnames')) draft.defined.add(name)
}

function visitSelect(draft: Draft, body: Tree, place: Place): void {
  const inner = withClause(draft, body, place)
  const into = treeOf(body, 'intoClause')
  if (into) draft.hasInto = treeOf(into, 'rel') ?? into
  for (const clause of listOf(body, 'lockingClause')) {
    const lock = bodyOf(clause, 'LockingClause')
    const locked = lock ? listOf(lock, 'lockedRels') : []
    if (locked.length === 0) draft.lockedAll = true
    for (const range of locked)
      draft.lockedAliases.add(textOf(bodyOf(range, 'RangeVar') ?? {}, 'relname') ?? '')
  }
  noteGrouping(draft, body)
  for (const key in body) {
    if (key === 'withClause' || key === 'intoClause' || key === 'lockingClause') continue
    const child = body[key]
    if ((key === 'larg' || key === 'rarg') && isTree(child)) visitSelect(draft, child, deeper(inner))
    else walk(draft, child, inner)
  }
}

function noteGrouping(draft: Draft, body: Tree): void {
  const items = listOf(body, 'groupClause')
  if (items.length === 0) return
  const columns: ColumnMention[] = []
  for (const item of items) {
    if (bodyOf(item, 'GroupingSet')) return
    const column = bodyOf(item, 'ColumnRef')
    if (column) columns.push(mentionOf(column))
  }
  const from: number[] = []
  const visit = (value: unknown): void => {
    const range = bodyOf(value, 'RangeVar')
    const join = bodyOf(value, 'JoinExpr')
    if (range) from.push(numberOf(range, 'location'))
    if (join) {
      visit(join['larg'])
      visit(join['rarg'])
    }
  }
  for (const item of listOf(body, 'fromClause')) visit(item)
  draft.groupings.push({ columns, from })
}

function deeper(place: Place): Place {
  if (place.depth > limits.statementDepthMax) throw unreadable('The statement is nested too deeply.')
  return { ...place, depth: place.depth + 1 }
}

/** Walks the CTEs, and gives the place for the rest of the statement. */
function withClause(draft: Draft, body: Tree, place: Place): Place {
  const clause = treeOf(body, 'withClause')
  if (!clause) return place
  const expressions = listOf(clause, 'ctes')
    .map(item => bodyOf(item, 'CommonTableExpr'))
    .filter(cte => cte !== undefined)
  const all = new Set(expressions.map(cte => textOf(cte, 'ctename') ?? ''))
  let scope = place.scope
  for (const cte of expressions) {
    // RECURSIVE: every name of this WITH is visible in every query of it; else only those before.
    const visible = clause['recursive'] === true ? { names: all, outer: place.scope } : scope
    draft.defined.add(textOf(cte, 'ctename') ?? '')
    for (const name of namesOf(cte, 'aliascolnames')) draft.defined.add(name)
    walk(draft, cte['ctequery'], { ...deeper(place), scope: visible, inCte: true })
    walk(draft, cte['cycle_clause'], place)
    scope = { names: new Set([textOf(cte, 'ctename') ?? '']), outer: scope }
  }
  return { ...place, scope: { names: all, outer: place.scope } }
}

function visitWrite(draft: Draft, kind: Write['kind'], body: Tree, place: Place): void {
  const inner: Place = { ...withClause(draft, body, place), inWrite: true }
  const range = treeOf(body, 'relation')
  if (!range) throw unreadable('The statement could not be read.')
  // The target never is a CTE.
  const reference = makeReference(draft, range, 'target', undefined)
  if (isSystemSchema(reference.target.schema)) {
    // `UPDATE pg_settings` is SET by another name; the rest is the server's own book-keeping.
    throw unsafe(
      `Tables of the server's own catalog cannot be changed ("${reference.target.name}").`,
      reference.at,
    )
  }
  draft.pending.push({ at: reference.at, reference, inCte: place.inCte, inWrite: true })
  draft.writes.push({ kind, body, target: { ...reference, feedsWrite: true }, inCte: place.inCte })
  for (const key in body) {
    if (key === 'withClause' || key === 'relation') continue
    walk(draft, body[key], inner)
  }
}

function visitSample(draft: Draft, body: Tree, place: Place): void {
  const range = bodyOf(body['relation'], 'RangeVar')
  if (!range) throw unreadable('The statement could not be read.')
  const method = namesOf(body, 'method')
  const name = method.at(-1) ?? ''
  if (method.length > 1 || (name !== 'bernoulli' && name !== 'system')) {
    throw unsafe(
      `The sampling method "${name}" is not let through; use BERNOULLI or SYSTEM.`,
      numberOf(body, 'location'),
    )
  }
  refer(draft, range, place, 'read', body)
  walk(draft, body['args'], place)
  walk(draft, body['repeatable'], place)
}

function visitColumn(draft: Draft, body: Tree): void {
  const mention = mentionOf(body)
  if (mention.fields.length === 1 && mention.fields[0] === star) draft.everything = true
  draft.columns.push(mention)
}

function mentionOf(body: Tree): ColumnMention {
  const fields: string[] = []
  for (const field of listOf(body, 'fields')) {
    const name = bodyOf(field, 'String')
    fields.push(name ? (textOf(name, 'sval') ?? '') : star)
  }
  return { fields, at: numberOf(body, 'location') }
}

function visitFunction(draft: Draft, body: Tree, place: Place): void {
  const names = namesOf(body, 'funcname')
  const name = names.at(-1) ?? ''
  draft.functions.push({
    schema: names.length > 1 ? names.at(-2) : undefined,
    name,
    at: numberOf(body, 'location'),
    arguments: listOf(body, 'args'),
  })
  // `email(c)` is `c.email`.
  draft.names.add(name)
  draft.defined.add(name)
  for (const key in body) if (key !== 'funcname') walk(draft, body[key], place)
}

function visitJoin(draft: Draft, body: Tree, place: Place): void {
  if (body['isNatural'] === true) draft.everything = true
  for (const name of namesOf(body, 'usingClause')) draft.columns.push({ fields: [name], at: -1 })
  const using = treeOf(body, 'join_using_alias')
  if (using) defineAlias(draft, using)
  // `(a JOIN b ON …) AS j`: `j.*`, `j` and renamed columns reach every column of both.
  const alias = treeOf(body, 'alias')
  if (alias) {
    draft.everything = true
    defineAlias(draft, alias)
  }
  walk(draft, body['larg'], place)
  walk(draft, body['rarg'], place)
  walk(draft, body['quals'], place)
}

function visitType(draft: Draft, value: unknown, place: Place): void {
  if (!isTree(value)) return
  const name = namesOf(value, 'names').at(-1)
  if (name !== undefined) {
    draft.types.add(name)
    draft.defined.add(name)
  }
  walk(draft, value['typmods'], place)
}

function noteOperator(draft: Draft, body: Tree, field: string): void {
  const symbol = namesOf(body, field).at(-1)
  if (symbol === undefined) return
  if (symbol.includes('BETWEEN')) draft.operators.push('>=', '<=', '<', '>')
  else draft.operators.push(symbol)
}

function refer(draft: Draft, range: Tree, place: Place, role: 'read', sample: Tree | undefined): void {
  if (range['schemaname'] === undefined && isCte(place.scope, textOf(range, 'relname') ?? '')) {
    const alias = treeOf(range, 'alias')
    if (alias) defineAlias(draft, alias)
    return
  }
  const at = numberOf(range, 'location')
  if (draft.seen.has(at)) return
  draft.seen.add(at)
  const reference = makeReference(draft, range, role, sample)
  draft.pending.push({ at, reference, inCte: place.inCte, inWrite: place.inWrite })
}

function makeReference(
  draft: Draft,
  range: Tree,
  role: Reference['role'],
  sample: Tree | undefined,
): Omit<Reference, 'feedsWrite'> {
  const at = numberOf(range, 'location')
  const { target, pin }: Resolution = resolveRelation(draft.options.index, draft.options.state, range, at)
  const alias = treeOf(range, 'alias')
  if (alias) defineAlias(draft, alias)
  return {
    target,
    pin,
    at,
    alias: alias ? (textOf(alias, 'aliasname') ?? '') : target.name,
    hasAlias: alias !== undefined,
    renames: alias !== undefined && listOf(alias, 'colnames').length > 0,
    only: range['inh'] !== true,
    sample,
    role,
    locked: false,
  }
}

function isCte(scope: Scope | undefined, name: string): boolean {
  for (let s = scope; s; s = s.outer) if (s.names.has(name)) return true
  return false
}

/** A relation that a definition (DDL, COPY, LOCK …) names. @throws Refusal */
export function referTo(range: Tree, options: SurveyOptions): Reference {
  const at = numberOf(range, 'location')
  const { target, pin } = resolveRelation(options.index, options.state, range, at)
  return {
    target,
    pin,
    at,
    alias: target.name,
    hasAlias: false,
    renames: false,
    only: range['inh'] !== true,
    sample: undefined,
    role: 'definition',
    feedsWrite: false,
    locked: false,
  }
}
