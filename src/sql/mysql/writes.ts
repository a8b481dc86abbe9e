// INSERT, REPLACE, UPDATE, DELETE and LOAD DATA where something of the target is hidden: hidden values neither decide nor show.

import type { Relation } from '../schema.ts'
import { refuseProbing } from './probing.ts'
import { quoteName } from './quote.ts'
import { columnsWithin, readCondition } from './read-expression.ts'
import { type Refusal, uncertain, unsafe } from './refusal.ts'
import { type Rewriting, tokenAt } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import type { RelationSight } from './sights.ts'
import type { Survey, Write } from './survey-facts.ts'
import type { Column, Delete, SelectItem, Update } from './syntax.ts'
import { checkedFilter, maskedList } from './wrap.ts'

export interface Target {
  readonly relation: Relation
  readonly sight: RelationSight
  readonly at: number
}

/** @throws Refusal */
export function rewriteWrite(
  rewriting: Rewriting,
  write: Write,
  relation: Relation,
  sight: RelationSight,
  survey: Survey,
): void {
  const { node } = write
  const target: Target = { relation, sight, at: write.target.at }
  const adds = node.kind === 'insert' || node.kind === 'load'
  if (sight.filter !== undefined && adds) {
    throw unsafe(
      `Of "${relation.name}" you may see only some rows, so rows cannot be added to it.`,
      target.at,
    )
  }
  if (sight.placeTells && write.target.node && write.target.node.partitions.length > 0) {
    throw unsafe(
      `"${relation.name}" is divided by a column that is hidden from you; do not name its partitions.`,
      target.at,
    )
  }
  refuseDeciding(write, target, survey)
  refuseOrder(write, target)
  refuseProbing(rewriting, write, target)
  if ('returning' in node) rewriteReturning(rewriting, node.returning, write, target)
  if (sight.filter !== undefined && !adds) addFilter(rewriting, node, write, target, sight.filter)
}

/** Hidden columns of the target must not be read, except to be returned. */
function refuseDeciding(write: Write, target: Target, survey: Survey): void {
  const { node } = write
  if (node.kind === 'insert' || node.kind === 'load') {
    const values = node.kind === 'insert' ? node.onDuplicate : node.assignments
    for (const column of columnsWithin(values.map(one => one.value)))
      refuseMention(column, write, target, survey)
    return
  }
  if (survey.names.size > 0 || hasNatural(node)) {
    const joined = [...target.sight.hidden.keys()].find(name => survey.names.has(name) || hasNatural(node))
    if (joined !== undefined) throw decides(joined, target, target.at)
  }
  const returned = new Set('returning' in node ? columnsWithin(node.returning) : [])
  for (const { node: column, fields } of survey.columns) {
    if (column.kind === 'star') {
      if (fields.length > 1 && fields.at(-2) === write.target.alias && !isReturned(node, column.start)) {
        throw decides([...target.sight.hidden.keys()][0] ?? '', target, column.start)
      }
    } else if (!returned.has(column)) refuseMention(column, write, target, survey)
  }
}

/** Which rows come first may follow from an index over hidden columns, or from where rows are kept. */
function refuseOrder(write: Write, target: Target): void {
  const { node } = write
  const { sight, relation } = target
  if (node.kind !== 'update' && node.kind !== 'delete') return
  const orders = sight.keptInOrder || (node.kind === 'delete' && sight.indexes.length > 0)
  if (!orders || (node.limit === undefined && !('returning' in node && node.returning.length > 0))) return
  const sorted = node.orderBy.map(({ expression }) =>
    expression.kind === 'column' ? foldColumn(expression.parts.at(-1)?.text ?? '') : '',
  )
  if (relation.uniqueKeys.some(key => key.every(name => sorted.includes(foldColumn(name))))) return
  throw unsafe(
    `Which rows of "${relation.name}" come first could show values that are hidden from you. Order them by its key, or leave out ` +
      'LIMIT and RETURNING.',
    target.at,
  )
}

function isReturned(node: Write['node'], at: number): boolean {
  return 'returning' in node && node.returning.some(item => item.start <= at && at < item.end)
}

function hasNatural(node: Write['node']): boolean {
  const visit = (tables: Update['tables']): boolean =>
    tables.some(table => {
      if (table.kind === 'join') return table.natural || visit([table.left, table.right])
      return table.kind === 'nested' && visit(table.tables)
    })
  return (node.kind === 'update' || node.kind === 'delete') && visit(node.tables)
}

function refuseMention(column: Column, write: Write, target: Target, survey: Survey): void {
  const { hidden } = target.sight
  if (hidden.size === 0) return
  const fields = column.parts.map(part => foldColumn(part.text))
  const last = fields.at(-1) ?? ''
  const qualified = fields.length > 1
  if (qualified && fields.at(-2) !== write.target.alias) return
  if (hidden.has(last)) throw decides(last, target, column.start)
  const known = target.relation.columns.some(one => foldColumn(one.name) === last)
  // The picture may be older than a renamed column.
  if (!known && (qualified || survey.stray) && !isDefinedElsewhere(last, survey, write)) {
    throw unsafe(
      `There is no column "${column.parts.at(-1)?.text ?? ''}" of "${target.relation.name}" that Sekisho knows of. Try again in a minute.`,
      column.start,
    )
  }
}

function isDefinedElsewhere(name: string, survey: Survey, write: Write): boolean {
  return survey.references.some(({ target, at }) => {
    if (at === write.target.at || target.kind !== 'relation') return false
    return target.relation.columns.some(column => foldColumn(column.name) === name)
  })
}

export function nameOf(column: string, target: Target): string {
  return target.relation.columns.find(one => foldColumn(one.name) === column)?.name ?? column
}

export function tagOf(column: string, target: Target): string {
  const tag = target.sight.hidden.get(column)?.tag
  return tag === undefined ? '' : ` (${tag})`
}

function decides(column: string, target: Target, at: number): Refusal {
  return unsafe(
    `"${target.relation.name}.${nameOf(column, target)}" is hidden from you${tagOf(column, target)}, so it cannot decide what ` +
      'is changed. Choose the rows by other columns, or ask an administrator for reveal on it.',
    at,
  )
}

/** `RETURNING *` and plain columns are masked; expressions of hidden columns are refused. */
function rewriteReturning(
  rewriting: Rewriting,
  items: readonly SelectItem[],
  write: Write,
  target: Target,
): void {
  const { relation, sight } = target
  if (sight.hidden.size === 0) return
  const { maskKey } = rewriting.options
  for (const item of items) {
    const { expression } = item
    if (expression.kind === 'star') {
      if (write.node.kind === 'insert') throw returned(target, item.start)
      const names = relation.columns.filter(one => one.invisible !== true).map(one => one.name)
      rewriting.splices.push({
        start: expression.start,
        end: expression.end,
        text: maskedList(relation, sight.hidden, maskKey, names),
      })
      noteMasked(rewriting, target, names)
      continue
    }
    const hidden = columnsWithin(expression).filter(column =>
      sight.hidden.has(foldColumn(column.parts.at(-1)?.text ?? '')),
    )
    if (hidden.length === 0) continue
    if (expression.kind !== 'column' || write.node.kind === 'insert') throw returned(target, item.start)
    const name = nameOf(foldColumn(expression.parts.at(-1)?.text ?? ''), target)
    const list = maskedList(relation, sight.hidden, maskKey, [name])
    const mask = item.alias ? list.slice(0, -` AS ${quoteName(name)}`.length) : list
    rewriting.splices.push({ start: expression.start, end: expression.end, text: mask })
    noteMasked(rewriting, target, [name])
  }
}

function noteMasked(rewriting: Rewriting, { relation, sight }: Target, names: readonly string[]): void {
  rewriting.changed = true
  for (const name of names) {
    if (sight.hidden.has(foldColumn(name)))
      rewriting.hidden.add(`${relation.schema}.${relation.name}.${name}`)
  }
}

function returned(target: Target, at: number): Refusal {
  const column = [...target.sight.hidden.keys()][0] ?? ''
  return unsafe(
    `"${target.relation.name}.${nameOf(column, target)}" is hidden from you${tagOf(column, target)}, so it cannot be returned here.`,
    at,
  )
}

/** `WHERE (the filter) AND (its own condition)`. */
function addFilter(
  rewriting: Rewriting,
  node: Update | Delete,
  write: Write,
  target: Target,
  filter: string,
): void {
  if (!rewriting.quiet && (node.tables.length > 1 || node.tables[0]?.kind !== 'table')) {
    throw unsafe(
      `Some rows of "${target.relation.name}" are hidden from you: compare its columns with constants of their own kind.`,
      target.at,
    )
  }
  const condition = qualifiedFilter(rewriting, filter, write.target.aliasName, target)
  const end = clauseEnd(rewriting, node)
  rewriting.changed = true
  // A plan would count the rows that are left out.
  rewriting.plansTell = true
  if (!node.where) {
    rewriting.splices.push({ start: end, end, text: ` WHERE ${condition} ` })
    return
  }
  const tokens = rewriting.tokens()
  // Back over the brackets that the condition may be in.
  let at = tokenAt(tokens, node.where.start) - 1
  while (at >= 0 && tokens.words[at] === '(') at -= 1
  if (tokens.words[at] !== 'WHERE') throw uncertain(node.where.start)
  const start = tokens.ends[at] ?? 0
  // What could fail or leave a trace must not meet the rows that are left out.
  const [head, tail] = rewriting.quiet ? [`${condition} AND (`, '\n)'] : [`IF(${condition}, (`, '\n), 0)']
  rewriting.splices.push({ start, end: start, text: ` ${head}` })
  rewriting.splices.push({ start: end, end, text: tail })
}

/** Behind the condition: where ORDER BY, LIMIT or RETURNING begin, or the statement ends. */
function clauseEnd(rewriting: Rewriting, node: Update | Delete): number {
  const tokens = rewriting.tokens()
  const last =
    node.where?.end ?? (node.kind === 'update' ? node.assignments.at(-1)?.end : node.tables.at(-1)?.end)
  if (last === undefined) throw uncertain(node.start)
  let end = last
  for (let at = tokenAt(tokens, last); (tokens.starts[at] ?? node.end) < node.end; at += 1) {
    if (tokens.words[at] !== ')') break
    end = tokens.ends[at] ?? end
  }
  const next = tokens.words[tokenAt(tokens, end)]
  const clauses = ['ORDER', 'LIMIT', 'RETURNING', ';', '']
  if (next !== undefined && !clauses.includes(next)) throw uncertain(end)
  return end
}

/** The filter with its columns qualified, for other tables may have columns of the same name. */
function qualifiedFilter(rewriting: Rewriting, filter: string, alias: string, target: Target): string {
  const read = readCondition(filter)
  if (!read)
    throw unsafe('A row filter that a policy sets for you here cannot be read. Tell an administrator.')
  if (/\bselect\b/i.test(filter)) {
    throw unsafe(
      `The rows of "${target.relation.name}" that you may see are chosen by a sub-query; they cannot be changed.`,
    )
  }
  const places = columnsWithin(read.tree)
    .filter(column => column.parts.length === 1)
    .map(column => column.start - read.offset)
    .sort((a, b) => b - a)
  checkedFilter(rewriting, filter)
  let text = filter
  for (const place of places) text = `${text.slice(0, place)}${quoteName(alias)}.${text.slice(place)}`
  return `(${text}\n)`
}
