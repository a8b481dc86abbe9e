// Gives memory back while nobody is inside: V8 collects only when something allocates, and a server that waits does not.

import { type EventLoopUtilization, performance } from 'node:perf_hooks'

const lookEveryMs = 10_000
/** Part of the time since the last look in which something was done: somebody who works in the console must not be held up. */
const busyPartMax = 0.02
/** Collecting takes a tenth of a second: not for less than this. */
const grownBytesMin = 4 * 1024 * 1024

/**
 * Starting up, signing in and large readings leave some 20 to 40 MB behind. Only where `--expose-gc` is given, as `npm start` does.
 * @returns ends it
 */
export function collectWhenIdle(isIdle: () => boolean): () => void {
  const { gc } = globalThis
  if (gc === undefined) return () => undefined
  let afterLast = 0
  let seen: EventLoopUtilization = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, seen)
    seen = now
    if (!isIdle() || utilization > busyPartMax || process.memoryUsage().heapUsed - afterLast < grownBytesMin)
      return
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    afterLast = process.memoryUsage().heapUsed
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
