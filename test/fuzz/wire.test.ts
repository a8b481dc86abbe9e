// A bounded run of the fuzzer of both protocols; `npm run fuzz` goes on for longer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChance } from '../bypass/random-query.ts'
import { startWireFuzz } from './wire.ts'

const cases = 800
const checkEvery = 50
const seed = 20_261_122

test('spoilt bytes from clients and targets end at most their own session', async () => {
  const chance = createChance(seed)
  const fuzz = await startWireFuzz(chance)
  try {
    for (let each = 1; each <= cases; each += 1) {
      await fuzz.step(chance)
      if (each % checkEvery === 0) await fuzz.check()
    }
    console.log('fuzz of the protocols:', fuzz.figures)
    assert.deepEqual({ ...fuzz.figures, cases: 0 }, { cases: 0, hung: 0, unserved: 0, leaks: 0 })
    const alarms = fuzz.sekisho
      .output()
      .split('\n')
      .filter(line => /"level":(50|60)|\bFATAL\b|\bERROR\b/.test(line))
    assert.deepEqual(alarms.slice(0, 5), [])
  } finally {
    await fuzz.stop()
  }
})
