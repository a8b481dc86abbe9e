// Long work in short slices: others have their turn in between, and it can be stopped.

/** Well below what anybody would notice. */
const sliceMs = 4

export interface Slices {
  readonly monotonicMs: () => number
  readonly signal?: AbortSignal | undefined
}

/** Drives a generator to its end. @throws the signal's reason once it is aborted */
export async function inSlices<T>(work: Generator<unknown, T>, slices: Slices): Promise<T> {
  const turn = takeTurns(slices)
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    await turn()
  }
}

/** @returns to be called between pieces of work: waits for a turn of the event loop when the slice is used up */
export function takeTurns({ monotonicMs, signal }: Slices): () => Promise<void> {
  let begunMs = monotonicMs()
  return async () => {
    signal?.throwIfAborted()
    if (monotonicMs() - begunMs < sliceMs) return
    await new Promise(resolve => void setImmediate(resolve))
    signal?.throwIfAborted()
    begunMs = monotonicMs()
  }
}
