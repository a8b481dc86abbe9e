// Hides what is hidden where relations are named without being queried: definitions and COPY.

import type { Relation } from '../schema.ts'
import { toBytes } from './parse.ts'
import { refuseForeignCopy, unknownColumn } from './probing.ts'
import { quoteRelation } from './quote.ts'
import { unsafe } from './refusal.ts'
import { pin, refuseUnseen, refuseViewTarget } from './rewrite.ts'
import type { Rewriting } from './rewriting.ts'
import { type RelationSight, sightOf } from './sights.ts'
import type { StatementReading } from './statement-reading.ts'
import type { Reference } from './survey-facts.ts'
import { namesOf } from './tree.ts'
import { refuseTriggers } from './triggers.ts'
import { viewIn } from './views.ts'
import { closing, extentOf, maskedList, wordAt } from './wrap.ts'
import { checkCopyFrom } from './writes.ts'

export function rewriteDefinition(
  rewriting: Rewriting,
  statement: StatementReading,
  reference: Reference,
): void {
  const { target } = reference
  if (target.kind === 'session' || !rewriting.sight.hidesAnything) {
    refuseUnseen(rewriting, reference)
    return pin(rewriting, reference)
  }
  const relation = target.relation
  const sight = sightOf(rewriting.index, rewriting.sight, relation)
  const view = viewIn(rewriting, relation)
  if (statement.treatment === 'copy' && statement.body['is_from'] === true) {
    refuseForeignCopy(rewriting, relation, namesOf(statement.body, 'attlist'), reference.at)
    refuseTriggers(rewriting, relation, reference.at, false)
    refuseViewTarget(rewriting, reference, relation)
  }
  if (!sight && view?.query === undefined) return pin(rewriting, reference)
  rewriting.touched = true
  if (statement.treatment === 'copy') return rewriteCopy(rewriting, statement, reference, relation, sight)
  const verb = statement.facts.verb
  // Emptying and locking a table reads nothing of it, if all its rows are the person's to see.
  const harmless = verb === 'TRUNCATE TABLE' || verb === 'LOCK TABLE' || verb === 'COMMENT'
  if (harmless && sight && sight.filter === undefined && sight.refusal === undefined)
    return pin(rewriting, reference)
  throw unsafe(
    `Something of "${relation.name}" is hidden from you, so ${verb} on it is not let through. Ask an administrator.`,
    reference.at >= 0 ? reference.at : undefined,
  )
}

/** `COPY t (a, b) TO STDOUT` becomes `COPY (SELECT a, mask of b FROM t) TO STDOUT`. */
function rewriteCopy(
  rewriting: Rewriting,
  statement: StatementReading,
  reference: Reference,
  relation: Relation,
  sight: RelationSight | undefined,
): void {
  const columns = namesOf(statement.body, 'attlist')
  if (!sight)
    throw unsafe(
      `"${relation.name}" is a view that reads what is hidden from you. Use COPY (SELECT …).`,
      reference.at,
    )
  if (statement.body['is_from'] === true) {
    checkCopyFrom(rewriting, relation, sight, columns, statement.body['whereClause'], reference.at)
    return pin(rewriting, reference)
  }
  if (sight.refusal !== undefined) throw unsafe(sight.refusal, reference.at)
  const copied =
    columns.length > 0
      ? columns
      : relation.columns.filter(column => column.generated === undefined).map(column => column.name)
  const strange = copied.find(name => !relation.columns.some(column => column.name === name))
  if (strange !== undefined) throw unknownColumn(strange, relation, reference.at)
  const masked = copied.filter(column => sight.hidden.has(column))
  if (masked.length === 0 && sight.filter === undefined) return pin(rewriting, reference)
  for (const column of masked) rewriting.hidden.add(`${relation.schema}.${relation.name}.${column}`)
  const tokens = rewriting.tokens()
  const extent = extentOf(tokens, reference)
  const end =
    wordAt(tokens, extent.next) === '('
      ? (tokens[closing(tokens, extent.next)]?.end ?? extent.end)
      : extent.end
  const list = maskedList(relation, sight, rewriting.options.maskKey, copied)
  // COPY of a table leaves out the rows of its children.
  const only = relation.kind === 'table' ? 'ONLY ' : ''
  const where = sight.filter === undefined ? '' : ` WHERE ${toBytes(sight.filter)}`
  const from = `${only}${quoteRelation(relation.schema, relation.name)}`
  rewriting.splices.push({ start: extent.start, end, text: `(SELECT ${list} FROM ${from}${where})` })
  rewriting.changed = true
}
