// Statements about the session itself, and what only administrators do.

import { schemaOf } from './names.ts'
import { unsafe } from './refusal.ts'
import { describeSet } from './settings.ts'
import { type Draft, type ReadContext, newDraft } from './statement-reading.ts'
import { describe } from './statements.ts'
import { surveyStatement } from './survey.ts'
import type { SetStatement, Statement, TableMaintenance } from './syntax.ts'
import { findTable, resolveTable } from './names.ts'
import { use } from './table-uses.ts'

/** `undefined`: it is none of them */
export function describeSession(node: Statement, context: ReadContext, text: string): Draft | undefined {
  switch (node.kind) {
    case 'set':
      return describeSetStatement(node, context, text)
    case 'use': {
      const draft = newDraft('USE', 'plain')
      const database = schemaOf(context.index, context.state, node.schema, node.start)
      draft.changes.push({ kind: 'facts', facts: { database } })
      return draft
    }
    case 'transaction':
      return newDraft(node.verb === 'BEGIN' ? 'START TRANSACTION' : node.verb, 'plain')
    case 'xa':
      return newDraft('XA', 'plain')
    case 'lock-tables': {
      const draft = newDraft('LOCK TABLES', 'plain')
      for (const { table, mode } of node.tables) {
        const target = resolveTable(context.index, context.state, table.schema, table.name)
        use(draft, target, mode.startsWith('READ') ? 'select' : 'update', [])
      }
      return draft
    }
    case 'unlock-tables':
      return newDraft('UNLOCK TABLES', 'plain')
    case 'kill':
      // Of one's own sessions it is answered before it comes here.
      return newDraft('KILL', 'refuse', ['administer'])
    case 'help':
      return newDraft('HELP', 'plain')
    case 'diagnostics': {
      const draft = newDraft(
        node.verb === 'GET' ? 'GET DIAGNOSTICS' : node.verb,
        node.verb === 'GET' ? 'refuse' : 'query',
      )
      draft.survey = surveyStatement(node.expressions, context)
      draft.literalsMatter = true
      return draft
    }
    case 'table-maintenance':
      return describeMaintenance(node, context)
    case 'grant':
      return administer(node.verb, context, node)
    case 'define-accounts':
      return administer(node.verb, context, node)
    case 'administer': {
      const draft = administer(node.verb, context, node.expressions)
      if (node.verb.startsWith('FLUSH')) draft.treatment = 'plain'
      draft.changesSchema = true
      return draft
    }
    default:
      return undefined
  }
}

function administer(verb: string, context: ReadContext, walked: Statement | readonly unknown[]): Draft {
  const draft = newDraft(verb, 'refuse', ['administer'])
  if (Array.isArray(walked)) draft.survey = surveyStatement(walked, context)
  return draft
}

function describeSetStatement(node: SetStatement, context: ReadContext, text: string): Draft {
  const setting = describeSet(node, () => context.hasParameters === true)
  // A bare word after `=` is a value, not a column.
  const values = node.items.flatMap(item =>
    (item.kind === 'set-variable' || item.kind === 'set-user-variable') && item.value.kind !== 'column'
      ? [item.value]
      : [],
  )
  const draft = newDraft('SET', setting.tells ? 'refuse' : 'query', setting.effects)
  draft.survey = surveyStatement(values, context)
  draft.literalsMatter = true
  draft.changes.push(...setting.changes)
  draft.rereads = setting.rereads
  if (node.for === undefined) return draft
  if (setting.rereads)
    throw unsafe('How texts are read cannot be set for one statement. Use SET before it.', node.start)
  if (node.for.kind === 'set') throw unsafe('SET STATEMENT cannot be written around another SET.', node.start)
  const inner = describe(node.for, context, text)
  for (const effect of setting.effects) inner.effects.add(effect)
  if (setting.tells) inner.treatment = 'refuse'
  if ((draft.survey.references.length ?? 0) + draft.survey.calls.length > 0) {
    throw unsafe('Set to plain values with SET STATEMENT.', node.start)
  }
  inner.literalsMatter = true
  return inner
}

function describeMaintenance(node: TableMaintenance, context: ReadContext): Draft {
  const draft = newDraft(`${node.verb} TABLE`, 'plain', node.verb === 'CHECKSUM' ? [] : ['administer'])
  for (const table of node.tables) {
    const target = findTable(context.index, context.state, table.schema, table.name)
    if (!target) continue
    // A checksum follows from all values, and can be had again and again.
    draft.named.push({ target, at: table.start, guard: node.verb === 'CHECKSUM' ? 'guarded' : 'loose' })
    if (node.verb === 'CHECKSUM') use(draft, target, 'select', undefined)
  }
  return draft
}
