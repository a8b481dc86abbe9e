// Turns the rows of `information_schema` into the picture that statements are resolved against. Pure.

import { createHash } from 'node:crypto'
import type { ColumnShape, Relation, RelationKind, Routine, SchemaSnapshot } from '../../sql/schema.ts'
import type { ColumnRow, KeyRow, RelationRow, RoutineRow, SchemaRows } from './catalog-rows.ts'
import { expressionColumns } from './expression-columns.ts'
import { type Rights, rightsOf } from './rights.ts'
import { nameNumber, tableNumbers } from './table-numbers.ts'

const relationKinds: Readonly<Record<string, RelationKind>> = {
  'BASE TABLE': 'table',
  'SYSTEM VERSIONED': 'table',
  // Of the server's own: nothing is behind them that could be asked for.
  'SYSTEM VIEW': 'table',
  VIEW: 'view',
  SEQUENCE: 'sequence',
}
const routineKinds: Readonly<Record<string, Routine['kind']>> = {
  FUNCTION: 'function',
  PROCEDURE: 'procedure',
  PACKAGE: 'procedure',
  'PACKAGE BODY': 'procedure',
}

export function convertSchema(rows: SchemaRows, takenAtMs: number): SchemaSnapshot {
  const { facts } = rows
  const isMariadb = /mariadb/i.test(facts.version)
  const rights = rightsOf(rows)
  const content = {
    product: isMariadb ? ('mariadb' as const) : ('mysql' as const),
    serverVersion:
      /\d+\.\d+\.\d+(?=-mariadb)/i.exec(facts.version)?.[0] ?? facts.version.split('-', 1)[0] ?? '',
    database: facts.database,
    account: facts.account,
    privileged: rights.privileged,
    searchPath: [facts.database],
    schemas: rows.schemas.map(schema => schema.name).sort(),
    relations: convertRelations(rows, rights, isMariadb),
    routines: convertRoutines(rows),
    callables: [],
    mysql: {
      sqlMode: facts.sqlMode,
      lowerCaseTableNames: lowerCase(facts.lowerCaseTableNames),
      characterSet: facts.characterSet,
      noticesChanges: rows.variables.some(one => one.Value.toUpperCase() !== 'OFF'),
    },
  }
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
  return { version, takenAtMs, ...content }
}

function convertRelations(rows: SchemaRows, rights: Rights, isMariadb: boolean): readonly Relation[] {
  const parts = groupParts(rows)
  const numbers = tableNumbers(rows.tableIds)
  const made = rows.relations.map(row => {
    const key = keyOf(row)
    const columns = (parts.columns.get(key) ?? []).map(column => convertColumn(column, isMariadb))
    const names = columns.map(column => column.name)
    const partitions = parts.partitions.get(key) ?? []
    const view = parts.views.get(key)?.[0]
    const kind = lookUp(relationKinds, row.type)
    return {
      oid: numbers.get(key) ?? nameNumber('relation', row.schema, row.relation),
      schema: row.schema,
      name: row.relation,
      kind: kind === 'table' && partitions.length > 0 ? ('partitioned' as const) : kind,
      owner: view?.definer ?? '',
      // Of a view the server says that it is one.
      comment: kind === 'view' ? undefined : row.comment || undefined,
      columns,
      definition: view?.definition || undefined,
      parents: [],
      partitionKey: partitionKey(partitions, names),
      uniqueKeys: indexes(parts.keys.get(key) ?? [], names)
        .filter(index => index.unique)
        .map(index => index.columns),
      indexes: indexes(parts.keys.get(key) ?? [], names).map(({ name, columns: read }) => ({
        name,
        columns: read,
      })),
      foreignKeys: convertForeignKeys(parts, rows, key),
      checks: (parts.checks.get(key) ?? [])
        .map(check => expressionColumns(unescaped(check.expression, isMariadb), names))
        .sort(byText),
      ...convertTriggers(parts.triggers.get(key) ?? [], row, rights),
      ...(kind === 'table' && { engine: row.engine?.toLowerCase() ?? '' }),
      ...(row.type === 'SYSTEM VERSIONED' && { versioned: true }),
    }
  })
  // Without columns: gone while we asked, or a view that does not work any more.
  return made.filter(relation => relation.columns.length > 0).sort(byName)
}

type Parts = ReturnType<typeof groupParts>

function groupParts(rows: SchemaRows) {
  return {
    columns: group(rows.columns, (a, b) => a.position - b.position),
    views: group(rows.views),
    keys: group(rows.keys, (a, b) => compare(a.key, b.key) || a.position - b.position),
    foreignKeys: group(rows.foreignKeys, (a, b) => compare(a.key, b.key) || a.position - b.position),
    rules: group(rows.foreignKeyRules),
    checks: group(rows.checks),
    triggers: group(rows.triggers),
    partitions: group(rows.partitions),
  }
}

function convertColumn(row: ColumnRow, isMariadb: boolean): ColumnShape {
  const extra = row.extra?.toUpperCase() ?? ''
  // Only names are in backquotes; what reads no column (or is a text that looks so) does no harm.
  const reads = row.default?.includes('`') === true && (isMariadb || extra.includes('DEFAULT_GENERATED'))
  return {
    name: row.name,
    place: row.position,
    type: row.type,
    notNull: row.nullable === 'NO',
    generated: row.generated ? unescaped(row.generated, isMariadb) : undefined,
    followsUpdates: /\bON UPDATE\b/.test(extra),
    ...(/\bINVISIBLE\b/.test(extra) && { invisible: true }),
    ...(reads && { defaultExpression: unescaped(row.default, isMariadb) }),
    ...(row.charset !== null && { charset: row.charset }),
    ...(row.collation !== null && { collation: row.collation }),
  }
}

/** MySQL writes the quotes of texts within stored expressions with backslashes. */
function unescaped(expression: string, isMariadb: boolean): string {
  return isMariadb ? expression : expression.replaceAll("\\'", "'")
}

interface Index {
  readonly name: string
  readonly unique: boolean
  readonly columns: readonly string[]
}

function indexes(rows: readonly KeyRow[], columns: readonly string[]): readonly Index[] {
  return [...Map.groupBy(rows, row => row.key)].map(([name, parts]) => ({
    name,
    unique: parts.every(part => (part.nonUnique ?? 0) === 0),
    columns: [
      ...new Set(
        parts.flatMap(part =>
          part.column === null ? expressionColumns(part.expression ?? '', columns) : [part.column],
        ),
      ),
    ],
  }))
}

function convertForeignKeys(parts: Parts, rows: SchemaRows, key: string): Relation['foreignKeys'] {
  const rules = new Map((parts.rules.get(key) ?? []).map(rule => [rule.key, rule]))
  const keys = Map.groupBy(parts.foreignKeys.get(key) ?? [], row => row.key)
  return [...keys].flatMap(([name, columns]) => {
    const [first] = columns
    if (first === undefined) return []
    const rule = rules.get(name)
    return {
      columns: columns.map(column => column.column),
      references: referenced(rows, first.referencedSchema, first.referencedRelation),
      referencedColumns: columns.map(column => column.referencedColumn),
      // A rule that is not told may be any.
      cascades:
        rule === undefined || [rule.onUpdate, rule.onDelete].some(what => /^(CASCADE|SET )/.test(what)),
    }
  })
}

/** Where the server compares names of tables without case, keys may name a table in another case than its own. */
function referenced(rows: SchemaRows, schema: string, name: string): { schema: string; name: string } {
  if (rows.facts.lowerCaseTableNames === 0) return { schema, name }
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
  const found = rows.relations.find(row => same(row.schema, schema) && same(row.relation, name))
  return { schema: found?.schema ?? schema, name: found?.relation ?? name }
}

function partitionKey(rows: SchemaRows['partitions'], columns: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const { expression, subexpression } of rows) {
    // `PARTITION BY KEY ()` has no expression: the primary key decides, and what could stand in for it.
    for (const column of expressionColumns(expression ?? '', columns)) found.add(column)
    if (subexpression) for (const column of expressionColumns(subexpression, columns)) found.add(column)
  }
  return columns.filter(column => found.has(column))
}

function convertTriggers(
  rows: SchemaRows['triggers'],
  { schema, relation, type }: RelationRow,
  rights: Rights,
): Pick<Relation, 'hasTriggers' | 'triggers' | 'triggersUnknown' | 'triggerModes'> {
  const canHave = type === 'BASE TABLE' || type === 'SYSTEM VERSIONED'
  if (canHave && !isOwnPicture(schema) && !rights.seesTriggers(schema, relation))
    return { hasTriggers: true, triggersUnknown: true }
  const triggers = rows
    .map(row => ({
      text: `CREATE TRIGGER ${quote(row.triggerSchema)}.${quote(row.name)} ${row.timing} ${row.event} ON ${quote(row.schema)}.${quote(row.relation)} FOR EACH ROW ${row.statement}`,
      sqlMode: row.sqlMode,
    }))
    .sort((a, b) => compare(a.text, b.text))
  return {
    hasTriggers: triggers.length > 0,
    triggers: triggers.map(trigger => trigger.text),
    ...(triggers.length > 0 && { triggerModes: triggers.map(trigger => trigger.sqlMode) }),
  }
}

const isOwnPicture = (schema: string): boolean =>
  ['information_schema', 'performance_schema'].includes(schema.toLowerCase())

function convertRoutines(rows: SchemaRows): readonly Routine[] {
  const argumentsOf = Map.groupBy(rows.arguments, row => routineKey(row.schema, row.routine, row.routineType))
  return rows.routines
    .map(row => convertRoutine(row, argumentsOf.get(routineKey(row.schema, row.name, row.type)) ?? []))
    .sort(byName)
}

function convertRoutine(row: RoutineRow, ofIt: SchemaRows['arguments']): Routine {
  return {
    oid: nameNumber(row.type, row.schema, row.name),
    schema: row.schema,
    name: row.name,
    kind: lookUp(routineKinds, row.type),
    language: (row.language ?? 'SQL').toLowerCase(),
    volatility: row.deterministic === 'YES' ? 'immutable' : 'volatile',
    securityDefiner: row.security === 'DEFINER',
    argumentTypes: ofIt.toSorted((a, b) => a.position - b.position).map(argument => argument.type),
    returnType: row.returns ?? '',
    returnsSet: false,
    source: row.source ?? '',
    extension: undefined,
    sqlMode: row.sqlMode,
  }
}

const routineKey = (schema: string, name: string, type: string): string =>
  JSON.stringify([schema.toLowerCase(), name.toLowerCase(), type])

const keyOf = (row: { readonly schema: string; readonly relation: string }): string =>
  `${row.schema}\0${row.relation}`

function group<Row extends { readonly schema: string; readonly relation: string }>(
  rows: readonly Row[],
  order?: (a: Row, b: Row) => number,
): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(order === undefined ? rows : rows.toSorted(order), keyOf)
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const byText = (a: readonly string[], b: readonly string[]): number => compare(a.join('\0'), b.join('\0'))

const byName = (a: { readonly schema: string; readonly name: string }, b: typeof a): number =>
  compare(a.schema, b.schema) || compare(a.name, b.name)

function lowerCase(value: number): 0 | 1 | 2 {
  if (value === 0 || value === 1 || value === 2) return value
  throw new Error(`lower_case_table_names is ${value}, which is not known here`)
}

/** A kind that a later server invents must not pass as something else. */
function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value {
  const found = table[key]
  if (found === undefined) throw new Error(`the catalog uses '${key}', which is not known here`)
  return found
}
