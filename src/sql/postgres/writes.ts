// INSERT, UPDATE, DELETE, MERGE and COPY FROM where something of the target is hidden: hidden values neither decide nor show.

import type { Relation } from '../schema.ts'
import { type Mention, mentionsIn, reachesHidden } from './mentions.ts'
import { toBytes } from './parse.ts'
import { hashes, probes, refuseProbing, refuseSharedKeys, unknownColumn } from './probing.ts'
import { isQuiet } from './quiet.ts'
import { quoteName } from './quote.ts'
import { type Refusal, unsafe } from './refusal.ts'
import { refuseRowVersions, returningNames, returnsRow, rewriteReturning } from './returning.ts'
import type { Rewriting } from './rewriting.ts'
import { type RelationSight, filterTree } from './sights.ts'
import { applySplices } from './splice.ts'
import type { Survey, Write } from './survey-facts.ts'
import { type Tree, bodyOf, listOf, nodeOf, numberOf, textOf, treeOf } from './tree.ts'
import { extentOf, uncertain, wordAt } from './wrap.ts'
import { type Target, isStray, tagOf } from './write-target.ts'

/** @throws Refusal */
export function rewriteWrite(
  rewriting: Rewriting,
  write: Write,
  relation: Relation,
  sight: RelationSight,
  survey: Survey,
  tree: Tree,
): void {
  const { body, kind } = write
  if (sight.refusal !== undefined) throw unsafe(sight.refusal, write.target.at)
  const clause = treeOf(body, 'returningClause')
  const target: Target = {
    relation,
    sight,
    names: new Set([write.target.alias, 'excluded', ...returningNames(clause)]),
    isStray: name => survey.stray && isStray(name, relation),
  }
  if (sight.filter !== undefined && (kind === 'InsertStmt' || kind === 'MergeStmt')) {
    throw unsafe(
      `Of "${relation.name}" you may see only some rows, so rows cannot be added to it through ` +
        `${kind === 'InsertStmt' ? 'INSERT' : 'MERGE'}.`,
      write.target.at,
    )
  }
  refuseDeciding(write, target)
  refuseProbing(rewriting, write, target)
  if (clause) {
    const changed = rewriting.changed
    rewriting.changed = false
    refuseRowVersions(rewriting, clause)
    rewriteReturning(rewriting, write, clause, target)
    if (rewriting.changed && write.inCte && survey.writes.length > 1)
      throw returnsRow(target, numberOf(clause, 'location'))
    rewriting.changed ||= changed
  }
  if (sight.filter !== undefined) addFilter(rewriting, write, target, isQuiet(rewriting, survey, tree))
}

/** Hidden columns of the target must not be read, except to be returned. */
function refuseDeciding(write: Write, target: Target): void {
  for (const key in write.body) {
    if (key === 'relation' || key === 'returningClause' || key === 'withClause') continue
    for (const mention of mentionsIn(write.body[key]).columns) refuseMention(mention, target)
  }
  const conflict = treeOf(write.body, 'onConflictClause')
  const infer = conflict && treeOf(conflict, 'infer')
  if (!infer) return
  for (const item of listOf(infer, 'indexElems')) {
    const name = textOf(bodyOf(item, 'IndexElem') ?? {}, 'name')
    if (name !== undefined && target.sight.hidden.has(name))
      throw decides(name, target, numberOf(infer, 'location'))
  }
}

function refuseMention(mention: Mention, target: Target): void {
  const reached = reachesHidden(mention, target.names, target.relation, target.sight.hidden, target.isStray)
  if (reached === 'no') return
  const first = reached === 'column' ? mention.fields.at(-1) : [...target.sight.hidden.keys()][0]
  if (first !== undefined) throw decides(first, target, mention.at)
}

function decides(column: string, target: Target, at: number): Refusal {
  return unsafe(
    `"${target.relation.name}.${column}" is hidden from you${tagOf(column, target)}, so it cannot decide what is changed. ` +
      'Choose the rows by other columns, or ask an administrator for reveal on it.',
    at,
  )
}

/**
 * `… WHERE (the filter) AND (its own condition)`; where its own could fail, or tell, on rows that are left out,
 * `CASE WHEN (the filter) THEN (its own condition) ELSE false END`.
 */
function addFilter(rewriting: Rewriting, write: Write, target: Target, quiet: boolean): void {
  const condition = nodeOf(write.body['whereClause'])
  if (condition?.kind === 'CurrentOfExpr') {
    throw unsafe(
      `Of "${target.relation.name}" you may see only some rows; WHERE CURRENT OF is not let through.`,
    )
  }
  const tokens = rewriting.tokens()
  let at = extentOf(tokens, write.target).next
  let depth = 0
  let where: number | undefined
  for (; at < tokens.length; at += 1) {
    const word = wordAt(tokens, at)
    if (word === '(' || word === '[') depth += 1
    if (word === ')' || word === ']') depth -= 1
    if (depth < 0 || word === ';') break
    if (depth === 0 && word === 'WHERE') where = at
    if (depth === 0 && word === 'RETURNING') break
  }
  const last = tokens[at - 1]
  if (!last) throw uncertain()
  const filter = qualifiedFilter(target, write.target.alias)
  if (where === undefined) {
    if (condition) throw uncertain()
    rewriting.splices.push({ start: last.end, end: last.end, text: ` WHERE ${filter} ` })
  } else {
    const word = tokens[where]
    if (!condition || !word) throw uncertain()
    rewriting.splices.push({
      start: word.end,
      end: word.end,
      text: quiet ? ` ${filter} AND (` : ` CASE WHEN ${filter} THEN (`,
    })
    rewriting.splices.push({ start: last.end, end: last.end, text: quiet ? '\n) ' : '\n) ELSE false END ' })
  }
  rewriting.changed = true
}

/** The filter with its columns qualified, for other tables may have columns of the same name. */
function qualifiedFilter(target: Target, alias: string): string {
  const filter = target.sight.filter ?? ''
  const prefix = 'SELECT 1 WHERE '
  const tree = filterTree(filter)
  const { columns, hasSubquery } = mentionsIn(tree)
  if (hasSubquery) {
    throw unsafe(
      `The rows of "${target.relation.name}" that you may see are chosen by a sub-query; they cannot be changed.`,
    )
  }
  const offset = prefix.length
  const bytes = toBytes(filter)
  const splices = columns
    .filter(column => column.fields.length === 1)
    .map(column => ({ start: column.at - offset, end: column.at - offset, text: `${quoteName(alias)}.` }))
  return applySplices(bytes, splices)
}

/** COPY … FROM STDIN. @throws Refusal */
export function checkCopyFrom(
  rewriting: Rewriting,
  relation: Relation,
  sight: RelationSight,
  columns: readonly string[],
  condition: unknown,
  at: number,
): void {
  const target: Target = {
    relation,
    sight,
    names: new Set([relation.name]),
    isStray: name => isStray(name, relation),
  }
  if (sight.filter !== undefined || sight.refusal !== undefined) {
    throw unsafe(`Of "${relation.name}" you may see only some rows, so rows cannot be copied into it.`, at)
  }
  for (const mention of mentionsIn(condition).columns) refuseMention(mention, target)
  const probeable = rewriting.index.probeable(relation)
  const written = columns.length > 0 ? columns : relation.columns.map(column => column.name)
  for (const column of written) {
    if (sight.hidden.has(column) && probeable.has(column)) throw probes(column, target, at)
    if (sight.hidden.get(column)?.mask === 'hash') throw hashes(column, target, at)
    if (isStray(column, relation)) throw unknownColumn(column, relation, at)
  }
  refuseSharedKeys(rewriting, target, written, at)
}
