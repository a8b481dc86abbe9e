// INSERT, UPDATE, DELETE, MERGE and COPY FROM where something of the target is hidden: hidden values neither decide nor show.

import type { ColumnShape, Relation } from '../schema.ts'
import { columnMention } from './column-text.ts'
import { maskExpression } from './masks.ts'
import { type Mention, mentionsIn, reachesHidden } from './mentions.ts'
import { toBytes } from './parse.ts'
import { quoteName } from './quote.ts'
import { type Refusal, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { type RelationSight, filterTree, sightOf } from './sights.ts'
import { applySplices } from './splice.ts'
import { assignedNames } from './statements.ts'
import { type Survey, type Write, star } from './survey.ts'
import { type Tree, bodyOf, listOf, nodeOf, numberOf, textOf, treeOf } from './tree.ts'
import { extentOf, systemColumns, uncertain, wordAt } from './wrap.ts'

interface Target {
  readonly relation: Relation
  readonly sight: RelationSight
  /** Names by which its columns may be qualified. */
  readonly names: ReadonlySet<string>
  /** Whether a name without qualifier is not known to be anything else. */
  readonly isStray: (name: string) => boolean
}

/** @throws Refusal */
export function rewriteWrite(
  rewriting: Rewriting,
  write: Write,
  relation: Relation,
  sight: RelationSight,
  survey: Survey,
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
  if (sight.filter !== undefined) addFilter(rewriting, write, target)
}

/** `OLD` and `NEW` came with PostgreSQL 18. */
function refuseRowVersions(rewriting: Rewriting, clause: Tree): void {
  if (Number.parseInt(rewriting.index.snapshot.serverVersion, 10) >= 18) return
  const names = new Set(returningNames(clause))
  const versions = mentionsIn(listOf(clause, 'exprs')).columns.some(({ fields }) =>
    names.has(fields.at(-2) ?? ''),
  )
  if (listOf(clause, 'options').length > 0 || versions) {
    throw unsafe('RETURNING with OLD and NEW needs PostgreSQL 18.')
  }
}

/** With a stray name somewhere in the statement, every name that is no column of the target could be it. */
function isStray(name: string, relation: Relation): boolean {
  return name !== star && !relation.columns.some(column => column.name === name) && !systemColumns.has(name)
}

function returningNames(clause: Tree | undefined): string[] {
  const names = ['old', 'new']
  for (const option of clause ? listOf(clause, 'options') : []) {
    names.push(textOf(bodyOf(option, 'ReturningOption') ?? {}, 'value') ?? '')
  }
  return names
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

function tagOf(column: string, target: Target): string {
  const tag = target.sight.hidden.get(column)?.tag
  return tag === undefined ? '' : ` (${tag})`
}

/** A value may be written blindly, unless keys tell whether it was there already. */
function refuseProbing(rewriting: Rewriting, write: Write, target: Target): void {
  const { hidden, filter } = target.sight
  const probeable = rewriting.index.probeable(target.relation)
  const written = writtenColumns(write, target.relation)
  for (const column of written) {
    if (hidden.has(column) && probeable.has(column)) throw probes(column, target, write.target.at)
    if (isStray(column, target.relation)) throw unknownColumn(column, target.relation, write.target.at)
  }
  refuseSharedKeys(rewriting, target, written, write.target.at)
  const conflict = treeOf(write.body, 'onConflictClause')
  const infer = conflict && treeOf(conflict, 'infer')
  if (infer && textOf(infer, 'conname') !== undefined) {
    const column = [...hidden.keys()].find(name => probeable.has(name))
    if (column !== undefined) throw probes(column, target, numberOf(infer, 'location'))
  }
  refuseCheckProbing(rewriting, write, target, written)
  if (filter !== undefined) refuseFilterWrites(written, target, write.target.at)
}

export function unknownColumn(column: string, relation: Relation, at: number): Refusal {
  return unsafe(
    `There is no column "${column}" of "${relation.name}" that Sekisho knows of. Try again in a minute.`,
    at,
  )
}

/** Of a CHECK that reads both, success or failure of a change tells about the column that stays. */
function refuseCheckProbing(
  rewriting: Rewriting,
  write: Write,
  target: Target,
  written: readonly string[],
): void {
  if (write.kind === 'InsertStmt' && write.body['onConflictClause'] === undefined) return
  for (const check of checksOf(rewriting, target.relation)) {
    const stays = check.find(name => target.sight.hidden.has(name) && !written.includes(name))
    const touched = check.some(column => written.includes(column) || isGenerated(target.relation, column))
    if (stays !== undefined && touched) {
      throw unsafe(
        `A rule of "${target.relation.name}" compares what you would write with "${stays}", which is hidden from you` +
          `${tagOf(stays, target)}. Ask an administrator for reveal on it.`,
        write.target.at,
      )
    }
  }
}

function checksOf(rewriting: Rewriting, relation: Relation): readonly (readonly string[])[] {
  // A row of a partition or child is held to the checks of that one.
  return [relation, ...rewriting.index.descendants(relation)].flatMap(one => one.checks ?? [])
}

/** Follows what is written, whatever that is. */
function isGenerated(relation: Relation, name: string): boolean {
  return relation.columns.some(column => column.name === name && column.generated !== undefined)
}

/** With a key over a hidden and a shown column, whether the shown one can be written tells about the hidden one. */
function refuseSharedKeys(
  rewriting: Rewriting,
  target: Target,
  written: readonly string[],
  at: number,
): void {
  if (written.length === 0) return
  for (const one of [target.relation, ...rewriting.index.descendants(target.relation)]) {
    for (const key of one.uniqueKeys) {
      const column = key.find(name => target.sight.hidden.has(name))
      const touched = key.some(name => written.includes(name) || isGenerated(one, name))
      if (column !== undefined && touched) throw probes(column, target, at)
    }
  }
}

/** Rows that refer to a hidden column elsewhere: whether they can be written tells which values exist there. */
export function refuseForeignProbing(rewriting: Rewriting, write: Write, relation: Relation): void {
  const written = writtenColumns(write, relation)
  if (rewriting.sight.hidesAnything && written.length > 0) {
    refuseForeignCopy(rewriting, relation, written, write.target.at)
  }
}

/** @param written nothing: every column */
export function refuseForeignCopy(
  rewriting: Rewriting,
  relation: Relation,
  written: readonly string[],
  at: number,
): void {
  for (const foreign of relation.foreignKeys) {
    const { schema, name } = foreign.references
    const referenced = rewriting.index.relation(schema, name)
    const sight = referenced && sightOf(rewriting.index, rewriting.sight, referenced)
    const hidden = foreign.referencedColumns.find(column => sight?.hidden.has(column))
    if (hidden === undefined) continue
    if (written.length === 0 || foreign.columns.some(column => written.includes(column))) {
      throw unsafe(
        `"${relation.name}.${foreign.columns[0] ?? ''}" refers to "${name}.${hidden}", which is hidden from you: writing it ` +
          'would show which values exist. Ask an administrator for reveal on it.',
        at,
      )
    }
  }
}

function probes(column: string, target: Target, at: number): Refusal {
  return unsafe(
    `"${target.relation.name}.${column}" is hidden from you${tagOf(column, target)} and part of a key: writing it would ` +
      'show which values exist. Ask an administrator for reveal on it.',
    at,
  )
}

function refuseFilterWrites(written: readonly string[], target: Target, at: number): void {
  for (const mention of filterMentions(target.sight.filter ?? '')) {
    const column = mention.fields.at(-1)
    if (column !== undefined && written.includes(column)) {
      throw unsafe(
        `Which rows of "${target.relation.name}" you may see depends on "${column}"; you cannot change it.`,
        at,
      )
    }
  }
}

function filterMentions(filter: string): readonly Mention[] {
  return mentionsIn(filterTree(filter)).columns
}

function writtenColumns(write: Write, relation: Relation): readonly string[] {
  const all = relation.columns.map(column => column.name)
  const { body, kind } = write
  if (kind === 'UpdateStmt') return assignedNames(body, 'targetList')
  if (kind === 'MergeStmt') {
    return listOf(body, 'mergeWhenClauses').flatMap(item => {
      const clause = bodyOf(item, 'MergeWhenClause') ?? {}
      const names = assignedNames(clause, 'targetList')
      return names.length === 0 && clause['commandType'] === 'CMD_INSERT' ? all : names
    })
  }
  if (kind !== 'InsertStmt') return []
  const conflict = treeOf(body, 'onConflictClause')
  const updated = conflict ? assignedNames(conflict, 'targetList') : []
  const named = assignedNames(body, 'cols')
  if (named.length > 0) return [...named, ...updated]
  const select = nodeOf(body['selectStmt'])
  if (!select) return updated
  const row = bodyOf(listOf(select.body, 'valuesLists')[0], 'List')
  return [...(row ? all.slice(0, listOf(row, 'items').length) : all), ...updated]
}

function rewriteReturning(rewriting: Rewriting, write: Write, clause: Tree, target: Target): void {
  for (const item of listOf(clause, 'exprs')) {
    const result = bodyOf(item, 'ResTarget')
    if (!result) throw uncertain()
    const { columns, hasSubquery } = mentionsIn(result['val'])
    const reached = columns.filter(mention => isReached(mention, target))
    if (reached.length === 0) continue
    if (hasSubquery) throw returnsRow(target, reached[0]?.at)
    const alone = bodyOf(result['val'], 'ColumnRef')
    for (const mention of reached) {
      if (mention.fields.at(-1) === star) expandStar(rewriting, write, mention, target)
      else
        maskReturned(rewriting, mention, target, alone !== undefined && textOf(result, 'name') === undefined)
    }
  }
}

function isReached(mention: Mention, target: Target): boolean {
  if (mention.fields.length === 1 && mention.fields[0] === star) return target.sight.hidden.size > 0
  return (
    reachesHidden(mention, target.names, target.relation, target.sight.hidden, target.isStray) !== 'no' &&
    target.sight.hidden.size > 0
  )
}

function returnsRow(target: Target, at: number | undefined): Refusal {
  return unsafe(
    `RETURNING would show hidden columns of "${target.relation.name}" in a form that cannot be masked. Name the columns.`,
    at,
  )
}

function expandStar(rewriting: Rewriting, write: Write, mention: Mention, target: Target): void {
  const others = ['fromClause', 'usingClause', 'sourceRelation'].some(key => write.body[key] !== undefined)
  const bare = mention.fields.length === 1
  if (bare && others) throw returnsRow(target, mention.at)
  const qualifier = quoteName(bare ? write.target.alias : (mention.fields.at(-2) ?? ''))
  const list = target.relation.columns.map(column => {
    const value = `${qualifier}.${quoteName(column.name)}`
    const masked = maskOf(rewriting, column, target, value)
    return masked === undefined ? value : `${masked} AS ${quoteName(column.name)}`
  })
  const place = columnMention(rewriting.tokens(), mention.at)
  rewriting.splices.push({ start: place.start, end: place.end, text: list.join(', ') })
  rewriting.changed = true
}

function maskReturned(rewriting: Rewriting, mention: Mention, target: Target, named: boolean): void {
  const last = mention.fields.at(-1) ?? ''
  const column = target.relation.columns.find(one => one.name === last)
  if (!column || !target.sight.hidden.has(last)) throw returnsRow(target, mention.at)
  const place = columnMention(rewriting.tokens(), mention.at)
  const masked = maskOf(rewriting, column, target, rewriting.bytes.slice(place.start, place.end))
  if (masked === undefined) throw uncertain()
  const alias = named ? ` AS ${quoteName(last)}` : ''
  rewriting.splices.push({ start: place.start, end: place.end, text: `(${masked})${alias}` })
  rewriting.changed = true
}

function maskOf(
  rewriting: Rewriting,
  column: ColumnShape,
  target: Target,
  value: string,
): string | undefined {
  const how = target.sight.hidden.get(column.name)
  if (!how) return undefined
  rewriting.hidden.add(`${target.relation.schema}.${target.relation.name}.${column.name}`)
  return maskExpression(column, how.mask, value, rewriting.options.maskKey)
}

/** `… WHERE (its own condition) AND (the filter)`. */
function addFilter(rewriting: Rewriting, write: Write, target: Target): void {
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
    rewriting.splices.push({ start: word.end, end: word.end, text: ' (' })
    rewriting.splices.push({ start: last.end, end: last.end, text: `\n) AND ${filter} ` })
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
    if (isStray(column, relation)) throw unknownColumn(column, relation, at)
  }
  refuseSharedKeys(rewriting, target, written, at)
}
