// Reads from a stream while two sides still introduce themselves: exactly so many bytes, and not for ever.

import type { Duplex } from 'node:stream'

/** The other side went away, or never said what it should. */
export class StreamEnded extends Error {
  constructor(cause?: unknown) {
    super('the connection ended', { cause })
    this.name = 'StreamEnded'
  }
}

/**
 * Reads exactly so many bytes and leaves what follows in the stream.
 * @throws StreamEnded
 */
export function readExactly(stream: Duplex, size: number): Promise<Buffer> {
  if (size === 0) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off('readable', attempt).off('end', gone).off('close', gone).off('error', gone)
      act()
    }
    const gone = (cause?: unknown) => settle(() => reject(new StreamEnded(cause)))
    const attempt = () => {
      const bytes: unknown = stream.read(size)
      if (!Buffer.isBuffer(bytes)) {
        if (stream.destroyed || stream.readableEnded) gone()
        return
      }
      settle(() => (bytes.length === size ? resolve(bytes) : reject(new StreamEnded())))
    }
    stream.on('readable', attempt).on('end', gone).on('close', gone).on('error', gone)
    attempt()
  })
}

/** Settles as the work does, but not later than the limit; the stream is destroyed then. */
export function within<T>(
  work: Promise<T>,
  timeoutMs: number,
  stream: Duplex,
  onTimeout: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(onTimeout())
      stream.destroy()
    }, timeoutMs)
  })
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}
