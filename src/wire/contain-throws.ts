// Keeps a driver that throws at bytes it does not understand from taking the whole process along.

interface Emitting {
  emit(event: string | symbol, ...given: unknown[]): boolean
  destroy(error: Error): unknown
}

/**
 * Makes what a listener of the stream throws end this stream, with the error, and nothing else. Without it the throw would reach
 * the event loop, which ends the process.
 */
export function containThrows<Stream>(stream: Stream & Emitting): Stream {
  const emit = stream.emit.bind(stream) as Emitting['emit']
  stream.emit = (event, ...given) => {
    // Whoever throws at an error has been told already.
    if (event === 'error') return emit(event, ...given)
    try {
      return emit(event, ...given)
    } catch (error) {
      stream.destroy(asError(error))
      return true
    }
  }
  return stream
}

/** The same for a function that is called with what came over a stream. */
export function containedIn<Given extends unknown[]>(
  stream: Pick<Emitting, 'destroy'>,
  act: (...given: Given) => void,
): (...given: Given) => void {
  return (...given) => {
    try {
      act(...given)
    } catch (error) {
      stream.destroy(asError(error))
    }
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
