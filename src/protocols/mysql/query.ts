// A query as it is sent, with attributes before its text. Pure; throws as `codec.ts`.

import { GatewayError } from '../../core/errors.ts'
import type { Capabilities } from './capabilities.ts'
import { has } from './capabilities.ts'
import { command } from './numbers.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

const writer = new PayloadWriter(4096)

/** A query, and where its text begins: behind attributes, if there are any. */
export interface Query {
  readonly textAt: number
  readonly attributes: number
}

/** @param payload  of a `command.query` */
export function decodeQuery(payload: Buffer, capabilities: Capabilities): Query {
  const reader = new PayloadReader(payload).skip(1)
  if (!has(capabilities, 'queryAttributes')) return { textAt: reader.at, attributes: 0 }
  const attributes = reader.lenenc()
  if (reader.lenenc() !== 1)
    throw new GatewayError('protocol.violation', 'more than one set of query attributes.')
  if (attributes > 0) skipAttributes(reader, attributes)
  return { textAt: reader.at, attributes }
}

export function encodeQuery(text: string, capabilities: Capabilities): Buffer {
  writer.int8(command.query)
  if (has(capabilities, 'queryAttributes')) writer.lenenc(0).lenenc(1)
  return writer.text(text).take()
}

/** Binary values: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html */
function skipAttributes(reader: PayloadReader, count: number): void {
  if (count > 0xffff) throw new GatewayError('protocol.violation', 'too many query attributes.')
  const nulls = reader.bytes((count + 7) >>> 3)
  if (reader.int8() !== 1) throw new GatewayError('protocol.violation', 'query attributes without types.')
  const types: number[] = []
  for (let index = 0; index < count; index++) {
    types.push(attributeType(reader.int16()))
    reader.lenencBytes()
  }
  types.forEach((type, index) => {
    const isNull = ((Number(nulls[index >>> 3]) >>> (index & 7)) & 1) === 1
    if (!isNull) skipBinaryValue(reader, type)
  })
}

/** Values without a sign carry this beside their type. */
const unsigned = 0x8000

/**
 * Types whose values every server measures alike: where the text begins must be certain. Others (a year, a number of three
 * bytes) a server may take for texts.
 */
const measuredTypes: ReadonlySet<number> = new Set([
  0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0f, 0xf6, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe,
])

function attributeType(code: number): number {
  const type = code & ~unsigned
  if (!measuredTypes.has(type))
    throw new GatewayError('protocol.violation', `a query attribute of a type that is not known (${type}).`)
  return type
}

/** Bytes of the types whose values have a fixed size; 0: NULL has none. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0x01, 1],
  [0x02, 2],
  [0x0d, 2],
  [0x03, 4],
  [0x09, 4],
  [0x04, 4],
  [0x05, 8],
  [0x08, 8],
  [0x06, 0],
])

const dateTypes: ReadonlySet<number> = new Set([0x07, 0x0a, 0x0b, 0x0c])

export const isMeasured = (type: number): boolean => measuredTypes.has(type)

/** Steps over a value of the binary protocol. @param type  its number, without the flag for unsigned */
export function skipBinaryValue(reader: PayloadReader, type: number): void {
  const size = fixedSizes.get(type)
  if (size !== undefined) reader.skip(size)
  else if (dateTypes.has(type)) reader.skip(reader.int8())
  else reader.lenencBytes()
}
