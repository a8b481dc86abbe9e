// The types of parameters in an execution: a client tells them once, and may leave them out afterwards.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html

import { command } from './codec.ts'
import type { Statement } from './prepared.ts'

/** Behind the command, the statement's number, flags and the count of iterations. */
const parametersAt = 10
/** The flag of an execution that carries attributes: types stand beside names then. */
const withAttributes = 0x08
/** The flag of a bulk execution that carries types. */
const bulkWithTypes = 0x80

/** @returns the types, or that there are none, or that they are told in another way */
export function parameterTypes(payload: Buffer, count: number): Buffer | 'none' | 'left out' | 'unknown' {
  if (payload[0] === command.stmtBulkExecute)
    return (payload.length > 6 && payload.readUInt16LE(5) & bulkWithTypes) !== 0 ? 'none' : 'unknown'
  if (count === 0) return 'none'
  if ((Number(payload[5]) & withAttributes) !== 0) return 'unknown'
  const flagAt = typesFlagAt(count)
  if (payload[flagAt] !== 1) return 'left out'
  return payload.subarray(flagAt + 1, flagAt + 1 + 2 * count)
}

/** @returns the execution with the types that the client told before */
export function withTypes(payload: Buffer, { parameters, types }: Statement): Buffer | undefined {
  const flagAt = typesFlagAt(parameters)
  if (!types || types.length !== 2 * parameters || payload.length <= flagAt) return undefined
  return Buffer.concat([payload.subarray(0, flagAt), Buffer.of(1), types, payload.subarray(flagAt + 1)])
}

/** A bit for each parameter stands before it: whether it is NULL. */
const typesFlagAt = (count: number): number => parametersAt + ((count + 7) >>> 3)
