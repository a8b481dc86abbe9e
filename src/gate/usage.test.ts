// What is taken in a day: counted at once, kept in time, and begun afresh at midnight.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TargetId, UserId } from '../core/ids.ts'
import { Usage, type UsageOfDay, type UsageStore } from './usage.ts'

const ann = 'ann' as UserId
const shop = 'shop' as TargetId

function world(timeZone = 'UTC') {
  const days = new Map<string, Map<string, UsageOfDay>>()
  const pending: (() => void)[] = []
  const state = { nowMs: Date.UTC(2026, 6, 1, 14), broken: false, warned: 0 }
  const store: UsageStore = {
    load: async day => [...(days.get(day)?.values() ?? [])],
    async add(day, usage) {
      if (state.broken) throw new Error('no database')
      const known = days.get(day) ?? new Map<string, UsageOfDay>()
      days.set(day, known)
      for (const one of usage) {
        const before = known.get(one.userId) ?? { ...one, rows: 0, bytes: 0 }
        known.set(one.userId, { ...one, rows: before.rows + one.rows, bytes: before.bytes + one.bytes })
      }
    },
  }
  const create = () =>
    new Usage({
      store,
      nowMs: () => state.nowMs,
      timeZone,
      after(_ms, call) {
        pending.push(call)
        return () => {}
      },
      warn: () => void (state.warned += 1),
    })
  return { state, days, pending, create }
}

const taken = (usage: Usage) => {
  const { rows, bytes } = usage.taken(ann, shop)
  return [rows, bytes]
}

test('counts hold at once, outlive the server, and add up over servers', async () => {
  const { create, pending } = world()
  const [one, other] = [create(), create()]
  await Promise.all([one.start(), other.start()])
  one.count(ann, shop, 3, 30)
  one.count(ann, shop, 1, 0)
  other.count(ann, shop, 5, 50)
  assert.deepEqual(taken(one), [4, 30])
  assert.equal(pending.length, 2)
  await one.store()
  await other.store()
  assert.deepEqual(taken(other), [9, 80])
  const next = create()
  await next.start()
  assert.deepEqual(taken(next), [9, 80])
})

test('what could not be stored is stored with the next', async () => {
  const { create, state } = world()
  const usage = create()
  await usage.start()
  state.broken = true
  usage.count(ann, shop, 3, 0)
  await usage.store()
  assert.equal(state.warned, 1)
  assert.deepEqual(taken(usage), [3, 0])
  state.broken = false
  usage.count(ann, shop, 1, 0)
  await usage.store()
  const next = create()
  await next.start()
  assert.deepEqual(taken(next), [4, 0])
})

test('a day ends at midnight of the zone', async () => {
  const { create, state } = world('Asia/Tokyo')
  const usage = create()
  await usage.start()
  usage.count(ann, shop, 3, 0)
  state.nowMs += 59 * 60_000
  assert.deepEqual(taken(usage), [3, 0])
  state.nowMs += 60_000
  assert.deepEqual(taken(usage), [0, 0])
})
