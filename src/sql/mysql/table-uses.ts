// Which tables and columns a statement reads and writes, for policy and the record.

import type { TableEffect, TableUse } from '../../core/action.ts'
import { type Resolved, isSystemSchema } from './names.ts'
import { foldColumn } from './schema-index.ts'
import type { Draft } from './statement-reading.ts'
import { columnNames, star } from './survey.ts'
import type { Reference, Survey, Write } from './survey-facts.ts'
import type { Column } from './syntax.ts'

/** @param columns `undefined`: all of them */
export function use(
  draft: Draft,
  target: Resolved,
  effect: TableEffect,
  columns: readonly string[] | undefined,
): void {
  draft.uses.push({
    schema: target.schema,
    table: target.name,
    effect,
    columns: columns ?? columnNames(target),
  })
}

interface UseDraft {
  readonly schema: string
  readonly table: string
  readonly effects: Set<TableEffect>
  readonly reads: Set<string>
  readonly writes: Set<string>
}

/** One entry for each table, without those of the server's own catalog. */
export function tableUses(draft: Draft, behind: readonly TableUse[]): TableUse[] {
  const uses = new Map<string, UseDraft>()
  const entry = (schema: string, table: string): UseDraft => {
    const key = `${schema}\0${table}`
    const known = uses.get(key)
    if (known) return known
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
  const { survey } = draft
  if (survey) {
    for (const reference of survey.references) {
      const used = entry(reference.target.schema, reference.target.name)
      if (reference.role === 'read') used.effects.add('select')
      if (reference.locked) used.effects.add('update')
      if (!onlyInserted(reference, survey))
        for (const column of readColumns(reference, survey)) used.reads.add(column)
    }
    for (const write of survey.writes)
      noteWrite(entry(write.target.target.schema, write.target.target.name), write, survey)
    for (const { target, sets } of survey.sequences) {
      entry(target.schema, target.name).effects.add(sets ? 'update' : 'select')
    }
  }
  for (const extra of draft.uses) {
    const used = entry(extra.schema, extra.table)
    used.effects.add(extra.effect)
    const columns = extra.effect === 'select' || extra.effect === 'export' ? used.reads : used.writes
    for (const column of extra.columns) columns.add(column)
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

/** An INSERT reads its target only for RETURNING and ON DUPLICATE KEY UPDATE. */
function onlyInserted(reference: Reference, survey: Survey): boolean {
  if (reference.role !== 'target') return false
  const write = survey.writes.find(one => one.target.at === reference.at)
  if (write?.node.kind === 'load') return write.node.assignments.length === 0
  return (
    write?.node.kind === 'insert' && write.node.returning.length === 0 && write.node.onDuplicate.length === 0
  )
}

/** Never fewer than are read: every column whose name is mentioned, all where a star or an unknown name is. */
export function readColumns(reference: Reference, survey: Survey): readonly string[] {
  const columns = columnNames(reference.target)
  if (survey.everything || survey.stray) return columns
  const mentioned = new Set(survey.names)
  const known = new Set(columns.map(foldColumn))
  for (const { fields } of survey.columns) {
    const last = fields.at(-1) ?? ''
    if (fields.length > 1) {
      if (fields.at(-2) !== reference.alias) continue
      if (last === star || !known.has(last)) return columns
    }
    mentioned.add(last)
  }
  return columns.filter(column => mentioned.has(foldColumn(column)))
}

const effects = { insert: 'insert', update: 'update', delete: 'delete', load: 'insert' } as const

function noteWrite(used: UseDraft, write: Write, survey: Survey): void {
  const { node } = write
  used.effects.add(effects[write.kind])
  for (const column of writtenColumns(write)) used.writes.add(column)
  if (node.kind === 'insert') {
    // REPLACE deletes the row that is in its way.
    if (node.verb === 'REPLACE') used.effects.add('delete')
    if (node.onDuplicate.length > 0) used.effects.add('update')
    if (node.returning.length > 0) used.effects.add('select')
  }
  if (node.kind === 'load' && node.options.includes('REPLACE')) used.effects.add('delete')
  const reads = survey.columns.length > 0 || survey.everything || survey.names.size > 0
  if (node.kind !== 'insert' && node.kind !== 'load' && reads && used.reads.size > 0)
    used.effects.add('select')
}

/** Names as the table has them; all where none are given. */
export function writtenColumns(write: Write): readonly string[] {
  const { node, target } = write
  const all = columnNames(target.target)
  switch (node.kind) {
    case 'delete':
      return []
    case 'update': {
      const own = node.assignments.filter(({ column }) => {
        const table = column.parts.length > 1 ? foldColumn(column.parts.at(-2)?.text ?? '') : undefined
        if (table !== undefined) return table === target.alias
        return all.length === 0 || all.some(name => foldColumn(name) === lastOf(column))
      })
      return named(
        own.map(one => one.column),
        all,
      )
    }
    case 'insert': {
      const updated = named(
        node.onDuplicate.map(one => one.column),
        all,
      )
      return [...(node.columns === undefined ? all : named(node.columns, all)), ...updated]
    }
    case 'load': {
      const listed = node.columns.filter(column => column.kind === 'column')
      const set = named(
        node.assignments.map(one => one.column),
        all,
      )
      return [...(node.columns.length === 0 ? all : named(listed, all)), ...set]
    }
  }
}

/** A name that the table is not known to have is kept as it is. */
function named(columns: readonly Column[], all: readonly string[]): readonly string[] {
  return columns.map(column => {
    const wanted = lastOf(column)
    return all.find(name => foldColumn(name) === wanted) ?? column.parts.at(-1)?.text ?? ''
  })
}

function lastOf(column: Column): string {
  return foldColumn(column.parts.at(-1)?.text ?? '')
}
