// The tree of a target's objects as the flat list that is drawn: schemas, their objects page by page, columns of opened tables.

import type { SqlObject, TableRow } from '../../../../../src/console/contract.ts'

export type TreeLine =
  | {
      readonly kind: 'schema'
      readonly key: string
      readonly schema: string
      readonly objects: number
      readonly open: boolean
    }
  | {
      readonly kind: 'object'
      readonly key: string
      readonly object: SqlObject
      readonly open: boolean
      /** Its schema is no line of its own above it. */
      readonly apart: boolean
    }
  | {
      readonly kind: 'column'
      readonly key: string
      readonly object: SqlObject
      readonly column: TableRow['columns'][number]
    }
  /** Not asked for yet; `page` says which page of its schema brings it. */
  | { readonly kind: 'waiting'; readonly key: string; readonly schema: string; readonly page: number }

export interface LoadedObjects {
  /** By page of their schema. */
  readonly pages: ReadonlyMap<number, readonly SqlObject[]>
  readonly total: number
}

export interface TreeState {
  readonly schemas: readonly { readonly name: string; readonly objects: number }[]
  readonly opened: ReadonlySet<string>
  readonly loaded: ReadonlyMap<string, LoadedObjects>
  readonly columns: ReadonlyMap<string, TableRow>
  readonly pageSize: number
}

export const schemaKey = (schema: string): string => schema
export const objectKey = ({ schema, name }: Pick<SqlObject, 'schema' | 'name'>): string =>
  `${schema}\u0000${name}`

function* objectLines(object: SqlObject, state: TreeState, apart: boolean): Generator<TreeLine> {
  const key = objectKey(object)
  const open = state.opened.has(key)
  yield { kind: 'object', key: `o${key}`, object, open, apart }
  if (!open) return
  for (const column of state.columns.get(key)?.columns ?? []) {
    yield { kind: 'column', key: `c${key}\u0000${column.name}`, object, column }
  }
}

export function treeLines(state: TreeState): readonly TreeLine[] {
  const lines: TreeLine[] = []
  for (const { name, objects } of state.schemas) {
    const open = state.opened.has(schemaKey(name))
    lines.push({ kind: 'schema', key: `s${name}`, schema: name, objects, open })
    if (!open) continue
    const loaded = state.loaded.get(name)
    const total = loaded?.total ?? objects
    for (let at = 0; at < total; at += 1) {
      const page = Math.floor(at / state.pageSize)
      const object = loaded?.pages.get(page)?.[at % state.pageSize]
      if (object === undefined)
        lines.push({ kind: 'waiting', key: `w${name}\u0000${at}`, schema: name, page })
      else lines.push(...objectLines(object, state, false))
    }
  }
  return lines
}

/** What a search found, without schemas between. */
export function foundLines(found: readonly SqlObject[], state: TreeState): readonly TreeLine[] {
  return found.flatMap(object => [...objectLines(object, state, true)])
}
