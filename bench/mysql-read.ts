// One large read over the MySQL protocol that throws the bytes away: the client costs as little as can be.

import type { Socket } from 'node:net'
import { createConnection } from 'mysql2'
import { cpuUs, type Place, type ReadFigures } from './measure.ts'

export async function measureMysqlRead(place: Place, sql: string): Promise<ReadFigures> {
  const { host, port, user, password, database } = place
  const connection = createConnection({ host, port, user, password, database })
  connection.on('error', () => {})
  await new Promise<void>((resolve, reject) =>
    connection.connect(error => (error === null ? resolve() : reject(error))),
  )
  // The driver's own socket: its types do not show it.
  const { stream } = connection as unknown as { readonly stream: Socket }
  try {
    stream.removeAllListeners('data')
    const before = cpuUs(place.pids)
    const start = performance.now()
    const bytes = await swallowAnswer(stream, sql)
    const seconds = (performance.now() - start) / 1000
    const megabytes = bytes / 1_000_000
    return {
      megabytesPerSecond: megabytes / seconds,
      cpuMsPerMegabyte: (cpuUs(place.pids) - before) / 1000 / megabytes,
    }
  } finally {
    stream.destroy()
  }
}

const smallestHonestAnswer = 1_000_000

function swallowAnswer(stream: Socket, sql: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let tail: Buffer = Buffer.alloc(0)
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      tail =
        chunk.length >= tailBytes
          ? chunk.subarray(-tailBytes)
          : Buffer.concat([tail, chunk]).subarray(-tailBytes)
      if (bytes < smallestHonestAnswer) {
        if (chunk[4] === 0xff)
          reject(new Error(`the answer was an error: ${chunk.toString('latin1', 5, 200)}`))
      } else if (endsAnswer(tail)) resolve(bytes)
    })
    stream.once('close', () => reject(new Error('the connection was closed')))
    const text = Buffer.from(sql)
    const head = Buffer.alloc(5)
    head.writeUIntLE(text.length + 1, 0, 3)
    head[4] = 0x03
    stream.write(Buffer.concat([head, text]))
  })
}

const tailBytes = 11

/** EOF (5 bytes), or with `CLIENT_DEPRECATE_EOF` the OK packet that stands in its place (7 bytes). */
function endsAnswer(tail: Buffer): boolean {
  const at = (back: number): number => tail[tail.length - back] ?? 0
  const isEof = at(9) === 5 && at(8) === 0 && at(7) === 0 && at(5) === 0xfe
  const isOk = at(11) === 7 && at(10) === 0 && at(9) === 0 && at(7) === 0xfe && at(6) === 0 && at(5) === 0
  return isEof || isOk
}
