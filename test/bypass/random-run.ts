// Queries by chance in both worlds of one family: what is heard must be the same; what the target takes must run, masked.

import { type Chance, createChance } from './random-query.ts'
import { findLeak } from './run-row.ts'
import { type World, worlds } from './world.ts'

/** Words of the queries themselves that hold the marker. */
const own = ['zq7%', 'bzq7k1', '_zq7%']

interface Heard {
  readonly refused: boolean
  readonly failed: string | number | undefined
  readonly bytes: Buffer
}

/** One family of databases, with a session of a person from whom things are hidden in each world. */
export interface RandomPlace {
  readonly randomQuery: (chance: Chance) => string
  ask(world: World, text: string): Promise<Heard>
  /** Whether the target itself takes a text. */
  takes(text: string): Promise<boolean>
  stop(): Promise<void>
}

export interface RandomFindings {
  readonly leaks: string[]
  /** Run without Sekisho, and fail with it. */
  readonly broken: string[]
  readonly refused: string[]
  ran: number
  failed: number
}

export const noFindings = (): RandomFindings => ({ leaks: [], broken: [], refused: [], ran: 0, failed: 0 })

/** Asks the query of one seed. */
export async function askBySeed(place: RandomPlace, seed: number, findings: RandomFindings): Promise<void> {
  const text = place.randomQuery(createChance(seed * 7_919))
  const outcomes = await Promise.all(
    worlds.map(async world => ({ world, heard: [await place.ask(world, text)] })),
  )
  const leak = findLeak(outcomes, own)
  if (leak !== undefined) findings.leaks.push(`seed ${seed}: ${leak}\n${text}`)
  const heard = outcomes[0]?.heard[0]
  if (heard?.refused === true) findings.refused.push(`seed ${seed}: ${heard.bytes.toString()} for ${text}`)
  else if (heard?.failed === undefined) findings.ran += 1
  else {
    findings.failed += 1
    // What the target itself does not take need not run; whatever it takes must.
    if (await place.takes(text)) findings.broken.push(`seed ${seed}: ${heard.failed} for ${text}`)
  }
}
