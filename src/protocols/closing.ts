// How a stream is brought to its end, whoever ends it and whatever state it is in.

import type { Duplex } from 'node:stream'

/** Until a stream that was ended politely is cut. */
const politeMs = 2_000

/** Sends what is still to be sent, says goodbye, and takes the stream down for good. Never rejects. */
export function closeStream(stream: Duplex): Promise<void> {
  if (stream.closed) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(() => stream.destroy(), politeMs)
    stream.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    if (stream.destroyed) return
    const destroyWhenFlushed = () => {
      if (stream.writableFinished) stream.destroy()
      else stream.once('finish', () => stream.destroy())
    }
    stream.once('end', destroyWhenFlushed)
    // What still comes in is of no interest, but must be read for the end to be seen.
    stream.removeAllListeners('data')
    stream.resume()
    stream.end()
    if (stream.readableEnded) destroyWhenFlushed()
  })
}
