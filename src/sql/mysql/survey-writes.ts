// INSERT, UPDATE, DELETE and LOAD DATA: which of their tables are written, and which only decide.

import { unreadable, unsafe } from './refusal.ts'
import { foldColumn } from './schema-index.ts'
import { columnNames, define, refer, walk, walkOthers, withClause } from './survey.ts'
import type { Draft, Place, Reference, Write } from './survey-facts.ts'
import type { Assignment, Delete, Insert, LoadData, Table, TableReference, Update } from './syntax.ts'

export function visitInsert(draft: Draft, node: Insert, place: Place): void {
  const inner = { ...place, inWrite: true }
  write(draft, 'insert', node, refer(draft, node.table, inner, 'target'))
  define(draft, node.rowAlias)
  define(draft, node.rowColumns)
  // The list of columns names what is written; nothing of it is read.
  walkOthers(draft, node, inner, new Set(['table', 'columns', 'onDuplicate', 'rowAlias', 'rowColumns']))
  for (const { value } of node.onDuplicate) walk(draft, value, inner)
}

export function visitLoad(draft: Draft, node: LoadData, place: Place): void {
  const inner = { ...place, inWrite: true }
  write(draft, 'load', node, refer(draft, node.table, inner, 'target'))
  for (const { value } of node.assignments) walk(draft, value, inner)
}

export function visitUpdate(draft: Draft, node: Update, place: Place): void {
  const inner = { ...withClause(draft, node.with, place), inWrite: true }
  const tables = tablesOf(node.tables)
  const written = updatedTables(draft, node, tables)
  for (const table of tables) {
    if (written.has(table)) write(draft, 'update', node, refer(draft, table, inner, 'target'))
  }
  walkExcept(draft, node.tables, inner, written)
  for (const { value } of node.assignments) walk(draft, value, inner)
  walkOthers(draft, node, inner, new Set(['with', 'tables', 'assignments']))
}

export function visitDelete(draft: Draft, node: Delete, place: Place): void {
  const inner = { ...withClause(draft, node.with, place), inWrite: true }
  const tables = tablesOf(node.tables)
  const written = node.form === 'single' ? new Set(tables) : deletedTables(draft, node, tables)
  for (const table of tables) {
    if (written.has(table)) write(draft, 'delete', node, refer(draft, table, inner, 'target'))
  }
  walkExcept(draft, node.tables, inner, written)
  walkOthers(draft, node, inner, new Set(['with', 'tables', 'targets']))
}

function write(draft: Draft, kind: Write['kind'], node: Write['node'], target: Reference | undefined): void {
  if (!target) throw unreadable('A common table cannot be changed.', node.start)
  draft.writes.push({ kind, node, target: { ...target, feedsWrite: true } })
}

/** The tables of a FROM list that are named there themselves, not in sub-queries. */
export function tablesOf(references: readonly TableReference[]): readonly Table[] {
  return references.flatMap(reference => {
    switch (reference.kind) {
      case 'table':
        return [reference]
      case 'join':
        return tablesOf([reference.left, reference.right])
      case 'nested':
        return tablesOf(reference.tables)
      default:
        return []
    }
  })
}

/** Everything of a FROM list but the tables that were noted as targets already. */
function walkExcept(
  draft: Draft,
  references: readonly TableReference[],
  place: Place,
  written: ReadonlySet<Table>,
): void {
  for (const reference of references) {
    if (reference.kind === 'table') {
      if (!written.has(reference)) walk(draft, reference, place)
    } else if (reference.kind === 'join') {
      if (reference.natural) draft.everything = true
      for (const name of reference.using ?? []) draft.names.add(foldColumn(name.text))
      walkExcept(draft, [reference.left, reference.right], place, written)
      walk(draft, reference.on, place)
    } else if (reference.kind === 'nested') walkExcept(draft, reference.tables, place, written)
    else walk(draft, reference, place)
  }
}

/** A column that could be of several tables counts for all of them. @throws Refusal if none has it */
function updatedTables(draft: Draft, node: Update, tables: readonly Table[]): ReadonlySet<Table> {
  const [only] = tables
  if (only && tables.length === 1 && node.tables.length === 1 && node.tables[0] === only)
    return new Set([only])
  const written = new Set<Table>()
  for (const assignment of node.assignments) {
    const found = tables.filter(table => mayAssign(draft, table, assignment))
    if (found.length === 0) throw unsafe('It is not clear which table this changes.', assignment.start)
    for (const table of found) written.add(table)
  }
  return written
}

function mayAssign(draft: Draft, table: Table, { column }: Assignment): boolean {
  const fields = column.parts.map(part => foldColumn(part.text))
  if (fields.length > 1) return fields.at(-2) === foldColumn(table.alias?.text ?? table.name.text)
  const target = refer({ ...draft, pending: [] }, table, emptyPlace, 'read')
  const names = target ? columnNames(target.target) : []
  return names.length === 0 || names.some(name => foldColumn(name) === fields[0])
}

const emptyPlace: Place = { scope: undefined, inWrite: false, locked: false, depth: 0 }

/** `DELETE a, b.c FROM …`: the names are aliases or tables of the list. */
function deletedTables(draft: Draft, node: Delete, tables: readonly Table[]): ReadonlySet<Table> {
  const written = new Set<Table>()
  for (const { name, schema, start } of node.targets) {
    const wanted = foldColumn(name.text)
    const found = tables.filter(table => {
      if (foldColumn(table.alias?.text ?? table.name.text) !== wanted) return false
      return (
        schema === undefined ||
        table.schema === undefined ||
        sameSchema(draft, schema.text, table.schema.text)
      )
    })
    if (found.length === 0)
      throw unsafe(`"${name.text}" is not one of the tables that the statement joins.`, start)
    for (const table of found) written.add(table)
  }
  return written
}

function sameSchema(draft: Draft, one: string, other: string): boolean {
  const { index } = draft.options
  return index.fold(one).toLowerCase() === index.fold(other).toLowerCase()
}
