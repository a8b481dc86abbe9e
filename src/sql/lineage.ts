// Which hidden columns the columns of a query are made of: names looked up in the relations of a FROM, in either dialect.

import type { MaskShape } from '../core/verdict.ts'
import type { OutputMask } from './dialect.ts'

/** Hidden columns, `schema.table.column`. */
export type Made = ReadonlySet<string>

export interface MadeColumn {
  readonly name: string
  readonly made: Made
  /** No part of a star. */
  readonly unlisted?: boolean
}

/** A relation in a FROM. */
export interface Source {
  readonly alias: string
  readonly columns: readonly MadeColumn[]
  /** It has columns whose names are not known, made of this. */
  readonly open?: Made | undefined
}

/** What names can mean at one place, and around it. */
export interface Scope {
  readonly sources: readonly Source[]
  readonly outer: Scope | undefined
}

/** It cannot be told what an output is made of. */
export class LineageUnknown extends Error {}

export const nothing: Made = new Set<string>()

export function union(parts: Iterable<Made>): Made {
  let only: Made = nothing
  let many: Set<string> | undefined
  for (const part of parts) {
    if (part.size === 0) continue
    if (only.size === 0) only = part
    else {
      many ??= new Set(only)
      for (const one of part) many.add(one)
    }
  }
  return many ?? only
}

export const wholeOf = ({ columns, open }: Source): Made =>
  union([...columns.map(column => column.made), open ?? nothing])

/** What a column mention, `[schema, table, column]` as long as written, is made of. @throws LineageUnknown */
export function madeOfName(scope: Scope | undefined, fields: readonly string[]): Made {
  const [name = ''] = fields.slice(-1)
  if (fields.length === 1) return madeOfColumn(scope, name)
  const alias = fields.at(-2) ?? ''
  for (let here = scope; here; here = here.outer) {
    const named = here.sources.filter(source => source.alias === alias)
    if (named.length > 0) return union(named.map(source => columnOf(source, name)))
  }
  // A field of a column that is a row.
  return madeOfColumn(scope, fields[0] ?? '')
}

function columnOf(source: Source, name: string): Made {
  const found = source.columns.filter(column => column.name === name)
  // Whatever it is, it is of this relation.
  return found.length > 0 ? union(found.map(column => column.made)) : wholeOf(source)
}

function madeOfColumn(scope: Scope | undefined, name: string): Made {
  for (let here = scope; here; here = here.outer) {
    const found = here.sources.flatMap(source => source.columns.filter(column => column.name === name))
    if (found.length > 0) return union(found.map(column => column.made))
    const open = here.sources.filter(source => source.open !== undefined)
    if (open.length > 0) return union(open.map(wholeOf))
    const row = here.sources.find(source => source.alias === name)
    if (row) return wholeOf(row)
  }
  throw new LineageUnknown(name)
}

/** The columns that a star stands for. @throws LineageUnknown if they cannot be counted */
export function starOf(sources: readonly Source[]): readonly MadeColumn[] {
  return sources.flatMap(source => {
    if (source.open !== undefined) throw new LineageUnknown(source.alias)
    return source.columns.filter(column => column.unlisted !== true)
  })
}

/** Columns that a join makes one of two, first; then the rest of either side. */
export function joined(
  left: readonly Source[],
  right: readonly Source[],
  using: readonly string[],
): { readonly star: readonly MadeColumn[] } {
  const [ours, theirs] = [starOf(left), starOf(right)]
  const merged = using.map(name => ({
    name,
    made: union([...ours, ...theirs].filter(column => column.name === name).map(column => column.made)),
  }))
  const others = [...ours, ...theirs].filter(column => !using.includes(column.name))
  return { star: [...merged, ...others] }
}

/** Set operations give columns by their place. @throws LineageUnknown */
export function sideBySide(left: readonly MadeColumn[], right: readonly MadeColumn[]): readonly MadeColumn[] {
  if (left.length !== right.length) throw new LineageUnknown('set operation')
  return left.map((column, at) => ({
    name: column.name,
    made: union([column.made, right[at]?.made ?? nothing]),
  }))
}

/** Columns under other names, by their place. */
export const renamed = (columns: readonly MadeColumn[], names: readonly string[]): readonly MadeColumn[] =>
  columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }))

/** How an output is told to whoever shows it. @param shapes masks by hidden column */
export function maskOf(made: Made, shapes: ReadonlyMap<string, MaskShape>): OutputMask | undefined {
  if (made.size === 0) return undefined
  const columns = [...made].sort()
  return { as: shapes.get(columns[0] ?? '') ?? 'constant', columns }
}
