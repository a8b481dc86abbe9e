// Puts a sub-query in the place of a table, in which what is hidden is already masked and filtered.

import type { Splice } from '../dialect.ts'
import type { Relation } from '../schema.ts'
import { maskExpression } from './masks.ts'
import { quoteName, quoteTable } from './quote.ts'
import { meansTheSame, readCondition } from './read-expression.ts'
import { uncertain, unsafe } from './refusal.ts'
import { type Rewriting, tokenAt } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import type { RelationSight } from './sights.ts'
import type { Reference } from './survey-facts.ts'
import type { Table } from './syntax.ts'

/** The columns of a table, the hidden ones masked, as a select list. */
export function maskedList(
  relation: Relation,
  hidden: RelationSight['hidden'],
  key: string,
  names: readonly string[],
): string {
  return names
    .map(name => {
      const column = relation.columns.find(one => one.name === name)
      const how = hidden.get(foldColumn(name))
      if (!column || !how) return quoteName(name)
      return `${maskExpression(column, how.mask, quoteName(name), key)} AS ${quoteName(name)}`
    })
    .join(', ')
}

/** ` WHERE (…)`, or nothing. @throws Refusal */
export function filterClause(rewriting: Rewriting, sight: RelationSight | undefined): string {
  if (sight?.filter === undefined) return ''
  return ` WHERE ${checkedFilter(rewriting, sight.filter)}`
}

export function checkedFilter(rewriting: Rewriting, filter: string): string {
  if (!readCondition(filter)) {
    throw unsafe('A row filter that a policy sets for you here cannot be read. Tell an administrator.')
  }
  if (!meansTheSame(filter, rewriting.surroundings.sqlMode)) {
    throw unsafe(
      'A row filter that a policy sets for you here means something else in your sql_mode. Choose the usual one.',
    )
  }
  return `(${filter}\n)`
}

interface Parts {
  /** Partitions and period behind the name, as they are written. */
  readonly clauses: string
  readonly clausesEnd: number
  readonly hints: string
}

/** What is written between a table's name and its alias, and behind that. */
export function partsOf(rewriting: Rewriting, node: Table): Parts {
  const { text } = rewriting
  let end = node.nameEnd
  if (node.period) end = node.period.end
  else if (node.partitions.length > 0) {
    const tokens = rewriting.tokens()
    const at = tokenAt(tokens, node.partitions.at(-1)?.end ?? end)
    if (tokens.words[at] !== ')') throw uncertain(node.start)
    end = tokens.ends[at] ?? end
  }
  const [first] = node.indexHints
  const last = node.indexHints.at(-1)
  return {
    clauses: text.slice(node.nameEnd, end),
    clausesEnd: end,
    hints: first && last ? ` ${text.slice(first.start, last.end)}` : '',
  }
}

/** The changes that put a query in the place of a table. */
export function wrapSplices(
  rewriting: Rewriting,
  reference: Reference,
  node: Table,
  query: (tail: string) => string,
): Splice[] {
  const { clauses, clausesEnd, hints } = partsOf(rewriting, node)
  const alias = quoteName(reference.aliasName)
  const splices: Splice[] = []
  const tokens = rewriting.tokens()
  const before = tokenAt(tokens, node.nameStart) - 1
  // `TABLE t` is short for `SELECT * FROM t`, and takes a name only.
  if (before >= 0 && tokens.words[before] === 'TABLE') {
    splices.push({ start: tokens.starts[before] ?? 0, end: tokens.ends[before] ?? 0, text: 'SELECT * FROM' })
  }
  splices.push({
    start: node.nameStart,
    end: clausesEnd,
    text: `${query(`${clauses} AS ${alias}${hints}`)}${reference.hasAlias ? '' : ` AS ${alias}`}`,
  })
  const [first] = node.indexHints
  const last = node.indexHints.at(-1)
  if (first && last) splices.push({ start: first.start, end: last.end, text: '' })
  return splices
}

/** `(SELECT … FROM db.table … WHERE …)`, without alias. */
export function wrappedTable(
  rewriting: Rewriting,
  relation: Relation,
  sight: RelationSight,
  names: readonly string[],
): (tail: string) => string {
  const list = maskedList(relation, sight.hidden, rewriting.options.maskKey, names)
  const where = filterClause(rewriting, sight)
  const hint = ignoredIndexes(sight.indexes.map(index => index.name))
  const order = sight.keptInOrder ? anyOrder(relation, names) : filteredFirst(rewriting, sight)
  return tail =>
    `(SELECT ${list} FROM ${quoteTable(relation.schema, relation.name)}${tail}${hint}${where}${order})`
}

/** A sub-query with a limit is computed by itself, before anything else looks at its rows. */
export function filteredFirst(rewriting: Rewriting, sight: RelationSight): string {
  return sight.filter === undefined || rewriting.quiet ? '' : ` LIMIT ${allRows}`
}

const allRows = '18446744073709551615'

/** ` IGNORE INDEX (…)`, or nothing. */
export function ignoredIndexes(names: readonly string[]): string {
  return names.length === 0 ? '' : ` IGNORE INDEX (${names.map(quoteName).join(', ')})`
}

/** The order of what is shown, in place of that in which rows are kept. A sub-query keeps it only with a LIMIT. */
function anyOrder(relation: Relation, names: readonly string[]): string {
  const places = names.flatMap((name, at) => {
    const type = relation.columns.find(column => column.name === name)?.type ?? ''
    return /^(?:geometry|point|linestring|polygon|multi|json)/i.test(type) ? [] : [String(at + 1)]
  })
  return ` ORDER BY ${places.join(', ')} LIMIT ${allRows}`
}
