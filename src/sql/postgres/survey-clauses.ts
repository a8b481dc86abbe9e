// The clauses of a statement in which relations and names come to be: WITH, FROM, JOIN, GROUP BY, and writes.

import { limits } from '../../core/limits.ts'
import { type Resolution, isSystemSchema, resolveRelation } from './names.ts'
import { unreadable, unsafe } from './refusal.ts'
import type { ColumnMention, Draft, Place, Reference, Scope, SurveyOptions, Write } from './survey-facts.ts'
import { mentionOf, walk } from './survey.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, numberOf, textOf, treeOf } from './tree.ts'

export function defineAlias(draft: Draft, alias: Tree): void {
  draft.defined.add(textOf(alias, 'aliasname') ?? '')
  for (const name of namesOf(alias, 'colnames')) draft.defined.add(name)
}

export function visitSelect(draft: Draft, body: Tree, place: Place): void {
  const inner = withClause(draft, body, place)
  const into = treeOf(body, 'intoClause')
  if (into) draft.hasInto = treeOf(into, 'rel') ?? into
  for (const clause of listOf(body, 'lockingClause')) {
    const lock = bodyOf(clause, 'LockingClause')
    const locked = lock ? listOf(lock, 'lockedRels') : []
    if (locked.length === 0) draft.lockedAll = true
    for (const range of locked)
      draft.lockedAliases.add(textOf(bodyOf(range, 'RangeVar') ?? {}, 'relname') ?? '')
  }
  noteGrouping(draft, body)
  for (const key in body) {
    if (key === 'withClause' || key === 'intoClause' || key === 'lockingClause') continue
    const child = body[key]
    if ((key === 'larg' || key === 'rarg') && isTree(child)) visitSelect(draft, child, deeper(inner))
    else walk(draft, child, inner)
  }
}

function noteGrouping(draft: Draft, body: Tree): void {
  const items = listOf(body, 'groupClause')
  if (items.length === 0) return
  const columns: ColumnMention[] = []
  for (const item of items) {
    if (bodyOf(item, 'GroupingSet')) return
    const column = bodyOf(item, 'ColumnRef')
    if (column) columns.push(mentionOf(column))
  }
  const from: number[] = []
  const visit = (value: unknown): void => {
    const range = bodyOf(value, 'RangeVar')
    const join = bodyOf(value, 'JoinExpr')
    if (range) from.push(numberOf(range, 'location'))
    if (join) {
      visit(join['larg'])
      visit(join['rarg'])
    }
  }
  for (const item of listOf(body, 'fromClause')) visit(item)
  draft.groupings.push({ columns, from })
}

function deeper(place: Place): Place {
  if (place.depth > limits.statementDepthMax) throw unreadable('The statement is nested too deeply.')
  return { ...place, depth: place.depth + 1 }
}

/** Walks the CTEs, and gives the place for the rest of the statement. */
function withClause(draft: Draft, body: Tree, place: Place): Place {
  const clause = treeOf(body, 'withClause')
  if (!clause) return place
  const expressions = listOf(clause, 'ctes')
    .map(item => bodyOf(item, 'CommonTableExpr'))
    .filter(cte => cte !== undefined)
  const all = new Set(expressions.map(cte => textOf(cte, 'ctename') ?? ''))
  let scope = place.scope
  for (const cte of expressions) {
    // RECURSIVE: every name of this WITH is visible in every query of it; else only those before.
    const visible = clause['recursive'] === true ? { names: all, outer: place.scope } : scope
    draft.defined.add(textOf(cte, 'ctename') ?? '')
    for (const name of namesOf(cte, 'aliascolnames')) draft.defined.add(name)
    walk(draft, cte['ctequery'], { ...deeper(place), scope: visible, inCte: true })
    walk(draft, cte['cycle_clause'], place)
    scope = { names: new Set([textOf(cte, 'ctename') ?? '']), outer: scope }
  }
  return { ...place, scope: { names: all, outer: place.scope } }
}

export function visitWrite(draft: Draft, kind: Write['kind'], body: Tree, place: Place): void {
  const inner: Place = { ...withClause(draft, body, place), inWrite: true }
  const range = treeOf(body, 'relation')
  if (!range) throw unreadable('The statement could not be read.')
  // The target never is a CTE.
  const reference = makeReference(draft, range, 'target', undefined)
  if (isSystemSchema(reference.target.schema)) {
    // `UPDATE pg_settings` is SET by another name; the rest is the server's own book-keeping.
    throw unsafe(
      `Tables of the server's own catalog cannot be changed ("${reference.target.name}").`,
      reference.at,
    )
  }
  draft.pending.push({ at: reference.at, reference, inCte: place.inCte, inWrite: true })
  draft.writes.push({ kind, body, target: { ...reference, feedsWrite: true }, inCte: place.inCte })
  for (const key in body) {
    if (key === 'withClause' || key === 'relation') continue
    walk(draft, body[key], inner)
  }
}

export function visitSample(draft: Draft, body: Tree, place: Place): void {
  const range = bodyOf(body['relation'], 'RangeVar')
  if (!range) throw unreadable('The statement could not be read.')
  const method = namesOf(body, 'method')
  const name = method.at(-1) ?? ''
  if (method.length > 1 || (name !== 'bernoulli' && name !== 'system')) {
    throw unsafe(
      `The sampling method "${name}" is not let through; use BERNOULLI or SYSTEM.`,
      numberOf(body, 'location'),
    )
  }
  refer(draft, range, place, 'read', body)
  walk(draft, body['args'], place)
  walk(draft, body['repeatable'], place)
}

export function visitJoin(draft: Draft, body: Tree, place: Place): void {
  if (body['isNatural'] === true) draft.everything = true
  for (const name of namesOf(body, 'usingClause')) draft.columns.push({ fields: [name], at: -1 })
  const using = treeOf(body, 'join_using_alias')
  if (using) defineAlias(draft, using)
  // `(a JOIN b ON …) AS j`: `j.*`, `j` and renamed columns reach every column of both.
  const alias = treeOf(body, 'alias')
  if (alias) {
    draft.everything = true
    defineAlias(draft, alias)
  }
  walk(draft, body['larg'], place)
  walk(draft, body['rarg'], place)
  walk(draft, body['quals'], place)
}

export function refer(draft: Draft, range: Tree, place: Place, role: 'read', sample: Tree | undefined): void {
  if (range['schemaname'] === undefined && isCte(place.scope, textOf(range, 'relname') ?? '')) {
    const alias = treeOf(range, 'alias')
    if (alias) defineAlias(draft, alias)
    return
  }
  const at = numberOf(range, 'location')
  if (draft.seen.has(at)) return
  draft.seen.add(at)
  const reference = makeReference(draft, range, role, sample)
  draft.pending.push({ at, reference, inCte: place.inCte, inWrite: place.inWrite })
}

function makeReference(
  draft: Draft,
  range: Tree,
  role: Reference['role'],
  sample: Tree | undefined,
): Omit<Reference, 'feedsWrite'> {
  const at = numberOf(range, 'location')
  const { target, pin }: Resolution = resolveRelation(draft.options.index, draft.options.state, range, at)
  const alias = treeOf(range, 'alias')
  if (alias) defineAlias(draft, alias)
  return {
    target,
    pin,
    at,
    alias: alias ? (textOf(alias, 'aliasname') ?? '') : target.name,
    hasAlias: alias !== undefined,
    renames: alias !== undefined && listOf(alias, 'colnames').length > 0,
    only: range['inh'] !== true,
    sample,
    role,
    locked: false,
  }
}

function isCte(scope: Scope | undefined, name: string): boolean {
  for (let s = scope; s; s = s.outer) if (s.names.has(name)) return true
  return false
}

/** A relation that a definition (DDL, COPY, LOCK …) names. @throws Refusal */
export function referTo(range: Tree, options: SurveyOptions): Reference {
  const at = numberOf(range, 'location')
  const { target, pin } = resolveRelation(options.index, options.state, range, at)
  return {
    target,
    pin,
    at,
    alias: target.name,
    hasAlias: false,
    renames: false,
    only: range['inh'] !== true,
    sample: undefined,
    role: 'definition',
    feedsWrite: false,
    locked: false,
  }
}
