// Gives a stream that is there already to a driver that wants to connect a socket by itself.

import type { Duplex } from 'node:stream'

/** With the methods of a `net.Socket` that drivers of PostgreSQL call before they speak; `connect` succeeds at once. */
export function asUnconnected(stream: Duplex): Duplex {
  const socket = Object.assign(stream, {
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
    connect: () => {
      queueMicrotask(() => stream.emit('connect'))
      return socket
    },
  })
  return socket
}
