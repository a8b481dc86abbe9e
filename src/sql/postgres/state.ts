// What a session changed for the reading of its later statements.

import type { SqlState } from '../dialect.ts'
import { keyOf } from './schema-index.ts'

/** A table that the session made itself; its columns where the statement tells them. */
export interface SessionTable {
  /** `pg_temp` for temporary ones. */
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[] | undefined
  /** `ON COMMIT DROP`. */
  readonly untilCommit?: boolean
}

/** What going back to a point of a transaction restores. */
interface Saved {
  readonly path: readonly string[] | undefined
  readonly tables: ReadonlyMap<string, SessionTable>
}

export interface PgState extends SqlState {
  /** Search path set by the session; `undefined`: that of the account. */
  readonly path: readonly string[] | undefined
  /** Search path until the end of the transaction. */
  readonly localPath: readonly string[] | undefined
  readonly tables: ReadonlyMap<string, SessionTable>
  /** Texts of statements prepared by `PREPARE`, by name. */
  readonly prepared: ReadonlyMap<string, string>
  readonly cursors: ReadonlySet<string>
  /** What `ROLLBACK` goes back to. */
  readonly begun: Saved | undefined
  /** Savepoints of the transaction, oldest first. */
  readonly savepoints: readonly (Saved & { readonly name: string })[]
}

export type StateChange =
  | { readonly kind: 'path'; readonly path: readonly string[] | undefined; readonly local: boolean }
  | { readonly kind: 'create'; readonly table: SessionTable }
  | { readonly kind: 'drop'; readonly schema: string; readonly name: string }
  | { readonly kind: 'prepare'; readonly name: string; readonly text: string }
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  | { readonly kind: 'declare'; readonly name: string }
  | { readonly kind: 'close'; readonly name: string | undefined }
  | { readonly kind: 'savepoint' | 'rollback-to'; readonly name: string }
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'discard' | 'discard-temporary' | 'reset' }

const freshState: Omit<PgState, 'key'> = {
  path: undefined,
  localPath: undefined,
  tables: new Map(),
  prepared: new Map(),
  cursors: new Set(),
  begun: undefined,
  savepoints: [],
}

export const initialState: PgState = { ...freshState, key: '' }

export function isPgState(state: SqlState): state is PgState {
  return 'prepared' in state && 'cursors' in state
}

export function changeState(state: PgState, changes: readonly StateChange[]): PgState {
  if (changes.length === 0) return state
  let next: Omit<PgState, 'key'> = state
  for (const change of changes) next = applyChange(next, change)
  return { ...next, key: stateKey(next) }
}

function applyChange(state: Omit<PgState, 'key'>, change: StateChange): Omit<PgState, 'key'> {
  switch (change.kind) {
    case 'path':
      // Several statements in one message are a transaction too: it counts until the next one begins or ends.
      if (change.local) return { ...state, localPath: change.path }
      return { ...state, path: change.path, localPath: undefined }
    case 'create':
      return {
        ...state,
        tables: withEntry(state.tables, keyOf(change.table.schema, change.table.name), change.table),
      }
    case 'drop':
      return { ...state, tables: withoutEntry(state.tables, keyOf(change.schema, change.name)) }
    case 'prepare':
      return { ...state, prepared: withEntry(state.prepared, change.name, change.text) }
    case 'deallocate':
      return {
        ...state,
        prepared: change.name === undefined ? new Map() : withoutEntry(state.prepared, change.name),
      }
    case 'declare':
      return { ...state, cursors: new Set([...state.cursors, change.name]) }
    case 'close':
      return {
        ...state,
        cursors: new Set(
          change.name === undefined ? [] : [...state.cursors].filter(name => name !== change.name),
        ),
      }
    case 'begin':
      if (state.begun) return state
      return {
        ...state,
        localPath: undefined,
        tables: lasting(state.tables),
        begun: { path: state.path, tables: lasting(state.tables) },
      }
    case 'commit':
      return {
        ...state,
        tables: lasting(state.tables),
        begun: undefined,
        savepoints: [],
        localPath: undefined,
      }
    case 'rollback':
      return { ...state, ...state.begun, begun: undefined, savepoints: [], localPath: undefined }
    case 'savepoint': {
      const { path, tables } = state
      return { ...state, savepoints: [...state.savepoints, { name: change.name, path, tables }] }
    }
    case 'rollback-to': {
      const at = state.savepoints.findLastIndex(point => point.name === change.name)
      const point = state.savepoints[at]
      if (!point) return state
      const { path, tables } = point
      return { ...state, path, tables, savepoints: state.savepoints.slice(0, at + 1) }
    }
    case 'discard-temporary':
      return {
        ...state,
        tables: new Map([...state.tables].filter(([, table]) => table.schema !== 'pg_temp')),
      }
    case 'reset':
      return { ...state, path: undefined, localPath: undefined }
    default:
      return freshState
  }
}

function lasting(tables: ReadonlyMap<string, SessionTable>): ReadonlyMap<string, SessionTable> {
  return new Map([...tables].filter(([, table]) => table.untilCommit !== true))
}

function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(map).set(key, value)
}

function withoutEntry<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const copy = new Map(map)
  copy.delete(key)
  return copy
}

function stateKey(state: Omit<PgState, 'key'>): string {
  const { path, localPath, tables, prepared, cursors } = state
  if (!path && !localPath && tables.size + prepared.size + cursors.size === 0) return ''
  // Within a transaction, what ROLLBACK goes back to does not change how a text is read.
  const inTransaction = localPath ?? path
  return JSON.stringify([inTransaction, [...tables.values()], [...prepared], [...cursors]])
}
