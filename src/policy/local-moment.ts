// The hour and the weekday somewhere in the world.

const formats = new Map<string, Intl.DateTimeFormat>()
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** @returns hour 0-23 and weekday 1 (Monday) to 7 in the zone; in UTC without one, or if it does not exist */
export function localMoment(
  now: Date,
  timeZone = 'UTC',
): { readonly hour: number; readonly weekday: number } {
  const inUtc = { hour: now.getUTCHours(), weekday: now.getUTCDay() === 0 ? 7 : now.getUTCDay() }
  const format = timeZone === 'UTC' ? undefined : formatOf(timeZone)
  if (format === undefined) return inUtc
  const parts = format.formatToParts(now)
  const part = (type: string) => parts.find(one => one.type === type)?.value ?? ''
  return { hour: Number(part('hour')) % 24, weekday: days.indexOf(part('weekday')) + 1 }
}

export const isTimeZone = (timeZone: string): boolean =>
  timeZone === 'UTC' || formatOf(timeZone) !== undefined

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hour: '2-digit',
      weekday: 'short',
      hourCycle: 'h23',
    })
    formats.set(timeZone, made)
    return made
  } catch {
    return undefined
  }
}
