// Reads from a target into one piece of memory, again and again: a new one for every chunk keeps the garbage collector busy.

import type { OnReadOpts, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What the answers of most sessions fit into; who reads more is given more. */
const firstChunkBytes = 4 * 1024
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
  let memory = Buffer.allocUnsafeSlow(firstChunkBytes)
  let neededBytes = firstChunkBytes
  // The first piece of memory is asked for while the socket is made.
  let made: Socket | undefined
  const socket = connect({
    buffer() {
      const isTaken = made !== undefined && isFree.get(made)?.() === false
      if (isTaken || memory.length < neededBytes) memory = Buffer.allocUnsafeSlow(neededBytes)
      return memory
    },
    callback(size, bytes) {
      if (size === bytes.byteLength) neededBytes = chunkBytes
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
