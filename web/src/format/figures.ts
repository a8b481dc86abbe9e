// Numbers, durations, sizes and times, as each language writes them.

/** `1,234` */
export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count)
}

/** `0.4 ms`, `12 ms`, `1.24 s`, `2 min 5 s`: three digits say enough. */
export function formatDuration(durationMs: number, language: string): string {
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value)
  if (durationMs < 10) return unit(durationMs, 'millisecond', 1)
  if (durationMs < 1000) return unit(Math.round(durationMs), 'millisecond', 0)
  if (durationMs < 60_000) return unit(durationMs / 1000, 'second', 2)
  const minutes = Math.floor(durationMs / 60_000)
  return `${unit(minutes, 'minute', 0)} ${unit(Math.round((durationMs % 60_000) / 1000), 'second', 0)}`
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `512 byte`, `1.2 kB`, `3.4 MB` */
export function formatBytes(bytes: number, language: string): string {
  const step = Math.min(sizes.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: sizes[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step)
}

/** Date and time with seconds, in the reader's time zone. */
export function formatTime(atMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(atMs)
}

/** The time alone if it was today, else the short date with the time: for dense lists. */
export function formatShortTime(atMs: number, nowMs: number, language: string): string {
  const today = new Date(atMs).toDateString() === new Date(nowMs).toDateString()
  return new Intl.DateTimeFormat(
    language,
    today
      ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
      : {
          month: 'short',
          day: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
          hourCycle: 'h23',
        },
  ).format(atMs)
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `3 hours ago`, `in 12 days`. */
export function formatRelative(atMs: number, nowMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const distance = atMs - nowMs
  for (const [unit, size] of steps) {
    if (Math.abs(distance) >= size) return format.format(Math.round(distance / size), unit)
  }
  return format.format(0, 'minute')
}
