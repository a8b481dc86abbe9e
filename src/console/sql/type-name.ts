// Names of PostgreSQL's own types by their numbers, as people write them in SQL.

import { types } from 'pg'

const written: Readonly<Record<string, string>> = {
  BOOL: 'boolean',
  BPCHAR: 'character',
  FLOAT4: 'real',
  FLOAT8: 'double precision',
  INT2: 'smallint',
  INT4: 'integer',
  INT8: 'bigint',
  TIMESTAMPTZ: 'timestamp with time zone',
  TIMETZ: 'time with time zone',
  VARBIT: 'bit varying',
  VARCHAR: 'character varying',
}

const names = new Map<number, string>(
  Object.entries(types.builtins)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, oid]) => [oid, written[name] ?? name.toLowerCase()]),
)
/** Arrays of the commonest types, which the driver does not name. */
const arrays: Readonly<Record<number, string>> = {
  1000: 'boolean[]',
  1005: 'smallint[]',
  1007: 'integer[]',
  1009: 'text[]',
  1015: 'character varying[]',
  1016: 'bigint[]',
  1182: 'date[]',
  1231: 'numeric[]',
  2951: 'uuid[]',
}

export const typeName = (oid: number): string => names.get(oid) ?? arrays[oid] ?? `type ${oid}`
