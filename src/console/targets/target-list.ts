// Lists of targets: filtered, sorted and grouped in memory; the last lists are kept, since pages of one come one by one.

import type { Reach } from '../../catalog/reach.ts'
import type { TargetId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { TargetFilter, TargetPage, TargetTagKey } from '../contract.ts'
import type { TargetSort } from './target-contract.ts'

export interface TargetList {
  readonly targets: readonly Target[]
  readonly groups?: NonNullable<TargetPage['groups']>
}

export interface ListContext {
  /** Whether host and account may be searched. */
  readonly isAdministrator: boolean
  readonly reach: Pick<Reach, 'state' | 'version'>
}

/** Lists kept for one array of visible targets. */
const listsMax = 20
const kept = new WeakMap<readonly Target[], Map<string, TargetList>>()

/** @param visible  as `TargetSight` gives it: the same array as long as nothing changed */
export function listTargets(
  visible: readonly Target[],
  filter: TargetFilter,
  context: ListContext,
): TargetList {
  const { offset: _offset, limit: _limit, ...what } = filter
  const looksAtState = what.state !== undefined || what.sort?.endsWith('state') === true
  const key = JSON.stringify([what, context.isAdministrator, looksAtState ? context.reach.version : 0])
  const lists = kept.get(visible) ?? new Map<string, TargetList>()
  kept.set(visible, lists)
  const known = lists.get(key)
  if (known !== undefined) return known
  const made = make(visible, what, context)
  for (const oldest of lists.keys()) {
    if (lists.size < listsMax) break
    lists.delete(oldest)
  }
  lists.set(key, made)
  return made
}

function make(visible: readonly Target[], filter: TargetFilter, context: ListContext): TargetList {
  const found = sorted(
    visible.filter(target => matches(target, filter)).filter(wordsOf(filter.search ?? '', context)),
    filter.sort ?? 'name',
    context,
  ).filter(target => filter.state === undefined || context.reach.state(target.id).state === filter.state)
  return filter.group === undefined ? { targets: found } : grouped(found, filter.group)
}

function matches({ id, tags, protocol, disabled }: Target, filter: TargetFilter): boolean {
  if (filter.protocol !== undefined && protocol !== filter.protocol) return false
  if (filter.disabled !== undefined && disabled !== filter.disabled) return false
  if (filter.ids !== undefined && !idsOf(filter.ids).has(id)) return false
  if (filter.tag === undefined) return true
  return filter.tag.split(',').every(one => {
    const equals = one.indexOf('=')
    if (equals < 0) return Object.hasOwn(tags, one)
    const key = one.slice(0, equals)
    return Object.hasOwn(tags, key) && tags[key] === one.slice(equals + 1)
  })
}

let lastIds: { readonly text: string; readonly ids: ReadonlySet<TargetId> } = { text: '', ids: new Set() }
function idsOf(text: string): ReadonlySet<TargetId> {
  if (lastIds.text !== text) lastIds = { text, ids: new Set(text.split(',') as TargetId[]) }
  return lastIds.ids
}

/** All words must stand somewhere in what is known of a target. */
function wordsOf(search: string, { isAdministrator }: ListContext): (target: Target) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
  if (words.length === 0) return () => true
  return target => {
    const text = textOf(target, isAdministrator)
    return words.every(word => text.includes(word))
  }
}

interface Texts {
  readonly plain: string
  readonly full: string
}
const texts = new WeakMap<Target, Texts>()

function textOf(target: Target, isAdministrator: boolean): string {
  let known = texts.get(target)
  if (known === undefined) {
    const { name, database, listenPort, tags, host, account } = target
    const words = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
    const plain = [name, database, listenPort ?? '', ...words].join('\n').toLowerCase()
    known = { plain, full: `${plain}\n${host}\n${account}`.toLowerCase() }
    texts.set(target, known)
  }
  return isAdministrator ? known.full : known.plain
}

const stateOrder = { unreachable: 0, unknown: 1, reachable: 2 } as const

/** What comes in is sorted by name, and stays so among equals. */
function sorted(
  targets: readonly Target[],
  sort: TargetSort | `-${TargetSort}`,
  { isAdministrator, reach }: ListContext,
): readonly Target[] {
  const down = sort.startsWith('-')
  const by = sort.replace('-', '') as TargetSort
  if (by === 'name') return down ? targets.toReversed() : targets
  // Where a target is, is nobody's business but administrators', and so is its order.
  if (by === 'host' && !isAdministrator) return targets
  const keyOf = (target: Target): string | number => {
    if (by === 'port') return target.listenPort ?? Number.MAX_SAFE_INTEGER
    if (by === 'state') return stateOrder[reach.state(target.id).state]
    return target[by]
  }
  const keys = targets.map((target, index) => ({ target, index, key: keyOf(target) }))
  const sign = down ? -1 : 1
  keys.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.index - b.index))
  return keys.map(({ target }) => target)
}

function grouped(targets: readonly Target[], key: string): TargetList {
  const byValue = new Map<string, Target[]>()
  for (const target of targets) {
    const value = Object.hasOwn(target.tags, key) ? (target.tags[key] ?? '') : ''
    const members = byValue.get(value)
    if (members === undefined) byValue.set(value, [target])
    else members.push(target)
  }
  const order = [...byValue.keys()].sort((a, b) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1))
  return {
    targets: order.flatMap(value => byValue.get(value) ?? []),
    groups: order.map(value => ({ value, count: byValue.get(value)?.length ?? 0 })),
  }
}

const keysMax = 100
const valuesMax = 100
const tagKeys = new WeakMap<readonly Target[], readonly TargetTagKey[]>()

export function tagKeysOf(visible: readonly Target[]): readonly TargetTagKey[] {
  const known = tagKeys.get(visible)
  if (known !== undefined) return known
  const counts = new Map<string, Map<string, number>>()
  for (const { tags } of visible) {
    for (const [key, value] of Object.entries(tags)) {
      const values = counts.get(key) ?? new Map<string, number>()
      counts.set(key, values)
      values.set(value, (values.get(value) ?? 0) + 1)
    }
  }
  const made = [...counts]
    .map(([key, values]) => ({
      key,
      count: [...values.values()].reduce((sum, count) => sum + count, 0),
      values: [...values]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, valuesMax),
    }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, keysMax)
  tagKeys.set(visible, made)
  return made
}
