// The positive list of statement kinds: what each does to tables and to the target, and how it is rewritten.

import type { TableUse } from '../../core/action.ts'
import { changesAllRows } from './all-rows.ts'
import { isDefinition } from './definition-rules.ts'
import { describeDefinition } from './definitions.ts'
import { describeFunctions, functionName } from './functions.ts'
import { type Parsed, parseText, toBytes } from './parse.ts'
import { unreadable, unsafe } from './refusal.ts'
import { describeSession } from './session-statements.ts'
import { type Draft, type ReadContext, type StatementReading, newDraft } from './statement-reading.ts'
import { surveyTree } from './survey.ts'
import { referTo } from './survey-clauses.ts'
import { tableUses, use } from './table-uses.ts'
import { type Tree, bodyOf, listOf, namesOf, nodeOf, textOf, treeOf } from './tree.ts'

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
      tables: inBulk(draft, tableUses(draft, [...inner.flatMap(one => one.facts.tables), ...facts.tables])),
      effects: [...new Set([...draft.effects, ...inner.flatMap(one => one.facts.effects)])],
      functions: [...new Set([...functions.map(functionName), ...inner.flatMap(one => one.facts.functions)])],
      ...(isOfAllRows(draft, inner) ? { changesAllRows: true } : {}),
    },
    survey: draft.survey,
    definitions: draft.definitions,
    treatment: draft.treatment,
    query: draft.query,
    changes: draft.changes,
    changesSchema: draft.changesSchema,
    handle: draft.handle,
    inner,
    liftsReadOnly: draft.liftsReadOnly === true || facts.liftsReadOnly,
  }
}

/** COPY takes rows out, or brings rows in, beside reading or adding them. */
function inBulk(draft: Draft, uses: readonly TableUse[]): readonly TableUse[] {
  if (draft.verb !== 'COPY') return uses
  return uses.map(one => {
    const effects = new Set(one.effects)
    if (draft.fills) effects.add('import')
    else if (effects.has('select')) effects.add('export')
    return { ...one, effects: [...effects] }
  })
}

function isOfAllRows(draft: Draft, inner: readonly StatementReading[]): boolean {
  if (draft.verb === 'TRUNCATE TABLE' || draft.verb === 'TRUNCATE') return true
  return draft.survey?.writes.some(changesAllRows) === true || inner.some(one => one.facts.changesAllRows)
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
  const draft = newDraft('CALL', 'query', ['call'])
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
  draft.fills = from
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
