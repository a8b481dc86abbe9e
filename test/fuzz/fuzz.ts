// `npm run fuzz`: random and spoilt bytes into both protocols from both sides, and random queries into both readers with two
// worlds of real servers as judge. Options: --minutes N --seed N. A seed makes the same run again.

import { parseArgs } from 'node:util'
import { startMysqlPlace } from '../bypass/mysql/random-place.ts'
import { startPostgresPlace } from '../bypass/random-place.ts'
import { createChance } from '../bypass/random-query.ts'
import { askBySeed, noFindings } from '../bypass/random-run.ts'
import { startWireFuzz } from './wire.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})
const untilMs = performance.now() + Number(values.minutes) * 60_000
const checkEvery = 200
const tellEveryMs = 10_000

console.log(`seed ${values.seed}, ${values.minutes} minutes`)
const seed = Number(values.seed)
const chance = createChance(seed)
const fuzz = await startWireFuzz(chance)
const places = { postgres: await startPostgresPlace(), mysql: await startMysqlPlace() }
const findings = { postgres: noFindings(), mysql: noFindings() }
const say = (): void => {
  console.log('protocols:', JSON.stringify(fuzz.figures))
  for (const family of ['postgres', 'mysql'] as const) {
    const { leaks, broken, refused, ran, failed } = findings[family]
    const counts = { ran, failed, leaks: leaks.length, broken: broken.length, refused: refused.length }
    console.log(`queries at ${family}:`, JSON.stringify(counts))
  }
}
try {
  let toldMs = performance.now()
  for (let turn = 1; performance.now() < untilMs; turn += 1) {
    await fuzz.step(chance)
    for (const family of ['postgres', 'mysql'] as const)
      await askBySeed(places[family], seed + turn, findings[family])
    if (turn % checkEvery === 0) await fuzz.check()
    if (performance.now() - toldMs < tellEveryMs) continue
    toldMs = performance.now()
    say()
  }
  say()
} finally {
  await fuzz.stop()
  for (const place of Object.values(places)) await place.stop()
}
const problems = Object.values(findings).flatMap(({ leaks, broken, refused }) => [
  ...leaks,
  ...broken,
  ...refused,
])
for (const problem of problems.slice(0, 20)) console.log(problem)
const { hung, unserved, leaks } = fuzz.figures
process.exitCode = hung + unserved + leaks + problems.length === 0 ? 0 : 1
