// Statements that define things (DDL) or keep them (VACUUM, GRANT …): which there are, and what they name.

import type { TableEffect, TargetEffect } from '../../core/action.ts'
import { type Rule, looseObjects, relationObjects, rules } from './definition-rules.ts'
import { creationSchema } from './names.ts'
import { unknown, unsafe } from './refusal.ts'
import type { StateChange } from './state.ts'
import type { ReadContext, Treatment } from './statement-reading.ts'
import { type FunctionMention, type Reference, type Survey } from './survey-facts.ts'
import { referTo } from './survey-clauses.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, numberOf, textOf, treeOf } from './tree.ts'

export interface Definition {
  readonly verb: string
  readonly treatment: Treatment
  readonly effects: readonly TargetEffect[]
  readonly definitions: readonly Reference[]
  readonly uses: readonly { schema: string; table: string; effect: TableEffect }[]
  readonly changes: readonly StateChange[]
  readonly changesSchema: boolean
  readonly survey: Survey | undefined
}

interface Draft {
  readonly context: ReadContext
  readonly references: Reference[]
  readonly functions: FunctionMention[]
  readonly operators: string[]
  readonly types: Set<string>
}

/** @throws Refusal */
export function describeDefinition(
  kind: string,
  body: Tree,
  context: ReadContext,
  columns: readonly string[] | undefined,
): Definition {
  const rule = rules[kind]
  if (!rule) throw unsafe('This kind of statement is not let through.')
  const draft: Draft = { context, references: [], functions: [], operators: [], types: new Set() }
  const created = rule.creates === undefined ? undefined : treeOf(body, rule.creates)
  const lenient =
    body['missing_ok'] === true ||
    kind === 'CommentStmt' ||
    kind === 'ReindexStmt' ||
    body['renameType'] === 'OBJECT_INDEX' ||
    body['objtype'] === 'OBJECT_INDEX'
  for (const key in body) if (key !== rule.creates) gather(draft, body[key], lenient)
  const dropped = kind === 'DropStmt' ? droppedRelations(body, context) : []
  const uses: { schema: string; table: string; effect: TableEffect }[] = []
  const changes: StateChange[] = []
  const effects: TargetEffect[] = []
  if (created) {
    const untilCommit = body['oncommit'] === 'ONCOMMIT_DROP'
    changes.push(...creation(created, columns ?? columnsIn(body), context, uses, untilCommit))
  }
  const tableEffect = rule.effect === 'administer' ? undefined : rule.effect
  if (tableEffect) {
    for (const { target } of [...draft.references, ...dropped]) {
      uses.push({ schema: target.schema, table: target.name, effect: tableEffect })
    }
    if (uses.length === 0) effects.push('define')
  } else effects.push('administer')
  if (kind === 'DropStmt') {
    for (const { target } of dropped) {
      if (target.kind === 'session') changes.push({ kind: 'drop', schema: target.schema, name: target.name })
    }
  }
  if (kind === 'RenameStmt') changes.push(...renaming(body, draft.references))
  return {
    verb: verbOf(kind, rule, body),
    treatment: treatmentOf(kind, rule, body),
    effects,
    definitions: [...draft.references, ...dropped],
    uses,
    changes,
    changesSchema: rule.effect === 'define' || rule.effect === 'administer',
    survey: callsOnly(draft),
  }
}

function treatmentOf(kind: string, rule: Rule, body: Tree): Treatment {
  const object = textOf(body, 'renameType') ?? textOf(body, 'removeType') ?? textOf(body, 'objectType')
  if (kind === 'RenameStmt' || kind === 'DropStmt' || kind === 'AlterObjectSchemaStmt') {
    return object !== undefined && looseObjects.has(object) ? 'define' : 'refuse'
  }
  if (kind === 'CreateSchemaStmt' && listOf(body, 'schemaElts').length > 0) return 'refuse'
  if (kind === 'CreateStatsStmt') return 'define'
  return rule.treatment
}

function verbOf(kind: string, rule: Rule, body: Tree): string {
  const object = textOf(body, 'renameType') ?? textOf(body, 'removeType')
  if (kind === 'DropStmt' && object) return `DROP ${object.replace('OBJECT_', '').replaceAll('_', ' ')}`
  if (kind === 'GrantStmt' && body['is_grant'] !== true) return 'REVOKE'
  if (kind === 'VacuumStmt' && body['is_vacuumcmd'] !== true) return 'ANALYZE'
  return rule.verb
}

/** Every relation and function that the tree names, wherever. */
function gather(draft: Draft, value: unknown, lenient: boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) gather(draft, item, lenient)
    return
  }
  if (!isTree(value)) return
  if (typeof value['relname'] === 'string') {
    const reference = tryRefer(draft.context, value, lenient)
    if (reference) draft.references.push(reference)
    return
  }
  const call = treeOf(value, 'FuncCall')
  if (call) {
    const names = namesOf(call, 'funcname')
    draft.functions.push({
      schema: names.length > 1 ? names.at(-2) : undefined,
      name: names.at(-1) ?? '',
      at: numberOf(call, 'location'),
      arguments: listOf(call, 'args'),
    })
  }
  const expression = treeOf(value, 'A_Expr')
  if (expression) draft.operators.push(...namesOf(expression, 'name'))
  const type = treeOf(treeOf(value, 'TypeCast') ?? {}, 'typeName')
  for (const name of type ? namesOf(type, 'names') : []) draft.types.add(name)
  for (const key in value) gather(draft, value[key], lenient)
}

/** `IF EXISTS` may name what is not there; so may an index, which is no relation of the picture. */
function tryRefer(context: ReadContext, range: Tree, lenient: boolean): Reference | undefined {
  try {
    return referTo(range, context)
  } catch (error) {
    if (lenient) return undefined
    throw error
  }
}

function droppedRelations(body: Tree, context: ReadContext): Reference[] {
  if (!relationObjects.has(textOf(body, 'removeType') ?? '')) return []
  const references: Reference[] = []
  for (const item of listOf(body, 'objects')) {
    const list = bodyOf(item, 'List')
    if (!list) continue
    const names = namesOf(list, 'items')
    const range = {
      relname: names.at(-1) ?? '',
      ...(names.length > 1 ? { schemaname: names.at(-2) } : {}),
      ...(names.length > 2 ? { catalogname: names.at(-3) } : {}),
      inh: true,
      location: -1,
    }
    const reference = tryRefer(context, range, body['missing_ok'] === true)
    if (!reference) continue
    // There is no place in the tree at which the decision could be written.
    if (reference.pin !== undefined && reference.target.schema !== 'pg_temp') {
      throw unsafe(`More than one schema has a "${names.at(-1)}". Write DROP … schema.${names.at(-1)}.`)
    }
    references.push(reference)
  }
  return references
}

function creation(
  range: Tree,
  columns: readonly string[] | undefined,
  context: ReadContext,
  uses: { schema: string; table: string; effect: TableEffect }[],
  untilCommit: boolean,
): StateChange[] {
  const name = textOf(range, 'relname') ?? ''
  const temporary = textOf(range, 'relpersistence') === 't' || range['schemaname'] === 'pg_temp'
  const schema = temporary
    ? 'pg_temp'
    : (textOf(range, 'schemaname') ?? creationSchema(context.index, context.state))
  if (schema === undefined) throw unknown('There is no schema in search_path to create this in.')
  uses.push({ schema, table: name, effect: 'define' })
  return [{ kind: 'create', table: { schema, name, columns, ...(untilCommit ? { untilCommit } : {}) } }]
}

function columnsIn(body: Tree): readonly string[] | undefined {
  const names: string[] = []
  for (const element of listOf(body, 'tableElts')) {
    const column = bodyOf(element, 'ColumnDef')
    if (column) names.push(textOf(column, 'colname') ?? '')
    if (bodyOf(element, 'TableLikeClause')) return undefined
  }
  return names.length > 0 ? names : undefined
}

function renaming(body: Tree, references: readonly Reference[]): StateChange[] {
  const target = references[0]?.target
  const newName = textOf(body, 'newname')
  if (target?.kind !== 'session' || newName === undefined) return []
  const drop: StateChange = { kind: 'drop', schema: target.schema, name: target.name }
  if (textOf(body, 'renameType') !== 'OBJECT_TABLE') {
    return [{ kind: 'create', table: { schema: target.schema, name: target.name, columns: undefined } }]
  }
  return [drop, { kind: 'create', table: { ...target.table, name: newName } }]
}

function callsOnly({ functions, operators, types }: Draft): Survey | undefined {
  if (functions.length + operators.length + types.size === 0) return undefined
  return {
    references: [],
    groupings: [],
    columns: [],
    names: new Set(),
    functions,
    operators,
    types,
    writes: [],
    everything: false,
    currentOf: false,
    stray: false,
    hasInto: undefined,
  }
}
