// RETURNING: what is hidden of the rows that were written comes back masked.

import type { ColumnShape } from '../schema.ts'
import { columnMention } from './column-text.ts'
import { maskExpression } from './masks.ts'
import { type Mention, mentionsIn, reachesHidden } from './mentions.ts'
import { quoteName } from './quote.ts'
import { type Refusal, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { type Write, star } from './survey-facts.ts'
import { type Tree, bodyOf, listOf, textOf } from './tree.ts'
import { uncertain } from './wrap.ts'
import { type Target } from './write-target.ts'

/** `OLD` and `NEW` came with PostgreSQL 18. */
export function refuseRowVersions(rewriting: Rewriting, clause: Tree): void {
  if (Number.parseInt(rewriting.index.snapshot.serverVersion, 10) >= 18) return
  const names = new Set(returningNames(clause))
  const versions = mentionsIn(listOf(clause, 'exprs')).columns.some(({ fields }) =>
    names.has(fields.at(-2) ?? ''),
  )
  if (listOf(clause, 'options').length > 0 || versions) {
    throw unsafe('RETURNING with OLD and NEW needs PostgreSQL 18.')
  }
}

export function returningNames(clause: Tree | undefined): string[] {
  const names = ['old', 'new']
  for (const option of clause ? listOf(clause, 'options') : []) {
    names.push(textOf(bodyOf(option, 'ReturningOption') ?? {}, 'value') ?? '')
  }
  return names
}

export function rewriteReturning(rewriting: Rewriting, write: Write, clause: Tree, target: Target): void {
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

export function returnsRow(target: Target, at: number | undefined): Refusal {
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
