// Reads one message of the tunnel from a stream, and leaves what follows it in the stream.

import type { Duplex } from 'node:stream'
import { decodeHead, headBytes } from './framing.ts'

/** The other side went away before it had said what it wanted. */
export class TunnelEnded extends Error {
  constructor(cause?: unknown) {
    super('the connection ended', { cause })
    this.name = 'TunnelEnded'
  }
}

/** @throws NotTunnel, TunnelEnded */
export async function readFrame(
  stream: Duplex,
  lengthMax: number,
): Promise<{ readonly version: number; readonly body: Buffer }> {
  const { version, length } = decodeHead(await exactly(stream, headBytes), lengthMax)
  return { version, body: length === 0 ? Buffer.alloc(0) : await exactly(stream, length) }
}

function exactly(stream: Duplex, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      stream.off('readable', attempt).off('end', gone).off('close', gone).off('error', gone)
      act()
    }
    const gone = (cause?: unknown): void => settle(() => reject(new TunnelEnded(cause)))
    const attempt = (): void => {
      const bytes: unknown = stream.read(size)
      if (Buffer.isBuffer(bytes))
        settle(() => (bytes.length === size ? resolve(bytes) : reject(new TunnelEnded())))
      else if (stream.destroyed || stream.readableEnded) gone()
    }
    stream.on('readable', attempt).on('end', gone).on('close', gone).on('error', gone)
    attempt()
  })
}
