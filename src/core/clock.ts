// Time is passed in, so that tests decide what time it is.

export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  nowMs(): number
  /** Milliseconds that only grow, for durations. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
