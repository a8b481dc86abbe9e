// Lists of targets: found, sorted and grouped; and for each only what they may connect to, asked of the policies no more than needed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storedTarget } from '../../catalog/stores.contract.ts'
import { GatewayError } from '../../core/errors.ts'
import type { TargetId, UserId } from '../../core/ids.ts'
import { limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ConsoleParts } from '../parts.ts'
import { parseTargetFilter } from './target-filter.ts'
import { type ListContext, listTargets, tagKeysOf } from './target-list.ts'
import { TargetSight } from './target-sight.ts'

const target = (name: string, port: number | undefined, more: Partial<Target> = {}): Target =>
  storedTarget(name, port, { database: 'shop', ...more }).target

const states = { a: 'reachable', b: 'unreachable' } as const
const context: ListContext = {
  isAdministrator: true,
  reach: {
    version: 1,
    state: id => ({
      state: states[id.replace('id-of-', '') as keyof typeof states] ?? 'unknown',
      changes: [],
    }),
  },
}
const all = [
  target('a', 40_002, { tags: { env: 'prod', team: 'x' }, host: 'secret.inside' }),
  target('b', undefined, { tags: { env: 'dev' }, protocol: 'mysql' }),
  target('c', 40_001, { tags: { env: 'prod' }, disabled: true, account: 'root' }),
  target('d', 40_003, { tags: {} }),
]
const names = (query: Readonly<Record<string, string>>, more: Partial<ListContext> = {}): string =>
  listTargets(all, parseTargetFilter(query), { ...context, ...more })
    .targets.map(one => one.name)
    .join('')

test('words, tags, products and states narrow the list', () => {
  assert.equal(names({}), 'abcd')
  assert.equal(names({ search: 'ENV=prod' }), 'ac')
  assert.equal(names({ search: 'prod 40001' }), 'c')
  assert.equal(names({ tag: 'env=prod,team=x' }), 'a')
  assert.equal(names({ tag: 'team' }), 'a')
  assert.equal(names({ tag: 'constructor' }), '')
  assert.equal(names({ protocol: 'mysql' }), 'b')
  assert.equal(names({ disabled: 'true' }), 'c')
  assert.equal(names({ state: 'unreachable' }), 'b')
  assert.equal(names({ ids: 'id-of-d,id-of-b,none' }), 'bd')
})

test('where a target is can be searched and sorted by administrators alone', () => {
  assert.equal(names({ search: 'secret.inside' }), 'a')
  assert.equal(names({ search: 'root' }), 'c')
  assert.equal(names({ search: 'secret.inside' }, { isAdministrator: false }), '')
  assert.equal(names({ search: 'root' }, { isAdministrator: false }), '')
  assert.equal(names({ sort: 'host' }), 'bcda')
  assert.equal(names({ sort: 'host' }, { isAdministrator: false }), 'abcd')
})

test('lists are sorted, equals by name, and those without a port come last', () => {
  assert.equal(names({ sort: '-name' }), 'dcba')
  assert.equal(names({ sort: 'port' }), 'cadb')
  assert.equal(names({ sort: 'protocol' }), 'bacd')
  assert.equal(names({ sort: 'state' }), 'bcda')
})

test('groups stand together, those without the tag last', () => {
  const list = listTargets(all, { group: 'env' }, context)
  assert.deepEqual(list.groups, [
    { value: 'dev', count: 1 },
    { value: 'prod', count: 2 },
    { value: '', count: 1 },
  ])
  assert.equal(list.targets.map(one => one.name).join(''), 'bacd')
  assert.deepEqual(tagKeysOf(all), [
    {
      key: 'env',
      count: 3,
      values: [
        { value: 'prod', count: 2 },
        { value: 'dev', count: 1 },
      ],
    },
    { key: 'team', count: 1, values: [{ value: 'x', count: 1 }] },
  ])
})

test('a list is made once for its pages, and anew when states changed that it is sorted by', () => {
  const by = (filter: object, version: number) =>
    listTargets(all, filter, { ...context, reach: { ...context.reach, version } }).targets
  assert.equal(by({ search: 'prod', offset: 0 }, 1), by({ search: 'prod', offset: 100 }, 2))
  assert.notEqual(by({ sort: 'state' }, 1), by({ sort: 'state' }, 2))
})

test('a filter that is not known, or not as it should be, is refused', () => {
  for (const query of [{ colour: 'red' }, { sort: 'password' }, { limit: '-1' }, { state: 'sleepy' }]) {
    assert.throws(
      () => parseTargetFilter(query as Record<string, string>),
      (error: unknown) => error instanceof GatewayError && error.code === 'request.invalid',
    )
  }
})

const ann: User = {
  id: 'ann' as UserId,
  name: 'ann',
  displayName: 'Ann',
  email: undefined,
  role: 'user',
  groups: ['shop'],
  disabled: false,
}

/** A house whose policies permit what `permitted` names, and count how often they are asked. */
function house() {
  const state = {
    all: [...all] as readonly Target[],
    permitted: new Set(['a', 'c', 'd']),
    asked: [] as string[],
    nowMs: 0,
    inForce: { volatile: false },
  }
  const parts = {
    catalog: { targets: { list: () => Promise.resolve(state.all) } },
    policyBook: state,
    mayConnect(_user: User, { name }: Target) {
      state.asked.push(name)
      return state.permitted.has(name)
    },
    clock: { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs },
    limits,
  }
  return { state, sight: new TargetSight(parts as unknown as ConsoleParts) }
}
const seen = async (sight: TargetSight, user: User = ann): Promise<string> =>
  (await sight.visible(user, 'x')).map(one => one.name).join('')

test('policies are asked once about each target, and again only about those that changed', async () => {
  const { state, sight } = house()
  assert.equal(await seen(sight), 'ad', 'a disabled one is not there')
  assert.deepEqual(state.asked, ['a', 'b', 'd'])
  assert.equal(await sight.visible(ann, 'x'), await sight.visible(ann, 'x'), 'the same array')
  assert.equal(state.asked.length, 3)
  const next = target('d', 40_003, { tags: { env: 'x' } })
  state.all = [...state.all.slice(0, 3), next, target('e', undefined, { id: 'e' as TargetId })]
  state.permitted.add('e')
  assert.equal(await seen(sight), 'ade')
  assert.deepEqual(state.asked.slice(3), ['d', 'e'])
  state.all = state.all.slice(1)
  assert.equal(await seen(sight), 'de')
  assert.equal(state.asked.length, 5)
})

test('other policies, another person and another hour are asked anew; administrators never', async () => {
  const { state, sight } = house()
  await seen(sight)
  state.inForce = { volatile: true }
  state.permitted.delete('a')
  assert.equal(await seen(sight), 'd')
  state.permitted.add('a')
  state.nowMs += limits.viewAgeMaxMs
  assert.equal(await seen(sight), 'ad', 'policies look at the clock')
  state.inForce = { volatile: false }
  await seen(sight)
  const { length } = state.asked
  await seen(sight, { ...ann, groups: [] })
  assert.equal(state.asked.length, length + 3)
  assert.equal(await seen(sight, { ...ann, role: 'administrator' }), 'abcd')
  assert.equal(state.asked.length, length + 3)
})
