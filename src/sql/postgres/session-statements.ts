// Statements about the session itself: transactions, settings, cursors, notifications.

import type { Parsed } from './parse.ts'
import { unsafe } from './refusal.ts'
import { asksToWrite, describeSet } from './settings.ts'
import type { PgState, StateChange } from './state.ts'
import { type Draft, newDraft } from './statement-reading.ts'
import { type Tree, textOf } from './tree.ts'

const transactionChanges: Readonly<Record<string, StateChange['kind']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
}

export function describeSession(kind: string, body: Tree, parsed: Parsed, state: PgState): Draft {
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
  draft.liftsReadOnly = asksToWrite(body, 'options')
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
  draft.liftsReadOnly = change.liftsReadOnly === true
  return draft
}

function spell(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}
