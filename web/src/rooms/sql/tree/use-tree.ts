// What the object tree knows of a target: schemas at once, objects page by page as they come in sight, columns when opened.

import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { SqlObject, TableRow, TargetRow } from '../../../../../src/console/contract.ts'
import { queryClient } from '../../../api/queries.ts'
import { objectQuery, objectsPage, objectsQuery, schemasQuery } from '../../../api/sql-queries.ts'
import { defaultSchema } from '../../../format/product.ts'
import { foundLines, type LoadedObjects, objectKey, type TreeLine, treeLines } from './tree-lines.ts'

const noSchemas: readonly { readonly name: string; readonly objects: number }[] = []
const foundMax = 500

export interface Tree {
  readonly lines: readonly TreeLine[]
  readonly pending: boolean
  readonly error: unknown
  readonly total: number | undefined
  readonly retry: () => void
  readonly toggle: (line: TreeLine) => void
  /** Asks for what is in sight and not there yet. */
  readonly want: (lines: readonly TreeLine[]) => void
}

export function useTree(target: TargetRow, search: string): Tree {
  const schemas = useQuery(schemasQuery(target.id))
  const isSearching = search.trim() !== ''
  const found = useQuery({
    ...objectsQuery(target.id, { search: search.trim(), limit: foundMax }),
    enabled: isSearching,
    placeholderData: before => before,
  })
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set([defaultSchema(target)]))
  const [loaded, setLoaded] = useState<ReadonlyMap<string, LoadedObjects>>(new Map())
  const [columns, setColumns] = useState<ReadonlyMap<string, TableRow>>(new Map())
  const names = schemas.data ?? noSchemas
  // A target with one schema has nothing to choose between.
  const [only] = names.length === 1 ? names : []
  useEffect(() => {
    if (only !== undefined) setOpened(before => new Set([...before, only.name]))
  }, [only])

  const load = useCallback(
    async (schema: string, page: number) => {
      const asked = { schema, offset: page * objectsPage }
      const answer = await queryClient.fetchQuery(objectsQuery(target.id, asked)).catch(() => undefined)
      if (answer === undefined) return
      setLoaded(before => {
        const pages = new Map(before.get(schema)?.pages)
        pages.set(page, answer.objects)
        return new Map(before).set(schema, { pages, total: answer.total })
      })
    },
    [target.id],
  )
  const loadColumns = useCallback(
    async (object: SqlObject) => {
      const { schema, name } = object
      const row = await queryClient.fetchQuery(objectQuery(target.id, schema, name)).catch(() => undefined)
      if (row !== undefined) setColumns(before => new Map(before).set(objectKey(object), row))
    },
    [target.id],
  )
  const state = useMemo(
    () => ({ schemas: names, opened, loaded, columns, pageSize: objectsPage }),
    [names, opened, loaded, columns],
  )
  const hits = found.data?.objects
  const lines = useMemo(
    () => (isSearching ? foundLines(hits ?? [], state) : treeLines(state)),
    [isSearching, hits, state],
  )
  const toggle = useCallback(
    (line: TreeLine) => {
      if (line.kind !== 'schema' && line.kind !== 'object') return
      const key = line.kind === 'schema' ? line.schema : objectKey(line.object)
      setOpened(before => {
        const next = new Set(before)
        if (!next.delete(key)) next.add(key)
        return next
      })
      if (line.kind === 'object' && !line.open && hasColumns(line.object)) void loadColumns(line.object)
    },
    [loadColumns],
  )
  const want = useCallback(
    (inSight: readonly TreeLine[]) => {
      const pages = new Map(
        inSight.flatMap(line =>
          line.kind === 'waiting' ? [[`${line.schema}\u0000${line.page}`, line] as const] : [],
        ),
      )
      for (const { schema, page } of pages.values()) void load(schema, page)
    },
    [load],
  )
  return {
    lines,
    pending: schemas.isPending || (isSearching && found.isPending),
    error: schemas.error ?? (isSearching ? found.error : undefined),
    total: isSearching ? found.data?.total : undefined,
    retry: () => void schemas.refetch(),
    toggle,
    want,
  }
}

export const hasColumns = ({ kind }: SqlObject): boolean => kind !== 'routine' && kind !== 'sequence'
