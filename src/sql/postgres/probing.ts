// Whether success or failure of a write would tell what is hidden: keys, foreign keys, checks, filters.

import type { Relation } from '../schema.ts'
import { type Mention, mentionsIn } from './mentions.ts'
import { type Refusal, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { filterTree, sightOf } from './sights.ts'
import { assignedNames } from './table-uses.ts'
import type { Write } from './survey-facts.ts'
import { bodyOf, listOf, nodeOf, numberOf, textOf, treeOf } from './tree.ts'
import { type Target, isStray, tagOf } from './write-target.ts'

/** A value may be written blindly, unless keys tell whether it was there already. */
export function refuseProbing(rewriting: Rewriting, write: Write, target: Target): void {
  const { hidden, filter } = target.sight
  const probeable = rewriting.index.probeable(target.relation)
  const written = writtenColumns(write, target.relation)
  for (const column of written) {
    if (hidden.has(column) && probeable.has(column)) throw probes(column, target, write.target.at)
    if (hidden.get(column)?.mask === 'hash') throw hashes(column, target, write.target.at)
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
  if (filter !== undefined) {
    refuseFilterWrites(written, target, write.target.at)
    refuseTakenKeys(rewriting, target, written, write.target.at)
  }
}

/** Equal values have equal hashes: one of one's own choice would be found among the others. */
export function hashes(column: string, target: Target, at: number): Refusal {
  return unsafe(
    `Of "${target.relation.name}.${column}" you see hashes${tagOf(column, target)}: a value that you write would show where it is ` +
      'already. Leave the column out, or ask an administrator for reveal on it.',
    at,
  )
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
export function refuseSharedKeys(
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

/** Whether a key is taken already tells about the rows that are left out. */
function refuseTakenKeys(rewriting: Rewriting, target: Target, written: readonly string[], at: number): void {
  if (written.length === 0) return
  const { relation } = target
  for (const one of [
    relation,
    ...rewriting.index.descendants(relation),
    ...rewriting.index.ancestors(relation),
  ]) {
    const taken = one.uniqueKeys.flat().find(name => written.includes(name) || isGenerated(one, name))
    if (taken === undefined) continue
    throw unsafe(
      `Of "${relation.name}" you may see only some rows: writing its key "${taken}" would show which others there are.`,
      at,
    )
  }
}

/** Rows that refer to a hidden column elsewhere: whether they can be written tells which values exist there. */
export function refuseForeignProbing(rewriting: Rewriting, write: Write, relation: Relation): void {
  const written = writtenColumns(write, relation)
  if (!rewriting.sight.hidesAnything) return
  refuseReferred(rewriting, write, relation, written)
  if (written.length > 0) {
    refuseForeignCopy(rewriting, relation, written, write.target.at)
  }
}

/** Whether a row can go tells whether a hidden column elsewhere refers to it. */
function refuseReferred(
  rewriting: Rewriting,
  write: Write,
  relation: Relation,
  written: readonly string[],
): void {
  if (write.kind === 'InsertStmt' && write.body['onConflictClause'] === undefined) return
  const goes = write.kind === 'DeleteStmt' || write.kind === 'MergeStmt'
  for (const one of rewriting.index.referring(relation)) {
    const sight = sightOf(rewriting.index, rewriting.sight, one)
    for (const { references, columns, referencedColumns } of sight ? one.foreignKeys : []) {
      if (references.schema !== relation.schema || references.name !== relation.name) continue
      const hidden =
        columns.find(column => sight?.hidden.has(column)) ??
        (sight?.filter === undefined ? undefined : columns[0])
      if (hidden === undefined) continue
      if (goes || referencedColumns.some(column => written.includes(column))) {
        throw unsafe(
          `"${one.name}.${hidden}", which is hidden from you, refers to "${relation.name}": changing its rows would show ` +
            'which values exist. Ask an administrator.',
          write.target.at,
        )
      }
    }
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
    const hidden =
      foreign.referencedColumns.find(column => sight?.hidden.has(column)) ??
      (sight?.filter === undefined ? undefined : foreign.referencedColumns[0])
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

export function probes(column: string, target: Target, at: number): Refusal {
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
