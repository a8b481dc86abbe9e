// The values of an execution of a prepared statement, as the client sent them, and another execution that takes some of them.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html

import { command as says } from './codec.ts'
import { parameterTypes } from './parameter-types.ts'
import { PayloadReader } from './payload.ts'
import { isMeasured, skipBinaryValue } from './query.ts'

export interface BoundValue {
  /** Number and sign, two bytes. */
  readonly type: Buffer
  /** `null`: NULL. */
  readonly bytes: Buffer | null
}

/** Values by place; a text says why they are not known. */
export type Execution = readonly BoundValue[] | string

/** @param types  as the client told them before */
export function decodeExecution(
  payload: Buffer,
  count: number,
  types: Buffer | undefined,
  hasLongData: boolean,
): Execution {
  if (payload[0] === says.stmtBulkExecute) return 'It was executed for many sets of parameters at once.'
  if (hasLongData) return 'Values were sent ahead of the execution.'
  const told = parameterTypes(payload, count)
  if (told === 'none') return []
  const all = typeof told === 'object' ? told : types
  if (told === 'unknown' || all?.length !== 2 * count) return 'The types of its parameters are not known.'
  const nullsAt = 10
  const valuesAt = nullsAt + ((count + 7) >>> 3) + 1 + (typeof told === 'object' ? told.length : 0)
  const reader = new PayloadReader(payload, valuesAt)
  const values: BoundValue[] = []
  for (let place = 0; place < count; place += 1) {
    const type = Buffer.from(all.subarray(2 * place, 2 * place + 2))
    const number = Number(type[0])
    const isNull = ((Number(payload[nullsAt + (place >>> 3)]) >>> (place & 7)) & 1) === 1
    if (isNull) {
      values.push({ type, bytes: null })
      continue
    }
    if (!isMeasured(number)) return 'A parameter has a type that is not known.'
    const start = reader.at
    skipBinaryValue(reader, number)
    values.push({ type, bytes: Buffer.from(payload.subarray(start, reader.at)) })
  }
  return values
}

/** @param numbers  places, the first is 1 */
export const chosen = (values: readonly BoundValue[], numbers: readonly number[]): readonly BoundValue[] =>
  numbers.map(number => values[number - 1] ?? { type: Buffer.of(0x06, 0), bytes: null })

export function encodeExecution(targetId: number, values: readonly BoundValue[]): Buffer {
  const head = Buffer.alloc(10)
  head[0] = says.stmtExecute
  head.writeUInt32LE(targetId, 1)
  head.writeUInt32LE(1, 6)
  const nulls = Buffer.alloc((values.length + 7) >>> 3)
  values.forEach(({ bytes }, place) => {
    if (bytes === null) nulls[place >>> 3] = Number(nulls[place >>> 3]) | (1 << (place & 7))
  })
  const types = values.map(({ type }) => type)
  const bytes = values.flatMap(value => (value.bytes === null ? [] : [value.bytes]))
  return Buffer.concat([head, nulls, Buffer.of(1), ...types, ...bytes])
}

/** A row of the binary protocol, in which all values are bytes, as one of the text protocol. */
export function asTextRow(packet: Buffer, columns: number): Buffer {
  const nulls = (columns + 9) >>> 3
  const reader = new PayloadReader(packet, 1 + nulls)
  const pieces: Buffer[] = []
  for (let column = 0; column < columns; column += 1) {
    const bit = column + 2
    if (((Number(packet[1 + (bit >>> 3)]) >>> (bit & 7)) & 1) === 1) {
      pieces.push(Buffer.of(0xfb))
      continue
    }
    const start = reader.at
    reader.lenencBytes()
    pieces.push(packet.subarray(start, reader.at))
  }
  return Buffer.concat(pieces)
}
