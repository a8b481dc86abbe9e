// Queries by chance, in both worlds: what is heard must be the same; what the target itself takes must run, masked.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mysqlDialect } from '../../../src/sql/mysql/index.ts'
import { createChance } from '../random-query.ts'
import { findLeak } from '../run-row.ts'
import { worlds } from '../world.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import { randomQuery } from './random-query.ts'
import { connectTo, startWorld } from './worlds.ts'

const seeds = 1_500
/** Words of the queries themselves that hold the marker, plain and as `hex` shows them. */
const own = ['zq7%', 'bzq7k1', '_zq7%']

test('queries by chance tell nothing', async () => {
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  try {
    const opened = await Promise.all(
      started.map(async (running, index) => {
        const schema = mysqlDialect.index(await running.snapshot())
        const executor = createDialectExecutor(() =>
          Promise.resolve({ connect: () => connectTo(running), schema }),
        )
        const world = worlds[index] ?? 'A'
        return { world, session: await executor.open(world) }
      }),
    )
    const [first] = started
    assert.ok(first)
    const plain = await connectTo(first)
    const problems: string[] = []
    const broken: string[] = []
    const refused: string[] = []
    const counts = { ran: 0, failed: 0, refused: 0 }
    for (let seed = 1; seed <= seeds; seed++) {
      const text = randomQuery(createChance(seed * 7_919))
      const outcomes = await Promise.all(
        opened.map(async ({ world, session }) => ({ world, heard: [await session.ask(text)] })),
      )
      const leak = findLeak(outcomes, own)
      if (leak !== undefined) problems.push(`seed ${seed}: ${leak}\n${text}`)
      const heard = outcomes[0]?.heard[0]
      if (heard?.refused === true) {
        counts.refused += 1
        refused.push(`seed ${seed}: ${heard.bytes.toString()} for ${text}`)
      } else if (heard?.failed === undefined) counts.ran += 1
      else {
        counts.failed += 1
        // What the target itself does not take need not run; whatever it takes must.
        if ((await plain.ask(text)).errors.length === 0)
          broken.push(`seed ${seed}: ${heard.failed} for ${text}`)
      }
    }
    plain.close()
    await Promise.all(opened.map(({ session }) => session.close()))
    console.log(`random on MariaDB: ${seeds} queries, ${problems.length} leaks`, counts)
    assert.deepEqual(problems.slice(0, 5), [])
    assert.deepEqual(broken.slice(0, 5), [])
    assert.ok(counts.ran > seeds / 2, JSON.stringify(counts))
    assert.deepEqual(refused.slice(0, 5), [])
  } finally {
    await Promise.all(started.map(({ server }) => server.stop()))
  }
})
