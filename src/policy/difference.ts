// What one set of policies permits and another does not, asked of the policies themselves over all that is known: exact, not read off the text.

import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { tableKey, tablesOf } from './column-tags.ts'
import { type CompiledPolicy, isInScope } from './compiled-policy.ts'
import { targetEntity, userEntity } from './entity.ts'
import type { ColumnTags, PolicyContext, PolicySet } from './policy.ts'
import { insideOf } from './policy-set.ts'
import { momentsOf, Reach, type Reached, type Terms } from './reach.ts'
import { type ActionName, actionNames, columnActions } from './schema.ts'
import { mayReach } from './sight.ts'

/** One who stands for many: somebody who is in this group and no other; in none; an administrator in none; a person as they are. */
export interface Subject {
  readonly kind: 'group' | 'user' | 'everybody' | 'administrators'
  readonly name: string
  readonly user: User
}

export interface KnownTable {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
}

export interface KnownTarget {
  readonly target: Target
  /** `undefined`: its tables are not known now. */
  readonly tables: readonly KnownTable[] | undefined
  readonly tags: ColumnTags
}

export type ChangeKind = 'gains' | 'loses' | 'gains-partly' | 'loses-partly' | 'terms'

/** Where something changed: the target itself, or so many of its tables or columns. */
export interface ChangedPlace {
  readonly target: string
  readonly on: 'target' | 'tables' | 'columns'
  readonly tables: number
  readonly columns: number
  /** Whether these are all tables that are known. */
  readonly whole: boolean
  readonly examples: readonly string[]
}

export interface RightChange {
  readonly subject: Pick<Subject, 'kind' | 'name'>
  readonly change: ChangeKind
  readonly actions: readonly ActionName[]
  readonly before: Terms
  readonly after: Terms
  readonly places: readonly ChangedPlace[]
}

export interface Difference {
  readonly changes: readonly RightChange[]
  /** Policies whose sense differs, by what became of them. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  /** Targets whose tables are not known now. */
  readonly unknownTargets: readonly string[]
  /** Whether all was looked at. */
  readonly complete: boolean
}

interface Found {
  readonly subject: Subject
  readonly action: ActionName
  readonly change: ChangeKind
  readonly before: Terms
  readonly after: Terms
  readonly place: ChangedPlace
}

const examplesMax = 12
/** So many are answered in well under a millisecond or two. */
const askedAtOnce = 256
const tableActions: ReadonlySet<ActionName> = new Set(
  'select insert update delete export import define'.split(' ') as ActionName[],
)
const targetActions = new Set<ActionName>(['connect', 'administer', 'call', 'define'])

/**
 * Yields now and then, so that whoever drives it can let others have a turn.
 * @param questionsMax after so many it stops and says that it is not complete
 */
export function* differ(
  before: PolicySet,
  after: PolicySet,
  subjects: readonly Subject[],
  targets: Iterable<KnownTarget>,
  now: Pick<PolicyContext, 'nowMs' | 'timeZone'>,
  questionsMax: number,
): Generator<undefined, Difference> {
  const { policies, ...named } = changedPolicies(before, after)
  const sets = [before, after]
  const moments = momentsOf(sets, now)
  const found: Found[] = []
  const unknownTargets: string[] = []
  let complete = !moments.isPart
  let [questions, asked] = [0, 0]
  for (const known of policies.length === 0 ? [] : targets) {
    const { target } = known
    const here = policies.filter(policy => mayReach(policy.resource, targetEntity(target)))
    if (here.length > 0 && known.tables === undefined) unknownTargets.push(target.name)
    for (const subject of subjects) {
      const mine = here.filter(policy => isInScope(policy.principal, userEntity(subject.user)))
      if (mine.length === 0) continue
      if (questions > questionsMax) {
        complete = false
        break
      }
      const contexts = moments.choose(subject.user, target)
      const pair = [
        new Reach(before, subject.user, target, contexts),
        new Reach(after, subject.user, target, contexts),
      ] as const
      for (const action of actionNames) {
        if (!mine.some(policy => policy.actions.has(action))) continue
        for (const one of compareAction(pair, action, known)) {
          questions += 1
          asked += contexts.length
          if (one !== undefined) found.push({ ...one, subject })
          if (asked < askedAtOnce) continue
          asked = 0
          yield
        }
      }
    }
    yield
  }
  return { ...named, changes: merged(found), unknownTargets, complete }
}

/** Policies that stand in one of the sets and not, with the same sense, in the other. */
function changedPolicies(before: PolicySet, after: PolicySet) {
  const senses = (set: PolicySet) => new Map(insideOf(set).policies.map(policy => [sense(policy), policy]))
  const [old, young] = [senses(before), senses(after)]
  const gone = [...old].filter(([key]) => !young.has(key)).map(([, policy]) => policy)
  const come = [...young].filter(([key]) => !old.has(key)).map(([, policy]) => policy)
  const names = (policies: readonly CompiledPolicy[]) => new Set(policies.map(({ name }) => name))
  const [goneNames, comeNames] = [names(gone), names(come)]
  return {
    policies: [...gone, ...come],
    added: [...comeNames].filter(name => !goneNames.has(name)),
    removed: [...goneNames].filter(name => !comeNames.has(name)),
    changed: [...comeNames].filter(name => goneNames.has(name)),
  }
}

/** All but its name. */
function sense(policy: CompiledPolicy): string {
  const { effect, principal, actions, resource, conditions, obligations } = policy
  return JSON.stringify([
    effect,
    principal,
    [...actions],
    resource,
    conditions.map(({ kind, expression }) => [kind, expression.json]),
    obligations,
  ])
}

type Compared = Omit<Found, 'subject'>

function* compareAction(
  [before, after]: readonly [Reach, Reach],
  action: ActionName,
  known: KnownTarget,
): Generator<Compared | undefined> {
  const { target, tables = [], tags } = known
  const base = { target: target.name, tables: 0, columns: 0, whole: false, examples: [] } as const
  if (targetActions.has(action)) {
    const change = compare(before.onTarget(action), after.onTarget(action))
    yield change && { ...change, action, place: { ...base, on: 'target' } }
  }
  if (tableActions.has(action)) {
    for (const { schema, table } of tables) {
      const change = compare(before.onTable(action, schema, table), after.onTable(action, schema, table))
      const examples = [`${schema}.${table}`]
      yield change && { ...change, action, place: { ...base, on: 'tables', tables: 1, examples } }
    }
  }
  if (action !== 'reveal' && !Object.hasOwn(columnActions, action)) return
  if (action !== 'reveal' && !before.tellsColumns(action) && !after.tellsColumns(action)) return
  const tagged = tablesOf(tags)
  for (const { schema, table, columns } of tables) {
    const tagsHere = tagged.get(tableKey(schema, table))
    // A column goes with its table where nothing takes it away from it.
    const whole =
      action === 'reveal'
        ? undefined
        : compare(before.onTable(action, schema, table), after.onTable(action, schema, table))
    for (const column of columns) {
      const tagsOn = tagsHere?.get(column) ?? []
      // What is not hidden needs no reveal.
      if (action === 'reveal' && !tagsOn.some(({ sensitive }) => sensitive)) continue
      const change = compare(
        before.onColumn(action, schema, table, column, tagsOn),
        after.onColumn(action, schema, table, column, tagsOn),
      )
      const isOwn = change !== undefined && change.change !== whole?.change
      const examples = [`${schema}.${table}.${column}`]
      yield isOwn
        ? { ...change, action, place: { ...base, on: 'columns', tables: 1, columns: 1, examples } }
        : undefined
    }
  }
}

function compare(before: Reached, after: Reached): Omit<Compared, 'action' | 'place'> | undefined {
  let [gains, loses, terms] = [0, 0, 0]
  for (const [index, was] of before.moments.entries()) {
    const is = after.moments[index]
    if (was === undefined && is !== undefined) gains += 1
    else if (was !== undefined && is === undefined) loses += 1
    else if (was !== is) terms += 1
  }
  const sides = { before: before.terms, after: after.terms }
  if (gains > 0 && loses === 0)
    return {
      change: after.state === 'always' && before.state === 'never' ? 'gains' : 'gains-partly',
      ...sides,
    }
  if (loses > 0)
    return {
      change: after.state === 'never' && before.state === 'always' ? 'loses' : 'loses-partly',
      ...sides,
    }
  return terms > 0 ? { change: 'terms', ...sides } : undefined
}

/** The same change of one person, of several actions and at several places, said once. */
function merged(found: readonly Found[]): readonly RightChange[] {
  interface Row extends Omit<RightChange, 'actions' | 'places'> {
    readonly actions: Set<ActionName>
    readonly places: Map<string, { place: ChangedPlace; tables: Set<string>; examples: Set<string> }>
  }
  const byAction = new Map<string, Row>()
  for (const { subject, action, change, before, after, place } of found) {
    const termsKey = change === 'loses' ? '' : JSON.stringify([before, after])
    const key = JSON.stringify([subject.kind, subject.name, change, action, place.on, termsKey])
    const { kind, name } = subject
    const row: Row = byAction.get(key) ?? {
      subject: { kind, name },
      change,
      before,
      after,
      actions: new Set([action]),
      places: new Map(),
    }
    byAction.set(key, row)
    const known = row.places.get(place.target) ?? { place, tables: new Set(), examples: new Set() }
    row.places.set(place.target, known)
    for (const example of place.examples) {
      known.examples.add(example)
      known.tables.add(place.on === 'columns' ? example.slice(0, example.lastIndexOf('.')) : example)
    }
  }
  const byPlaces = new Map<string, Row>()
  for (const row of byAction.values()) {
    const places = [...row.places].map(([target, { place, examples }]) => [target, place.on, ...examples])
    const { subject, change, before, after } = row
    const key = JSON.stringify([subject, change, before, after, places])
    const same = byPlaces.get(key)
    if (same === undefined) byPlaces.set(key, row)
    else for (const action of row.actions) same.actions.add(action)
  }
  return [...byPlaces.values()].map(({ places, actions, ...row }) => ({
    ...row,
    actions: [...actions],
    places: [...places.values()].map(({ place, tables, examples }) => ({
      ...place,
      tables: place.on === 'target' ? 0 : tables.size,
      columns: place.on === 'columns' ? examples.size : 0,
      examples: [...examples].slice(0, examplesMax),
    })),
  }))
}
