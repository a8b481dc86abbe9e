// Large reads through every place in turn, as a table of MB/s and processor time.

import { median, type Place, type ReadFigures } from './measure.ts'

/** One read: a statement at a place. */
export interface PlacedRead {
  readonly place: Place
  readonly sql: string
}

/** Measures each read so many times, interleaved, and prints the middle of each. */
export async function measureReads(
  title: string,
  reads: readonly PlacedRead[],
  times: number,
  measure: (place: Place, sql: string) => Promise<ReadFigures>,
): Promise<void> {
  const figures = new Map<string, ReadFigures[]>(reads.map(({ place }) => [place.name, []]))
  for (let time = 0; time < times; time++) {
    for (const { place, sql } of reads) figures.get(place.name)?.push(await measure(place, sql))
  }
  const middle = (name: string, of: (figures: ReadFigures) => number): number =>
    median((figures.get(name) ?? []).map(of))
  const base = middle('HAProxy (TCP)', each => each.megabytesPerSecond)
  console.log(`\n${title}`)
  console.log(
    `${'through'.padEnd(26)}${'MB/s'.padStart(11)}${'of HAProxy'.padStart(12)}${'proxy ms/MB'.padStart(16)}`,
  )
  for (const name of figures.keys()) {
    const perSecond = middle(name, each => each.megabytesPerSecond)
    console.log(
      name.padEnd(26) +
        perSecond.toFixed(0).padStart(11) +
        (perSecond / base).toFixed(2).padStart(12) +
        middle(name, each => each.cpuMsPerMegabyte)
          .toFixed(2)
          .padStart(16),
    )
  }
}
