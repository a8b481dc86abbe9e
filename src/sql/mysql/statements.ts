// The positive list of statement kinds: what each does to tables and to the target, and how it is treated.

import type { TargetEffect } from '../../core/action.ts'
import { changesAllRows } from './all-rows.ts'
import { describeDefinition } from './definitions.ts'
import { describeFunctions, functionName } from './functions.ts'
import { findTable, resolveTable, schemaOf } from './names.ts'
import { describeDeallocate, describeExecute, describeImmediate, describePrepare } from './prepared.ts'
import { unknown, unsafe } from './refusal.ts'
import { describeSession } from './session-statements.ts'
import { describeShow } from './show.ts'
import { type Draft, type ReadContext, type StatementReading, newDraft } from './statement-reading.ts'
import { surveyStatement } from './survey.ts'
import { isAdministrators } from './system-relations.ts'
import type { CallProcedure, Explain, Handler, Insert, Query, Statement } from './syntax.ts'
import { tableUses, use } from './table-uses.ts'

/** @throws Refusal */
export function readStatement(node: Statement, context: ReadContext, text: string): StatementReading {
  const draft = describe(node, context, text)
  const { survey } = draft
  const facts = describeFunctions(survey?.calls ?? [], context.index, context.factsOf)
  for (const effect of [...facts.effects, ...surveyEffects(draft)]) draft.effects.add(effect)
  const inner = draft.inner?.statements ?? []
  return {
    node,
    facts: {
      verb: draft.verb,
      tables: tableUses(draft, [...inner.flatMap(one => one.facts.tables), ...facts.tables]),
      effects: [...new Set([...draft.effects, ...inner.flatMap(one => one.facts.effects)])],
      functions: [
        ...new Set([
          ...(survey?.calls ?? []).map(functionName),
          ...inner.flatMap(one => one.facts.functions),
        ]),
      ],
      ...(draft.changesAllRows || inner.some(one => one.facts.changesAllRows === true)
        ? { changesAllRows: true }
        : {}),
    },
    survey,
    named: draft.named,
    treatment: draft.treatment,
    query: draft.query,
    changes: draft.changes,
    changesSchema: draft.changesSchema,
    inner: draft.inner,
    rereads: draft.rereads,
    literalsMatter: draft.literalsMatter,
  }
}

/** What reading the server's own accounts and logs takes. */
function surveyEffects(draft: Draft): readonly TargetEffect[] {
  const reads = draft.survey?.references.some(
    ({ target }) =>
      target.kind === 'system' && target.schema === 'mysql' && isAdministrators(target.schema, target.name),
  )
  return reads ? ['administer'] : []
}

export function describe(node: Statement, context: ReadContext, text: string): Draft {
  switch (node.kind) {
    case 'query':
      return describeQuery(node, context)
    case 'insert':
      return describeInsert(node, context)
    case 'update':
    case 'delete':
      return describeChange(node, context)
    case 'load':
      return describeLoad(node, context)
    case 'do':
      return { ...newDraft('DO', 'query'), survey: surveyStatement(node, context) }
    case 'call-procedure':
      return describeCall(node, context)
    case 'handler':
      return describeHandler(node, context)
    case 'explain':
      return describeExplain(node, context, text)
    case 'show':
    case 'describe':
      return describeShow(node, context)
    case 'prepare':
      return describePrepare(node, context, readStatement)
    case 'execute':
      return describeExecute(node, context, readStatement)
    case 'execute-immediate':
      return describeImmediate(node, context, readStatement)
    case 'deallocate':
      return describeDeallocate(node, context)
    case 'block':
    case 'control':
      return describeBlock(node, context)
    default:
      return describeSession(node, context, text) ?? describeDefinition(node, context)
  }
}

export function describeQuery(node: Query, context: ReadContext): Draft {
  const draft = newDraft('SELECT', 'query')
  draft.survey = surveyStatement(node, context)
  if (node.procedure)
    throw unsafe('PROCEDURE ANALYSE tells about values, so it is not let through.', node.procedure.start)
  const into = intoOf(node)
  if (into === undefined || into === 'VARIABLES') {
    if (into === undefined) draft.query = node
    draft.literalsMatter = into !== undefined
    return draft
  }
  draft.treatment = 'store'
  draft.literalsMatter = true
  draft.verb = `SELECT INTO ${into}`
  draft.effects.add('administer')
  for (const { target } of draft.survey.references) {
    draft.uses.push({ schema: target.schema, table: target.name, effect: 'export', columns: [] })
  }
  return draft
}

/** INTO may stand at the end, or in the first or last SELECT. */
function intoOf(node: Query): 'OUTFILE' | 'DUMPFILE' | 'VARIABLES' | undefined {
  if (node.into) return node.into.form
  const visit = (body: Query['body']): ReturnType<typeof intoOf> => {
    switch (body.kind) {
      case 'select':
        return body.into?.form
      case 'set-operation':
        return visit(body.left) ?? visit(body.right)
      case 'bracketed':
        return intoOf(body.query)
      default:
        return undefined
    }
  }
  return visit(node.body)
}

function describeInsert(node: Insert, context: ReadContext): Draft {
  const draft = newDraft(node.verb, 'query')
  draft.survey = surveyStatement(node, context)
  return draft
}

function describeChange(
  node: Extract<Statement, { kind: 'update' | 'delete' }>,
  context: ReadContext,
): Draft {
  const draft = newDraft(node.kind === 'update' ? 'UPDATE' : 'DELETE', 'query')
  draft.survey = surveyStatement(node, context)
  draft.changesAllRows = changesAllRows(node)
  return draft
}

function describeLoad(node: Extract<Statement, { kind: 'load' }>, context: ReadContext): Draft {
  const draft = newDraft(node.format === 'XML' ? 'LOAD XML' : 'LOAD DATA', 'query')
  draft.survey = surveyStatement(node, context)
  draft.literalsMatter = true
  if (!node.local) {
    draft.effects.add('administer')
    draft.treatment = 'refuse'
  }
  const [write] = draft.survey.writes
  if (write) use(draft, write.target.target, 'import', [])
  return draft
}

/** A procedure is judged as a function is: by its body. */
function describeCall(node: CallProcedure, context: ReadContext): Draft {
  const draft = newDraft('CALL', 'query', ['call'])
  draft.survey = surveyStatement(node, context)
  draft.literalsMatter = true
  const schema = schemaOf(context.index, context.state, node.routine.schema, node.start)
  const routine = context.index.routine(schema, node.routine.name.text, 'procedure')
  if (!routine) {
    throw unknown(
      `There is no procedure "${schema}.${node.routine.name.text}" that Sekisho knows of. If it was made a moment ago, try again.`,
      node.routine.start,
    )
  }
  const facts = context.factsOf(routine)
  for (const effect of facts.effects) draft.effects.add(effect)
  for (const table of facts.tables) {
    for (const effect of table.effects) {
      draft.uses.push({ schema: table.schema, table: table.table, effect, columns: table.writes })
    }
  }
  // What it does to the session cannot be told.
  draft.changes.push({ kind: 'unsure' })
  return draft
}

function describeHandler(node: Handler, context: ReadContext): Draft {
  const draft = newDraft('HANDLER', 'refuse')
  draft.survey = surveyStatement([node.keys, node.where, node.limit], { ...context, hasParameters: true })
  const target =
    node.verb === 'OPEN'
      ? resolveTable(context.index, context.state, node.table.schema, node.table.name)
      : findTable(context.index, context.state, node.table.schema, node.table.name)
  if (target && node.verb !== 'CLOSE') use(draft, target, 'select', undefined)
  return draft
}

function describeExplain(node: Explain, context: ReadContext, text: string): Draft {
  if (node.connection || !node.statement) return newDraft('EXPLAIN', 'refuse', ['administer'])
  const inner = describe(node.statement, context, text)
  return {
    ...inner,
    verb: 'EXPLAIN',
    treatment: inner.treatment === 'query' ? 'explain' : 'refuse',
    query: undefined,
    changes: [],
    changesSchema: node.analyze && inner.changesSchema,
    literalsMatter: true,
  }
}

/** BEGIN NOT ATOMIC and the like: read as the body of a routine. */
function describeBlock(node: Extract<Statement, { kind: 'block' | 'control' }>, context: ReadContext): Draft {
  const draft = newDraft('BEGIN NOT ATOMIC', 'refuse', ['administer'])
  draft.survey = surveyStatement(node, { ...context, hasParameters: true })
  draft.changes.push({ kind: 'unsure' })
  draft.changesSchema = true
  return draft
}
