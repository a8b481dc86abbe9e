// Who can reach what, and why: asked of the policies themselves, for now or for a time in the past.

import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { KnownTarget } from '../../policy/difference.ts'
import { momentsOf, type MomentsOf } from '../../policy/reach.ts'
import { maskStrictness } from '../../policy/sight.ts'
import type { Handlers } from '../handlers.ts'
import { takeTurns } from '../in-slices.ts'
import type { ConsoleParts } from '../parts.ts'
import { allActions, CellMaker, columnActions, tableActions } from './reach-cells.ts'
import type {
  ReachAction,
  ReachBase,
  ReachCells,
  ReachNote,
  ReachPerson,
  ReachPlace,
  ReachRoutes,
  WhatIsReached,
  WhoReaches,
} from './reach-contract.ts'
import { type World, worldAt } from './reach-world.ts'

type In<R extends keyof ReachRoutes> = ReachRoutes[R]['in']

export function reachHandlers(parts: ConsoleParts): Handlers<keyof ReachRoutes> {
  return {
    'POST /api/reach/who': ({ input }) => whoReaches(parts, input),
    'POST /api/reach/what': ({ input }) => whatIsReached(parts, input),
  }
}

async function whoReaches(parts: ConsoleParts, asked: In<'POST /api/reach/who'>): Promise<WhoReaches> {
  const world = await worldAt(parts, asked.atMs)
  const target = targetOf(world, asked.targetId)
  if (target === undefined) return { ...baseOf(world, allActions, [notThere]), people: [] }
  const known = await world.known(target)
  const moments = momentsAt(parts, world)
  const { schema, table, column } = asked
  const place = schema === undefined || table === undefined ? undefined : tableOf(known, schema, table)
  const turn = takeTurns({ monotonicMs: () => parts.clock.monotonicMs() })
  const people: ReachPerson[] = []
  for (const user of world.users.toSorted(byName).slice(0, rowsMax)) {
    const cells = new CellMaker(world.policies, moments, user, known)
    if (place === undefined) people.push({ ...personOf(user), cells: await whole(cells, turn) })
    else if (column === undefined) people.push({ ...personOf(user), cells: cells.ofTable(place) })
    else people.push({ ...personOf(user), cells: cells.ofColumn(place.schema, place.table, column) })
    await turn()
  }
  const actions = place === undefined ? allActions : column === undefined ? onTables : columnActions
  const notes: ReachNote[] = [...noteUnknown(known), ...leftOut(world.users.length)]
  return { ...baseOf(world, actions, notes), people }
}

async function whatIsReached(parts: ConsoleParts, asked: In<'POST /api/reach/what'>): Promise<WhatIsReached> {
  const world = await worldAt(parts, asked.atMs)
  const user = world.users.find(({ name }) => name === asked.userName)
  if (user === undefined) {
    const gone = await parts.access.users.byName(asked.userName)
    if (gone === undefined || world.atMs === undefined) throw new GatewayError('not-found', 'user')
    return { ...baseOf(world, allActions, [notThere]), person: personOf(gone), places: [] }
  }
  const person = personOf(user)
  const moments = momentsAt(parts, world)
  if (asked.targetId === undefined) {
    const notes = leftOut(world.targets.length)
    const places = await allTargets(parts, world, user, moments)
    return { ...baseOf(world, allActions, notes), person, places }
  }
  const target = targetOf(world, asked.targetId)
  if (target === undefined) return { ...baseOf(world, allActions, [notThere]), person, places: [] }
  const known = await world.known(target)
  const { schema, table } = asked
  const cells = new CellMaker(world.policies, moments, user, known)
  if (schema === undefined || table === undefined) {
    const places = (known.tables ?? []).slice(0, rowsMax).map(
      (one): ReachPlace => ({
        kind: 'table',
        targetId: target.id,
        name: `${one.schema}.${one.table}`,
        schema: one.schema,
        table: one.table,
        cells: cells.ofTable(one),
      }),
    )
    const notes = [...noteUnknown(known), ...leftOut(known.tables?.length ?? 0)]
    return { ...baseOf(world, onTables, notes), person, places }
  }
  const places = tableOf(known, schema, table).columns.map(column =>
    columnPlace(target, cells, schema, table, column),
  )
  return { ...baseOf(world, columnActions, noteUnknown(known)), person, places }
}

async function allTargets(
  parts: ConsoleParts,
  world: World,
  user: User,
  moments: MomentsOf,
): Promise<readonly ReachPlace[]> {
  const turn = takeTurns({ monotonicMs: () => parts.clock.monotonicMs() })
  const places: ReachPlace[] = []
  for (const target of world.targets.toSorted(byName).slice(0, rowsMax)) {
    // Tables that are not at hand are not waited for here: the page of a target does.
    const isAtHand = parts.catalog.schemas.current(target.id) !== undefined
    const known = isAtHand
      ? await world.known(target)
      : { target, tables: undefined, tags: { version: '', tables: [] } }
    const cells = await whole(new CellMaker(world.policies, moments, user, known), turn)
    const { id: targetId, name, disabled } = target
    places.push({ kind: 'target', targetId, name, disabled, cells })
    await turn()
  }
  return places
}

function columnPlace(
  target: Target,
  cells: CellMaker,
  schema: string,
  table: string,
  column: string,
): ReachPlace {
  const tags = cells.tagsOf(schema, table, column)
  const sensitive = tags.filter(tag => tag.sensitive).map(({ mask }) => mask)
  const mask = maskStrictness.find(shape => sensitive.includes(shape))
  return {
    kind: 'column',
    targetId: target.id,
    name: column,
    schema,
    table,
    tags: tags.map(({ name }) => name),
    ...(mask !== undefined && { mask }),
    cells: cells.ofColumn(schema, table, column),
  }
}

/** Rows of one answer. */
const rowsMax = 2_000
const onTables: readonly ReachAction[] = [...tableActions, 'reveal']

async function whole(cells: CellMaker, turn: () => Promise<void>): Promise<ReachCells> {
  const work = cells.ofTarget()
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    await turn()
  }
}

const momentsAt = ({ clock, timeZone }: ConsoleParts, { policies, atMs }: World): MomentsOf =>
  momentsOf([policies], { nowMs: atMs ?? clock.nowMs(), timeZone })

const notThere: ReachNote = { kind: 'not-there-then' }

/** `undefined`: it was not there then. */
function targetOf(world: World, id: string): Target | undefined {
  const target = world.targets.find(one => one.id === id)
  if (target === undefined && world.atMs === undefined) throw new GatewayError('not-found', 'target')
  return target
}

function tableOf({ tables = [] }: KnownTarget, schema: string, table: string) {
  const found = tables.find(one => one.schema === schema && one.table === table)
  return found ?? { schema, table, columns: [] }
}

const personOf = ({ name, displayName, role, disabled, groups }: User) => ({
  name,
  displayName,
  role,
  disabled,
  groups,
})

const baseOf = (world: World, actions: readonly ReachAction[], notes: readonly ReachNote[]): ReachBase => ({
  atMs: world.atMs,
  policyVersion: world.policies.version,
  actions,
  notes: [...world.notes, ...notes],
})

const noteUnknown = ({ target, tables }: KnownTarget): readonly ReachNote[] =>
  tables === undefined ? [{ kind: 'tables-unknown', target: target.name }] : []

const leftOut = (count: number): readonly ReachNote[] =>
  count > rowsMax ? [{ kind: 'rows-left-out', count: count - rowsMax }] : []

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0
