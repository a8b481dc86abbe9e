// Hides in one statement what a person may not see.

import type { Relation } from '../schema.ts'
import { schemaPrefix } from './column-text.ts'
import { checkFunctions } from './functions.ts'
import { groupingSplices } from './grouping.ts'
import { handleSplices } from './handles.ts'
import { limitSplices } from './limit.ts'
import { hiddenReached, starReaches, systemColumnsReached } from './mentions.ts'
import { isSystemSchema } from './names.ts'
import { tokenAt } from './parse.ts'
import { refuseForeignCopy, refuseForeignProbing } from './probing.ts'
import { isQuiet } from './quiet.ts'
import { quoteName } from './quote.ts'
import { type Refusal, unsafe } from './refusal.ts'
import { rewriteDefinition } from './rewrite-definition.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import { operatorsPass, routinePasses } from './routines.ts'
import { type RelationSight, sightOf } from './sights.ts'
import type { StatementReading } from './statement-reading.ts'
import type { Reference, Survey } from './survey-facts.ts'
import type { Tree } from './tree.ts'
import { refuseTriggers } from './triggers.ts'
import { viewIn } from './views.ts'
import { closing, wordAt, wrapSplices, wrappedQuery } from './wrap.ts'
import { rewriteWrite } from './writes.ts'

/** Adds the changes of one statement to a rewriting. @throws Refusal */
export function rewriteStatement(rewriting: Rewriting, statement: StatementReading): void {
  const hides = rewriting.sight.hidesAnything
  if (hides && statement.treatment === 'refuse') throw refusedKind(statement)
  const before = rewriting.changed
  rewriting.changed = false
  if (statement.survey) rewriteSurvey(rewriting, statement.survey, statement)
  for (const reference of statement.definitions) rewriteDefinition(rewriting, statement, reference)
  for (const one of statement.inner) rewriteInner(rewriting, one)
  if (rewriting.changed && (statement.treatment === 'explain' || statement.treatment === 'store')) {
    throw unsafe(
      statement.treatment === 'explain'
        ? 'The plan of a statement that reads hidden columns tells about their values. Leave the hidden columns out of it.'
        : 'What would be stored contains columns or rows that are hidden from you. Leave them out, or ask an administrator ' +
            'for reveal on them.',
    )
  }
  if (hides && statement.treatment === 'explain') refusePlans(rewriting, statement)
  rewriting.changed ||= before
  if (hides && statement.handle && statement.treatment !== 'explain') {
    rewriting.splices.push(...handleSplices(rewriting, statement, statement.handle.name))
  }
  if (statement.query && rewriting.options.rowLimit !== undefined && statement.treatment === 'query') {
    addLimit(rewriting, statement, rewriting.options.rowLimit)
  }
}

function refusedKind(statement: StatementReading): Refusal {
  return unsafe(
    `${statement.facts.verb} is not let through for you, because some columns of this database are hidden from you. ` +
      'Ask an administrator to do it, or for reveal.',
  )
}

/** A plan names the partitions that it reads, and with ANALYZE how many rows each gave. */
function refusePlans(rewriting: Rewriting, statement: StatementReading): void {
  for (const { target, at } of statement.survey?.references ?? []) {
    if (target.kind !== 'relation') continue
    const bases = viewIn(rewriting, target.relation)?.bases ?? [target.relation]
    if (bases.some(base => sightOf(rewriting.index, rewriting.sight, base)?.placeTells)) {
      throw unsafe(`The plan would tell which partitions of "${target.name}" hold which rows.`, at)
    }
  }
}

function rewriteSurvey(rewriting: Rewriting, survey: Survey, statement: StatementReading): void {
  const tree = { [statement.kind]: statement.body }
  if (rewriting.sight.hidesAnything) {
    if (survey.currentOf)
      throw unsafe('WHERE CURRENT OF is not let through while columns are hidden from you.')
    checkFunctions(survey.functions, rewriting.index, routine => routinePasses(rewriting, routine))
    operatorsPass(rewriting, survey)
  }
  for (const reference of survey.references)
    if (reference.role === 'read') rewriteRead(rewriting, survey, reference, tree)
  refuseSequences(rewriting, survey)
  for (const write of survey.writes) {
    const { target } = write
    pin(rewriting, target)
    if (target.target.kind === 'session') refuseUnseen(rewriting, target)
    else {
      const relation = target.target.relation
      const follows = write.kind !== 'InsertStmt' || write.body['onConflictClause'] !== undefined
      refuseViewTarget(rewriting, target, relation)
      refuseForeignProbing(rewriting, write, relation)
      refuseTriggers(rewriting, relation, target.at, follows)
      const sight = sightOf(rewriting.index, rewriting.sight, relation)
      if (!sight) continue
      rewriting.touched = true
      refusePlace(survey, target, sight)
      rewriteWrite(rewriting, write, relation, sight, survey, tree)
    }
  }
}

/** A sequence keeps what it is set to, masked or not. */
function refuseSequences(rewriting: Rewriting, survey: Survey): void {
  const call = survey.functions.find(mention => mention.name === 'setval')
  if (call && rewriting.changed) {
    throw unsafe('A sequence cannot be set in a statement that reads what is hidden from you.', call.at)
  }
}

function rewriteRead(rewriting: Rewriting, survey: Survey, reference: Reference, tree: Tree): void {
  const { target } = reference
  if (target.kind === 'session') {
    refuseUnseen(rewriting, reference)
    return pin(rewriting, reference)
  }
  if (!rewriting.sight.hidesAnything) return pin(rewriting, reference)
  const relation = target.relation
  const sight = sightOf(rewriting.index, rewriting.sight, relation)
  const view = viewIn(rewriting, relation)
  if (view?.touched || (sight && !isSystemSchema(relation.schema))) rewriting.touched = true
  if (sight?.refusal !== undefined) throw unsafe(sight.refusal, reference.at)
  refusePlace(survey, reference, sight)
  const reached = sight ? hiddenReached(survey, reference, relation, sight) : []
  const masks = reached.length > 0 || (view?.hidden.size ?? 0) > 0
  if (reached.length === 0 && sight?.filter === undefined && view?.query === undefined)
    return pin(rewriting, reference)
  if (masks && reference.feedsWrite)
    throw feeds(relation, reached[0] ?? [...(view?.hidden ?? [])][0], reference.at)
  if (relation.kind === 'materialized' && view?.query !== undefined) {
    throw unsafe(
      `The materialized view "${relation.name}" was computed from values that are hidden from you. Query its tables instead.`,
      reference.at,
    )
  }
  for (const column of reached) rewriting.hidden.add(`${relation.schema}.${relation.name}.${column}`)
  for (const column of view?.hidden ?? []) rewriting.hidden.add(column)
  wrap(rewriting, survey, reference, relation, sight, view?.query, tree)
}

/** Where a row is kept tells its hidden partition key. */
function refusePlace(survey: Survey, reference: Reference, sight: RelationSight | undefined): void {
  if (!sight?.placeTells) return
  const asked = systemColumnsReached(survey, reference).find(name => name === 'tableoid' || name === 'ctid')
  if (asked !== undefined) {
    throw unsafe(
      `"${reference.target.name}" is divided by a column that is hidden from you; "${asked}" would tell its values.`,
      reference.at,
    )
  }
}

function feeds(relation: Relation, column: string | undefined, at: number): Refusal {
  return unsafe(
    `"${relation.name}${column === undefined ? '' : `.${column.split('.').at(-1) ?? ''}`}" is hidden from you, so it cannot be ` +
      'written elsewhere or decide what is written. Leave it out, or ask an administrator for reveal on it.',
    at,
  )
}

function wrap(
  rewriting: Rewriting,
  survey: Survey,
  reference: Reference,
  relation: Relation,
  sight: RelationSight | undefined,
  source: string | undefined,
  tree: Tree,
): void {
  const system =
    source === undefined && relation.kind !== 'view' ? systemColumnsReached(survey, reference) : []
  if (system.length > 0 && starReaches(survey, reference)) {
    throw unsafe(
      `Some columns of "${relation.name}" are hidden from you; "${system[0]}" cannot be had together with * then. ` +
        'Name the columns.',
      reference.at,
    )
  }
  const fenced = sight?.filter !== undefined && !isQuiet(rewriting, survey, tree)
  const options = { key: rewriting.options.maskKey, system, source, fenced }
  const tokens = rewriting.tokens()
  rewriting.splices.push(
    ...wrapSplices(rewriting.bytes, tokens, reference, sample =>
      wrappedQuery(relation, sight, reference.only, sample, options),
    ),
  )
  if (!reference.hasAlias) dropSchemas(rewriting, survey, reference)
  rewriting.splices.push(...groupingSplices(tokens, survey, reference, relation))
  rewriting.changed = true
}

/** `public.customers.id` cannot be written of a sub-query; `customers.id` can. */
function dropSchemas(rewriting: Rewriting, survey: Survey, reference: Reference): void {
  for (const { fields, at } of survey.columns) {
    if (fields.length < 3 || fields.at(-2) !== reference.alias) continue
    if (fields.at(-3) !== reference.target.schema) continue
    const prefix = schemaPrefix(rewriting.tokens(), at, fields.length)
    if (prefix) rewriting.splices.push({ ...prefix, text: '' })
  }
}

/** Writes the decided schema in front of a name that the server could resolve otherwise. */
export function pin(rewriting: Rewriting, reference: Reference): void {
  if (reference.pin === undefined || reference.at < 0) return
  rewriting.splices.push({ start: reference.at, end: reference.at, text: `${quoteName(reference.pin)}.` })
}

/** A table of which the picture knows nothing yet, but the tags do. */
export function refuseUnseen(rewriting: Rewriting, reference: Reference): void {
  const { schema, name } = reference.target
  if (rewriting.sight.hidesAnything && rewriting.sight.table(schema, name)) {
    throw unsafe(`The table "${name}" was made a moment ago. Try again in a minute.`, reference.at)
  }
}

export function refuseViewTarget(rewriting: Rewriting, reference: Reference, relation: Relation): void {
  if (!rewriting.sight.hidesAnything) return
  const view = viewIn(rewriting, relation)
  if (!view) return
  // What keys, checks and triggers of its tables would tell, they tell through the view, too.
  for (const base of view.bases) {
    refuseForeignCopy(rewriting, base, [], reference.at)
    refuseTriggers(rewriting, base, reference.at, true)
  }
  if (!view.touched) return
  throw unsafe(
    `The view "${relation.name}" reads what is hidden from you, so rows cannot be changed through it.`,
    reference.at,
  )
}

/** What EXECUTE runs was rewritten when it was prepared; here only what it touches counts. */
function rewriteInner(rewriting: Rewriting, statement: StatementReading): void {
  const { index, sight, options, within } = rewriting
  const scratch = beginRewriting(index, sight, { ...options, rowLimit: undefined }, '', within)
  const dry: Rewriting = { ...scratch, tokens: () => [] }
  inspectSurvey(dry, statement)
  for (const column of dry.hidden) rewriting.hidden.add(column)
  rewriting.touched ||= dry.touched
}

function inspectSurvey(rewriting: Rewriting, statement: StatementReading): void {
  if (!rewriting.sight.hidesAnything || !statement.survey) return
  for (const reference of statement.survey.references) {
    if (reference.target.kind !== 'relation') continue
    const relation = reference.target.relation
    const sight = sightOf(rewriting.index, rewriting.sight, relation)
    const view = viewIn(rewriting, relation)
    if (sight || view?.touched) rewriting.touched = true
    for (const column of view?.hidden ?? []) rewriting.hidden.add(column)
    for (const column of sight ? hiddenReached(statement.survey, reference, relation, sight) : []) {
      rewriting.hidden.add(`${relation.schema}.${relation.name}.${column}`)
    }
  }
}

function addLimit(rewriting: Rewriting, statement: StatementReading, most: number): void {
  const tokens = rewriting.tokens()
  const query = statement.query
  if (!query) return
  let start = statement.start
  let end = Math.min(statement.end, rewriting.bytes.length)
  if (statement.kind === 'CopyStmt') {
    const open = tokenAt(tokens, statement.start) + 1
    start = tokens[open + 1]?.start ?? start
    end = tokens[closing(tokens, open)]?.start ?? end
  } else if (statement.kind === 'PrepareStmt' || statement.kind === 'DeclareCursorStmt') {
    const word = statement.kind === 'PrepareStmt' ? 'AS' : 'FOR'
    let at = tokenAt(tokens, statement.start)
    // `PREPARE name (types) AS`, `DECLARE name … CURSOR … FOR`: the first such word ends the head.
    while (at < tokens.length && wordAt(tokens, at) !== word) at += 1
    start = tokens[at + 1]?.start ?? end
  }
  rewriting.splices.push(...limitSplices(tokens, query, start, end, most))
}
