// PREPARE and EXECUTE: the text within is rewritten as if it were sent by itself, under a name that is tied to the sight.

import { orderSplices, applySplices } from './splice.ts'
import { hiddenReached } from './mentions.ts'
import { quoteName, quoteText } from './quote.ts'
import { rewriteStatement } from './rewrite.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import { sightOf } from './sights.ts'
import type { PreparedInner, StatementReading } from './statement-reading.ts'
import { viewIn } from './views.ts'

export function rewritePrepared(rewriting: Rewriting, outer: StatementReading, inner: PreparedInner): void {
  const { literal, handle } = inner
  if (literal) {
    const scratch = beginRewriting(rewriting, inner.text, rewriting.within)
    for (const statement of inner.statements) rewriteStatement(scratch, statement)
    for (const column of scratch.hidden) rewriting.hidden.add(column)
    rewriting.touched ||= scratch.touched
    rewriting.changed ||= scratch.changed
    const text = applySplices(inner.text, orderSplices(scratch.splices))
    if (text !== literal.value) {
      const quoted = quoteText(text, rewriting.surroundings.sqlMode)
      rewriting.splices.push({ start: literal.start, end: literal.end, text: quoted })
    }
  } else for (const statement of inner.statements) inspect(rewriting, statement)
  if (handle && rewriting.sight.hidesAnything && outer.facts.verb !== 'EXPLAIN') {
    rewriting.splices.push({ start: handle.start, end: handle.end, text: handleName(rewriting, handle.name) })
  }
}

/** What EXECUTE runs was rewritten when it was prepared; here only what it touches counts. */
function inspect(rewriting: Rewriting, statement: StatementReading): void {
  const { survey } = statement
  if (!rewriting.sight.hidesAnything || !survey) return
  for (const reference of survey.references) {
    if (reference.target.kind !== 'relation') continue
    const { relation } = reference.target
    const sight = sightOf(rewriting.sight, relation)
    const view = viewIn(rewriting, relation)
    if (sight || view?.touched) rewriting.touched = true
    for (const column of view?.hidden ?? []) rewriting.hidden.add(column)
    for (const name of sight ? hiddenReached(survey, reference, relation, sight) : []) {
      const column = relation.columns.find(one => foldColumn(one.name) === name)?.name ?? name
      rewriting.hidden.add(`${relation.schema}.${relation.name}.${column}`)
    }
  }
}

/**
 * A prepared statement keeps the text that it was given. Under another sight it must not be found, so the name that the
 * server knows ends in a mark of the sight.
 */
function handleName(rewriting: Rewriting, name: string): string {
  const mark = markOf(`${rewriting.sight.version}\0${rewriting.options.maskKey}`)
  const folded = name.toLowerCase()
  const kept = folded.length > 30 ? `${folded.slice(0, 10)}~${markOf(folded)}` : folded
  return quoteName(`${kept}~${mark}`)
}

/** Not a secret; only tells one from another. */
function markOf(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let i = 0; i < text.length; i += 1) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193) >>> 0
    high = Math.imul(high ^ text.charCodeAt(i), 0x5bd1e995) >>> 0
  }
  return low.toString(36) + high.toString(36)
}
