// Queries by chance, in both worlds: what is heard must be the same; what the target itself takes must run, masked.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import { createChance, randomQuery } from './random-query.ts'
import { findLeak } from './run-row.ts'
import { WireSession } from './wire.ts'
import { worlds } from './world.ts'
import { startWorld } from './worlds.ts'

const seeds = 1_500
/** Words of the queries themselves that hold the marker. */
const own = ['zq7%', 'bzq7k1', '_zq7%']

test('queries by chance tell nothing', async () => {
  const dialect = await loadPostgresDialect()
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  try {
    const opened = await Promise.all(
      started.map(async (running, index) => {
        const { host, port, user, password } = running.server
        const schema = dialect.index(await running.snapshot())
        const connect = (): Promise<WireSession> =>
          WireSession.open({ host, port, user, password, database: 'shop' })
        const executor = createDialectExecutor(() => Promise.resolve({ connect, schema }))
        const world = worlds[index] ?? 'A'
        return { world, session: await executor.open(world) }
      }),
    )
    const plain = await started[0]?.server.connect({ database: 'shop' })
    const problems: string[] = []
    const broken: string[] = []
    const counts = { ran: 0, failed: 0, refused: 0 }
    for (let seed = 1; seed <= seeds; seed++) {
      const text = randomQuery(createChance(seed * 7_919))
      const outcomes = await Promise.all(
        opened.map(async ({ world, session }) => ({ world, heard: [await session.ask(text)] })),
      )
      const leak = findLeak(outcomes, own)
      if (leak !== undefined) problems.push(`seed ${seed}: ${leak}\n${text}`)
      const first = outcomes[0]?.heard[0]
      if (first?.refused === true) counts.refused += 1
      else if (first?.failed === undefined) counts.ran += 1
      else {
        counts.failed += 1
        // What the target itself does not take need not run; whatever it takes must.
        if ((await plain?.query(text).catch(() => undefined)) !== undefined)
          broken.push(`seed ${seed}: ${first.failed} for ${text}`)
      }
    }
    await Promise.all(opened.map(({ session }) => session.close()))
    console.log(`random: ${seeds} queries, ${problems.length} leaks`, counts)
    assert.deepEqual(problems.slice(0, 5), [])
    assert.deepEqual(broken.slice(0, 5), [])
    assert.ok(counts.ran > seeds / 2, JSON.stringify(counts))
    assert.equal(counts.refused, 0)
  } finally {
    await Promise.all(started.map(({ server }) => server.stop()))
  }
})
