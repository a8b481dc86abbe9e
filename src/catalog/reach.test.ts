// Looks at targets: gentle, bounded, and never a wrong word about what is reachable.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { TargetId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import type { Target } from '../core/target.ts'
import { createReach, type Depth, type Look, type Reach } from './reach.ts'
import { storedTarget } from './stores.contract.ts'

const bounds = {
  ...limits,
  targetChecksPerSecondMax: 2,
  targetChecksAtOnceMax: 3,
  targetsAlwaysCheckedMax: 4,
  targetsCheckedMax: 3,
  targetChangesMax: 2,
}
const reached: Look = { kind: 'reached', latencyMs: 3, serverVersion: '15.1', tls: 'TLSv1.3' }
const refused: Look = { kind: 'failed', message: 'nothing listens', heard: false }
const wrongPassword: Look = { kind: 'failed', message: 'the password is wrong', heard: true }

let nowMs: number
let all: Target[]
let looks: string[]
let answer: (name: string, depth: Depth) => Look | Promise<Look>
let reach: Reach

const target = (name: string, more: Partial<Target> = {}): Target =>
  storedTarget(name, undefined, more).target

beforeEach(() => {
  nowMs = 1_000_000_000
  all = ['a', 'b', 'c'].map(name => target(name))
  looks = []
  answer = () => reached
  reach = createReach({
    all: async () => all,
    async look({ name }, depth) {
      looks.push(`${name} ${depth}`)
      return answer(name, depth)
    },
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    limits: bounds,
    warn: error => assert.fail(String(error)),
  })
})

/** A second of the background. */
async function tick(afterMs = 1_000): Promise<readonly string[]> {
  nowMs += afterMs
  const before = looks.length
  await reach.tick()
  await new Promise(resolve => setImmediate(resolve))
  return looks.slice(before)
}

const stateOf = (name: string) => reach.state(target(name).id)

test('so many a second, first a login, then ports, then a login again', async () => {
  assert.deepEqual(stateOf('a'), { state: 'unknown', changes: [] })
  assert.deepEqual(await tick(), ['a login', 'b login'])
  assert.deepEqual(await tick(), ['c login'])
  assert.deepEqual(await tick(), [])
  assert.deepEqual(await tick(bounds.targetCheckEveryMs), ['a port', 'b port'])
  assert.equal(stateOf('a').serverVersion, '15.1', 'what a login told stays known')
  nowMs += bounds.targetLoginEveryMs
  assert.deepEqual(await tick(), ['a login', 'b login'])
})

test('one that cannot be reached is asked by its port only, until it answers', async () => {
  all = [target('a')]
  answer = () => refused
  assert.deepEqual(await tick(), ['a login'])
  assert.equal(stateOf('a').state, 'unreachable')
  assert.equal(stateOf('a').message, 'nothing listens')
  assert.deepEqual(await tick(bounds.targetCheckEveryMs), ['a port'])
  answer = () => ({ kind: 'reached', latencyMs: 1 })
  assert.deepEqual(await tick(bounds.targetCheckEveryMs), ['a port'])
  assert.equal(stateOf('a').state, 'reachable')
  assert.equal(stateOf('a').message, undefined)
  assert.deepEqual(
    stateOf('a').changes.map(change => change.state),
    ['reachable', 'unreachable'],
  )
  // Connections that end before a login are counted by some servers, and none has worked yet.
  assert.deepEqual(await tick(bounds.targetCheckEveryMs), [])
})

test('one that refuses the login is not asked by its port, which would say that all is well', async () => {
  all = [target('a')]
  answer = () => wrongPassword
  await tick()
  assert.deepEqual(await tick(bounds.targetCheckEveryMs), [])
  assert.equal(stateOf('a').state, 'unreachable')
  assert.deepEqual(await tick(bounds.targetLoginEveryMs), ['a login'], 'once an hour')
})

test('one that moved is looked at again at once', async () => {
  all = [target('a')]
  await tick()
  assert.deepEqual(await tick(), [])
  all = [target('a', { host: 'db2.example' })]
  assert.deepEqual(await tick(), ['a login'])
})

test('of many only those that somebody uses, for a day, and only so many', async () => {
  all = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => target(name))
  assert.deepEqual(await tick(), [])
  for (const name of ['f', 'a', 'b', 'c']) reach.wanted(target(name).id)
  assert.deepEqual(await tick(), ['a login', 'b login'])
  assert.deepEqual(await tick(), ['c login'], 'f was looked at first and is forgotten')
  assert.deepEqual(await tick(25 * 60 * 60 * 1000), [])
})

test('disabled ones are left alone, and nothing is asked twice at once', async () => {
  all = [target('a', { disabled: true }), target('b')]
  let open: (look: Look) => void = () => undefined
  answer = () =>
    new Promise(resolve => {
      open = resolve
    })
  assert.deepEqual(await tick(), ['b login'])
  assert.deepEqual(await tick(), [])
  const asked = reach.check(target('b'))
  open(reached)
  assert.equal((await asked).state, 'reachable')
  assert.deepEqual(looks, ['b login'])
})

test('it looks at so many at a time at most', async () => {
  all = ['a', 'b', 'c', 'd'].map(name => target(name))
  answer = () => new Promise(() => undefined)
  assert.equal((await tick()).length, 2)
  assert.equal((await tick()).length, 1)
  assert.equal((await tick()).length, 0)
  assert.equal(reach.waiting, 4)
})

test('changes are remembered, so many; what is removed is forgotten', async () => {
  all = [target('a')]
  const [one] = all
  assert.ok(one)
  for (const look of [reached, refused, reached, reached]) {
    answer = () => look
    nowMs += 1_000
    await reach.check(one)
  }
  const { changes, sinceMs } = reach.state(one.id)
  assert.deepEqual(
    changes.map(change => change.state),
    ['reachable', 'unreachable'],
  )
  assert.equal(sinceMs, nowMs - 1_000)
  const { version } = reach
  reach.forget(one.id)
  assert.equal(reach.state(one.id).state, 'unknown')
  assert.ok(reach.version > version)
  assert.equal(reach.unreachable().size, 0)
  assert.equal(reach.state('none' as TargetId).state, 'unknown')
})
