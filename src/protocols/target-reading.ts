// Reads from a target into one piece of memory, again and again: a new one for every chunk keeps the garbage collector busy.

import type { OnReadOpts, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const chunkBytes = 64 * 1024

/** Whether whoever takes the chunks of a target has no use for the last one any more. */
const isFree = new WeakMap<Duplex, () => boolean>()

/**
 * From now on chunks of this stream are good only until the call that hands them over returns, and for longer while the
 * check says that they are still in use.
 */
export function readInPlace(stream: Duplex, isTakenOver: () => boolean): void {
  isFree.set(stream, isTakenOver)
}

/** Connects a socket with these options. */
export function connectReading(connect: (onread: OnReadOpts) => Socket): Socket {
  let memory = Buffer.allocUnsafeSlow(chunkBytes)
  // The first piece of memory is asked for while the socket is made.
  let made: Socket | undefined
  const socket = connect({
    buffer() {
      if (made !== undefined && isFree.get(made)?.() === false) memory = Buffer.allocUnsafeSlow(chunkBytes)
      return memory
    },
    callback(size, bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, size)
      const isFlowing = socket.readableFlowing === true && socket.readableLength === 0
      // Until the relay begins, chunks are kept until somebody asks for them.
      if (!isFlowing || !isFree.has(socket)) return socket.push(Buffer.from(chunk))
      socket.emit('data', chunk)
      return true
    },
  })
  made = socket
  return socket
}
