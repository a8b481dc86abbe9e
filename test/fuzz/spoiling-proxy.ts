// Stands between the gateway and a real target and, once told to, spoils what the target says.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Chance } from '../bypass/random-query.ts'
import { spoil } from './bytes.ts'

export interface SpoilingProxy {
  readonly port: number
  /** From which byte of the target's words on the next connections are spoilt; `undefined`: never. */
  spoilFrom(byte: number | undefined): void
  stop(): Promise<void>
}

export async function startSpoilingProxy(port: number, chance: Chance): Promise<SpoilingProxy> {
  let from: number | undefined
  const sockets = new Set<Socket>()
  const server = createServer(gateway => {
    const spoiltFrom = from
    const target = connect(port, '127.0.0.1')
    for (const socket of [gateway, target]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        gateway.destroy()
        target.destroy()
      })
    }
    gateway.pipe(target)
    let said = 0
    target.on('data', (bytes: Buffer) => {
      said += bytes.length
      if (spoiltFrom === undefined || said < spoiltFrom) gateway.write(bytes)
      // After a lie there is nothing more to say: whoever waits for the rest must see the end.
      else gateway.end(spoil(chance, bytes))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    spoilFrom(byte) {
      from = byte
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
