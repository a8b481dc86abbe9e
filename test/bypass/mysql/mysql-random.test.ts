// Queries by chance, in both worlds: what is heard must be the same; what the target itself takes must run, masked.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMysqlPlace } from './random-place.ts'
import { askBySeed, noFindings } from '../random-run.ts'

const seeds = 1_500

test('queries by chance tell nothing', async () => {
  const place = await startMysqlPlace()
  try {
    const findings = noFindings()
    for (let seed = 1; seed <= seeds; seed += 1) await askBySeed(place, seed, findings)
    const { leaks, broken, refused, ran, failed } = findings
    console.log(
      `random on MariaDB: ${seeds} queries, ${leaks.length} leaks, ${ran} ran, ${failed} failed as they do anyway`,
    )
    assert.deepEqual(leaks.slice(0, 5), [])
    assert.deepEqual(broken.slice(0, 5), [])
    assert.deepEqual(refused.slice(0, 5), [])
    assert.ok(ran > seeds / 2, `${ran} ran`)
  } finally {
    await place.stop()
  }
})
