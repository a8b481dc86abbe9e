// The picture of a target with the look-ups that reading needs.

import type { SchemaIndex } from '../dialect.ts'
import type { Relation, Routine, SchemaSnapshot } from '../schema.ts'

export interface MysqlIndex extends SchemaIndex {
  /** Names of databases and tables as this server compares them. */
  fold(name: string): string
  /** Whether letter case makes no difference in names of databases and tables. */
  readonly foldsNames: boolean
  relation(schema: string, name: string): Relation | undefined
  routine(schema: string, name: string, kinds: 'function' | 'procedure'): Routine | undefined
  /** In whichever database. */
  functionsNamed(name: string): readonly Routine[]
  hasSchema(name: string): boolean
  /** Tables with foreign keys to it. */
  referring(relation: Relation): readonly Relation[]
  /** Tables whose rows change or go when the row of this one does that they refer to. */
  followers(relation: Relation): readonly Relation[]
  /** Columns (folded) of unique keys and of foreign keys in either direction: what is written there can be probed for. */
  probeable(relation: Relation): ReadonlySet<string>
}

const none: readonly never[] = []

export function isMysqlIndex(index: SchemaIndex): index is MysqlIndex {
  return 'functionsNamed' in index && 'fold' in index
}

/**
 * Names of columns, aliases and routines as the server compares them, and a little beyond: letter case and accents make no
 * difference, nor do spaces at the end. What is alike for the server is alike here.
 */
export function foldColumn(name: string): string {
  const known = folded.get(name)
  if (known !== undefined) return known
  const made = fold(name)
  if (folded.size >= foldedMax) folded.clear()
  folded.set(name, made)
  return made
}

const folded = new Map<string, string>()
const foldedMax = 10_000

function fold(name: string): string {
  let plain = true
  for (let i = 0; i < name.length; i += 1) if (name.charCodeAt(i) > 0x7e) plain = false
  const bare = plain ? name : name.normalize('NFKD').replace(/\p{M}/gu, '')
  return bare.toLowerCase().replace(/ +$/, '')
}

export function indexSchema(snapshot: SchemaSnapshot): MysqlIndex {
  const foldsNames = snapshot.mysql !== undefined && snapshot.mysql.lowerCaseTableNames !== 0
  const foldName = foldsNames ? (name: string) => name.toLowerCase() : (name: string) => name
  const keyOf = (schema: string, name: string): string => `${foldName(schema)}\0${foldName(name)}`
  const byKey = new Map<string, Relation>()
  const referenced = new Map<string, Set<string>>()
  const followers = new Map<string, Relation[]>()
  const referring = new Map<string, Relation[]>()
  for (const relation of snapshot.relations) {
    byKey.set(keyOf(relation.schema, relation.name), relation)
    for (const foreign of relation.foreignKeys) {
      const key = keyOf(foreign.references.schema, foreign.references.name)
      const columns = referenced.get(key) ?? new Set()
      for (const column of foreign.referencedColumns) columns.add(foldColumn(column))
      referenced.set(key, columns)
      push(referring, key, relation)
      if (foreign.cascades !== false) push(followers, key, relation)
    }
  }
  const functions = new Map<string, Routine[]>()
  const routines = new Map<string, Routine>()
  for (const routine of snapshot.routines) {
    const kind = routine.kind === 'procedure' ? 'procedure' : 'function'
    const name = foldColumn(routine.name)
    routines.set(`${kind}\0${foldName(routine.schema)}\0${name}`, routine)
    if (kind === 'function') push(functions, name, routine)
  }
  const schemas = new Set(snapshot.schemas.map(foldName))
  return {
    snapshot,
    fold: foldName,
    foldsNames,
    relation: (schema, name) => byKey.get(keyOf(schema, name)),
    routine: (schema, name, kind) => routines.get(`${kind}\0${foldName(schema)}\0${foldColumn(name)}`),
    functionsNamed: name => functions.get(foldColumn(name)) ?? none,
    hasSchema: name => schemas.has(foldName(name)),
    referring: relation => referring.get(keyOf(relation.schema, relation.name)) ?? none,
    followers: relation => followers.get(keyOf(relation.schema, relation.name)) ?? none,
    probeable(relation) {
      const columns = new Set(referenced.get(keyOf(relation.schema, relation.name)))
      for (const key of relation.uniqueKeys) for (const column of key) columns.add(foldColumn(column))
      for (const foreign of relation.foreignKeys) {
        for (const column of foreign.columns) columns.add(foldColumn(column))
      }
      return columns
    },
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
