// Which day it is somewhere in the world.

const dayMs = 86_400_000
let known = { timeZone: '', hour: -1, day: '' }

/** @returns `2026-07-01` */
export function localMomentDay(nowMs: number, timeZone: string): string {
  if (timeZone === 'UTC') return new Date(Math.floor(nowMs / dayMs) * dayMs).toISOString().slice(0, 10)
  // Days begin at a quarter of an hour everywhere; formats are dear.
  const hour = Math.floor(nowMs / 900_000)
  if (known.hour !== hour || known.timeZone !== timeZone)
    known = { timeZone, hour, day: new Intl.DateTimeFormat('en-CA', { timeZone }).format(nowMs) }
  return known.day
}
