// Results and what is prepared: their heads, definitions of columns, rows of the text protocol. Pure; throws as `codec.ts`.

import type { Capabilities } from './capabilities.ts'
import { has } from './capabilities.ts'
import { answer } from './numbers.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

const writer = new PayloadWriter(4096)

/** One column of a result, or one parameter of a prepared statement. */
export interface ColumnDefinition {
  readonly catalog: string
  readonly schema: string
  readonly table: string
  readonly tableOriginal: string
  readonly name: string
  readonly nameOriginal: string
  /** MariaDB's names of types beyond the number: `[0, 'json']` (0 type, 1 format). */
  readonly extended: readonly (readonly [kind: number, text: string])[]
  readonly characterSet: number
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly decimals: number
}

export function decodeColumn(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): ColumnDefinition {
  const reader = new PayloadReader(payload, start, end)
  const names = {
    catalog: reader.lenencText(),
    schema: reader.lenencText(),
    table: reader.lenencText(),
    tableOriginal: reader.lenencText(),
    name: reader.lenencText(),
    nameOriginal: reader.lenencText(),
  }
  const extended: (readonly [number, string])[] = []
  if (has(capabilities, 'mariadbExtendedMetadata')) {
    const more = new PayloadReader(reader.lenencBytes())
    while (more.left > 0) extended.push([more.int8(), more.lenencText()])
  }
  const fixed = new PayloadReader(reader.lenencBytes())
  return {
    ...names,
    extended,
    characterSet: fixed.int16(),
    length: fixed.int32(),
    type: fixed.int8(),
    flags: fixed.int16(),
    decimals: fixed.int8(),
  }
}

export function encodeColumn(column: ColumnDefinition, capabilities: Capabilities): Buffer {
  writer.lenencText(column.catalog).lenencText(column.schema).lenencText(column.table)
  writer.lenencText(column.tableOriginal).lenencText(column.name).lenencText(column.nameOriginal)
  if (has(capabilities, 'mariadbExtendedMetadata')) {
    const more = new PayloadWriter(64)
    for (const [kind, text] of column.extended) more.int8(kind).lenencText(text)
    writer.lenencBytes(more.take())
  }
  writer.lenenc(12).int16(column.characterSet).int32(column.length).int8(column.type)
  return writer.int16(column.flags).int8(column.decimals).int16(0).take()
}

/** How a result with rows begins. */
export interface ResultHead {
  readonly columns: number
  /** Whether the definitions of the columns follow. */
  readonly hasMetadata: boolean
}

export function decodeResultHead(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): ResultHead {
  const reader = new PayloadReader(payload, start, end)
  // MySQL says it before the number, MariaDB behind it; both say 0 for "left out".
  const first = has(capabilities, 'optionalResultsetMetadata') ? reader.int8() : 1
  const columns = reader.lenenc()
  const last = has(capabilities, 'mariadbCacheMetadata') ? reader.int8() : 1
  return { columns, hasMetadata: first !== 0 && last !== 0 }
}

export function encodeResultHead(columns: number, capabilities: Capabilities): Buffer {
  if (has(capabilities, 'optionalResultsetMetadata')) writer.int8(1)
  writer.lenenc(columns)
  if (has(capabilities, 'mariadbCacheMetadata')) writer.int8(1)
  return writer.take()
}

/** A row of the text protocol. */
export function encodeTextRow(values: readonly (string | null)[]): Buffer {
  for (const value of values) {
    if (value === null) writer.int8(0xfb)
    else writer.lenencText(value)
  }
  return writer.take()
}

export function decodeTextRow(payload: Buffer, columns: number): (string | null)[] {
  const reader = new PayloadReader(payload)
  const values: (string | null)[] = []
  for (let column = 0; column < columns; column++) {
    if (payload[reader.at] === 0xfb) {
      reader.skip(1)
      values.push(null)
    } else values.push(reader.lenencText())
  }
  return values
}

/** What a server says of a statement that it prepared; definitions of parameters and columns follow. */
export interface Prepared {
  readonly statementId: number
  readonly columns: number
  readonly parameters: number
  readonly warnings: number
  /** Whether the definitions follow. */
  readonly hasMetadata: boolean
}

export function decodePrepared(
  payload: Buffer,
  capabilities: Capabilities,
  start = 0,
  end = payload.length,
): Prepared {
  const reader = new PayloadReader(payload, start, end).skip(1)
  const statementId = reader.int32()
  const columns = reader.int16()
  const parameters = reader.int16()
  reader.skip(1)
  const warnings = reader.left >= 2 ? reader.int16() : 0
  const saysMetadata = has(capabilities, 'optionalResultsetMetadata') && reader.left > 0
  return {
    statementId,
    columns,
    parameters,
    warnings,
    hasMetadata: saysMetadata ? reader.int8() !== 0 : true,
  }
}

export function encodePrepared(prepared: Prepared, capabilities: Capabilities): Buffer {
  writer.int8(answer.ok).int32(prepared.statementId).int16(prepared.columns).int16(prepared.parameters)
  writer.int8(0).int16(prepared.warnings)
  if (has(capabilities, 'optionalResultsetMetadata')) writer.int8(prepared.hasMetadata ? 1 : 0)
  return writer.take()
}
