// Rows that were kept before and after a change: opened for administrators, on record, without what policy hides from them.

import { GatewayError } from '../../core/errors.ts'
import type { TargetId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ImageRow, OpenedSnapshot, RowImage } from '../../gate/snapshots.ts'
import type { Asker } from '../../policy/policy.ts'
import type { Routes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import type { SnapshotCell, SnapshotColumn, SnapshotRow, SnapshotShown } from './snapshot-contract.ts'

type Parts = Pick<
  ConsoleParts,
  'catalog' | 'clock' | 'log' | 'policyBook' | 'recordChange' | 'snapshots' | 'timeZone'
>
type SnapshotRoute = Extract<keyof Routes, 'GET /api/audit/:id/snapshot'>

export function snapshotHandlers(parts: Parts): Handlers<SnapshotRoute> {
  return {
    async 'GET /api/audit/:id/snapshot'({ param, visitor: { user, by }, address }) {
      const found = await open(parts, param('id'))
      const [first] = found
      const target = first && (await parts.catalog.targets.get(first.targetId as TargetId))
      // Who may see what of a target that is gone, no policy says.
      if (first === undefined || target === undefined) throw new GatewayError('not-found', 'snapshot')
      const readable = await readableColumns(parts, user, target, address, first.image)
      const hashes = Object.fromEntries(found.map(({ part, hash }) => [part, [null, hash] as const]))
      await parts.recordChange(by, 'snapshot.opened', `${first.targetName} ${first.table}`, {
        statement: [null, first.statementId],
        hidden: [null, first.image.columns.map(({ name }) => name).filter(name => !readable.has(name))],
        ...hashes,
      })
      return show(found, target, readable)
    },
  }
}

async function open({ snapshots, log }: Parts, statement: string): Promise<readonly OpenedSnapshot[]> {
  try {
    return await snapshots.open(statement)
  } catch (error) {
    log.error({ err: error, statement }, 'a snapshot could not be opened')
    throw new GatewayError('internal', statement, { cause: error })
  }
}

/** Columns that this person could read at the target themselves, as it is now. What is not known any more is none of them. */
async function readableColumns(
  { catalog, clock, policyBook, timeZone }: Parts,
  user: User,
  target: Target,
  address: string,
  { schema, table, columns }: RowImage,
): Promise<ReadonlySet<string>> {
  const picture = await catalog.schemas.fresh(target.id)
  const relation = picture.relations.find(one => one.schema === schema && one.name === table)
  if (relation === undefined) return new Set()
  const context = { nowMs: clock.nowMs(), address, program: '', timeZone }
  const asker: Asker = { user, target, context }
  const tags = catalog.tags.effective(target.id, picture)
  const policies = policyBook.inForce
  const known = columns
    .map(({ name }) => name)
    .filter(name => relation.columns.some(one => one.name === name))
  const use = { schema, table, effects: ['select'], reads: known, writes: [] } as const
  const reading = { verb: 'SELECT', tables: [use], effects: [], functions: [] } as const
  if (policies.judge(asker, { kind: 'connect' }).kind === 'denied') return new Set()
  if (policies.judge(asker, { kind: 'sql', statements: [reading] }, tags).kind === 'denied') return new Set()
  const sight = policies.see(asker, tags).table(schema, table)
  // Whether a row is among those that they may see, only the target could tell.
  if (sight?.rowFilter !== undefined) return new Set()
  return new Set(known.filter(name => !sight?.hidden.has(name)))
}

function show(
  found: readonly OpenedSnapshot[],
  target: Target,
  readable: ReadonlySet<string>,
): SnapshotShown {
  const before = found.find(({ part }) => part === 'before')?.image
  const after = found.find(({ part }) => part === 'after')?.image
  const image = before ?? after
  if (image === undefined) throw new GatewayError('not-found', 'snapshot')
  const columns: readonly SnapshotColumn[] = image.columns.map(({ name, binary }) => ({
    name,
    isKey: image.key.includes(name),
    hidden: !readable.has(name),
    binary: binary === true,
  }))
  return {
    protocol: target.protocol,
    targetName: target.name,
    schema: image.schema,
    table: image.table,
    columns,
    hasAfter: after !== undefined,
    rows: paired(before, after).map(pair => rowOf(pair, columns)),
  }
}

interface Pair {
  readonly before: ImageRow | undefined
  readonly after: ImageRow | undefined
}

/** Rows of both sides by their keys, in the order before the change. */
function paired(before: RowImage | undefined, after: RowImage | undefined): readonly Pair[] {
  if (before === undefined) return (after?.rows ?? []).map(row => ({ before: undefined, after: row }))
  const columns = before.columns.map(({ name }) => name)
  const places = columns.map(name => after?.columns.findIndex(one => one.name === name) ?? -1)
  const keyOf = (row: ImageRow): string =>
    JSON.stringify(before.key.map(name => row[columns.indexOf(name)] ?? null))
  const now = new Map(
    (after?.rows ?? []).map(row => {
      const moved = places.map(place => row[place] ?? null)
      return [keyOf(moved), moved] as const
    }),
  )
  return before.rows.map(row => ({ before: row, after: now.get(keyOf(row)) }))
}

function rowOf({ before, after }: Pair, columns: readonly SnapshotColumn[]): SnapshotRow {
  const cells = (row: ImageRow | undefined): readonly SnapshotCell[] | undefined =>
    row && columns.map(({ hidden }, place) => (hidden ? { hidden: true } : (row[place] ?? null)))
  const changed = columns.flatMap(({ hidden }, place) =>
    before && after && !hidden && before[place] !== after[place] ? [place] : [],
  )
  return { before: cells(before), after: cells(after), changed }
}
