// Which tables and columns a statement reads and writes, for policy and the record.

import type { TableEffect, TableUse } from '../../core/action.ts'
import { isSystemSchema } from './names.ts'
import type { Draft } from './statement-reading.ts'
import { type Reference, type Survey, star } from './survey-facts.ts'
import { type Tree, bodyOf, listOf, textOf, treeOf } from './tree.ts'

export function use(draft: Draft, reference: Reference, effect: TableEffect): void {
  draft.uses.push({ schema: reference.target.schema, table: reference.target.name, effect })
}

const writeEffects = { InsertStmt: 'insert', UpdateStmt: 'update', DeleteStmt: 'delete' } as const

interface UseDraft {
  schema: string
  table: string
  effects: Set<TableEffect>
  reads: Set<string>
  writes: Set<string>
}

/** One entry for each table, without those of the server's own catalog. */
export function tableUses(draft: Draft, behind: readonly TableUse[]): TableUse[] {
  const uses = new Map<string, UseDraft>()
  const entry = (schema: string, table: string): UseDraft => {
    const key = `${schema}.${table}`
    const existing = uses.get(key)
    if (existing) return existing
    const made = {
      schema,
      table,
      effects: new Set<TableEffect>(),
      reads: new Set<string>(),
      writes: new Set<string>(),
    }
    uses.set(key, made)
    return made
  }
  const survey = draft.survey
  if (survey) {
    const mentioned = mentionedNames(survey)
    for (const reference of survey.references) {
      const used = entry(reference.target.schema, reference.target.name)
      if (reference.role === 'read') used.effects.add('select')
      if (reference.locked) used.effects.add('update')
      if (!onlyInserted(reference, survey)) noteReads(used, reference, survey, mentioned)
    }
    for (const write of survey.writes)
      noteWrite(entry(write.target.target.schema, write.target.target.name), write)
  }
  for (const extra of draft.uses) {
    const used = entry(extra.schema, extra.table)
    used.effects.add(extra.effect)
    for (const reference of draft.definitions) {
      if (reference.target.schema !== extra.schema || reference.target.name !== extra.table) continue
      if (extra.effect === 'select') for (const column of columnsOf(reference)) used.reads.add(column)
      if (extra.effect === 'insert') for (const column of columnsOf(reference)) used.writes.add(column)
    }
  }
  for (const table of behind) {
    const used = entry(table.schema, table.table)
    for (const effect of table.effects) used.effects.add(effect)
    for (const column of table.reads) used.reads.add(column)
    for (const column of table.writes) used.writes.add(column)
  }
  return [...uses.values()]
    .filter(used => !isSystemSchema(used.schema))
    .map(used => ({
      schema: used.schema,
      table: used.table,
      effects: [...used.effects],
      reads: [...used.reads].sort(),
      writes: [...used.writes].sort(),
    }))
}

export function columnsOf(reference: Reference): readonly string[] {
  return reference.target.kind === 'relation'
    ? reference.target.relation.columns.map(column => column.name)
    : (reference.target.table.columns ?? [])
}

/** An INSERT reads its target only for RETURNING and ON CONFLICT. */
function onlyInserted(reference: Reference, survey: Survey): boolean {
  if (reference.role !== 'target') return false
  const write = survey.writes.find(one => one.target.at === reference.at)
  if (write?.kind !== 'InsertStmt') return false
  return write.body['returningClause'] === undefined && write.body['onConflictClause'] === undefined
}

function mentionedNames(survey: Survey): ReadonlySet<string> {
  const names = new Set(survey.names)
  for (const column of survey.columns) names.add(column.fields.at(-1) ?? '')
  return names
}

/** Never fewer than are read: every column whose name is mentioned, all where a star or the whole row is. */
function noteReads(
  used: UseDraft,
  reference: Reference,
  survey: Survey,
  mentioned: ReadonlySet<string>,
): void {
  const columns = columnsOf(reference)
  const known = new Set(columns)
  const all =
    survey.everything ||
    survey.stray ||
    reference.renames ||
    survey.columns.some(column => isWholeRow(column.fields, reference.alias, known))
  for (const column of columns) if (all || mentioned.has(column)) used.reads.add(column)
}

/** Whether a column mention stands for, or could reach, the whole row of a relation called `alias`. */
export function isWholeRow(fields: readonly string[], alias: string, columns: ReadonlySet<string>): boolean {
  const last = fields.at(-1)
  if (fields.length === 1) return last === alias
  // `c.*`, and `c.f` for a function of the row.
  return fields.at(-2) === alias && (last === star || last === undefined || !columns.has(last))
}

function noteWrite(used: UseDraft, write: Survey['writes'][number]): void {
  const { kind, body } = write
  const all = columnsOf(write.target)
  if (kind !== 'MergeStmt') used.effects.add(writeEffects[kind])
  if (kind === 'InsertStmt') {
    const names = assignedNames(body, 'cols')
    for (const name of names.length > 0 ? names : all) used.writes.add(name)
    const conflict = treeOf(body, 'onConflictClause')
    if (conflict && conflict['action'] === 'ONCONFLICT_UPDATE') {
      used.effects.add('update')
      for (const name of assignedNames(conflict, 'targetList')) used.writes.add(name)
    }
  } else if (kind === 'UpdateStmt') {
    for (const name of assignedNames(body, 'targetList')) used.writes.add(name)
  } else if (kind === 'MergeStmt') {
    for (const item of listOf(body, 'mergeWhenClauses')) noteMerge(used, bodyOf(item, 'MergeWhenClause'), all)
  }
  // RETURNING and conditions read; the server asks for SELECT then, too.
  if (used.reads.size > 0) used.effects.add('select')
}

function noteMerge(used: UseDraft, clause: Tree | undefined, all: readonly string[]): void {
  if (!clause) return
  const command = textOf(clause, 'commandType')
  if (command === 'CMD_INSERT') used.effects.add('insert')
  if (command === 'CMD_UPDATE') used.effects.add('update')
  if (command === 'CMD_DELETE') used.effects.add('delete')
  if (command !== 'CMD_INSERT' && command !== 'CMD_UPDATE') return
  const names = assignedNames(clause, 'targetList')
  for (const name of names.length > 0 ? names : all) used.writes.add(name)
}

export function assignedNames(body: Tree, field: string): string[] {
  return listOf(body, field)
    .map(item => textOf(bodyOf(item, 'ResTarget') ?? {}, 'name'))
    .filter(name => name !== undefined)
}
