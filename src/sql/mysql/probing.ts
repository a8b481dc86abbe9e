// Whether success, failure or the number of changed rows of a write would tell what is hidden: keys, checks, filters, sameness.

import type { Relation } from '../schema.ts'
import { checkComparing } from './comparing.ts'
import { columnsWithin, readCondition } from './read-expression.ts'
import { type Refusal, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import { sightOf } from './sights.ts'
import type { Write } from './survey-facts.ts'
import { writtenColumns } from './table-uses.ts'
import { type Target, nameOf, tagOf } from './writes.ts'

export function refuseProbing(rewriting: Rewriting, write: Write, target: Target): void {
  const { hidden, filter } = target.sight
  const { node } = write
  const written = new Set(writtenColumns(write).map(foldColumn))
  checkComparing(rewriting, write, target)
  const probeable = rewriting.index.probeable(target.relation)
  const known = new Set(target.relation.columns.map(column => foldColumn(column.name)))
  for (const column of written) {
    if (hidden.has(column) && probeable.has(column)) throw probes(column, target)
    if (hidden.get(column)?.mask === 'hash') throw hashes(column, target)
    if (!known.has(column)) {
      throw unsafe(
        `There is no column "${column}" of "${target.relation.name}" that Sekisho knows of. Try again in a minute.`,
        target.at,
      )
    }
  }
  refuseSharedKeys(target, written)
  const changesRows = node.kind !== 'insert' || node.onDuplicate.length > 0
  if (changesRows && node.kind !== 'load') refuseChecks(target, written)
  if (filter !== undefined) refuseTakenKeys(target, written)
  const decided = filter === undefined ? undefined : readCondition(filter)
  for (const column of decided ? columnsWithin(decided.tree) : []) {
    const name = foldColumn(column.parts.at(-1)?.text ?? '')
    if (!written.has(name)) continue
    throw unsafe(
      `Which rows of "${target.relation.name}" you may see depends on "${name}"; you cannot change it.`,
      target.at,
    )
  }
}

/** Whether a key is taken already tells about the rows that are left out. */
function refuseTakenKeys(target: Target, written: ReadonlySet<string>): void {
  const { relation, at } = target
  const taken = relation.uniqueKeys
    .flat()
    .find(
      name => written.has(foldColumn(name)) || (written.size > 0 && isComputed(relation, foldColumn(name))),
    )
  if (taken === undefined) return
  throw unsafe(
    `Of "${relation.name}" you may see only some rows: writing its key "${taken}" would show which others there are.`,
    at,
  )
}

/** Equal values have equal hashes: one of one's own choice would be found among the others. */
function hashes(column: string, target: Target): Refusal {
  return unsafe(
    `Of "${target.relation.name}.${nameOf(column, target)}" you see hashes${tagOf(column, target)}: a value that you write would show ` +
      'where it is already. Leave the column out, or ask an administrator for reveal on it.',
    target.at,
  )
}

function probes(column: string, target: Target): Refusal {
  return unsafe(
    `"${target.relation.name}.${nameOf(column, target)}" is hidden from you${tagOf(column, target)} and part of a key: writing it ` +
      'would show which values exist. Ask an administrator for reveal on it.',
    target.at,
  )
}

/** With a key over a hidden and a shown column, whether the shown one can be written tells about the hidden one. */
function refuseSharedKeys(target: Target, written: ReadonlySet<string>): void {
  if (written.size === 0) return
  for (const key of target.relation.uniqueKeys) {
    const names = key.map(foldColumn)
    const column = names.find(name => target.sight.hidden.has(name))
    if (column !== undefined && names.some(name => written.has(name) || isComputed(target.relation, name))) {
      throw probes(column, target)
    }
  }
}

/** Of a CHECK that reads both, success or failure of a change tells about the column that stays. */
function refuseChecks(target: Target, written: ReadonlySet<string>): void {
  for (const check of target.relation.checks ?? []) {
    const names = check.map(foldColumn)
    const stays = names.find(name => target.sight.hidden.has(name) && !written.has(name))
    if (stays === undefined) continue
    if (!names.some(name => written.has(name) || isComputed(target.relation, name))) continue
    throw unsafe(
      `A rule of "${target.relation.name}" compares what you would write with "${nameOf(stays, target)}", which is hidden from ` +
        `you${tagOf(stays, target)}. Ask an administrator for reveal on it.`,
      target.at,
    )
  }
}

/** Follows what is written, whatever that is. */
function isComputed(relation: Relation, name: string): boolean {
  return relation.columns.some(column => foldColumn(column.name) === name && column.generated !== undefined)
}

/** Rows that refer to a hidden column elsewhere: whether they can be written tells which values exist there. */
export function refuseForeignProbing(rewriting: Rewriting, write: Write, relation: Relation): void {
  const written = new Set(writtenColumns(write).map(foldColumn))
  refuseReferred(rewriting, write, relation, written)
  for (const foreign of written.size > 0 ? relation.foreignKeys : []) {
    const { schema, name } = foreign.references
    const referenced = rewriting.index.relation(schema, name)
    const sight = referenced && sightOf(rewriting.sight, referenced)
    const hidden = foreign.referencedColumns.find(column => sight?.hidden.has(foldColumn(column)))
    // A filter hides whole rows: whether one can be referred to tells that it is there.
    const filtered = sight?.filter !== undefined
    if (hidden === undefined && !filtered) continue
    if (!foreign.columns.some(column => written.has(foldColumn(column)))) continue
    throw unsafe(
      `"${relation.name}.${foreign.columns[0] ?? ''}" refers to "${name}${hidden === undefined ? '' : `.${hidden}`}", of which ` +
        'something is hidden from you: writing it would show what exists. Ask an administrator for reveal on it.',
      write.target.at,
    )
  }
}

/** Whether a row can go tells whether a hidden column, or a row that a filter hides, refers to it. */
function refuseReferred(
  rewriting: Rewriting,
  write: Write,
  relation: Relation,
  written: ReadonlySet<string>,
): void {
  const { node } = write
  const replaces = node.kind === 'insert' && node.verb === 'REPLACE'
  if (node.kind === 'load' || (node.kind === 'insert' && node.onDuplicate.length === 0 && !replaces)) return
  const goes = node.kind === 'delete' || replaces
  for (const one of rewriting.index.referring(relation)) {
    const sight = sightOf(rewriting.sight, one)
    for (const { references, columns, referencedColumns } of sight ? one.foreignKeys : []) {
      if (rewriting.index.relation(references.schema, references.name) !== relation) continue
      const hidden = columns.find(column => sight?.hidden.has(foldColumn(column)))
      // A filter hides whole rows: whether one of them refers to a row tells that it is there.
      if (hidden === undefined && sight?.filter === undefined) continue
      if (!goes && !referencedColumns.some(column => written.has(foldColumn(column)))) continue
      throw unsafe(
        `"${one.name}${hidden === undefined ? '' : `.${hidden}`}", of which something is hidden from you, refers to "${relation.name}": ` +
          'changing its rows would show what exists. Ask an administrator.',
        write.target.at,
      )
    }
  }
}
