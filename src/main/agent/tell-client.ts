// Says to a client why there is no way to its target, in the words of its protocol, before the connection closes.

import type { Socket } from 'node:net'
import type { Target } from '../../core/target.ts'
import { encodeError } from '../../protocols/mysql/codec.ts'
import { encodeShortPacket } from '../../protocols/mysql/packets.ts'
import { decodeOpening, encodeErrorFields } from '../../protocols/postgres/codec.ts'
import { readExactly } from '../../protocols/read-exactly.ts'
import { printable } from './printable.ts'

const waitMs = 2_000
const openingBytesMax = 10_000

/** Ends the connection, whatever the client does. Never rejects. */
export async function tellClient(client: Socket, protocol: Target['protocol'], why: string): Promise<void> {
  const timer = setTimeout(() => client.destroy(), waitMs)
  client.once('close', () => clearTimeout(timer))
  try {
    const words = printable(why)
    client.end(protocol === 'postgres' ? await postgresWords(client, words) : mysqlWords(words))
    client.resume()
  } catch {
    client.destroy()
  }
}

/** In place of the greeting; so early, errors have no state. ER_UNKNOWN_ERROR: clients show the text of it. */
const mysqlWords = (why: string): Buffer =>
  encodeShortPacket(encodeError({ code: 1105, sqlState: 'HY000', message: `Sekisho: ${why}` }, false), 0)

/** A client of PostgreSQL speaks first, perhaps to ask for TLS. @throws StreamEnded, MalformedBytes */
async function postgresWords(client: Socket, why: string): Promise<Buffer> {
  for (let requests = 0; requests < 3; requests++) {
    const length = (await readExactly(client, 4)).readInt32BE(0)
    if (length < 8 || length > openingBytesMax) break
    const { kind } = decodeOpening(await readExactly(client, length - 4))
    if (kind !== 'tls' && kind !== 'gss') break
    client.write('N')
  }
  // connection_failure
  const fields = [
    ['S', 'FATAL'],
    ['V', 'FATAL'],
    ['C', '08006'],
    ['M', `Sekisho: ${why}`],
  ] as const
  return encodeErrorFields(fields)
}
