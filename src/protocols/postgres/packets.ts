// Reads whole packets from a stream, one at a time, for as long as the two sides still introduce themselves.

import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import { readExactly } from '../read-exactly.ts'
import { headBytes } from './codec.ts'

/** A typed message: its first byte and what follows the length. */
export interface Packet {
  readonly type: number
  readonly body: Buffer
}

/** @throws StreamEnded, GatewayError `protocol.violation` if it is longer than allowed */
export async function readPacket(stream: Duplex, bytesMax: number): Promise<Packet> {
  const head = await readExactly(stream, headBytes)
  const length = head.readInt32BE(1)
  if (length < 4 || length > bytesMax)
    throw new GatewayError('protocol.violation', `a message of ${length} bytes during login.`)
  return { type: head.readUInt8(0), body: await readExactly(stream, length - 4) }
}
