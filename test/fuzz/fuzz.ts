// `npm run fuzz`: random and spoilt bytes into both protocols, and random statements into both readers, for a while.
// Options: --minutes N --seed N. A seed makes the same run again.

import { parseArgs } from 'node:util'
import { createChance } from '../bypass/random-query.ts'
import { startWireFuzz } from './wire.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const untilMs = performance.now() + Number(values.minutes) * 60_000
const checkEvery = 200

console.log(`seed ${values.seed}, ${values.minutes} minutes`)
const chance = createChance(Number(values.seed))
const fuzz = await startWireFuzz(chance)
try {
  while (performance.now() < untilMs) {
    await fuzz.step(chance)
    if (fuzz.figures.cases % checkEvery > 0) continue
    await fuzz.check()
    console.log(JSON.stringify(fuzz.figures))
  }
  console.log('at the end:', JSON.stringify(fuzz.figures))
} finally {
  await fuzz.stop()
}
const { hung, unserved, leaks } = fuzz.figures
process.exitCode = hung + unserved + leaks === 0 ? 0 : 1
