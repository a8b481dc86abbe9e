// Turns the rows of PostgreSQL's catalog into the picture that statements are resolved against. Pure.

import { createHash } from 'node:crypto'
import type {
  ColumnShape,
  Relation,
  RelationKind,
  RelationName,
  Routine,
  SchemaSnapshot,
} from '../../sql/schema.ts'
import type { ColumnRow, RelationRow, RoutineRow, RowTypeRow, SchemaRows } from './catalog-rows.ts'

const relationKinds: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned',
  f: 'foreign',
  v: 'view',
  m: 'materialized',
  S: 'sequence',
}
const routineKinds: Readonly<Record<string, Routine['kind']>> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'window',
}
const volatilities: Readonly<Record<string, Routine['volatility']>> = {
  i: 'immutable',
  s: 'stable',
  v: 'volatile',
}

export function convertSchema(rows: SchemaRows, takenAtMs: number): SchemaSnapshot {
  const { facts } = rows
  const content = {
    product: 'postgresql' as const,
    serverVersion: facts.version.split(' ', 1)[0] ?? facts.version,
    database: facts.database,
    account: facts.account,
    privileged: facts.privileged,
    searchPath: facts.searchPath,
    schemas: rows.schemas.map(schema => schema.name),
    relations: convertRelations(rows),
    routines: rows.routines.map(convertRoutine),
    callables: rows.callables,
  }
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
  return { version, takenAtMs, ...content }
}

/** Everything that hangs on relations, by the server's number for them. */
interface Parts {
  readonly named: ReadonlyMap<number, RelationRow>
  readonly columns: ReadonlyMap<number, readonly ColumnRow[]>
  readonly rowTypes: ReadonlyMap<number, readonly RowTypeRow[]>
  readonly acting: ReadonlySet<number>
}

function convertRelations(rows: SchemaRows): readonly Relation[] {
  const parts: Parts = {
    named: new Map(rows.relations.map(row => [row.oid, row])),
    columns: groupBy(rows.columns),
    rowTypes: groupBy(rows.rowTypes),
    acting: actingRelations(rows),
  }
  const parents = groupBy(rows.parents)
  const partitionKeys = groupBy(rows.partitionKeys)
  const keys = groupBy(rows.keys)
  const checks = groupBy(rows.checks)
  const foreignKeys = groupBy(rows.foreignKeys)
  return rows.relations.map(row => ({
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    kind: lookUp(relationKinds, row.kind),
    owner: row.owner,
    comment: row.comment ?? undefined,
    columns: (parts.columns.get(row.oid) ?? []).map(column => convertColumn(parts, column)),
    definition: row.definition?.trim().replace(/;$/, ''),
    parents: (parents.get(row.oid) ?? []).map(parent => nameOf(parts, parent.parent)),
    partitionKey: (partitionKeys.get(row.oid) ?? []).flatMap(key => keyColumns(parts, row.oid, key)),
    uniqueKeys: (keys.get(row.oid) ?? []).map(key => keyColumns(parts, row.oid, key)),
    foreignKeys: (foreignKeys.get(row.oid) ?? []).map(key => ({
      columns: columnNames(parts, row.oid, key.columns),
      references: nameOf(parts, key.references),
      referencedColumns: columnNames(parts, key.references, key.referencedColumns),
      cascades: key.cascades,
    })),
    checks: (checks.get(row.oid) ?? []).map(check =>
      columnNames(parts, row.oid, check.wholeRow ? allColumns(parts, row.oid) : check.columns),
    ),
    hasTriggers: parts.acting.has(row.oid),
    triggers: row.triggers,
    rules: row.rules,
  }))
}

function convertColumn(parts: Parts, row: ColumnRow): ColumnShape {
  const { name, number, type, notNull, generated } = row
  const shape = { name, number, type, notNull, generated: generated ?? undefined }
  const holds = parts.rowTypes.get(row.relation)?.filter(held => held.number === number)
  if (holds === undefined || holds.length === 0) return shape
  return { ...shape, holdsRowsOf: holds.map(held => nameOf(parts, held.holds)) }
}

function convertRoutine(row: RoutineRow): Routine {
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    kind: lookUp(routineKinds, row.kind),
    language: row.language,
    volatility: lookUp(volatilities, row.volatility),
    securityDefiner: row.securityDefiner,
    argumentTypes: row.argumentTypes,
    returnType: row.returnType,
    returnsSet: row.returnsSet,
    source: row.source,
    extension: row.extension ?? undefined,
  }
}

/** Rows written into a parent may land in a child, whose own triggers and rules act then. */
function actingRelations(rows: SchemaRows): ReadonlySet<number> {
  const parents = groupBy(rows.parents)
  const acting = new Set<number>()
  const add = (oid: number): void => {
    if (acting.has(oid)) return
    acting.add(oid)
    for (const { parent } of parents.get(oid) ?? []) add(parent)
  }
  for (const row of rows.relations) if (row.triggers.length + row.rules.length > 0) add(row.oid)
  return acting
}

interface Key {
  readonly columns: readonly number[]
  readonly reads: readonly number[]
}

function keyColumns(parts: Parts, relation: number, key: Key): readonly string[] {
  return columnNames(
    parts,
    relation,
    key.reads.length === 0 ? key.columns : readColumns(parts, relation, key),
  )
}

function readColumns(parts: Parts, relation: number, key: Key): readonly number[] {
  if (key.reads.includes(0)) return allColumns(parts, relation)
  const numbers = new Set([...key.columns, ...key.reads].filter(number => number > 0))
  return [...numbers].sort((a, b) => a - b)
}

function allColumns(parts: Parts, relation: number): readonly number[] {
  return (parts.columns.get(relation) ?? []).map(column => column.number)
}

/** System columns (numbers below zero) hold nothing that people wrote. */
function columnNames(parts: Parts, relation: number, numbers: readonly number[]): readonly string[] {
  const columns = parts.columns.get(relation) ?? []
  const names = new Map(columns.map(column => [column.number, column.name]))
  return numbers.flatMap(number => names.get(number) ?? [])
}

function nameOf(parts: Parts, oid: number): RelationName {
  const found = parts.named.get(oid)
  if (found === undefined) throw new Error(`the catalog names relation ${oid}, which it does not list`)
  return { schema: found.schema, name: found.name }
}

function groupBy<Row extends { readonly relation: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> {
  return Map.groupBy(rows, row => row.relation)
}

/** A kind that a later server invents must not pass as something else. */
function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value {
  const found = table[key]
  if (found === undefined) throw new Error(`the catalog uses '${key}', which is not known here`)
  return found
}
