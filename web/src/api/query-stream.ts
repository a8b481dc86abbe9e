// Cuts a stream of `application/x-ndjson` into its events: of a running query, or of a live view.

import type { RunEvent } from '../../../src/console/contract.ts'

/** Yields the events as they arrive; a last line without a line end counts too. */
export async function* readEvents<Event = RunEvent>(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Event> {
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Event
    if (done) break
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as Event
}
