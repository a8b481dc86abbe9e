// Hides in one statement what a person may not see.

import type { Relation } from '../schema.ts'
import { refuseOthersRows } from './engines.ts'
import { checkFunctions } from './functions.ts'
import { limitSplices } from './limit.ts'
import { hiddenReached, invisibleAsked, starReaches } from './mentions.ts'
import { ignoreIndexes } from './row-order.ts'
import { refuseForeignProbing } from './probing.ts'
import { countsExamined, isQuiet } from './quiet.ts'
import { quoteName } from './quote.ts'
import { type Refusal, unsafe } from './refusal.ts'
import { type Rewriting } from './rewriting.ts'
import { rewritePrepared } from './rewrite-prepared.ts'
import { rewriteShow } from './rewrite-show.ts'
import { dropSchemas, rewriteSystem } from './rewrite-system.ts'
import { refuseTellingVariables } from './telling-variables.ts'
import { routinePasses } from './routines.ts'
import { foldColumn } from './schema-index.ts'
import { type RelationSight, sightOf } from './sights.ts'
import type { NamedTable, StatementReading } from './statement-reading.ts'
import type { Reference, Survey } from './survey-facts.ts'
import { refuseTriggers } from './triggers.ts'
import { viewIn } from './views.ts'
import { checkedFilter, filteredFirst, wrapSplices, wrappedTable } from './wrap.ts'
import { rewriteWrite } from './writes.ts'

/** Adds the changes of one statement to a rewriting. @throws Refusal */
export function rewriteStatement(rewriting: Rewriting, statement: StatementReading): void {
  const hides = rewriting.sight.hidesAnything
  if (hides && statement.treatment === 'refuse') throw refusedKind(statement)
  const before = rewriting.changed
  rewriting.changed = false
  if (hides) {
    // What is asked of a view is not known where the view is rewritten.
    const known =
      rewriting.within.length === 0 && statement.survey !== undefined && !rewriting.surroundings.budgeted
    rewriting.quiet = known && isQuiet(statement.node, statement.survey)
    const filtered = rewriting.plansTell
    rewriting.plansTell = false
    if (statement.survey) rewriteSurvey(rewriting, statement.survey)
    if (rewriting.plansTell && countsExamined(statement.node)) {
      throw unsafe(
        'ROWS EXAMINED would count rows that are hidden from you. Leave it out.',
        statement.node.start,
      )
    }
    rewriting.plansTell ||= filtered
    for (const named of statement.named) checkNamed(rewriting, statement, named)
    if (statement.node.kind === 'call-procedure') checkCall(rewriting, statement)
  }
  if (rewriting.changed && statement.treatment === 'store') {
    throw unsafe(
      'What would be stored contains columns or rows that are hidden from you. Leave them out, or ask an administrator ' +
        'for reveal on them.',
    )
  }
  if (hides && statement.treatment === 'explain') refusePlans(rewriting, statement)
  rewriting.changed ||= before
  if (hides && statement.treatment === 'show') rewriteShow(rewriting, statement)
  if (statement.inner) rewritePrepared(rewriting, statement, statement.inner)
  if (statement.query && rewriting.options.rowLimit !== undefined && statement.treatment === 'query') {
    rewriting.splices.push(...limitSplices(rewriting, statement.query, rewriting.options.rowLimit))
  }
}

function refusedKind(statement: StatementReading): Refusal {
  return unsafe(
    `${statement.facts.verb} is not let through for you, because some columns of this database are hidden from you. ` +
      'Ask an administrator to do it, or for reveal.',
  )
}

/**
 * A plan in a table tells nothing of masks. Other forms repeat conditions, with values of rows and keys of masks in them; ANALYZE
 * counts the rows that a filter left out; and partitions are named.
 */
function refusePlans(rewriting: Rewriting, statement: StatementReading): void {
  const { node } = statement
  const plain =
    node.kind === 'explain' && !node.analyze && !node.options.some(option => option.includes('FORMAT'))
  if (rewriting.plansTell || (rewriting.changed && !plain)) {
    throw unsafe(
      'The plan of this statement tells about what is hidden from you. Leave the hidden columns out of it.',
    )
  }
  for (const { target, at } of statement.survey?.references ?? []) {
    if (target.kind !== 'relation') continue
    const bases = viewIn(rewriting, target.relation)?.bases ?? [target.relation]
    if (bases.some(base => sightOf(rewriting.sight, base)?.placeTells)) {
      throw unsafe(`The plan would tell which partitions of "${target.name}" hold which rows.`, at)
    }
  }
}

function checkCall(rewriting: Rewriting, statement: StatementReading): void {
  if (statement.node.kind !== 'call-procedure') return
  const { schema, name } = statement.node.routine
  const database = schema?.text ?? rewriting.surroundings.database ?? ''
  const routine = rewriting.index.routine(database, name.text, 'procedure')
  if (routine && routinePasses(rewriting, routine)) return
  throw unsafe(
    `The procedure "${name.text}" reads or writes what is hidden from you, or cannot be looked into, so it is not let through. ` +
      'Ask an administrator.',
    name.start,
  )
}

/** What of a text hides nothing must still be found. */
export function rewriteSurvey(rewriting: Rewriting, survey: Survey): void {
  checkFunctions(survey.calls, rewriting.index, routine => routinePasses(rewriting, routine))
  refuseTellingVariables(survey)
  for (const reference of survey.references)
    if (reference.role === 'read') rewriteRead(rewriting, survey, reference)
  const setting = survey.sequences.find(({ sets }) => sets)
  if (setting && rewriting.changed) {
    throw unsafe('A sequence cannot be set in a statement that reads what is hidden from you.', setting.at)
  }
  for (const write of survey.writes) {
    const { target } = write.target
    if (target.kind === 'system')
      throw unsafe("Tables of the server's own catalog cannot be changed.", write.target.at)
    if (target.kind === 'session') {
      refuseUnseen(rewriting, write.target)
      continue
    }
    const { relation } = target
    refuseOthersRows(relation, write.target.at)
    refuseViewTarget(rewriting, write.target, relation)
    refuseForeignProbing(rewriting, write, relation)
    refuseTriggers(rewriting, relation, write)
    const sight = sightOf(rewriting.sight, relation)
    if (!sight) continue
    rewriting.touched = true
    rewriteWrite(rewriting, write, relation, sight, survey)
    if (write.kind === 'update') ignoreIndexes(rewriting, survey, write.target, relation, sight)
  }
}

function rewriteRead(rewriting: Rewriting, survey: Survey, reference: Reference): void {
  const { target } = reference
  if (target.kind === 'session') return refuseUnseen(rewriting, reference)
  if (target.kind === 'system') return rewriteSystem(rewriting, survey, reference)
  const { relation } = target
  refuseOthersRows(relation, reference.at)
  const sight = sightOf(rewriting.sight, relation)
  const view = viewIn(rewriting, relation)
  if (view?.touched || sight) rewriting.touched = true
  refusePlace(reference, sight)
  const reached = sight ? hiddenReached(survey, reference, relation, sight) : []
  if (
    reached.length === 0 &&
    sight?.filter === undefined &&
    view?.query === undefined &&
    sight?.keptInOrder !== true
  ) {
    if (sight) ignoreIndexes(rewriting, survey, reference, relation, sight)
    return
  }
  const masks = reached.length > 0 || (view?.hidden.size ?? 0) > 0
  if (masks && reference.feedsWrite) {
    throw feeds(relation, reached[0] ?? [...(view?.hidden ?? [])][0]?.split('.').at(-1), reference.at)
  }
  for (const name of reached) {
    const column = relation.columns.find(one => foldColumn(one.name) === name)?.name ?? name
    rewriting.hidden.add(`${relation.schema}.${relation.name}.${column}`)
  }
  for (const column of view?.hidden ?? []) rewriting.hidden.add(column)
  const matched = reached.find(name => survey.matched.has(name))
  if (matched !== undefined) {
    throw unsafe(
      `"${relation.name}.${matched}" is hidden from you, so it cannot be searched by MATCH.`,
      reference.at,
    )
  }
  wrap(rewriting, survey, reference, relation, sight, view?.query)
  rewriting.plansTell ||= sight?.filter !== undefined || view?.plansTell === true
  rewriting.changed ||= masks || sight?.filter !== undefined || view?.changed === true
}

/** Where a row is kept tells its hidden partition key. */
function refusePlace(reference: Reference, sight: RelationSight | undefined): void {
  if (!sight?.placeTells || (reference.node?.partitions.length ?? 0) === 0) return
  throw unsafe(
    `"${reference.target.name}" is divided by a column that is hidden from you; naming a partition would tell its values.`,
    reference.at,
  )
}

export function feeds(relation: Relation, column: string | undefined, at: number): Refusal {
  return unsafe(
    `"${relation.name}${column === undefined ? '' : `.${column}`}" is hidden from you, so it cannot be ` +
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
  viewQuery: string | undefined,
): void {
  const { node } = reference
  if (!node) throw unsafe('The statement could not be rewritten with certainty.', reference.at)
  if (viewQuery !== undefined) {
    const own: RelationSight = sight ?? {
      hidden: new Map(),
      filter: undefined,
      placeTells: false,
      indexes: [],
      keptInOrder: false,
    }
    const query = viewSource(rewriting, relation, own, viewQuery, sight !== undefined)
    if (node.period || node.partitions.length > 0 || node.indexHints.length > 0) {
      throw unsafe('Leave out what only tables take: this is a view that is rewritten for you.', reference.at)
    }
    rewriting.splices.push(...wrapSplices(rewriting, reference, node, () => query))
  } else if (sight) {
    const names = columnsShown(survey, reference, relation)
    rewriting.splices.push(
      ...wrapSplices(rewriting, reference, node, wrappedTable(rewriting, relation, sight, names)),
    )
  }
  if (!reference.hasAlias) dropSchemas(rewriting, survey, reference)
}

function viewSource(
  rewriting: Rewriting,
  relation: Relation,
  sight: RelationSight,
  query: string,
  hasOwn: boolean,
): string {
  if (!hasOwn) return query
  const names = relation.columns.map(column => column.name)
  const inner = wrappedTable(rewriting, relation, { ...sight, filter: undefined }, names)('')
  const where = sight.filter === undefined ? '' : ` WHERE ${checkedFilter(rewriting, sight.filter)}`
  const from = inner.lastIndexOf(' FROM ')
  return `${inner.slice(0, from)} FROM ${query} AS ${quoteName(relation.name)}${where}${filteredFirst(rewriting, sight)})`
}

/** Columns that `*` leaves out stay left out. @throws Refusal where they are asked for beside it */
function columnsShown(survey: Survey, reference: Reference, relation: Relation): readonly string[] {
  const asked = new Set(invisibleAsked(survey, reference, relation))
  if (asked.size > 0 && starReaches(survey, reference)) {
    throw unsafe(
      `Some columns of "${relation.name}" are hidden from you; "${[...asked][0] ?? ''}" cannot be had together with * then. ` +
        'Name the columns.',
      reference.at,
    )
  }
  return relation.columns.filter(one => one.invisible !== true || asked.has(one.name)).map(one => one.name)
}

/** A table of which the picture knows nothing yet, but the tags do. */
export function refuseUnseen(
  rewriting: Rewriting,
  { target, at }: { target: NamedTable['target']; at: number },
): void {
  if (rewriting.sight.table(target.schema, target.name)) {
    throw unsafe(`The table "${target.name}" was made a moment ago. Try again in a minute.`, at)
  }
}

/** What keys, checks and triggers of its tables would tell, they tell through the view, too. */
function refuseViewTarget(rewriting: Rewriting, reference: Reference, relation: Relation): void {
  const view = viewIn(rewriting, relation)
  if (!view) return
  const guarded = view.bases.some(base => sightOf(rewriting.sight, base) || base.hasTriggers)
  if (!view.touched && !guarded) return
  throw unsafe(
    `The view "${relation.name}" reads what is hidden from you, or triggers act behind it, so rows cannot be changed through it.`,
    reference.at,
  )
}

function checkNamed(rewriting: Rewriting, statement: StatementReading, named: NamedTable): void {
  const { target, at, guard } = named
  if (target.kind === 'session') return refuseUnseen(rewriting, named)
  if (target.kind === 'system') return
  if (guard !== 'loose') refuseOthersRows(target.relation, at)
  const sight = sightOf(rewriting.sight, target.relation)
  const view = viewIn(rewriting, target.relation)
  if (!sight && !view?.touched) return
  rewriting.touched = true
  if (guard === 'loose') return
  if (guard === 'rows' && sight?.filter === undefined) return
  throw unsafe(
    `Something of "${target.name}" is hidden from you, so ${statement.facts.verb} on it is not let through. Ask an administrator.`,
    at,
  )
}
