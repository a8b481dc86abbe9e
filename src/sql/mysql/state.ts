// What a session changed for the reading of its later statements.
//
// For the protocol: begin with `mysqlState(…)`. After every statement whose reading has `changesState`, ask the target for
// `@@sql_mode`, `@@character_set_client`, `@@character_set_connection` and `DATABASE()`, and give the answers to `withFacts(follow(…), …)`. Without that
// a state that could not be told from the text (`SET sql_mode = @saved`) refuses every further text.

import { limits } from '../../core/limits.ts'
import type { SqlState } from '../dialect.ts'
import type { MysqlIndex } from './schema-index.ts'
import { type ParseContext, type Product, type SqlMode, sqlModeUsual } from './syntax.ts'

/** What only the target knows for certain. */
export interface SessionFacts {
  /** `@@session.sql_mode` */
  readonly sqlMode: string
  /** `@@character_set_client` */
  readonly characterSet: string
  /** `@@character_set_connection`, in which literals are */
  readonly connectionCharacterSet?: string
  /** `DATABASE()` */
  readonly database: string | undefined
}

export interface ServerFacts extends SessionFacts {
  readonly product: Product
  /** As the server greets: `10.11.19-MariaDB-0+deb12u1`, `5.5.5-10.11.19-MariaDB`, `5.6.24`, `8.0.36`. */
  readonly version: string
}

/** A temporary table, or one that the session has just made; its columns where the statement tells them. */
export interface SessionTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[] | undefined
  readonly temporary: boolean
}

/** A text that was prepared, and what it was prepared under. */
export interface PreparedText {
  readonly text: string
  readonly sqlMode: string
  /** Of the client's texts. */
  readonly characterSet: string
  readonly database: string | undefined
}

export interface MysqlState extends SqlState {
  /** `undefined`: as the picture of the target says. */
  readonly server: { readonly product: Product; readonly version: number } | undefined
  readonly sqlMode: string | undefined
  readonly characterSet: string | undefined
  readonly connectionCharacterSet: string | undefined
  readonly database: string | undefined
  /** Statements that are thought to read many rows fail: how many are thought to be there shows. */
  readonly budgeted: boolean
  /** Something was set to what only the target can tell; until `withFacts`, nothing can be read. */
  readonly unsure: boolean
  readonly tables: ReadonlyMap<string, SessionTable>
  /** Statements prepared by `PREPARE`, by folded name. */
  readonly prepared: ReadonlyMap<string, PreparedText>
}

export type StateChange =
  | { readonly kind: 'facts'; readonly facts: Partial<SessionFacts> }
  /** Changes what only the target can tell. */
  | { readonly kind: 'unsure' }
  | { readonly kind: 'budget' }
  | { readonly kind: 'create'; readonly table: SessionTable }
  | { readonly kind: 'drop'; readonly schema: string; readonly name: string }
  | { readonly kind: 'prepare'; readonly name: string; readonly prepared: PreparedText }
  | { readonly kind: 'deallocate'; readonly name: string }

type Content = Omit<MysqlState, 'key'>

const fresh: Content = {
  server: undefined,
  sqlMode: undefined,
  characterSet: undefined,
  connectionCharacterSet: undefined,
  database: undefined,
  budgeted: false,
  unsure: false,
  tables: new Map(),
  prepared: new Map(),
}

export const initialState: MysqlState = { ...fresh, key: '' }

export function isMysqlState(state: SqlState): state is MysqlState {
  return 'prepared' in state && 'unsure' in state
}

/** State of a session of which the target has told this. */
export function mysqlState(facts: ServerFacts): SqlState {
  const { product, version, sqlMode, characterSet, connectionCharacterSet, database } = facts
  return keyed({
    ...fresh,
    server: { product, version: versionNumber(version) },
    sqlMode,
    characterSet,
    connectionCharacterSet,
    database,
  })
}

/** The same state, with what the target has told anew. */
export function withFacts(state: SqlState, facts: SessionFacts): SqlState {
  if (!isMysqlState(state)) return state
  const { sqlMode, characterSet, connectionCharacterSet, database } = facts
  return keyed({ ...state, sqlMode, characterSet, connectionCharacterSet, database, unsure: false })
}

export function changeState(state: MysqlState, changes: readonly StateChange[]): MysqlState {
  if (changes.length === 0) return state
  let next: Content = state
  for (const change of changes) next = applyChange(next, change)
  return keyed(next)
}

function applyChange(state: Content, change: StateChange): Content {
  switch (change.kind) {
    case 'facts':
      return { ...state, ...change.facts }
    case 'unsure':
      return { ...state, unsure: true }
    case 'budget':
      return { ...state, budgeted: true }
    case 'create': {
      const { schema, name } = change.table
      const tables = new Map(state.tables)
      tables.delete(tableKey(schema, name))
      tables.set(tableKey(schema, name), change.table)
      // Those of long ago are in the picture of the target by now.
      const [oldest] = tables.keys()
      if (tables.size > limits.sessionTablesMax && oldest !== undefined) tables.delete(oldest)
      return { ...state, tables }
    }
    case 'drop': {
      const tables = new Map(state.tables)
      tables.delete(tableKey(change.schema, change.name))
      return { ...state, tables }
    }
    case 'prepare':
      return { ...state, prepared: new Map(state.prepared).set(change.name, change.prepared) }
    case 'deallocate': {
      const prepared = new Map(state.prepared)
      prepared.delete(change.name)
      return { ...state, prepared }
    }
  }
}

export function tableKey(schema: string, name: string): string {
  return `${schema}\0${name}`
}

function keyed(content: Content): MysqlState {
  const { server, sqlMode, characterSet, connectionCharacterSet, database } = content
  const { budgeted, unsure, tables, prepared } = content
  const key = JSON.stringify([
    server?.product,
    server?.version,
    sqlMode,
    characterSet,
    connectionCharacterSet,
    database,
    budgeted,
    unsure,
    [...tables.values()],
    [...prepared],
  ])
  return { ...content, key }
}

/** `10.11.19-MariaDB` → 101119; `5.6.24` → 50624. MariaDB may greet with `5.5.5-` in front, for old clients. */
export function versionNumber(version: string): number {
  const match = /^(?:5\.5\.5-(?=\d+\.\d+\.\d+-MariaDB))?(\d+)\.(\d+)\.(\d+)/.exec(version)
  return match ? Number(match[1]) * 10_000 + Number(match[2]) * 100 + Number(match[3]) : 0
}

export interface Surroundings extends ParseContext {
  readonly modeText: string
  readonly database: string | undefined
  readonly budgeted: boolean
}

/** What a text of this session is read under. */
export function surroundings(state: MysqlState, index: MysqlIndex): Surroundings {
  const { snapshot } = index
  const modeText = state.sqlMode ?? snapshot.mysql?.sqlMode ?? ''
  return {
    product: state.server?.product ?? (snapshot.product === 'mariadb' ? 'mariadb' : 'mysql'),
    version: state.server?.version ?? versionNumber(snapshot.serverVersion),
    modeText,
    sqlMode: parseSqlMode(modeText),
    characterSet: state.characterSet ?? 'utf8mb4',
    database: state.database,
    budgeted: state.budgeted,
  }
}

const combined: Readonly<Record<string, string>> = {
  ANSI: 'REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
  DB2: 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
  MAXDB: 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
  MSSQL: 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
  ORACLE: 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
  POSTGRESQL: 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE',
}

const modes = new Map<string, SqlMode>()

export function parseSqlMode(text: string): SqlMode {
  const known = modes.get(text)
  if (known) return known
  const names = new Set(text.toUpperCase().split(/\s*,\s*/))
  for (const name of Array.from(names)) for (const part of combined[name]?.split(',') ?? []) names.add(part)
  const mode: SqlMode = {
    ...sqlModeUsual,
    ansiQuotes: names.has('ANSI_QUOTES'),
    noBackslashEscapes: names.has('NO_BACKSLASH_ESCAPES'),
    pipesAsConcat: names.has('PIPES_AS_CONCAT'),
    ignoreSpace: names.has('IGNORE_SPACE'),
    highNotPrecedence: names.has('HIGH_NOT_PRECEDENCE'),
    oracle: names.has('ORACLE'),
  }
  if (modes.size < 1_000) modes.set(text, mode)
  return mode
}

/** Whether texts are cut and bound alike in both. */
export function isSameMode(one: SqlMode, other: SqlMode): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Client character sets in which every ASCII byte stands for itself, wherever it is. */
const safeCharacterSets = new Set(
  `utf8 utf8mb3 utf8mb4 latin1 latin2 latin5 latin7 ascii binary cp850 cp852 cp866 cp1250 cp1251 cp1256 cp1257 dec8 koi8r
  koi8u macce macroman hebrew greek armscii8 geostd8 hp8 keybcs2 tis620`.split(/\s+/),
)

export function isSafeCharacterSet(name: string): boolean {
  return safeCharacterSets.has(name.toLowerCase())
}
