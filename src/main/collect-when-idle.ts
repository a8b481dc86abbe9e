// Gives memory back while nobody is inside: V8 collects only when something allocates, and a server that waits does not.

const lookEveryMs = 10_000
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
  const timer = setInterval(() => {
    if (!isIdle() || process.memoryUsage().heapUsed - afterLast < grownBytesMin) return
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    afterLast = process.memoryUsage().heapUsed
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
