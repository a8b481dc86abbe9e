// Which relation a name means, decided as the server would, and when the decision must be written into the statement.

import type { Relation } from '../schema.ts'
import { unknown, unreadable } from './refusal.ts'
import type { PgIndex } from './schema-index.ts'
import { keyOf } from './schema-index.ts'
import type { PgState, SessionTable } from './state.ts'
import { type Tree, textOf } from './tree.ts'

export type Resolved =
  | { readonly kind: 'relation'; readonly schema: string; readonly name: string; readonly relation: Relation }
  | { readonly kind: 'session'; readonly schema: string; readonly name: string; readonly table: SessionTable }

export interface Resolution {
  readonly target: Resolved
  /** Schema to write in front of the name, because the server could resolve it otherwise. */
  readonly pin: string | undefined
}

export function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || schema === 'pg_toast'
}

/** Schemas that unqualified names are looked for in, in order; those that do not exist are left out. */
export function searchOrder(index: PgIndex, state: PgState): readonly string[] {
  const path = (state.localPath ?? state.path ?? index.snapshot.searchPath).map(schema =>
    schema === '$user' ? index.snapshot.account : schema,
  )
  const order = path.filter(schema => index.hasSchema(schema) || schema === 'pg_temp')
  if (!order.includes('pg_catalog')) order.unshift('pg_catalog')
  if (!order.includes('pg_temp')) order.unshift('pg_temp')
  return order
}

/** Where an unqualified name is made. */
export function creationSchema(index: PgIndex, state: PgState): string | undefined {
  return searchOrder(index, state).find(schema => schema !== 'pg_temp' && !isSystemSchema(schema))
}

/** @throws Refusal for a name that is not known, or that is of another database */
export function resolveRelation(
  index: PgIndex,
  state: PgState,
  range: Tree,
  at: number | undefined,
): Resolution {
  const name = textOf(range, 'relname') ?? ''
  const database = textOf(range, 'catalogname')
  if (database !== undefined && database !== index.snapshot.database) {
    throw unreadable(
      `"${database}" is another database; this connection reaches "${index.snapshot.database}" only.`,
      at,
    )
  }
  const schema = textOf(range, 'schemaname')
  const target = schema === undefined ? undefined : lookUp(index, state, schema, name)
  if (target) return { target, pin: undefined }
  if (schema !== undefined) throw unknownRelation(`${schema}.${name}`, at)
  return resolveUnqualified(index, state, name, at)
}

function resolveUnqualified(
  index: PgIndex,
  state: PgState,
  name: string,
  at: number | undefined,
): Resolution {
  const order = searchOrder(index, state)
  const relations = index.relationsNamed(name)
  // Once the picture holds a table that the session made, they are one and the same.
  const made = [...state.tables.values()].filter(
    table => table.name === name && index.relation(table.schema, name) === undefined,
  )
  // The common case: one relation of that name in the whole database.
  const [only] = relations
  if (only && relations.length === 1 && made.length === 0) return { target: found(only), pin: undefined }
  const [own] = made
  if (own && made.length === 1 && relations.length === 0 && own.schema !== 'pg_temp') {
    return { target: { kind: 'session', schema: own.schema, name, table: own }, pin: undefined }
  }
  for (const schema of order) {
    const target = lookUp(index, state, schema, name)
    if (target) return { target, pin: schema }
  }
  if (relations.length + made.length > 0) {
    throw unreadable(`More than one schema has a "${name}". Write schema.${name}.`, at)
  }
  throw unknownRelation(name, at)
}

function lookUp(index: PgIndex, state: PgState, schema: string, name: string): Resolved | undefined {
  const relation = index.relation(schema, name)
  if (relation) return found(relation)
  const table = state.tables.get(keyOf(schema, name))
  return table ? { kind: 'session', schema, name, table } : undefined
}

function found(relation: Relation): Resolved {
  return { kind: 'relation', schema: relation.schema, name: relation.name, relation }
}

function unknownRelation(name: string, at: number | undefined): Error {
  return unknown(
    `There is no table or view "${name}" that Sekisho knows of. If it was made a moment ago, try again; ` +
      'if its name is spelled differently, write it as schema.table.',
    at,
  )
}
