// The targets with what is known of their tables now, for pages that ask policies about everything there is.

import type { TargetId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { KnownTable, KnownTarget } from '../../policy/difference.ts'
import type { ColumnTags } from '../../policy/policy.ts'
import type { SchemaSnapshot } from '../../sql/schema.ts'
import type { ConsoleParts } from '../parts.ts'
import { isSystem } from './tables.ts'

type Parts = Pick<ConsoleParts, 'catalog'>

const noTags: ColumnTags = { version: '', tables: [] }
/** Targets whose tables are looked at where they are not known, and how long is waited for them. */
const lookedAtMax = 20
const waitMs = 400

const tablesOfSnapshot = new WeakMap<SchemaSnapshot, readonly KnownTable[]>()

export function knownTables(snapshot: SchemaSnapshot): readonly KnownTable[] {
  const known = tablesOfSnapshot.get(snapshot)
  if (known !== undefined) return known
  const made = snapshot.relations
    .filter(({ kind, schema }) => kind !== 'sequence' && !isSystem(snapshot.product, schema))
    .map(({ schema, name, columns }) => ({ schema, table: name, columns: columns.map(one => one.name) }))
    .toSorted((a, b) => compare(a.schema, b.schema) || compare(a.table, b.table))
  tablesOfSnapshot.set(snapshot, made)
  return made
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of targets that cannot be reached, the tables are not known. */
export async function knownTarget(parts: Parts, target: Target): Promise<KnownTarget> {
  const snapshot = await snapshotOf(parts, target.id)
  return describe(parts, target, snapshot)
}

function describe({ catalog }: Parts, target: Target, snapshot: SchemaSnapshot | undefined): KnownTarget {
  if (snapshot === undefined) return { target, tables: undefined, tags: noTags }
  try {
    const tags = catalog.tags.effective(target.id, snapshot)
    return { target, tables: knownTables(snapshot), tags }
  } catch {
    return { target, tables: undefined, tags: noTags }
  }
}

/** Pictures that are at hand, and those of a few targets that can be taken at once. */
export async function knownTargets(parts: Parts, targets: readonly Target[]): Promise<Iterable<KnownTarget>> {
  const { schemas } = parts.catalog
  const unknown = targets.filter(({ id }) => schemas.current(id) === undefined).slice(0, lookedAtMax)
  await Promise.all(unknown.map(({ id }) => snapshotOf(parts, id)))
  return {
    *[Symbol.iterator]() {
      for (const target of targets) yield describe(parts, target, schemas.current(target.id))
    },
  }
}

async function snapshotOf({ catalog }: Parts, id: TargetId): Promise<SchemaSnapshot | undefined> {
  const current = catalog.schemas.current(id)
  if (current !== undefined) return current
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), waitMs)
  })
  const fresh = catalog.schemas.fresh(id).catch(() => undefined)
  return Promise.race([fresh, late]).finally(() => clearTimeout(timer))
}
