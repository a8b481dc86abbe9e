// One walk over a statement that finds everything it mentions: relations, columns, functions, operators, types, writes.

import { limits } from '../../core/limits.ts'
import { expressionKinds } from './node-kinds.ts'
import { unreadable, unsafe } from './refusal.ts'
import { defineAlias, refer, visitJoin, visitSample, visitSelect, visitWrite } from './survey-clauses.ts'
import {
  type ColumnMention,
  type Draft,
  type Place,
  type Survey,
  type SurveyOptions,
  star,
} from './survey-facts.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, numberOf, textOf } from './tree.ts'

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

export function walk(draft: Draft, value: unknown, place: Place): void {
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

function visitColumn(draft: Draft, body: Tree): void {
  const mention = mentionOf(body)
  if (mention.fields.length === 1 && mention.fields[0] === star) draft.everything = true
  draft.columns.push(mention)
}

export function mentionOf(body: Tree): ColumnMention {
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
