// Attempts by address within a minute. An address is what one party controls: of IPv6 its /64.

const windowMs = 60_000
/** Addresses kept; beyond it those whose minute is over are forgotten, and then the oldest. */
const addressesMax = 50_000

export type RateAnswer = 'free' | 'just exceeded' | 'exceeded'

export class RateLimit {
  readonly #perMinuteMax: number
  readonly #windows = new Map<string, { readonly startMs: number; count: number }>()

  constructor(perMinuteMax: number) {
    this.#perMinuteMax = perMinuteMax
  }

  /** Counts one attempt. `just exceeded` comes once a minute, so that who records refusals does not record a flood. */
  count(address: string, nowMs: number): RateAnswer {
    const key = partyOf(address)
    const window = this.#windows.get(key)
    if (window === undefined || nowMs - window.startMs >= windowMs) {
      this.#windows.delete(key)
      this.#makeRoom(nowMs)
      this.#windows.set(key, { startMs: nowMs, count: 1 })
      return 'free'
    }
    window.count += 1
    if (window.count <= this.#perMinuteMax) return 'free'
    return window.count === this.#perMinuteMax + 1 ? 'just exceeded' : 'exceeded'
  }

  /** Windows are in the order of their start. */
  #makeRoom(nowMs: number): void {
    for (const [key, window] of this.#windows) {
      if (this.#windows.size < addressesMax && nowMs - window.startMs < windowMs) return
      this.#windows.delete(key)
    }
  }
}

function partyOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(group => group !== '')
  if (tail !== undefined) {
    const after = tail.split(':').filter(group => group !== '')
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}
