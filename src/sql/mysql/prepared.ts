// PREPARE, EXECUTE and EXECUTE IMMEDIATE: the text within is read as if it were sent by itself.

import { limits } from '../../core/limits.ts'
import { canonicalise } from './canonical.ts'
import { parse } from './parse.ts'
import { unreadable, unsafe } from './refusal.ts'
import { foldColumn } from './schema-index.ts'
import {
  type Draft,
  type PreparedInner,
  type ReadContext,
  type StatementReading,
  newDraft,
} from './statement-reading.ts'
import { type PreparedText, isSameMode, parseSqlMode } from './state.ts'
import { surveyStatement } from './survey.ts'
import type {
  Deallocate,
  Execute,
  ExecuteImmediate,
  Expression,
  Literal,
  Prepare,
  Statement,
} from './syntax.ts'

type ReadStatement = (node: Statement, context: ReadContext, text: string) => StatementReading

export function describePrepare(node: Prepare, context: ReadContext, read: ReadStatement): Draft {
  const literal = textLiteral(node.source)
  const inner = readInner(literal.value, context, read)
  const { name } = node
  const draft = outer('PREPARE', {
    ...inner,
    literal,
    handle: { name: name.text, start: name.start, end: name.end },
  })
  if (context.state.prepared.size >= limits.preparedTextsMax) {
    throw unsafe(
      'Too many statements are prepared in this session. Take some back with DEALLOCATE PREPARE.',
      node.start,
    )
  }
  const { surroundings } = context
  const prepared: PreparedText = {
    text: literal.value,
    sqlMode: surroundings.modeText,
    characterSet: surroundings.characterSet,
    database: surroundings.database,
  }
  draft.changes.push({ kind: 'prepare', name: foldColumn(name.text), prepared })
  return draft
}

export function describeExecute(node: Execute, context: ReadContext, read: ReadStatement): Draft {
  const { name } = node
  const prepared = context.state.prepared.get(foldColumn(name.text))
  if (!prepared) {
    throw unsafe(
      `The prepared statement "${name.text}" is not known. Prepare it again in this session.`,
      name.start,
    )
  }
  // MySQL reads it once more, as texts are read then, when a table has changed meanwhile.
  const { surroundings } = context
  const readsAlike =
    isSameMode(parseSqlMode(prepared.sqlMode), surroundings.sqlMode) &&
    prepared.characterSet === surroundings.characterSet
  if (!readsAlike) {
    throw unsafe(
      `Texts are read otherwise now than when "${name.text}" was prepared. Prepare it again.`,
      name.start,
    )
  }
  // What it names was decided when it was prepared.
  const state = { ...context.state, sqlMode: prepared.sqlMode, database: prepared.database }
  const inner = readInner(prepared.text, { ...context, state }, read)
  const draft = outer('EXECUTE', {
    ...inner,
    literal: undefined,
    handle: { name: name.text, start: name.start, end: name.end },
  })
  draft.survey = surveyStatement(node.using, context)
  // A statement of which the state is changed says so by its own reading.
  draft.changes.push(...inner.statements.flatMap(one => one.changes))
  return draft
}

export function describeImmediate(node: ExecuteImmediate, context: ReadContext, read: ReadStatement): Draft {
  const literal = textLiteral(node.source)
  const inner = readInner(literal.value, context, read)
  const draft = outer('EXECUTE IMMEDIATE', { ...inner, literal, handle: undefined })
  draft.survey = surveyStatement(node.using, context)
  draft.changes.push(...inner.statements.flatMap(one => one.changes))
  return draft
}

export function describeDeallocate(node: Deallocate, context: ReadContext): Draft {
  const draft = newDraft('DEALLOCATE PREPARE', 'plain')
  const { name } = node
  draft.changes.push({ kind: 'deallocate', name: foldColumn(name.text) })
  if (context.state.prepared.has(foldColumn(name.text))) {
    const handle = { name: name.text, start: name.start, end: name.end }
    draft.inner = { literal: undefined, text: '', statements: [], handle }
  }
  return draft
}

function outer(verb: string, inner: PreparedInner): Draft {
  const draft = newDraft(verb, 'query')
  draft.inner = inner
  draft.literalsMatter = true
  draft.changesSchema = inner.statements.some(one => one.changesSchema)
  return draft
}

function textLiteral(source: Expression): Literal {
  if (source.kind === 'literal' && source.type === 'string' && source.introducer === undefined) return source
  throw unsafe(
    'Only a text that is written out can be prepared here, for what a variable holds cannot be looked into.',
    source.start,
  )
}

function readInner(
  text: string,
  context: ReadContext,
  read: ReadStatement,
): { readonly text: string; readonly statements: readonly StatementReading[] } {
  const canonical = canonicalise(text, context.surroundings)
  const parsed = canonical.problem ?? parse(canonical.text, context.surroundings)
  if (parsed.kind === 'problem') throw unreadable(`The text within could not be read: ${parsed.message}`)
  const [only, ...more] = parsed.statements
  if (!only || more.length > 0) throw unreadable('A prepared text is one statement.')
  if (only.kind === 'prepare' || only.kind === 'execute' || only.kind === 'execute-immediate') {
    throw unsafe('A prepared statement cannot prepare another.')
  }
  return { text: canonical.text, statements: [read(only, context, canonical.text)] }
}
