// A token's end is told once, when its time is over, however far away it is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenId } from '../core/ids.ts'
import { createTokenExpiry } from './token-expiry.ts'

test('the end is told once, at its time, also beyond what a timer can count', () => {
  let nowMs = 0
  const timers: { readonly atMs: number; readonly call: () => void }[] = []
  const expired: string[] = []
  const expiry = createTokenExpiry(
    { nowMs: () => nowMs, monotonicMs: () => nowMs },
    (ms, call) => {
      assert.ok(ms < 2 ** 31)
      timers.push({ atMs: nowMs + ms, call })
    },
    id => expired.push(id),
  )
  const run = (untilMs: number) => {
    for (;;) {
      timers.sort((a, b) => b.atMs - a.atMs)
      const next = timers.at(-1)
      if (next === undefined || next.atMs > untilMs) break
      timers.pop()
      nowMs = next.atMs
      next.call()
    }
    nowMs = untilMs
  }
  const yearMs = 365 * 24 * 60 * 60 * 1000
  expiry.watch('far' as TokenId, yearMs)
  expiry.watch('near' as TokenId, 5_000)
  expiry.watch('near' as TokenId, 5_000)
  run(4_999)
  assert.deepEqual(expired, [])
  run(5_000)
  assert.deepEqual([expired, expiry.isWatched('near' as TokenId)], [['near'], false])
  run(yearMs - 1)
  assert.deepEqual(expired, ['near'])
  run(yearMs)
  assert.deepEqual(expired, ['near', 'far'])
})
