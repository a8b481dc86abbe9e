// The positive list of statement kinds: what each does to tables and to the target, and how it is rewritten.

import type { SqlStatement, TableEffect, TableUse, TargetEffect } from '../../core/action.ts'
import type { Routine } from '../schema.ts'
import type { RoutineFacts } from './routines.ts'
import { describeDefinition } from './definitions.ts'
import { isDefinition } from './definition-rules.ts'
import { describeFunctions, functionName } from './functions.ts'
import { isSystemSchema } from './names.ts'
import { type Parsed, parseText, toBytes } from './parse.ts'
import { unreadable, unsafe } from './refusal.ts'
import type { PgIndex } from './schema-index.ts'
import { describeSet } from './settings.ts'
import type { PgState, StateChange } from './state.ts'
import { type Reference, type Survey, referTo, star, surveyTree } from './survey.ts'
import { type Tree, bodyOf, listOf, namesOf, nodeOf, textOf, treeOf } from './tree.ts'

export interface ReadContext {
  readonly index: PgIndex
  readonly state: PgState
  /** What a routine of the target does; may read its body. */
  readonly routineFacts: (routine: Routine) => RoutineFacts
  /** For the body of a routine. */
  readonly hasParameters?: boolean
}

/** How a statement is treated where something is hidden. */
export type Treatment =
  /** Queries and data changes: rewritten. */
  | 'query'
  /** The plan of one: refused if the statement would have to be rewritten. */
  | 'explain'
  /** Result is stored: refused if it would have to be rewritten. */
  | 'store'
  | 'copy'
  | 'execute'
  /** Definitions of the list that may pass if nothing hidden is named. */
  | 'define'
  /** Names no data: sent as it is. */
  | 'plain'
  /** Refused as soon as anything is hidden. */
  | 'refuse'

export interface StatementReading {
  readonly kind: string
  readonly body: Tree
  readonly start: number
  readonly end: number
  readonly facts: SqlStatement
  readonly survey: Survey | undefined
  /** Relations that are named without being read or written as rows. */
  readonly definitions: readonly Reference[]
  readonly treatment: Treatment
  /** Returns the rows of a query of the user's: a row limit applies. */
  readonly query: Tree | undefined
  readonly changes: readonly StateChange[]
  readonly changesSchema: boolean
  /** Prepared statement or cursor of the session's own that it names. */
  readonly handle: { readonly name: string } | undefined
  /** For EXECUTE: what runs. */
  readonly inner: readonly StatementReading[]
}

interface Draft {
  verb: string
  effects: Set<TargetEffect>
  survey?: Survey | undefined
  definitions: Reference[]
  /** Effects on tables beside those of the survey. */
  uses: { schema: string; table: string; effect: TableEffect }[]
  treatment: Treatment
  query?: Tree | undefined
  changes: StateChange[]
  changesSchema: boolean
  handle?: { name: string } | undefined
  inner?: readonly StatementReading[]
}

const verbs: Readonly<Record<string, string>> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
}

/** @throws Refusal */
export function readStatement(parsed: Parsed, context: ReadContext, text: string): StatementReading {
  const draft = describe(parsed, context, text)
  const functions = draft.survey?.functions ?? []
  const facts = describeFunctions(functions, context.index, context.routineFacts, parsed.body)
  for (const effect of facts.effects) draft.effects.add(effect)
  if (facts.tells && draft.treatment === 'query') draft.treatment = 'refuse'
  draft.changes.push(...facts.changes)
  const inner = draft.inner ?? []
  return {
    kind: parsed.kind,
    body: parsed.body,
    start: parsed.start,
    end: parsed.end,
    facts: {
      verb: draft.verb,
      tables: tableUses(draft, [...inner.flatMap(one => one.facts.tables), ...facts.tables]),
      effects: [...new Set([...draft.effects, ...inner.flatMap(one => one.facts.effects)])],
      functions: [...new Set([...functions.map(functionName), ...inner.flatMap(one => one.facts.functions)])],
    },
    survey: draft.survey,
    definitions: draft.definitions,
    treatment: draft.treatment,
    query: draft.query,
    changes: draft.changes,
    changesSchema: draft.changesSchema,
    handle: draft.handle,
    inner,
  }
}

function newDraft(verb: string, treatment: Treatment, effects: readonly TargetEffect[] = []): Draft {
  return {
    verb,
    effects: new Set(effects),
    definitions: [],
    uses: [],
    treatment,
    changes: [],
    changesSchema: false,
  }
}

function describe(parsed: Parsed, context: ReadContext, text: string): Draft {
  const { kind, body } = parsed
  switch (kind) {
    case 'SelectStmt':
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return describeQuery(parsed, context)
    case 'ExplainStmt':
      return describeExplain(body, context, parsed, text)
    case 'PrepareStmt':
      return describePrepare(body, context, parsed, text)
    case 'ExecuteStmt':
      return describeExecute(body, context)
    case 'DeclareCursorStmt':
      return describeDeclare(body, context, parsed)
    case 'CopyStmt':
      return describeCopy(body, context)
    case 'CreateTableAsStmt':
    case 'ViewStmt':
      return describeStored(kind, body, context)
    case 'CallStmt':
      return describeCall(body, context)
    default:
      return isDefinition(kind)
        ? describeDefined(kind, body, context)
        : describeSession(kind, body, parsed, context.state)
  }
}

function describeQuery(parsed: Parsed, context: ReadContext): Draft {
  const survey = surveyTree({ [parsed.kind]: parsed.body }, context)
  const draft = newDraft(verbs[parsed.kind] ?? 'SELECT', 'query')
  draft.survey = survey
  if (survey.hasInto) {
    draft.verb = 'SELECT INTO'
    draft.treatment = 'store'
    createTable(draft, survey.hasInto, targetNames(parsed.body), context, undefined)
    draft.changesSchema = true
  } else if (parsed.kind === 'SelectStmt') draft.query = parsed.body
  return draft
}

function describeExplain(body: Tree, context: ReadContext, parsed: Parsed, text: string): Draft {
  const query = nodeOf(body['query'])
  if (!query) throw unreadable('EXPLAIN of this statement could not be read.')
  const inner = describe({ ...query, start: parsed.start, end: parsed.end }, context, text)
  const analyze = listOf(body, 'options').some(option => {
    const element = bodyOf(option, 'DefElem')
    return element !== undefined && textOf(element, 'defname')?.toLowerCase() === 'analyze'
  })
  return {
    ...inner,
    verb: 'EXPLAIN',
    treatment: inner.treatment === 'execute' ? 'refuse' : 'explain',
    query: undefined,
    // Nothing is executed without ANALYZE, and EXPLAIN keeps nothing either way that a state would know of.
    effects: inner.effects,
    changes: [],
    changesSchema: analyze && inner.changesSchema,
    handle: inner.handle,
  }
}

function describePrepare(body: Tree, context: ReadContext, parsed: Parsed, text: string): Draft {
  const query = nodeOf(body['query'])
  const name = textOf(body, 'name') ?? ''
  if (!query || !(query.kind in verbs)) throw unsafe('Only queries and data changes can be prepared.')
  const inner = describeQuery({ ...query, start: parsed.start, end: parsed.end }, context)
  if (inner.treatment !== 'query') throw unsafe('Only queries and data changes can be prepared.')
  const bytes = toBytes(text)
  const whole = bytes.slice(parsed.start, Math.min(parsed.end, bytes.length))
  return {
    ...inner,
    verb: 'PREPARE',
    changes: [{ kind: 'prepare', name, text: Buffer.from(whole, 'latin1').toString('utf8') }],
    handle: { name },
  }
}

function describeExecute(body: Tree, context: ReadContext): Draft {
  const name = textOf(body, 'name') ?? ''
  const prepared = context.state.prepared.get(name)
  if (prepared === undefined) {
    throw unsafe(`The prepared statement "${name}" is not known. Prepare it again in this session.`)
  }
  const inner = parseText(prepared).map(parsed => {
    const query = nodeOf(parsed.body['query'])
    if (!query) throw unreadable('The prepared statement could not be read.')
    return readStatement({ ...query, start: 0, end: parsed.end }, context, prepared)
  })
  const draft = newDraft('EXECUTE', 'execute')
  draft.survey = surveyTree(listOf(body, 'params'), context)
  draft.handle = { name }
  draft.inner = inner
  return draft
}

function describeDeclare(body: Tree, context: ReadContext, parsed: Parsed): Draft {
  const query = nodeOf(body['query'])
  const name = textOf(body, 'portalname') ?? ''
  if (!query) throw unreadable('The cursor could not be read.')
  const inner = describeQuery({ ...query, start: parsed.start, end: parsed.end }, context)
  if (inner.treatment !== 'query') throw unsafe('A cursor cannot store what it reads.')
  return {
    ...inner,
    verb: 'DECLARE CURSOR',
    changes: [{ kind: 'declare', name }],
    handle: { name },
  }
}

/** A procedure is judged as a function is: by its body. */
function describeCall(body: Tree, context: ReadContext): Draft {
  const call = treeOf(body, 'funccall')
  if (!call) throw unreadable('CALL could not be read.')
  const draft = newDraft('CALL', 'query')
  draft.survey = surveyTree({ FuncCall: call }, context)
  return draft
}

function describeCopy(body: Tree, context: ReadContext): Draft {
  const from = body['is_from'] === true
  if (body['is_program'] === true || body['filename'] !== undefined) {
    throw unsafe(
      'COPY with files or programs of the server is not let through. Use STDIN or STDOUT (\\copy in psql).',
    )
  }
  const draft = newDraft('COPY', 'copy')
  const query = nodeOf(body['query'])
  if (query) {
    const inner = describeQuery({ ...query, start: 0, end: 0 }, context)
    if (inner.treatment !== 'query') throw unsafe('COPY cannot store what it reads.')
    draft.survey = inner.survey
    draft.treatment = 'query'
    draft.query = inner.query
    return draft
  }
  const range = treeOf(body, 'relation')
  if (!range) throw unreadable('COPY could not be read.')
  const reference = referTo(range, context)
  draft.definitions.push(reference)
  draft.survey = surveyTree(body['whereClause'], context)
  use(draft, reference, from ? 'insert' : 'select')
  return draft
}

function describeStored(kind: string, body: Tree, context: ReadContext): Draft {
  const view = kind === 'ViewStmt'
  const into = view ? undefined : treeOf(body, 'into')
  const range = view ? treeOf(body, 'view') : into && treeOf(into, 'rel')
  const query = nodeOf(body['query'])
  if (!range || !query) throw unreadable('The statement could not be read.')
  if (query.kind !== 'SelectStmt') throw unsafe('Only the result of a query can be stored.')
  const draft = newDraft(view ? 'CREATE VIEW' : 'CREATE TABLE AS', 'store')
  draft.survey = surveyTree(body['query'], { ...context, stores: true })
  const names = view ? namesOf(body, 'aliases') : into ? namesOf(into, 'colNames') : []
  const onCommit = into && textOf(into, 'onCommit')
  createTable(draft, range, names.length > 0 ? names : targetNames(query.body), context, onCommit)
  draft.changesSchema = true
  return draft
}

/** Names of the columns of a query, if each says its own. */
function targetNames(select: Tree): string[] | undefined {
  const left = treeOf(select, 'larg')
  if (left) return targetNames(left)
  const names: string[] = []
  for (const item of listOf(select, 'targetList')) {
    const target = bodyOf(item, 'ResTarget')
    const column = target && bodyOf(target['val'], 'ColumnRef')
    const name = target && (textOf(target, 'name') ?? (column ? namesOf(column, 'fields').at(-1) : undefined))
    if (name === undefined) return undefined
    names.push(name)
  }
  return names.length > 0 ? names : undefined
}

function createTable(
  draft: Draft,
  range: Tree,
  columns: readonly string[] | undefined,
  context: ReadContext,
  oncommit: string | undefined,
): void {
  const made = describeDefinition('CreateStmt', { relation: range, oncommit }, context, columns)
  draft.changes.push(...made.changes)
  draft.uses.push(...made.uses)
}

function describeDefined(kind: string, body: Tree, context: ReadContext): Draft {
  const made = describeDefinition(kind, body, context, undefined)
  const draft = newDraft(made.verb, made.treatment, made.effects)
  draft.definitions.push(...made.definitions)
  draft.uses.push(...made.uses)
  draft.changes.push(...made.changes)
  draft.changesSchema = made.changesSchema
  draft.survey = made.survey
  return draft
}

const transactionChanges: Readonly<Record<string, StateChange['kind']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
}

function describeSession(kind: string, body: Tree, parsed: Parsed, state: PgState): Draft {
  switch (kind) {
    case 'TransactionStmt':
      return describeTransaction(body)
    case 'VariableSetStmt':
      return describeVariable(body)
    case 'VariableShowStmt':
      return newDraft('SHOW', 'plain')
    case 'ListenStmt':
      // What others (and triggers) notify of may hold whole rows.
      return newDraft('LISTEN', 'refuse')
    case 'UnlistenStmt':
      return newDraft('UNLISTEN', 'plain')
    case 'NotifyStmt':
      return newDraft('NOTIFY', 'plain')
    case 'ConstraintsSetStmt':
      return newDraft('SET CONSTRAINTS', 'plain')
    case 'DeallocateStmt': {
      const draft = newDraft('DEALLOCATE', 'plain')
      const name = textOf(body, 'name')
      draft.changes.push({ kind: 'deallocate', name })
      // Drivers take back by name what they prepared by message.
      if (name !== undefined && state.prepared.has(name)) draft.handle = { name }
      return draft
    }
    case 'ClosePortalStmt': {
      const draft = newDraft('CLOSE CURSOR', 'plain')
      const name = textOf(body, 'portalname')
      draft.changes.push({ kind: 'close', name })
      if (name !== undefined && state.cursors.has(name)) draft.handle = { name }
      return draft
    }
    case 'FetchStmt': {
      const name = textOf(body, 'portalname') ?? ''
      // What an unknown cursor reads, nobody looked at.
      const known = state.cursors.has(name)
      const draft = newDraft(body['ismove'] === true ? 'MOVE' : 'FETCH', known ? 'plain' : 'refuse')
      if (known) draft.handle = { name }
      return draft
    }
    case 'DiscardStmt': {
      const draft = newDraft('DISCARD', 'plain')
      if (body['target'] === 'DISCARD_ALL') draft.changes.push({ kind: 'discard' })
      if (body['target'] === 'DISCARD_TEMP') draft.changes.push({ kind: 'discard-temporary' })
      return draft
    }
    case 'DoStmt':
      throw unsafe(
        'DO blocks cannot be looked into, so they are not let through. Send the statements themselves.',
      )
    case 'LoadStmt':
      throw unsafe('LOAD brings programs into the server and is not let through.')
    default:
      throw unsafe(`This kind of statement is not let through (${spell(kind)}).`, parsed.start)
  }
}

function describeTransaction(body: Tree): Draft {
  const kind = textOf(body, 'kind') ?? ''
  const words = kind.replace('TRANS_STMT_', '').replaceAll('_', ' ')
  const draft = newDraft(words === 'START' ? 'START TRANSACTION' : words, 'plain')
  const change = transactionChanges[kind]
  if (change === 'begin' || change === 'commit' || change === 'rollback') draft.changes.push({ kind: change })
  const name = textOf(body, 'savepoint_name') ?? ''
  if (kind === 'TRANS_STMT_SAVEPOINT') draft.changes.push({ kind: 'savepoint', name })
  if (kind === 'TRANS_STMT_ROLLBACK_TO') draft.changes.push({ kind: 'rollback-to', name })
  return draft
}

function describeVariable(body: Tree): Draft {
  const change = describeSet(body)
  const reset = textOf(body, 'kind')?.startsWith('VAR_RESET') === true
  const draft = newDraft(reset ? 'RESET' : 'SET', change.tells ? 'refuse' : 'plain')
  if (change.effect) draft.effects.add(change.effect)
  draft.changes.push(...change.changes)
  return draft
}

function spell(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}

function use(draft: Draft, reference: Reference, effect: TableEffect): void {
  draft.uses.push({ schema: reference.target.schema, table: reference.target.name, effect })
}

const writeEffects = { InsertStmt: 'insert', UpdateStmt: 'update', DeleteStmt: 'delete' } as const

interface UseDraft {
  schema: string
  table: string
  effects: Set<TableEffect>
  reads: Set<string>
  writes: Set<string>
}

/** One entry for each table, without those of the server's own catalog. */
function tableUses(draft: Draft, behind: readonly TableUse[]): TableUse[] {
  const uses = new Map<string, UseDraft>()
  const entry = (schema: string, table: string): UseDraft => {
    const key = `${schema}.${table}`
    const existing = uses.get(key)
    if (existing) return existing
    const made = {
      schema,
      table,
      effects: new Set<TableEffect>(),
      reads: new Set<string>(),
      writes: new Set<string>(),
    }
    uses.set(key, made)
    return made
  }
  const survey = draft.survey
  if (survey) {
    const mentioned = mentionedNames(survey)
    for (const reference of survey.references) {
      const used = entry(reference.target.schema, reference.target.name)
      if (reference.role === 'read') used.effects.add('select')
      if (reference.locked) used.effects.add('update')
      if (!onlyInserted(reference, survey)) noteReads(used, reference, survey, mentioned)
    }
    for (const write of survey.writes)
      noteWrite(entry(write.target.target.schema, write.target.target.name), write)
  }
  for (const extra of draft.uses) {
    const used = entry(extra.schema, extra.table)
    used.effects.add(extra.effect)
    for (const reference of draft.definitions) {
      if (reference.target.schema !== extra.schema || reference.target.name !== extra.table) continue
      if (extra.effect === 'select') for (const column of columnsOf(reference)) used.reads.add(column)
      if (extra.effect === 'insert') for (const column of columnsOf(reference)) used.writes.add(column)
    }
  }
  for (const table of behind) {
    const used = entry(table.schema, table.table)
    for (const effect of table.effects) used.effects.add(effect)
    for (const column of table.reads) used.reads.add(column)
    for (const column of table.writes) used.writes.add(column)
  }
  return [...uses.values()]
    .filter(used => !isSystemSchema(used.schema))
    .map(used => ({
      schema: used.schema,
      table: used.table,
      effects: [...used.effects],
      reads: [...used.reads].sort(),
      writes: [...used.writes].sort(),
    }))
}

export function columnsOf(reference: Reference): readonly string[] {
  return reference.target.kind === 'relation'
    ? reference.target.relation.columns.map(column => column.name)
    : (reference.target.table.columns ?? [])
}

/** An INSERT reads its target only for RETURNING and ON CONFLICT. */
function onlyInserted(reference: Reference, survey: Survey): boolean {
  if (reference.role !== 'target') return false
  const write = survey.writes.find(one => one.target.at === reference.at)
  if (write?.kind !== 'InsertStmt') return false
  return write.body['returningClause'] === undefined && write.body['onConflictClause'] === undefined
}

function mentionedNames(survey: Survey): ReadonlySet<string> {
  const names = new Set(survey.names)
  for (const column of survey.columns) names.add(column.fields.at(-1) ?? '')
  return names
}

/** Never fewer than are read: every column whose name is mentioned, all where a star or the whole row is. */
function noteReads(
  used: UseDraft,
  reference: Reference,
  survey: Survey,
  mentioned: ReadonlySet<string>,
): void {
  const columns = columnsOf(reference)
  const known = new Set(columns)
  const all =
    survey.everything ||
    survey.stray ||
    reference.renames ||
    survey.columns.some(column => isWholeRow(column.fields, reference.alias, known))
  for (const column of columns) if (all || mentioned.has(column)) used.reads.add(column)
}

/** Whether a column mention stands for, or could reach, the whole row of a relation called `alias`. */
export function isWholeRow(fields: readonly string[], alias: string, columns: ReadonlySet<string>): boolean {
  const last = fields.at(-1)
  if (fields.length === 1) return last === alias
  // `c.*`, and `c.f` for a function of the row.
  return fields.at(-2) === alias && (last === star || last === undefined || !columns.has(last))
}

function noteWrite(used: UseDraft, write: Survey['writes'][number]): void {
  const { kind, body } = write
  const all = columnsOf(write.target)
  if (kind !== 'MergeStmt') used.effects.add(writeEffects[kind])
  if (kind === 'InsertStmt') {
    const names = assignedNames(body, 'cols')
    for (const name of names.length > 0 ? names : all) used.writes.add(name)
    const conflict = treeOf(body, 'onConflictClause')
    if (conflict && conflict['action'] === 'ONCONFLICT_UPDATE') {
      used.effects.add('update')
      for (const name of assignedNames(conflict, 'targetList')) used.writes.add(name)
    }
  } else if (kind === 'UpdateStmt') {
    for (const name of assignedNames(body, 'targetList')) used.writes.add(name)
  } else if (kind === 'MergeStmt') {
    for (const item of listOf(body, 'mergeWhenClauses')) noteMerge(used, bodyOf(item, 'MergeWhenClause'), all)
  }
  // RETURNING and conditions read; the server asks for SELECT then, too.
  if (used.reads.size > 0) used.effects.add('select')
}

function noteMerge(used: UseDraft, clause: Tree | undefined, all: readonly string[]): void {
  if (!clause) return
  const command = textOf(clause, 'commandType')
  if (command === 'CMD_INSERT') used.effects.add('insert')
  if (command === 'CMD_UPDATE') used.effects.add('update')
  if (command === 'CMD_DELETE') used.effects.add('delete')
  if (command !== 'CMD_INSERT' && command !== 'CMD_UPDATE') return
  const names = assignedNames(clause, 'targetList')
  for (const name of names.length > 0 ? names : all) used.writes.add(name)
}

export function assignedNames(body: Tree, field: string): string[] {
  return listOf(body, field)
    .map(item => textOf(bodyOf(item, 'ResTarget') ?? {}, 'name'))
    .filter(name => name !== undefined)
}
