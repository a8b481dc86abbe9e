// Which table a name means, decided as the server would.

import type { Relation } from '../schema.ts'
import { unknown, unreadable } from './refusal.ts'
import type { MysqlIndex } from './schema-index.ts'
import { type MysqlState, type SessionTable, surroundings } from './state.ts'
import type { Name } from './syntax.ts'

export type Resolved =
  | { readonly kind: 'relation'; readonly schema: string; readonly name: string; readonly relation: Relation }
  /** A table that only the session knows of. */
  | { readonly kind: 'session'; readonly schema: string; readonly name: string; readonly table: SessionTable }
  /** A table of the server's own catalog; what of it is hidden is decided by its name. */
  | {
      readonly kind: 'system'
      readonly schema: string
      readonly name: string
      readonly relation: Relation | undefined
    }

const systemSchemas = new Set(['information_schema', 'performance_schema', 'mysql', 'sys'])

/** However it is spelled: servers differ in whether letter case counts for these. */
export function isSystemSchema(schema: string): boolean {
  return systemSchemas.has(schema.toLowerCase())
}

/** The database that an unqualified name is in. @throws Refusal */
export function schemaOf(
  index: MysqlIndex,
  state: MysqlState,
  schema: Name | undefined,
  at: number | undefined,
): string {
  const name = schema?.text ?? surroundings(state, index).database
  if (name === undefined || name === '') {
    throw unreadable('No database is chosen. Choose one with USE, or write database.table.', at)
  }
  return index.fold(name)
}

/** @throws Refusal for a name that is not known */
export function resolveTable(
  index: MysqlIndex,
  state: MysqlState,
  schema: Name | undefined,
  name: Name,
): Resolved {
  const found = findTable(index, state, schema, name)
  if (found) return found
  throw unknown(
    `There is no table or view "${schemaOf(index, state, schema, name.start)}.${name.text}" that Sekisho knows of. If it was ` +
      'made a moment ago, try again.',
    name.start,
  )
}

export function findTable(
  index: MysqlIndex,
  state: MysqlState,
  schemaName: Name | undefined,
  name: Name,
): Resolved | undefined {
  const schema = schemaOf(index, state, schemaName, name.start)
  if (isSystemSchema(schema)) {
    const lower = schema.toLowerCase()
    const relation =
      index.relation(schema, name.text) ??
      index.relation(lower, name.text.toUpperCase()) ??
      index.relation(lower, name.text.toLowerCase())
    return { kind: 'system', schema: lower, name: name.text.toLowerCase(), relation }
  }
  // A table of the picture comes before a temporary one of its name: what is hidden there stays hidden here.
  const relation = index.relation(schema, name.text)
  if (relation) return { kind: 'relation', schema: relation.schema, name: relation.name, relation }
  const folded = index.fold(name.text)
  const table = [...state.tables.values()].find(
    one => index.fold(one.schema) === schema && index.fold(one.name) === folded,
  )
  return table ? { kind: 'session', schema, name: table.name, table } : undefined
}
