// Timers that do not keep the process alive.

/** Calls back once after a time; the returned function takes it back. */
export function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  timer.unref()
  return () => clearTimeout(timer)
}
